"""Somebody is not there for a while: nothing falls to them, and what they have in hand goes on at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations, queries
from huiyin.areas.staffing.models import Absence, Duty, Post
from huiyin.areas.staffing.operations import NotLetGo
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast

Browser = Callable[[User], Client]
TOMORROW = AT + timedelta(days=1)


def away(user: User, estate: Estate, cast: Cast, *, until: datetime = TOMORROW, reason: str = "发烧") -> Absence:
    return operations.report_absent(user, estate_id=estate.pk, until=until, reason=reason, actor=cast.director, at=AT)


def manned(estate: Estate, code: str, at: datetime = AT) -> tuple[str, str | None]:
    found = queries.responsible_now(estate.pk, code, at=at)
    return found.post.code, found.user.username if found.user else None


@pytest.mark.parametrize("rostered", [True, False])
def test_an_absent_person_mans_nothing_until_they_are_back(estate: Estate, cast: Cast, rostered: bool) -> None:
    post = Post.objects.get(estate=estate, code="maintenance_lead")
    if rostered:
        Duty.objects.create(
            post=post, user=cast.lead, starts_at=AT - timedelta(hours=2), ends_at=AT + timedelta(days=3)
        )
    assert manned(estate, "maintenance_lead") == ("maintenance_lead", cast.lead.username)
    away(cast.lead, estate, cast)
    assert manned(estate, "maintenance_lead")[0] != "maintenance_lead"
    assert queries.on_duty(post, at=AT) == []
    reached = queries.reached_now(estate.pk, "maintenance_lead", cast.lead.pk, AT)
    assert reached is not None and reached.user_id != cast.lead.pk
    assert manned(estate, "maintenance_lead", TOMORROW) == ("maintenance_lead", cast.lead.username)


def test_it_is_told_and_the_account_stays_open(estate: Estate, cast: Cast) -> None:
    away(cast.butler, estate, cast)
    entry = Entry.objects.get(kind="staffing.person.absent")
    assert (entry.actor, entry.note, entry.subject_id) == (cast.director, "发烧", cast.butler.pk)
    assert User.objects.get(pk=cast.butler.pk).is_active


def test_somebody_comes_back_early(estate: Estate, cast: Cast) -> None:
    away(cast.lead, estate, cast)
    operations.report_back(cast.lead, estate_id=estate.pk, actor=cast.director, at=AT + timedelta(hours=2))
    assert manned(estate, "maintenance_lead", AT + timedelta(hours=3))[1] == cast.lead.username
    with pytest.raises(NotLetGo, match="没有登记不在岗"):
        operations.report_back(cast.lead, estate_id=estate.pk, actor=cast.director, at=AT + timedelta(hours=4))


@pytest.mark.parametrize(
    ("until", "reason", "says"),
    [(TOMORROW, " ", "请写明原因"), (AT, "发烧", "回来的时间要晚于现在")],
)
def test_an_absence_needs_a_reason_and_an_end(
    estate: Estate, cast: Cast, until: datetime, reason: str, says: str
) -> None:
    with pytest.raises(NotLetGo, match=says):
        away(cast.lead, estate, cast, until=until, reason=reason)
    assert not Absence.objects.exists()


def test_nobody_is_absent_twice_or_after_they_left(estate: Estate, cast: Cast) -> None:
    away(cast.lead, estate, cast)
    with pytest.raises(NotLetGo, match="已经登记不在岗"):
        away(cast.lead, estate, cast)
    operations.let_go(cast.butler, estate_id=estate.pk, actor=cast.director, at=AT)
    with pytest.raises(NotLetGo, match="已经离职"):
        away(User.objects.get(pk=cast.butler.pk), estate, cast)


def test_it_is_recorded_and_ended_on_the_page(estate: Estate, cast: Cast, browser_of: Browser, clock: object) -> None:
    browser, address = browser_of(cast.director), f"/staff/people/{cast.lead.pk}/absent/"
    assert "从现在起不在岗" in browser.get(address).content.decode()
    wrong = browser.post(address, {"until": "昨天 9点", "reason": "发烧"})
    assert wrong.status_code == 422 and not Absence.objects.exists()
    assert browser.post(address, {"until": "明天 9点", "reason": "发烧"}).status_code == 303
    page = browser.get(address).content.decode()
    assert "现在不在岗" in page and "发烧" in page
    assert browser.post(address, {"back": "yes"}).status_code == 303
    assert queries.absence_of(cast.lead, at=AT) is None
    assert browser_of(cast.clerk).get(address).status_code == 403
