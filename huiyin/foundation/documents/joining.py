"""Several PDF files of our own compiler as one: objects renumbered, page lists hung under a new one."""

import re
from collections.abc import Sequence

from huiyin.foundation.documents.objects import page_list, read, write

_REFERENCE = re.compile(rb"(?<![\d.])(\d+) 0 R\b")
_STREAM = re.compile(rb"stream\r?\n")
_PAGES = b"<</Type/Pages"


def join(parts: Sequence[bytes]) -> bytes:
    """Return one file with the pages of all, in order. Raises NotOurs for any other writer's files."""
    if len(parts) == 1:
        return parts[0]
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n", b""]
    lists: list[int] = []
    total = 0
    for part in map(read, parts):
        shift = len(bodies)
        for number, body in enumerate(part.bodies, start=1):
            bodies.append(_moved(_hung(body) if number == part.pages else body, shift))
        lists.append(part.pages + shift)
        total += part.count
    bodies[1] = page_list(lists, total)
    return write(bodies, b"<</Size 0/Root 1 0 R>>")


def pages_in(pdf: bytes) -> int:
    """Return how many pages the file has, joined or not."""
    return read(pdf).count


def _hung(pages: bytes) -> bytes:
    """Mark where the page list of a part hangs under the new one; its own references are moved first."""
    return pages.replace(_PAGES, _PAGES + b"/Parent @", 1)


def _moved(body: bytes, shift: int) -> bytes:
    stream = _STREAM.search(body)
    head, rest = (body[: stream.start()], body[stream.start() :]) if stream else (body, b"")
    head = _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + shift), head)
    return head.replace(b"/Parent @", b"/Parent 2 0 R", 1) + rest
