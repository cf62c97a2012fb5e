"""A PDF file as our own compiler writes it: a plain table of numbered objects, one flat list of pages.

It reads that and refuses everything else: no compressed object streams, no tables in several pieces.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_PAGES = b"<</Type/Pages"
_KIDS = re.compile(rb"/Kids\[([^\]]*)\]")
_COUNT = re.compile(rb"/Count (\d+)")
_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_HEAD = b"%PDF-1.7\n%\x80\x80\x80\x80\n"


class NotOurs(ValueError):
    """The file is not as our compiler writes it."""


@dataclass(frozen=True)
class Objects:
    """The bodies of the objects, the first of them number 1.

    `pages` is the number of the list of pages, `kids` those of what stands in it (in a joined file, lists again), `count`
    how many pages that is; `trailer` is the dictionary that says where to begin.
    """

    bodies: list[bytes]
    pages: int
    kids: list[int]
    count: int
    trailer: bytes

    def body(self, number: int) -> bytes:
        return self.bodies[number - 1]

    def add(self, body: bytes) -> int:
        """Take one more object and return its number."""
        self.bodies.append(body)
        return len(self.bodies)


def read(pdf: bytes) -> Objects:
    """Return what the file consists of. Raises NotOurs for any other writer's."""
    table = _TABLE.search(pdf)
    end = pdf.rfind(b"trailer\n")
    trailer = pdf[end + len(b"trailer\n") : table.start()].rstrip() if table else b""
    root = re.search(rb"/Root (\d+) 0 R", trailer)
    if table is None or root is None:
        raise NotOurs("no table of objects")
    bodies = _bodies(pdf, start=int(table[1]))
    pages = re.search(rb"/Pages (\d+) 0 R", bodies[int(root[1]) - 1])
    listed = bodies[int(pages[1]) - 1] if pages else b""
    kids, count = _KIDS.search(listed), _COUNT.search(listed)
    if pages is None or kids is None or count is None or not listed.startswith(_PAGES):
        raise NotOurs("no pages")
    return Objects(bodies, int(pages[1]), [int(number) for number in kids[1].split()[::3]], int(count[1]), trailer)


def write(bodies: Sequence[bytes], trailer: bytes) -> bytes:
    """Return a file of these objects; the trailer's size is put right."""
    out, offsets = bytearray(_HEAD), []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number
        out += body
    start, size = len(out), len(offsets) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n%s\n" % re.sub(rb"/Size \d+", b"/Size %d" % size, trailer, count=1)
    out += b"startxref\n%d\n%%%%EOF" % start
    return bytes(out)


def reference(body: bytes, key: bytes) -> int:
    """Return the number of the object this dictionary names under the key."""
    found = re.search(rb"/%s (\d+) 0 R" % key, body)
    if found is None:
        raise NotOurs(f"nothing under {key.decode()}")
    return int(found[1])


def page_list(kids: Sequence[int], count: int | None = None) -> bytes:
    """Return the body of a list of these pages, or of lists with so many pages in all."""
    numbers = b" ".join(b"%d 0 R" % kid for kid in kids)
    return b"<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (count if count is not None else len(kids), numbers)


def _bodies(pdf: bytes, *, start: int) -> list[bytes]:
    begins = [int(entry) for entry in _ENTRY.findall(pdf[start:])]
    ends = {begin: end for begin, end in zip(sorted(begins), [*sorted(begins)[1:], start], strict=True)}
    bodies = []
    for number, begin in enumerate(begins, start=1):
        head, _, body = pdf[begin : ends[begin]].partition(b" 0 obj\n")
        if head.strip() != b"%d" % number:
            raise NotOurs(f"object {number} is not where the table says")
        bodies.append(body)
    return bodies
