"""Copies share what was laid out once, and are the pages they would be if each were laid out alone."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from huiyin.foundation.documents.compiling import compile_pdf
from huiyin.foundation.documents.copying import each_copy
from huiyin.foundation.documents.joining import join
from huiyin.foundation.documents.objects import NotOurs
from huiyin.foundation.documents.tests.test_joining import page

FIRST, SECOND = "第一联 库房存", "第二联 领料人存"


def copies(text: str, *, landscape: bool = False, rows: int = 1) -> list[dict[str, Any]]:
    values = {**page(text)["values"], "rows": [[text]] * rows}
    return [{**page(text), "values": values, "landscape": landscape, "copy": copy} for copy in (FIRST, SECOND)]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def words_of(reader: PdfReader) -> list[tuple[str, ...]]:
    """The words of each page, whatever their order."""
    return [tuple(sorted(one.extract_text().split())) for one in reader.pages]


def place_of(reader: PdfReader, number: int, words: str) -> tuple[float, float]:
    """Where these words begin on a page, in points."""
    found: list[tuple[float, float]] = []

    def see(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip() == words:
            x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            found.append((round(x, 1), round(y, 1)))

    reader.pages[number].extract_text(visitor_text=see)
    return found[0]


def test_the_copies_of_a_sheet_share_content_and_pictures() -> None:
    reader = read(compile_pdf([*copies("甲件"), page("乙件"), *copies("丙件")]))
    drawn = [[one.idnum for one in pdf["/Contents"]] for pdf in (reader.pages[n] for n in (0, 1, 3, 4))]
    assert drawn[0] == drawn[1] != drawn[2] == drawn[3]
    said = [one.extract_text() for one in reader.pages]
    assert [FIRST in text for text in said] == [True, False, False, True, False]
    assert [SECOND in text for text in said] == [False, True, False, False, True]
    assert [next(one for one in text if one in "甲乙丙") for text in said] == list("甲甲乙丙丙")


@pytest.mark.parametrize("landscape", [False, True])
def test_a_copy_is_the_page_it_would_be_alone(landscape: bool) -> None:
    """A second page makes the compiler lay out every copy: all words stand where they stand on a page made from shared content."""
    long = copies("长件", landscape=landscape, rows=90)
    shared = read(compile_pdf(copies("甲件", landscape=landscape)))
    alone = read(compile_pdf([*copies("甲件", landscape=landscape), *long]))
    assert len(alone.pages) > 4
    assert words_of(shared) == words_of(alone)[:2]
    for number, copy in enumerate((FIRST, SECOND)):
        assert place_of(shared, number, copy) == place_of(alone, number, copy)


def test_every_page_of_a_long_copy_bears_its_words() -> None:
    said = [one.extract_text() for one in read(compile_pdf(copies("长件", rows=90))).pages]
    half = len(said) // 2
    assert half >= 2
    assert all(FIRST in text for text in said[:half])
    assert all(SECOND in text for text in said[half:])
    assert [f"第 {n} 页,共 {half} 页" in text for n, text in enumerate(said[:half], start=1)] == [True] * half


def test_a_sheet_without_copies_stays_beside_its_copy() -> None:
    said = [one.extract_text() for one in read(compile_pdf([page("甲件"), copies("甲件")[1]])).pages]
    assert [SECOND in text for text in said] == [False, True]


def test_a_sheet_printed_twice_is_there_twice() -> None:
    said = [one.extract_text() for one in read(compile_pdf(copies("甲件") * 2)).pages]
    assert [FIRST in text for text in said] == [True, False, True, False]


def test_copies_are_joined_like_other_pages() -> None:
    reader = read(join([compile_pdf(copies(f"甲{n}件")) for n in range(3)]))
    said = [one.extract_text() for one in reader.pages]
    assert [SECOND in text for text in said] == [False, True] * 3
    assert [f"甲{n // 2}件" in text.replace(" ", "") for n, text in enumerate(said)] == [True] * 6


def test_a_joined_file_is_refused() -> None:
    joined = join([compile_pdf([page("一")]), compile_pdf([page("二")])])
    with pytest.raises(NotOurs):
        each_copy(joined, [[0]])
