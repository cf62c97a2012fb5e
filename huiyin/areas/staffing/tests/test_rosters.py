"""The roster: writing, cancelling, copying a week, and who is on duty by it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations, queries
from huiyin.areas.staffing.models import Assignment, Duty, Post
from huiyin.areas.staffing.operations import DutyInvalid
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import SHANGHAI, Cast

MONDAY = datetime(2026, 11, 30, tzinfo=SHANGHAI)
WEEK = timedelta(days=7)


@pytest.fixture
def desk(estate: Estate) -> Post:
    return Post.objects.get(estate=estate, code="front_desk")


@pytest.fixture
def by(cast: Cast, at: datetime) -> dict[str, Any]:
    return {"actor": cast.supervisor, "at": at}


def shift(day: int, begins: int = 8, hours: int = 8, monday: datetime = MONDAY) -> tuple[datetime, datetime]:
    starts_at = monday + timedelta(days=day, hours=begins)
    return starts_at, starts_at + timedelta(hours=hours)


def refuses(says: str, act: Callable[[], object]) -> None:
    before = list(Duty.objects.order_by("pk").values()), Entry.objects.count()
    with pytest.raises(DutyInvalid, match=says):
        act()
    assert (list(Duty.objects.order_by("pk").values()), Entry.objects.count()) == before


def test_several_days_are_written_at_once(desk: Post, cast: Cast, by: dict[str, Any]) -> None:
    written = operations.write_duties(desk, cast.clerk, spans=[shift(2), shift(0), shift(1, 16, 16)], **by)
    assert [(duty.starts_at, duty.ends_at) for duty in written] == [shift(0), shift(1, 16, 16), shift(2)]
    assert Entry.objects.get(kind="staffing.duty.planned").values == {
        "person": "陈晓",
        "title": "前台接待",
        "count": 3,
        "from": "2026-11-30T08:00:00+08:00",
    }


def test_writing_is_refused_and_writes_none(desk: Post, cast: Cast, by: dict[str, Any]) -> None:
    operations.write_duties(desk, cast.clerk, spans=[shift(3)], **by)

    def write(user: User, *spans: tuple[datetime, datetime]) -> Callable[[], object]:
        return lambda: operations.write_duties(desk, user, spans=spans, **by)

    refuses("请选择是哪几天", write(cast.clerk))
    refuses("最长 24 小时", write(cast.clerk, shift(0, 8, 25)))
    refuses("已有同时段的班", write(cast.clerk, shift(0), shift(3, 15)))
    refuses("要晚于上班时间", write(cast.clerk, (MONDAY, MONDAY)))
    refuses("不在「前台接待」岗位上", write(cast.butler, shift(0)))


def test_a_coming_duty_is_cancelled(desk: Post, cast: Cast, by: dict[str, Any]) -> None:
    (duty,) = operations.write_duties(desk, cast.clerk, spans=[shift(0)], **by)
    operations.cancel_duty(duty, **by)
    assert not Duty.objects.exists()
    assert Entry.objects.get(kind="staffing.duty.cancelled").values["person"] == "陈晓"
    refuses("已经开始或已被撤掉", lambda: operations.cancel_duty(duty, **by))


def test_a_duty_that_has_begun_stays(desk: Post, cast: Cast, by: dict[str, Any], at: datetime) -> None:
    duty = operations.plan_duty(desk, cast.clerk, starts_at=at, ends_at=at + timedelta(hours=8))
    refuses("已经开始", lambda: operations.cancel_duty(duty, **by))


def test_a_week_is_copied_into_the_next(estate: Estate, desk: Post, cast: Cast, by: dict[str, Any]) -> None:
    operations.write_duties(desk, cast.clerk, spans=[shift(0), shift(6, 16, 16)], **by)
    copied = operations.copy_week(estate, monday=MONDAY + WEEK, **by)
    assert (copied.written, copied.left_out) == (2, 0)
    assert [(duty.starts_at, duty.ends_at) for duty in queries.week_of(estate.pk, monday=MONDAY + WEEK)] == [
        shift(7),
        shift(13, 16, 16),
    ]
    again = operations.copy_week(estate, monday=MONDAY + WEEK, **by)
    assert (again.written, again.left_out) == (0, 2)


def test_copying_leaves_out_who_left_and_what_is_past(
    estate: Estate, desk: Post, cast: Cast, by: dict[str, Any], at: datetime
) -> None:
    this_week = datetime(2026, 11, 23, tzinfo=SHANGHAI)
    last_week = this_week - WEEK
    operations.assign(cast.butler, desk, since_date=at.date())
    for user, day in ((cast.clerk, 0), (cast.clerk, 4), (cast.butler, 4)):
        starts_at, ends_at = shift(day, monday=last_week)
        operations.plan_duty(desk, user, starts_at=starts_at, ends_at=ends_at)
    operations.end_assignment(Assignment.objects.get(user=cast.butler, post=desk), until_date=at.date(), **by)
    copied = operations.copy_week(estate, monday=this_week, **by)
    assert (copied.written, copied.left_out) == (1, 2)
    assert [(duty.user, duty.starts_at) for duty in queries.week_of(estate.pk, monday=this_week)] == [
        (cast.clerk, shift(4, monday=this_week)[0])
    ]


def test_an_empty_week_cannot_be_copied(estate: Estate, cast: Cast, by: dict[str, Any]) -> None:
    refuses("上一周没有排班", lambda: operations.copy_week(estate, monday=MONDAY, **by))


def test_the_roster_of_another_estate_is_not_copied(estate: Estate, cast: Cast, by: dict[str, Any]) -> None:
    other = Estate.objects.get(code="BJ")
    post = Post.objects.get(estate=other, code="cs_supervisor")
    operations.write_duties(post, cast.outsider, spans=[shift(0)], **by)
    refuses("上一周没有排班", lambda: operations.copy_week(estate, monday=MONDAY + WEEK, **by))
    assert queries.week_of(estate.pk, monday=MONDAY) == []


def test_by_the_roster_only_who_mans_the_post_answers(
    estate: Estate, desk: Post, cast: Cast, by: dict[str, Any]
) -> None:
    operations.assign(cast.butler, desk, since_date=MONDAY.date())
    operations.write_duties(desk, cast.butler, spans=[shift(0)], **by)
    assert queries.on_duty(desk, at=shift(0)[0]) == [cast.butler]
    assert queries.on_duty(desk, at=shift(0)[1] - timedelta(seconds=1)) == [cast.butler]
    at_night = queries.responsible_now(estate.pk, "front_desk", at=shift(0)[0] - timedelta(hours=2))
    assert (at_night.post.code, at_night.user) == ("cs_supervisor", cast.supervisor)
    assert queries.on_duty(desk, at=shift(0)[1]) == [cast.butler, cast.clerk]
