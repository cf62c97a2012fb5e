"""Tables handed in as text: allowed only where sheets are."""

import pytest

from huiyin.foundation.files.rules import CSV, DOCUMENTS, SHEETS, WrongType, content_type_of, safe_name


@pytest.mark.parametrize("data", ["楼栋,房号\n".encode(), "楼栋,房号\n".encode("gb18030"), "楼栋\n".encode("utf-16")])
def test_text_in_any_encoding_is_a_sheet(data: bytes) -> None:
    assert content_type_of(data, SHEETS) == CSV
    assert safe_name("住户.csv", CSV) == "住户.csv"


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03", b"%PDF-1.4 %%EOF", b"\x89PNG\r\n\x1a\n0000"])
def test_other_content_is_no_sheet(data: bytes) -> None:
    with pytest.raises(WrongType, match="只能上传 Excel"):
        content_type_of(data, SHEETS)


def test_text_is_no_document() -> None:
    with pytest.raises(WrongType):
        content_type_of(b"a,b\n", DOCUMENTS)
