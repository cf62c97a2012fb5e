"""From sheets to paper: every copy of each, in batches, joined into one file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from huiyin.foundation.documents.compiling import compile_pdf
from huiyin.foundation.documents.forms import Sheet
from huiyin.foundation.documents.joining import join
from huiyin.foundation.documents.words import breakable

BATCH = 10


@dataclass(frozen=True)
class Printing:
    """What stands on every page of one printing: who printed when, and the address of this house."""

    says: str
    origin: str


def render(sheets: Iterable[Sheet], printing: Printing, *, tell: Callable[[int], None] = lambda done: None) -> bytes:
    """Return one PDF with every copy of these sheets; `tell` hears how many sheets are done."""
    parts, done = [], 0
    for batch in _batches(sheets):
        parts.append(compile_pdf([page for sheet in batch for page in pages_of(sheet, printing)]))
        done += len(batch)
        tell(done)
    return join(parts)


def pages_of(sheet: Sheet, printing: Printing) -> Iterator[dict[str, Any]]:
    """Yield what the templates get: the sheet once for each copy."""
    form = sheet.form
    address = f"{printing.origin}{sheet.path}" if sheet.path else ""
    values = _written(sheet.values)
    for copy in form.copies:
        yield {
            "template": form.template,
            "estate": sheet.estate,
            "title": form.title,
            "code": form.code,
            "version": str(form.version),
            "copy": copy,
            "serial": breakable(sheet.serial),
            "address": address,
            "printed": printing.says,
            "foot": ("填好后扫码补录" if sheet.blank else "扫码看记录") if address else "",
            "landscape": form.landscape,
            "blank": sheet.blank,
            "values": values,
        }


def _written(value: Any) -> Any:
    """Let every long word in the values break."""
    if isinstance(value, str):
        return value if value.startswith("<svg ") else breakable(value)
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    return [_written(one) for one in value] if isinstance(value, list | tuple) else value


def _batches(sheets: Iterable[Sheet]) -> Iterator[list[Sheet]]:
    waiting = iter(sheets)
    while batch := list(islice(waiting, BATCH)):
        yield batch
