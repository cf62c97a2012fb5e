"""Several PDF files of our own compiler as one: objects renumbered, page trees hung under a new one.

It reads what Typst writes (a plain table of objects, no compressed object streams) and nothing else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_REFERENCE = re.compile(rb"(?<![\d.])(\d+) 0 R\b")
_STREAM = re.compile(rb"stream\r?\n")
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_PAGES = b"<</Type/Pages"
_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_HEAD = b"%PDF-1.7\n%\x80\x80\x80\x80\n"


class NotOurs(ValueError):
    """The file is not as our compiler writes it."""


@dataclass(frozen=True)
class _Part:
    objects: list[bytes]
    pages: int
    count: int


def join(parts: Sequence[bytes]) -> bytes:
    """Return one file with the pages of all, in order. Raises NotOurs for any other writer's files."""
    if len(parts) == 1:
        return parts[0]
    out, offsets, roots, total = bytearray(_HEAD), [0, 0, 0], [], 0
    for part in map(_read, parts):
        shift = len(offsets) - 1
        for number, body in enumerate(part.objects, start=1):
            offsets.append(len(out))
            out += b"%d 0 obj\n" % (number + shift)
            out += _moved(_hung(body) if number == part.pages else body, shift)
        roots.append(part.pages + shift)
        total += part.count
    kids = b" ".join(b"%d 0 R" % root for root in roots)
    for number, body in (
        (1, b"<</Type/Catalog/Pages 2 0 R>>"),
        (2, b"<</Type/Pages/Count %d/Kids[%s]>>" % (total, kids)),
    ):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % len(offsets)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets[1:])
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(offsets), start)
    return bytes(out)


def pages_in(pdf: bytes) -> int:
    """Return how many pages the file has."""
    return _read(pdf).count


def _read(pdf: bytes) -> _Part:
    table = _TABLE.search(pdf)
    root = re.search(rb"/Root (\d+) 0 R", pdf[pdf.rfind(b"trailer") :])
    if table is None or root is None:
        raise NotOurs("no table of objects")
    start = int(table[1])
    begins = [int(entry) for entry in _ENTRY.findall(pdf[start:])]
    ends = {begin: end for begin, end in zip(sorted(begins), [*sorted(begins)[1:], start], strict=True)}
    objects = []
    for number, begin in enumerate(begins, start=1):
        head, _, body = pdf[begin : ends[begin]].partition(b" 0 obj\n")
        if head.strip() != b"%d" % number:
            raise NotOurs(f"object {number} is not where the table says")
        objects.append(body)
    pages = re.search(rb"/Pages (\d+) 0 R", objects[int(root[1]) - 1])
    count = re.search(rb"/Count (\d+)", objects[int(pages[1]) - 1]) if pages else None
    if pages is None or count is None or _PAGES not in objects[int(pages[1]) - 1]:
        raise NotOurs("no pages")
    return _Part(objects, int(pages[1]), int(count[1]))


def _hung(pages: bytes) -> bytes:
    """Mark where the page tree of a part hangs under the new one; its own references are moved first."""
    return pages.replace(_PAGES, _PAGES + b"/Parent @", 1)


def _moved(body: bytes, shift: int) -> bytes:
    stream = _STREAM.search(body)
    head, rest = (body[: stream.start()], body[stream.start() :]) if stream else (body, b"")
    head = _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + shift), head)
    return head.replace(b"/Parent @", b"/Parent 2 0 R", 1) + rest
