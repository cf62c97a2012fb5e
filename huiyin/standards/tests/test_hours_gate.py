"""An estate sets its hours; where its standard asks for longer ones it is told so."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from huiyin.foundation.accounts.queries import system_actor
from huiyin.standards import operations
from huiyin.standards.models import OpeningHours
from huiyin.standards.operations.commitments import RequirementUnmet
from huiyin.standards.tests.samples import AT, ESTATE, publish
from huiyin.standards.written import shipped

SHORT, LONG, ALWAYS = [["09:00", "18:00"]], [["08:30", "21:00"]], [["00:00", "24:00"]]


@pytest.fixture
def by_manual_two(db: None, tmp_path: Path) -> Callable[..., None]:
    return partial(publish, tmp_path)


def set_hours(channel: str, week: list[Any], *, on_holidays: bool = True) -> None:
    operations.set_hours(
        ESTATE,
        channel,
        week,
        effective_from=date(2026, 12, 1),
        on_holidays=on_holidays,
        actor=system_actor(),
        at=AT,
    )


def rules() -> list[dict[str, Any]]:
    (s1,) = [standard for standard in shipped() if standard.code == "s1"]
    return [spec for spec in s1.rules if spec["code"] in ("desk.hours", "desk.hotline")]


@pytest.mark.parametrize(
    ("channel", "week", "on_holidays", "passes"),
    [
        ("desk", [LONG] * 7, True, True),
        ("desk", [LONG] * 6 + [SHORT], True, False),
        ("desk", [LONG] * 6 + [[]], True, False),
        ("desk", [LONG] * 7, False, False),
        ("desk", [[["09:00", "12:00"], ["13:00", "21:00"]]] * 7, True, False),
        ("line", [ALWAYS] * 7, True, True),
        ("line", [ALWAYS] * 6 + [LONG], True, False),
        ("line", [ALWAYS] * 7, False, False),
        ("office", [SHORT] * 5 + [[], []], False, True),
    ],
)
def test_hours_shorter_than_the_standard_asks_for_are_refused(
    by_manual_two: Callable[..., None], channel: str, week: list[Any], on_holidays: bool, passes: bool
) -> None:
    by_manual_two(*rules())
    if passes:
        set_hours(channel, week, on_holidays=on_holidays)
    else:
        with pytest.raises(RequirementUnmet):
            set_hours(channel, week, on_holidays=on_holidays)
    assert OpeningHours.objects.filter(channel=channel).exists() == passes


def test_an_estate_without_a_standard_sets_what_it_likes(db: None) -> None:
    set_hours("desk", [SHORT] * 5 + [[], []])
    assert OpeningHours.objects.get().channel == "desk"
