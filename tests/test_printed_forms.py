"""Every form of the manuals, printed from fixed records: its text against a kept copy, its layout, its pages.

After a wanted change, `HUIYIN_KEEP_PRINTS=1 pytest tests/test_printed_forms.py` keeps the new text; read the difference.
"""

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from huiyin.areas.estate.models import Estate
from huiyin.foundation.documents.compiling import compile_pdf
from huiyin.foundation.documents.rendering import Printing, pages_of, render
from huiyin.standards.models import Standard
from huiyin.surfaces.web.printing import FORMS
from tests.cast import Cast
from tests.printed_records import Printed, fixed_records

KEPT = Path(__file__).parent / "printed"
PRINTING = Printing("2026-11-25 10:00 陈晓打印", "https://wy.example.cn")
# The forms of what is not built yet, with the area they wait for.
WAITING = {
    "F-04": "service_desk: 工作日志还没有记录",
    "F-06": "service_desk: 信息档案(知识库)还没有",
    "F-10": "service_desk: 邮件收发还没有",
    "F-16": "reports: 投诉统计分析、公示",
    "F-17": "notices: 公开信",
    "F-38": "quality: 不合格项",
}
# F-18 to F-20 are not codes of the manuals.
CODES = {f"F-{n:02}" for n in range(1, 39)} - {"F-18", "F-19", "F-20"}
PAGES = {"F-01": 6, "F-02": 6, "F-22": 6, "F-23": 4, "F-24": 6, "F-26": 4, "F-31": 4, "F-35": 4}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def printed(estate: Estate, cast: Cast, home: object, standard: Standard) -> dict[str, Printed]:
    return fixed_records(estate, cast)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(reader: PdfReader) -> str:
    """The words in the order they were set, page by page, and how many boxes are ticked on each."""
    ticked = [_ticks(page) for page in reader.pages]
    said = [f"{page.extract_text().strip()}\n打勾 {n} 处\n" for page, n in zip(reader.pages, ticked, strict=True)]
    return "\n".join(said).replace("\u200b", "")


def _ticks(page: PageObject) -> int:
    """Count the ticks: nothing else is drawn with a line so wide."""
    contents = page.get_contents()
    return contents.get_data().count(b"1.4 w") if contents is not None else 0


def places(reader: PdfReader, page: int = 0) -> dict[str, tuple[float, float]]:
    """Where each run of words begins, in points from the lower left corner."""
    found: dict[str, tuple[float, float]] = {}

    def see(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found.setdefault(text.strip(), (round(x), round(y)))

    reader.pages[page].extract_text(visitor_text=see)
    return found


def test_every_code_is_printed_or_waits() -> None:
    assert set(FORMS) | set(WAITING) == CODES
    assert set(FORMS) & set(WAITING) == set()


def test_the_text_of_every_form_is_as_kept(printed: dict[str, Printed]) -> None:
    assert set(printed) == set(FORMS)
    changed = []
    for code, one in printed.items():
        reader = read(render(one.sheets(), PRINTING))
        kept = KEPT / f"{code}.txt"
        text = text_of(reader)
        if os.environ.get("HUIYIN_KEEP_PRINTS"):
            KEPT.mkdir(exist_ok=True)
            kept.write_text(text, "utf-8")
        if text != kept.read_text("utf-8") or len(reader.pages) != PAGES.get(code, 1):
            changed.append(code)
    assert changed == []


def test_every_page_says_what_it_is(printed: dict[str, Printed]) -> None:
    """Estate, title, code and version, number, copy, page of pages stand on each page, in their places."""
    for code, one in printed.items():
        reader = read(render(one.sheets(), PRINTING))
        for number, page in enumerate(reader.pages):
            text, wide = page.extract_text(), float(page.mediabox.width)
            assert one.form.title in text
            assert re.search(rf"{code}\s*第 1 版", text)
            assert re.search(r"第 (\d+) 页,共 (\d+) 页", text)
            assert "编号 " in text
            assert "2026-11-25 10:00 陈晓打印" in text
            assert any(copy in text for copy in one.form.copies)
            where = places(reader, number)
            title = next(x for words, (x, _) in where.items() if words.startswith(one.form.title[:2]))
            assert wide * 0.25 < title < wide * 0.5
            assert (
                wide == (842 if one.form.landscape else 595)
                or abs(wide - (841.89 if one.form.landscape else 595.28)) < 1
            )


def test_pages_are_counted_by_sheet(printed: dict[str, Printed]) -> None:
    """Six work orders' copies begin at page 1 each; the register of seventy lines counts through."""
    orders = read(render(printed["F-22"].sheets(), PRINTING))
    assert {re.search(r"第 \d+ 页,共 \d+ 页", page.extract_text())[0] for page in orders.pages} == {"第 1 页,共 1 页"}
    book = read(render(printed["F-01"].sheets(), PRINTING))
    counted = [re.search(r"第 \d+ 页,共 \d+ 页", page.extract_text())[0] for page in book.pages]
    assert counted == [f"第 {n} 页,共 6 页" for n in range(1, 7)]
    assert all("接待人员" in page.extract_text() for page in book.pages)


def test_a_work_order_is_printed_for_both_keepers(printed: dict[str, Printed]) -> None:
    pages = [page.extract_text() for page in read(render(printed["F-22"].sheets()[:1], PRINTING)).pages]
    assert ["第一联 维修班长存" in page for page in pages] == [True, False]
    assert ["第二联 服务中心存" in page for page in pages] == [False, True]


def test_a_visit_by_phone_says_so_in_the_box_of_the_signature(printed: dict[str, Printed]) -> None:
    reader = read(render(printed["F-31"].sheets(), PRINTING))
    by_phone, at_door = places(reader, 0), places(reader, 1)
    assert reader.pages[0].extract_text().count("电话回访") == 2  # the box to tick, and the signature
    assert reader.pages[1].extract_text().count("电话回访") == 1
    assert by_phone["客户签字"] == at_door["客户签字"]
    assert len(reader.pages[1].images) == len(reader.pages[0].images) + 1


def test_nothing_stands_outside_the_margins(printed: dict[str, Printed]) -> None:
    """The longest name and text of the records wrap inside their boxes."""
    for code, one in printed.items():
        reader = read(render(one.sheets(), PRINTING))
        for number, page in enumerate(reader.pages):
            for words, (x, y) in places(reader, number).items():
                assert 38 <= x <= float(page.mediabox.width) - 38, (code, words)
                assert 14 <= y <= float(page.mediabox.height) - 20, (code, words)


def test_the_same_records_give_the_same_bytes(printed: dict[str, Printed]) -> None:
    sheets = [page for sheet in printed["F-31"].sheets() for page in pages_of(sheet, PRINTING)]
    assert compile_pdf(sheets) == compile_pdf(sheets)


@pytest.mark.parametrize("code", sorted(code for code, form in FORMS.items() if form.blank is not None))
def test_a_blank_form_has_its_words_and_no_values(code: str) -> None:
    sheet = FORMS[code].blank_sheet(estate="云河苑", serial="YH-Z-20261125-0001", path="/desk/")
    reader = read(render([sheet], PRINTING))
    assert len(reader.pages) == len(FORMS[code].copies)
    text = reader.pages[0].extract_text()
    assert FORMS[code].title in text
    assert "YH-Z-20261125-0001" in text
    assert "填好后扫码补录" in text
    assert "2026-" not in text.replace("2026-11-25 10:00", "")
