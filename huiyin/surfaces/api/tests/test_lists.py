"""Lists by API: page by page without repeating or skipping, within sight, at the same cost for one row and for three."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.api.paging import cursor_of, read_cursor
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell
from tests.programs import Program
from tests.world import World

Of = Callable[..., Program]


@pytest.fixture
def program(program_of: Of, cast: Cast, home: Household, standard: Standard) -> Program:
    return program_of(cast.director)


def test_pages_follow_one_another_though_rows_are_added(program: Program, estate: Estate, cast: Cast) -> None:
    before = [tell(estate, cast.clerk, at=AT - timedelta(minutes=one)).number for one in range(5)]
    first = program.get("/cases", estate="YH", limit=2).json()
    tell(estate, cast.clerk, at=AT)
    second = program.get("/cases", estate="YH", limit=2, cursor=first["next"]).json()
    third = program.get("/cases", estate="YH", limit=2, cursor=second["next"]).json()
    told = [one["number"] for page in (first, second, third) for one in page["items"]]
    assert told == before[::-1]
    assert third["next"] is None


@pytest.mark.parametrize("cursor", ["!", "abc", cursor_of(1)[:-3], "YWZ0ZXI6LTE", "YWZ0ZXI6", "YmVmb3JlOjE", "é"])
def test_a_cursor_nobody_gave_out_is_refused(program: Program, cursor: str) -> None:
    answered = program.get("/cases", estate="YH", cursor=cursor)
    assert (answered.status_code, answered.json()["error"]["code"]) == (400, "bad_cursor")


def test_a_cursor_says_where_it_stands() -> None:
    assert [read_cursor(cursor_of(pk)) for pk in (1, 17, 2**53 - 1)] == [1, 17, 2**53 - 1]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.0", "ten", ""])
def test_a_page_has_its_size(program: Program, limit: str) -> None:
    assert program.get("/cases", estate="YH", limit=limit).status_code == 422


def test_filters_are_those_of_the_page(program: Program, estate: Estate, cast: Cast) -> None:
    repair = tell(estate, cast.clerk, at=AT - timedelta(days=2))
    complaint = tell(estate, cast.clerk, at=AT, kind="complaint", text="太吵")

    def found(**asked: Any) -> list[str]:
        return [one["number"] for one in program.get("/cases", estate="YH", **asked).json()["items"]]

    assert found(kind="complaint") == [complaint.number]
    assert found(since="2026-11-25") == [complaint.number]
    assert found(until="2026-11-24") == [repair.number]
    assert found(text=repair.number[:5]) == [repair.number]
    assert found(status="closed") == []


PER_ROW = ("/cases", "/contacts", "/orders", "/promises", "/today")


@pytest.mark.parametrize("path", PER_ROW)
def test_a_list_costs_the_same_for_one_row_and_for_three(
    path: str, program_of: Of, estate: Estate, cast: Cast, home: Household, standard: Standard
) -> None:
    program = program_of(cast.lead if path == "/today" else cast.director)
    tell(estate, cast.clerk)
    costs = [_cost(program, path)]
    for _ in range(2):
        tell(estate, cast.clerk)
    costs.append(_cost(program, path))
    assert costs[0][1] < costs[1][1], "more rows"
    assert costs[0][0] == costs[1][0], "and no more queries"


def _cost(program: Program, path: str) -> tuple[int, int]:
    asked = {} if path == "/today" else {"estate": "YH"}
    program.get(path, **asked)
    with CaptureQueriesContext(connection) as queries:
        answered = program.get(path, **asked)
    return len(queries), len(answered.json()["items"])


def test_a_case_and_its_history_say_what_the_page_says(program: Program, world: World) -> None:
    said = program.get(f"/cases/{world.repair.number}").json()
    kept = Case.objects.get(pk=world.repair.pk)
    assert (said["text"], said["thread"], said["next_step"]) == (kept.text, kept.thread, kept.next_step)
    assert datetime.fromisoformat(said["next_at"]) == kept.next_at
    kinds = [one["kind"] for one in program.get(f"/cases/{world.repair.number}/history").json()["items"]]
    assert kinds[-1] == "cases.case.registered" or "service_desk.contact.registered" in kinds
    assert "repairs.order.dispatched" in kinds


def test_a_thread_leads_to_its_case(program: Program, world: World) -> None:
    said = program.get(f"/threads/{world.repair.thread}").json()
    assert said == {
        "thread": world.repair.thread,
        "kind": "case",
        "number": world.repair.number,
        "href": f"/api/v1/cases/{world.repair.number}",
    }
    assert program.get("/threads/case:99999").status_code == 404


def test_phones_are_masked_as_on_pages(program: Program, world: World) -> None:
    said = [
        program.get(f"/cases/{world.repair.number}").content,
        program.get(f"/orders/{world.order.number}").content,
        program.get(f"/contacts/{world.contact.number}").content,
        program.get(f"/units/{world.home.unit_id}").content,
        program.get("/homes", estate="YH", text="3-2-1501").content,
    ]
    assert all(b"138****8000" in one and b"13800138000" not in one for one in said)
