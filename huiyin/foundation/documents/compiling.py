"""The one compiler of the process: our fonts and our templates only, one batch at a time.

The compiler keeps what it laid out until ten more runs have not used it: what the sheets have in common is laid out once,
and of the rest no more than the last ten batches are held. After a long run (a register of many pages) runs over an empty
document make it forget at once.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from huiyin.foundation.documents.copying import Words, each_copy, laid_once
from huiyin.foundation.documents.joining import pages_in
from huiyin.foundation.documents.pictures import qr_code

PACKAGE = Path(__file__).parents[2]
HERE = Path(__file__).parent
MAIN = HERE / "typst" / "main.typ"
LONG = 40  # pages
_FORGETS_AFTER = 10
_one_at_a_time = Lock()


def compile_pdf(sheets: Sequence[dict[str, Any]]) -> bytes:
    """Return one PDF of these sheets, each with its pages counted. The same sheets give the same bytes.

    Most sheets are one page: they are laid out as such, the copies of a sheet once for all, and again one by one with
    counting only when there are more pages than that.
    """
    once = laid_once(sheets)
    pdf = _compile(once.sheets, "pdf", words=once.words, counted=False)[0]
    if pages_in(pdf) != len(once.sheets) + len(once.words):
        pdf = _compile(sheets, "pdf", counted=True)[0]
    elif once.words:
        pdf = each_copy(pdf, once.copies)
    if pages_in(pdf) > LONG:
        _forget()
    return pdf


def compile_pictures(sheets: Sequence[dict[str, Any]], *, ppi: float = 100) -> list[bytes]:
    """Return a PNG of every page, for those who want to look."""
    return _compile(sheets, "png", ppi=ppi, counted=True)


def _compile(
    sheets: Sequence[dict[str, Any]],
    format: Literal["pdf", "png"],
    *,
    counted: bool,
    words: Sequence[Words] = (),
    ppi: float | None = None,
) -> list[bytes]:
    addresses = dict.fromkeys(sheet["address"] for sheet in sheets if sheet["address"])
    codes = {address: qr_code(address) for address in addresses}
    inputs = {
        "sheets": json.dumps(sheets, ensure_ascii=False),
        "words": json.dumps(words, ensure_ascii=False),
        "codes": json.dumps(codes),
        "counted": "yes" if counted else "no",
    }
    with _one_at_a_time:
        made = _compiler().compile(str(MAIN), format=format, ppi=ppi, sys_inputs=inputs, pdf_tags=False)
    return made if isinstance(made, list) else [made or b""]


def _forget() -> None:
    with _one_at_a_time:
        for _ in range(_FORGETS_AFTER):
            _compiler().compile(b" ", format="pdf", sys_inputs={})


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=PACKAGE, font_paths=[HERE / "fonts"], ignore_system_fonts=True)
