"""日志封存: the auditor sees every day and proves it again; a day that was tampered with is said to be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import sealing
from huiyin.foundation.journal.models import Entry, Seal
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell

Browsers = Callable[[User], Client]
PAGE = "/record/"


@pytest.fixture
def sealed(estate: Estate, cast: Cast, standard: Standard, clock: object) -> Seal:
    """A day with a matter, and a day after it, both sealed."""
    tell(estate, cast.clerk, at=AT - timedelta(days=1))
    sealing.seal_days(at=AT + timedelta(days=1))
    return Seal.objects.filter(estate_id=estate.pk, day=AT.date() - timedelta(days=1)).get()


def test_days_stand_newest_first_with_a_button_each(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    said = browser_of(cast.auditor).get(PAGE).content.decode()
    places = [said.index(f"?check={sealed.day + timedelta(days=days)}") for days in (1, 0, -1)]
    assert places == sorted(places)
    assert sealed.seal in said


def test_a_day_that_agrees_is_said_in_a_sentence(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    said = browser_of(cast.auditor).get(PAGE, {"check": str(sealed.day)}).content.decode()
    assert f"{sealed.day} 的日志完好" in said
    assert f"{sealed.count} 行逐行核对过,和封存时一字不差,与前一天接得上。" in said


@pytest.mark.usefixtures("unguarded")
def test_a_day_that_was_tampered_with_is_said_to_be(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    entry = Entry.objects.get(kind="cases.case.registered")
    Entry.objects.filter(pk=entry.pk).update(note="改过")
    said = browser_of(cast.auditor).get(PAGE, {"check": str(sealed.day)}).content.decode()
    assert f"{sealed.day} 的日志对不上" in said
    assert f"第 {entry.link.place} 行:日志 #{entry.pk} 与当时写下的不一样。" in said


@pytest.mark.parametrize("asked", ["2019-01-01", "gestern", ""])
def test_a_day_that_was_not_sealed_is_not_found(sealed: Seal, cast: Cast, browser_of: Browsers, asked: str) -> None:
    assert browser_of(cast.auditor).get(PAGE, {"check": asked}).status_code == 404


def test_who_may_and_who_may_not(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    may = {
        name: browser_of(getattr(cast, name)).get(PAGE).status_code
        for name in ("auditor", "director", "supervisor", "clerk")
    }
    assert may == {"auditor": 200, "director": 200, "supervisor": 403, "clerk": 403}


def test_the_list_costs_the_same_with_one_and_with_three_days(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.auditor)

    def count() -> int:
        with CaptureQueriesContext(connection) as made:
            assert browser.get(PAGE).status_code == 200
        return len(made)

    count()
    few = count()
    sealing.seal_days(at=AT + timedelta(days=3))
    assert (count(), few) == (few, few)
    assert few <= 12
