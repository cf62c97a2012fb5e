"""The list of cases: who may, what it finds, in what order, and how many queries it takes."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from conftest import Clock
from huiyin.areas.cases import operations, queries
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.queries import Wanted, matters
from huiyin.areas.cases.rules import search_ranges
from huiyin.areas.cases.tests.factories import case_in
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast, tell

NUMBER = re.compile(r"[A-Z]{2}-[A-Z]\d{6}-\d{3}")
Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("standard", "clock")


def numbers(browser: Client, **asked: str) -> list[str]:
    page = browser.get("/cases/", asked).content.decode()
    return [NUMBER.findall(row)[0] for row in page.split("<tr data-row")[1:]]


@pytest.mark.parametrize(
    ("who", "status"), [("clerk", 200), ("auditor", 200), ("technician", 403), ("outsider", 200), ("director", 200)]
)
def test_who_may_see_the_list(who: str, status: int, estate: Estate, cast: Cast, browser_of: Browser) -> None:
    tell(estate, cast.clerk, kind="enquiry", text="厨房漏水")
    page = browser_of(getattr(cast, who)).get("/cases/")
    assert page.status_code == status
    assert ("厨房漏水" in page.content.decode()) is (status == 200 and who != "outsider")


def test_the_earliest_next_step_comes_first(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    late = tell(estate, cast.clerk, kind="enquiry", at=AT - timedelta(days=2))
    plain = tell(estate, cast.clerk, kind="enquiry")
    urgent = tell(estate, cast.clerk, kind="repair", urgency="emergency")
    browser = browser_of(cast.clerk)
    assert numbers(browser) == [late.number, urgent.number, plain.number]
    assert numbers(browser, sort="-opened") == [urgent.number, plain.number, late.number]
    assert numbers(browser, sort="nonsense") == [late.number, urgent.number, plain.number]


def test_only_open_ones_unless_asked_for(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    rows = {status: case_in(status, estate, cast).number for status in ("new", "on_hold", "closed", "voided")}
    browser = browser_of(cast.clerk)
    assert set(numbers(browser)) == {rows["new"], rows["on_hold"]}
    for status, number in rows.items():
        assert number in numbers(browser, status=status)
    assert set(numbers(browser, status="all")) == set(rows.values())
    assert numbers(browser, status="closed") == [rows["closed"]]


def test_every_filter_narrows(estate: Estate, cast: Cast, browser_of: Browser, clock: Clock) -> None:
    enquiry = tell(estate, cast.clerk, kind="enquiry", at=AT - timedelta(days=3))
    repair = tell(estate, cast.clerk, kind="repair", urgency="urgent")
    butler = Post.objects.get(estate=estate, code="butler")
    operations.transfer_case(enquiry, to=Responsible(butler, cast.butler), note="看", actor=cast.clerk, at=AT)
    browser = browser_of(cast.butler)
    found = {
        "kind": ("repair", repair),
        "who": ("me", enquiry),
        "urgency": ("urgent", repair),
        "late": ("on", enquiry),
        "since": ("2026-11-25", repair),
        "until": ("2026-11-24", enquiry),
    }
    for name, (value, case) in found.items():
        assert numbers(browser, **{name: value}) == [case.number], name
    assert numbers(browser, who=f"post-{butler.pk}") == [enquiry.number]
    assert numbers(browser, who=f"person-{cast.butler.pk}") == [enquiry.number]
    assert numbers(browser, who="person-x", kind="zzz") == [enquiry.number, repair.number]
    assert len(numbers(browser, channel="call")) == 2
    assert numbers(browser, channel="letter") == []


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("yh-z2611", ["number", "caller_unit"]),
        ("13800", ["caller_phone", "caller_unit"]),
        ("3-2-15", ["caller_phone", "caller_unit"]),
        ("12", ["caller_unit"]),
        ("王", ["caller_unit", "caller_name"]),
        ("别墅A区18", ["caller_unit"]),
        ("Chris", ["number", "caller_name"]),
        ("010-6555", ["caller_phone", "caller_unit"]),
    ],
)
def test_a_text_is_looked_for_where_its_shape_fits(text: str, fields: list[str]) -> None:
    assert [name for name, _ in search_ranges(text)] == fields


def test_the_search_finds_beginnings(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    browser = browser_of(cast.clerk)
    for text in (case.number, case.number[:6].lower(), "1380", "3-2", "3-2-1501", "王", "王女"):
        assert numbers(browser, q=text) == [case.number], text
    for text in ("1390", "女士", "YH-T", "4-2"):
        assert numbers(browser, q=text) == [], text


def test_a_search_that_finds_nothing_open_offers_all_statuses(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = case_in("closed", estate, cast)
    browser = browser_of(cast.clerk)
    assert "在全部状态里找" in browser.get("/cases/", {"q": case.number}).content.decode()
    assert numbers(browser, q=case.number, status="all") == [case.number]


def test_long_texts_stay_in_the_database(estate: Estate, cast: Cast) -> None:
    tell(estate, cast.clerk, kind="enquiry", text="很长" * 500)
    row = queries.find(cast.clerk, estate.pk, Wanted()).get()
    assert row.get_deferred_fields() >= {"text", "answer"}
    assert row.excerpt == ("很长" * 60)


def plan(wanted: Wanted, cast: Cast, estate: Estate, *order: str) -> str:
    return str(queries.find(cast.clerk, estate.pk, wanted).order_by(*order)[:51].explain())


@pytest.mark.parametrize(
    ("wanted", "order", "index"),
    [
        (Wanted(), ("next_at", "pk"), "open_case_by_time"),
        (Wanted(late_at=AT), ("next_at", "pk"), "open_case_by_time"),
        (Wanted(kind="repair"), ("next_at", "pk"), "open_case_by_time"),
        (Wanted(status="on_hold"), ("next_at", "pk"), "open_case_by_time"),
        (Wanted(status="all"), ("-opened_at", "-pk"), "case_by_time"),
        (Wanted(status="closed"), ("-opened_at", "-pk"), "case_by_time"),
        (Wanted(status="voided"), ("-opened_at", "-pk"), "case_set_aside"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_every_list_is_read_along_an_index(
    wanted: Wanted, order: tuple[str, ...], index: str, estate: Estate, cast: Cast
) -> None:
    if connection.vendor != "sqlite":
        return
    said = plan(wanted, cast, estate, *order)
    assert index in said
    assert "SCAN cases_case" not in said.replace("SCAN cases_case USING INDEX", "")
    assert "TEMP B-TREE" not in said


def test_what_few_texts_begin_with_is_found_in_the_index_of_each_field(
    estate: Estate, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    with CaptureQueriesContext(connection) as asked:
        assert queries.find(cast.clerk, estate.pk, Wanted(text="1380", status="all")).get() == case
    if connection.vendor == "sqlite":
        used = "".join(str(row) for query in asked for row in _explained(query["sql"]))
        assert "case_by_phone" in used and "case_by_unit_told" in used and "SCAN cases_case" not in used
    monkeypatch.setattr(matters, "_FEW", 0)
    for text in ("1380", "王", case.number[:4], "3-2"):
        assert queries.find(cast.clerk, estate.pk, Wanted(text=text)).get() == case
    assert not queries.find(cast.clerk, estate.pk, Wanted(text="1390")).exists()


def _explained(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return list(cursor.fetchall())


def test_turning_pages_neither_repeats_nor_skips(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    told = [tell(estate, cast.clerk, kind="enquiry").number for _ in range(53)]
    browser = browser_of(cast.clerk)
    first, second = numbers(browser), numbers(browser, page="2")
    assert (len(first), len(second)) == (50, 3)
    assert sorted(first + second) == sorted(told)
    assert "<strong>53</strong> 件" in browser.get("/cases/").content.decode()


def test_three_rows_take_as_many_queries_as_one(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.supervisor)
    counted = []
    for rows in (1, 2):
        for _ in range(rows):
            tell(estate, cast.clerk, kind="enquiry")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(numbers(browser)) == (1 if rows == 1 else 3)
        counted.append(len(asked))
    assert counted == [11, 11]


def test_the_export_has_the_rows_of_the_list(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry", text="=1+1 全文")
    tell(estate, cast.clerk, kind="repair")
    browser = browser_of(cast.supervisor)
    assert browser_of(cast.clerk).get("/cases/list/export/").status_code == 403
    asked = browser.get("/cases/list/export/?kind=enquiry").content.decode()
    assert "这份表做什么用" in asked
    assert case.number not in asked
    answer: Any = browser.post("/cases/list/export/?kind=enquiry&q=", {"reason": "checking"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    answer.close()
    (mark, *_), head, *rows = sheet.to_python()
    assert mark == "导出人:林芳  时间:2026-11-25 10:00  用途:核对工作"
    assert [dict(zip(head, row, strict=True))["编号"] for row in rows] == [case.number]
    assert dict(zip(head, rows[0], strict=True))["内容"] == "'=1+1 全文"
    assert dict(zip(head, rows[0], strict=True))["电话"] == "138****8000"
    line = Entry.objects.get(kind="privacy.taken_out")
    assert (line.actor, line.note, line.estate_id) == (cast.supervisor, "核对工作", estate.pk)
    assert line.values == {"what": "事项", "rows": 1, "asked": {"kind": "enquiry"}, "reason": "checking"}


@pytest.mark.parametrize("said", [{}, {"reason": "other", "note": " "}, {"reason": "fun"}])
def test_without_a_purpose_nothing_is_handed_out(
    said: dict[str, str], estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    tell(estate, cast.clerk, kind="enquiry")
    answer = browser_of(cast.supervisor).post("/cases/list/export/", said)
    assert answer["Content-Type"].startswith("text/html")
    assert not Entry.objects.filter(kind="privacy.taken_out").exists()


def test_whole_phones_are_for_those_who_may_see_them_and_ask(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    tell(estate, cast.clerk, kind="enquiry")

    def phone_for(user: Any, **said: str) -> str:
        answer: Any = browser_of(user).post("/cases/list/export/", {"reason": "checking", **said})
        book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
        answer.close()
        _, head, row = book.get_sheet_by_index(0).to_python()
        return str(dict(zip(head, row, strict=True))["电话"])

    assert phone_for(cast.supervisor, unmasked="on") == "13800138000"
    assert phone_for(cast.archivist, unmasked="on") == "138****8000"
    assert list(Entry.objects.filter(kind="privacy.taken_out").values_list("values__unmasked", flat=True)) == [
        True,
        None,
    ]


def test_a_link_sent_to_a_colleague_names_the_estate(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    assert numbers(browser_of(cast.director), estate=str(estate.pk)) == [case.number]
    assert numbers(browser_of(cast.outsider), estate=str(estate.pk)) == []
    assert Case.objects.count() == 1


def test_htmx_gets_the_rows_alone(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    tell(estate, cast.clerk, kind="enquiry")
    part = browser_of(cast.clerk).get("/cases/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="rows">')
    assert "<html" not in part


def test_the_opening_page_is_what_the_list_finds_first(estate: Estate, cast: Cast) -> None:
    told = [tell(estate, cast.clerk, kind=kind, text=kind * 99) for kind in ("enquiry", "suggestion", "enquiry")]
    operations.close_case(told[0], answer="已告知", actor=cast.clerk, at=AT)
    found = list(queries.find(cast.clerk, estate.pk, Wanted()).order_by("next_at", "pk"))
    opening = queries.first_open(cast.clerk, estate.pk)
    assert [one.pk for one in opening] == [one.pk for one in found] != []
    assert [one.excerpt for one in opening] == [one.excerpt for one in found]
    assert queries.count_open(estate.pk, cap=10) == len(found) == 2
    assert queries.count_open(estate.pk, cap=1) == 1
    assert queries.first_open(cast.outsider, estate.pk) == []
