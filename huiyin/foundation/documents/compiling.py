"""The one compiler of the process: our fonts and our templates only, one batch at a time.

The compiler keeps what it laid out for ten more runs, so that memory would grow with each batch; runs over an empty
document make it forget at once.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from huiyin.foundation.documents.joining import pages_in

PACKAGE = Path(__file__).parents[2]
HERE = Path(__file__).parent
MAIN = HERE / "typst" / "main.typ"
_FORGETS_AFTER = 10
_one_at_a_time = Lock()


def compile_pdf(sheets: Sequence[dict[str, Any]]) -> bytes:
    """Return one PDF of these sheets, each with its pages counted. The same sheets give the same bytes.

    Most sheets are one page: they are laid out as such, and again with counting only when there are more pages than
    sheets.
    """
    pdf = _compile(sheets, "pdf", counted=False)[0]
    return pdf if pages_in(pdf) == len(sheets) else _compile(sheets, "pdf", counted=True)[0]


def compile_pictures(sheets: Sequence[dict[str, Any]], *, ppi: float = 100) -> list[bytes]:
    """Return a PNG of every page, for those who want to look."""
    return _compile(sheets, "png", ppi=ppi, counted=True)


def _compile(
    sheets: Sequence[dict[str, Any]], format: Literal["pdf", "png"], *, counted: bool, ppi: float | None = None
) -> list[bytes]:
    inputs = {"sheets": json.dumps(sheets, ensure_ascii=False), "counted": "yes" if counted else "no"}
    with _one_at_a_time:
        compiler = _compiler()
        made = compiler.compile(str(MAIN), format=format, ppi=ppi, sys_inputs=inputs, pdf_tags=False)
        for _ in range(_FORGETS_AFTER):
            compiler.compile(b" ", format="pdf", sys_inputs={})
    return made if isinstance(made, list) else [made or b""]


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=PACKAGE, font_paths=[HERE / "fonts"], ignore_system_fonts=True)
