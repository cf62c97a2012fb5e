"""The figures by API: the numbers of the pages, and the orders behind each of them."""

from collections.abc import Callable
from typing import Any

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.areas.figures.queries import CODES
from huiyin.areas.figures.tests.life import Stage
from huiyin.areas.figures.tests.test_pages import LIFE
from tests.cast import Cast
from tests.programs import Program

pytestmark = pytest.mark.usefixtures("standard", "clock")
Of = Callable[..., Program]
DAYS = {"first": "2026-05-01", "last": "2026-12-31"}


@pytest.fixture
def stage(estate: Estate, cast: Cast) -> Stage:
    stage = Stage(estate, cast)
    stage.live(LIFE)
    return stage


def every(program: Program, where: str, **asked: Any) -> list[Any]:
    found = program.get(where, estate="YH", limit=200, **asked).json()
    assert found["next"] is None
    return list(found["items"])


def numbers(said: dict[str, Any]) -> list[tuple[dict[str, str], int]]:
    """Return what names each count that has orders behind it, and the count."""
    rows = [*said["rows"], *([said["total"]] if said["total"] else [])]
    return [
        (
            {
                "figure": said["figure"],
                "row": row["key"],
                "col": cell["behind"],
                "first": row["first"] or said["first"],
                "last": row["last"] or said["last"],
            },
            cell["value"],
        )
        for row in rows
        for column, cell in zip(said["columns"], row["cells"], strict=True)
        if cell["behind"] and column["kind"] == "count"
    ]


@pytest.mark.parametrize("code", CODES)
def test_every_number_lists_as_many_orders(code: str, stage: Stage, cast: Cast, program_of: Of) -> None:
    program = program_of(cast.director)
    said = program.get(f"/figures/{code.replace('_', '-')}", estate="YH", **DAYS).json()
    assert (said["figure"], said["first"], said["last"]) == (code, DAYS["first"], DAYS["last"])
    found = numbers(said)
    assert sum(count for _, count in found) > 0
    for named, count in found:
        assert len(every(program, "/orders", **named)) == count, named


def test_his_own(stage: Stage, cast: Cast, program_of: Of) -> None:
    program = program_of(cast.technician)
    said = program.get("/figures/mine", estate="YH", **DAYS).json()
    assert [row["key"] for row in said["rows"]] == [str(cast.technician.pk)]
    for named, count in numbers(said):
        assert len(every(program, "/orders/mine/all", **named)) == count, named
    assert program.get("/figures/load", estate="YH", **DAYS).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-05-01"},
        {"first": "2026-05-02", "last": "2026-05-01"},
        {"first": "2010-05-02", "last": "2026-05-01"},
        {"building": "1"},
        {"building_id": "x"},
    ],
)
def test_what_cannot_be_is_refused(asked: dict[str, str], stage: Stage, cast: Cast, program_of: Of) -> None:
    assert program_of(cast.director).get("/figures/rework", estate="YH", **asked).status_code in (409, 422)


def test_a_number_there_is_not(stage: Stage, cast: Cast, program_of: Of) -> None:
    asked = {"figure": "rework", "col": "everything", **DAYS}
    assert program_of(cast.director).get("/orders", estate="YH", **asked).status_code in (409, 422)


def test_out_of_sight(stage: Stage, cast: Cast, program_of: Of) -> None:
    assert program_of(cast.director).get("/figures/rework", estate="BJ", **DAYS).status_code == 404
