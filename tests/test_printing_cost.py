"""What printing holds and what a page costs do not grow with the pages: sizes and ratios within one run, no times."""

import os
import time
from collections.abc import Callable
from itertools import count

import pytest

from huiyin.areas.repairs.documents import DAILY_REPAIRS, WORK_ORDER
from huiyin.foundation.documents.compiling import LONG, compile_pdf
from huiyin.foundation.documents.forms import Columns, Sheet
from huiyin.foundation.documents.joining import pages_in
from huiyin.foundation.documents.rendering import BATCH, Printing, pages_of, render

PRINTING = Printing("2026-11-25 10:00 陈晓打印", "https://wy.example.cn")
COLUMNS = Columns((("单号", 40, lambda row: f"XN-W261125-{row:05}"), ("内容", 1, lambda row: f"第 {row} 件:漏水")))
numbers = count(1)


def register(rows: int) -> Sheet:
    """A register whose every row is new to the compiler."""
    values = COLUMNS.of_rows([next(numbers) for _ in range(rows)])
    return Sheet(DAILY_REPAIRS, "云河苑", "2026-11-25", "/repairs/", values)


def blank(number: int) -> Sheet:
    return WORK_ORDER.blank_sheet(estate="云河苑", serial=f"YH-Z-20261125-{number:04}", path="/desk/")


def resident_mb() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1_048_576


def test_a_run_is_laid_out_in_batches() -> None:
    told: list[int] = []
    pdf = render([register(1) for _ in range(2 * BATCH + 5)], PRINTING, tell=told.append)
    assert told == [BATCH, 2 * BATCH, 2 * BATCH + 5]
    assert pages_in(pdf) == 2 * BATCH + 5


def _a_batch() -> bytes:
    return render([register(15) for _ in range(BATCH)], PRINTING)


def _a_long_register() -> bytes:
    return render([register(30 * LONG)], PRINTING)


@pytest.mark.parametrize(
    ("printing", "pages", "warm", "more"), [(_a_batch, BATCH, 11, 11), (_a_long_register, LONG, 1, 4)]
)
def test_memory_does_not_grow_with_the_pages(printing: Callable[[], bytes], pages: int, warm: int, more: int) -> None:
    """Were nothing forgotten, the further pages would hold 100 MB and more."""
    for _ in range(warm):
        assert pages_in(printing()) >= pages
    before = resident_mb()
    for _ in range(more):
        printing()
    assert resident_mb() - before < 40


def test_what_sheets_have_in_common_is_laid_out_once() -> None:
    """Forms that differ in their number cost hardly more than the same form again; were each laid out anew, 2.3 times."""
    serials = count(1)

    def seconds(sheets: list[Sheet]) -> float:
        pages = [page for sheet in sheets for page in pages_of(sheet, PRINTING)]
        began = time.process_time()
        compile_pdf(pages)
        return time.process_time() - began

    seconds([blank(next(serials))])
    different = min(seconds([blank(next(serials)) for _ in range(BATCH)]) for _ in range(4))
    same = min(seconds([blank(next(serials))] * BATCH) for _ in range(4))
    assert different < 1.7 * same
