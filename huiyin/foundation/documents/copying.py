"""A sheet that was laid out once, as a page for each of its copies.

The copies of a sheet differ in the words that say whose they are, and in nothing else. Their pages share content, fonts and
pictures, and each draws the words of its copy first. The compiler lays these words out too, on pages of their own behind
the sheets: such a page becomes a form in the sense of PDF, a drawing to be placed, as large as the page and placed as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.foundation.documents.objects import Objects, page_list, read, reference, write

_DRAW = b"/copy Do\n"
_NOTHING = b"null\nendobj\n"


# The words of a copy, and whether they stand on a landscape page.
Words = tuple[str, bool]


@dataclass(frozen=True)
class LaidOnce:
    """What is to be laid out: the sheets without their further copies, and the words; `copies` say for each sheet which of
    these (from 0) its copies bear, none for a sheet that has only itself.
    """

    sheets: list[dict[str, Any]]
    copies: list[list[int]]
    words: list[Words]


def laid_once(sheets: Sequence[dict[str, Any]]) -> LaidOnce:
    """Return what is to be laid out: copies stand behind each other and differ in whose they are, and in nothing else."""
    laid: list[dict[str, Any]] = []
    copies: list[list[int]] = []
    words: dict[Words, int] = {}
    for sheet in sheets:
        borne = [words.setdefault((sheet["copy"], sheet["landscape"]), len(words))] if sheet["copy"] else []
        last = copies[-1] if copies else []
        if borne and last and borne[0] not in last and sheet == {**laid[-1], "copy": sheet["copy"]}:
            last += borne
        else:
            laid.append(sheet)
            copies.append(borne)
    return LaidOnce(laid, copies, list(words))


def each_copy(pdf: bytes, copies: Sequence[Sequence[int]]) -> bytes:
    """Return the file with a page for every copy of every sheet.

    It has a page for each sheet, then a page for each of the words; `copies` are those of LaidOnce. Raises NotOurs for any
    other writer's files.
    """
    file = read(pdf)
    forms = [_form(file, page) for page in file.kids[len(copies) :]]
    draw = file.add(b"<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(_DRAW), _DRAW))
    kids: list[int] = []
    for page, borne in zip(file.kids[: len(copies)], copies, strict=True):
        kids += _pages(file, page, [forms[one] for one in borne], draw) if borne else [page]
    file.bodies[file.pages - 1] = page_list(kids)
    return write(file.bodies, file.trailer)


def _form(file: Objects, page: int) -> int:
    """Turn a page into a form and return its number, that of the page's content."""
    body = file.body(page)
    content, resources = reference(body, b"Contents"), reference(body, b"Resources")
    box = body[body.index(b"/MediaBox[") + len(b"/MediaBox") : body.index(b"]") + 1]
    says = b"<</Type/XObject/Subtype/Form/BBox%s/Resources %d 0 R" % (box, resources)
    file.bodies[content - 1] = file.body(content).replace(b"<<", says, 1)
    file.bodies[page - 1] = _NOTHING
    return content


def _pages(file: Objects, page: int, forms: Sequence[int], draw: int) -> list[int]:
    """Put a page for each of these forms in the place of the one page, and return their numbers."""
    body = file.body(page)
    content, resources = reference(body, b"Contents"), reference(body, b"Resources")
    body = body.replace(b"/Contents %d 0 R" % content, b"/Contents[%d 0 R %d 0 R]" % (draw, content))
    named = file.body(resources).removesuffix(b"\nendobj\n")
    pictures = b"/XObject<<" if b"/XObject<<" in named else b"<<"
    made = []
    for form in forms:
        drawn = b"/XObject<</copy %d 0 R" % form
        own = named.replace(pictures, drawn if pictures != b"<<" else b"<<%s>>" % drawn, 1)
        made.append(file.add(body.replace(b"/Resources %d 0 R" % resources, b"/Resources" + own)))
    file.bodies[page - 1] = file.bodies[resources - 1] = _NOTHING
    return made
