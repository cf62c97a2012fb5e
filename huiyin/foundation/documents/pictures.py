"""Pictures inside a form: the QR code as grey values, a signature wrapped so that the compiler takes it as text."""

import base64

import segno

from huiyin.foundation.files import storage
from huiyin.foundation.files.models import StoredFile

_WRAPPED = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}">'
    '<image width="{wide}" height="{high}" href="data:image/png;base64,{data}"/></svg>'
)


def qr_code(address: str) -> list[int]:
    """Return the QR code row by row, 255 for white: a square picture, one value a module.

    The mask is fixed: trying all eight costs ten times as much, and any of them reads.
    """
    matrix = segno.make(address, error="m", micro=False, mask=2, boost_error=False).matrix
    return [255 * (1 - module) for row in matrix for module in row]


def signature(stored: StoredFile | None) -> str:
    """Return the drawn signature as a text the template can show; nothing when nothing was drawn."""
    if stored is None or stored.content_type != "image/png":
        return ""
    with storage.get(stored.stored_name) as stream:
        data = stream.read()
    wide, high = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    return _WRAPPED.format(wide=wide, high=high, data=base64.b64encode(data).decode())
