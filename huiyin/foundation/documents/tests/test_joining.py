"""Parts of our compiler become one file that others can read."""

import io
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from huiyin.foundation.documents.compiling import compile_pdf
from huiyin.foundation.documents.joining import join
from huiyin.foundation.documents.objects import NotOurs


def page(text: str) -> dict[str, Any]:
    return {
        "template": "/foundation/documents/typst/register.typ",
        "estate": "云河苑",
        "title": "登记",
        "code": "F-00",
        "version": "1",
        "copy": "",
        "serial": text,
        "address": "",
        "printed": "",
        "foot": "",
        "landscape": False,
        "blank": False,
        "values": {"columns": [{"title": "内容", "width": 1}], "rows": [[text]], "sum": "", "signed": []},
    }


def test_pages_keep_their_order_and_their_words() -> None:
    parts = [compile_pdf([page(f"甲{n}件"), page(f"乙{n}件")]) for n in range(3)]
    reader = PdfReader(io.BytesIO(join(parts)), strict=True)
    words = [one.extract_text().replace(" ", "") for one in reader.pages]
    expected = [f"{word}{n}件" for n in range(3) for word in "甲乙"]
    assert [wanted in text for wanted, text in zip(expected, words, strict=True)] == [True] * 6


def test_one_part_is_left_as_it_is() -> None:
    part = compile_pdf([page("独一件")])
    assert join([part]) == part


def test_a_strange_file_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    strange = io.BytesIO()
    writer.write(strange)
    with pytest.raises(NotOurs):
        join([compile_pdf([page("一")]), strange.getvalue()])
