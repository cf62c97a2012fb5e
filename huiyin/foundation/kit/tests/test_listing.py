"""List pages: state in the address, stable pages, honest counts, a constant number of queries, sheets out."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import QueryDict
from python_calamine import CalamineWorkbook

from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import ExportColumn, Listing, count_up_to, export, harmless

pytestmark = pytest.mark.django_db


class NameFilter(HouseForm):
    app_label = forms.CharField(label="应用", required=False)
    since = forms.DateField(label="自", required=False)


def find(app_label: str | None = None, since: date | None = None) -> QuerySet[ContentType]:
    rows = ContentType.objects.filter(app_label__startswith="kit_")
    return rows.filter(app_label=app_label) if app_label else rows


def listing(asked: str = "", **changes: Any) -> Listing[ContentType]:
    settings = {"find": find, "sorts": {"app": "app_label", "name": "model"}, "first": "app", "filters": NameFilter}
    return Listing(QueryDict(asked), **{**settings, **changes})


def make(count: int, app: str = "kit_a") -> None:
    ContentType.objects.bulk_create(ContentType(app_label=app, model=f"m{at:05d}") for at in range(count))


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_one_query_however_many_rows(count: int, django_assert_num_queries: Any) -> None:
    make(count)

    with django_assert_num_queries(1):
        page = listing()
        assert (len(page.rows), page.count, page.has_next, page.count_words) == (count, count, False, str(count))


def test_a_long_list_costs_two_queries(django_assert_num_queries: Any) -> None:
    make(120)

    with django_assert_num_queries(2):
        page = listing()
        assert (len(page.rows), page.count_words, page.has_next) == (50, "120", True)


def test_pages_neither_repeat_nor_skip_a_row_when_all_tie() -> None:
    make(120)
    seen = [row.pk for at in (1, 2, 3) for row in listing(f"page={at}&sort=-app").rows]

    assert sorted(seen) == sorted(find().values_list("pk", flat=True))
    assert seen == sorted(seen, reverse=True)


def test_a_page_past_the_end_shows_the_last_one() -> None:
    make(60)
    page = listing("page=9")

    assert ([len(page.rows), page.page, page.count]) == [10, 2, 60]


@pytest.mark.parametrize("asked", ["page=x", "page=-1", "page=0", "page=²", "sort=password", "page=" + "9" * 40])
def test_nonsense_in_the_address_is_ignored(asked: str) -> None:
    make(3)
    page = listing(asked)

    assert (page.page, page.sort, len(page.rows)) == (1, "app", 3)


def test_the_count_is_honest_about_its_cap() -> None:
    make(12)

    assert count_up_to(find(), cap=10) == (10, False)
    assert count_up_to(find(), cap=12) == (12, True)
    assert listing(cap=10, page_size=5).count_words == "10+"
    assert [listing(f"page={at}", deepest=10, page_size=5).has_next for at in (1, 2)] == [True, False]


def test_the_state_of_the_list_stays_in_its_address() -> None:
    make(60)
    page = listing("app_label=kit_a&sort=-name&page=2")

    assert page.url(page=1) == "?app_label=kit_a&sort=-name&page=1"
    assert page.sort_url("name") == "?app_label=kit_a&sort=name"
    assert page.sort_url("app") == "?app_label=kit_a&sort=app"
    assert [(one.label, one.value, one.url) for one in page.active] == [("应用", "kit_a", "?sort=-name")]
    assert page.clear_url == "?sort=-name"
    assert (page.direction("name"), page.direction("app")) == ("descending", "none")


def test_a_filter_that_cannot_be_read_is_said_and_does_not_hide_rows() -> None:
    make(2)
    page = listing("since=gestern")

    assert len(page.rows) == 2
    assert page.form is not None
    assert page.form.errors["since"] == ["日期请写成 2026-11-25 这样"]


def test_an_empty_list_counts_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        page = listing()
        assert (page.rows, page.count, page.count_words, page.first_row) == ([], 0, "0", 0)


@pytest.mark.parametrize("text", ["=1+1", "+86 138", "-5", "@cmd", "\t=x", "\r=x"])
def test_dangerous_beginnings_are_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_a_sheet_keeps_values_and_lets_no_formula_in() -> None:
    rows = [
        ("=HYPERLINK(1)", 7, Decimal("1234.50"), datetime(2026, 11, 25, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")), None),
        ("王女士\x07", -3, Decimal("-0.01"), date(2026, 1, 2), True),
    ]
    columns = [ExportColumn(f"列{at}", lambda row, at=at: row[at]) for at in range(5)]

    reply = export(rows, columns, "事项")
    data = CalamineWorkbook.from_filelike(BytesIO(b"".join(reply))).get_sheet_by_index(0).to_python()

    assert data[0] == ["列0", "列1", "列2", "列3", "列4"]
    assert data[1][:3] == ["'=HYPERLINK(1)", 7.0, 1234.5]
    assert str(data[1][3])[:10] == "2026-11-25"
    assert data[1][4] == ""
    assert data[2][1:] == [-3.0, -0.01, date(2026, 1, 2), "是"]
    assert reply["Content-Disposition"].startswith("attachment")
    reply.close()


def test_an_export_reads_the_database_once(django_assert_num_queries: Any) -> None:
    make(60)

    with django_assert_num_queries(1):
        reply = export(listing().sorted, [ExportColumn("名", lambda row: row.model)], "名单.xlsx")
    assert len(CalamineWorkbook.from_filelike(BytesIO(b"".join(reply))).get_sheet_by_index(0).to_python()) == 61
    reply.close()
