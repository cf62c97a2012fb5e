"""The roster: who mans which post in which span."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import events
from huiyin.areas.staffing.models import Assignment, Duty, Post
from huiyin.areas.staffing.operations.lines import about
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

LONGEST = timedelta(hours=24)
WEEK = timedelta(days=7)


class DutyInvalid(Refused):
    """The roster line cannot be."""


@dataclass(frozen=True)
class Copied:
    """How many lines were copied, and how many were not, because the person left the post or the time is taken."""

    written: int
    left_out: int


@command
def plan_duty(post: Post, user: User, *, starts_at: datetime, ends_at: datetime) -> Duty:
    """Write one line of the roster. Refused when it ends before it begins or the person does not hold the post."""
    if ends_at <= starts_at:
        raise DutyInvalid("下班时间要晚于上班时间")
    if not Assignment.objects.filter(post=post, user=user, until_date=None).exists():
        raise DutyInvalid(f"{user.name} 不在「{post.title}」岗位上,请先安排岗位")
    return Duty.objects.get_or_create(post=post, user=user, starts_at=starts_at, defaults={"ends_at": ends_at})[0]


@command
def write_duties(
    post: Post, user: User, *, spans: Iterable[tuple[datetime, datetime]], actor: User, at: datetime
) -> list[Duty]:
    """Write several lines of the roster for one person: all or none.

    Refused without a span, for one longer than a day, one that crosses a line the person has on this post, and where
    `plan_duty` refuses.
    """
    written = []
    for starts_at, ends_at in sorted(spans):
        if ends_at - starts_at > LONGEST:
            raise DutyInvalid("一个班最长 24 小时,请核对上下班时间")
        crossed = _crossed(post, user, starts_at, ends_at)
        if crossed:
            raise DutyInvalid(f"{user.name}在「{post.title}」已有同时段的班,请先撤掉那一班")
        written.append(plan_duty(post, user, starts_at=starts_at, ends_at=ends_at))
    if not written:
        raise DutyInvalid("请选择是哪几天")
    values = {"person": user.name, "title": post.title, "count": len(written), "from": written[0].starts_at}
    _tell(events.DUTY_PLANNED, ("staffing.post", post.pk), post.estate_id, actor, at, values)
    return written


@command
def cancel_duty(duty: Duty, *, actor: User, at: datetime) -> None:
    """Take a line off the roster. Refused once it has begun."""
    if not Duty.objects.filter(pk=duty.pk, starts_at__gt=at).delete()[0]:
        raise DutyInvalid("这一班已经开始或已被撤掉,不能再撤")
    values = {"person": duty.user.name, "title": duty.post.title, "from": duty.starts_at, "to": duty.ends_at}
    _tell(events.DUTY_CANCELLED, ("staffing.post", duty.post_id), duty.post.estate_id, actor, at, values)


@command
def copy_week(estate: Estate, *, monday: datetime, actor: User, at: datetime) -> Copied:
    """Write the roster of the week before into the week that begins on `monday`.

    Lines of people who have left the post are left out, and so are lines that would cross others. What lies in the
    past is not written. Refused when the week before is empty.
    """
    last_week = Duty.objects.filter(post__estate=estate, starts_at__gte=monday - WEEK, starts_at__lt=monday)
    lines = list(last_week.select_related("post", "user").order_by("starts_at", "pk"))
    if not lines:
        raise DutyInvalid("上一周没有排班,没有可抄的")
    held = set(Assignment.objects.filter(post__estate=estate, until_date=None).values_list("post_id", "user_id"))
    written = 0
    for line in lines:
        starts_at, ends_at = line.starts_at + WEEK, line.ends_at + WEEK
        holds = (line.post_id, line.user_id) in held
        if holds and starts_at > at and not _crossed(line.post, line.user, starts_at, ends_at):
            Duty.objects.create(post=line.post, user=line.user, starts_at=starts_at, ends_at=ends_at)
            written += 1
    values = {"count": written, "from": monday}
    _tell(events.WEEK_COPIED, ("estate.estate", estate.pk), estate.pk, actor, at, values)
    return Copied(written, len(lines) - written)


def _crossed(post: Post, user: User, starts_at: datetime, ends_at: datetime) -> bool:
    return Duty.objects.filter(post=post, user=user, starts_at__lt=ends_at, ends_at__gt=starts_at).exists()


def _tell(
    kind: str, subject: tuple[str, int], estate_id: int, actor: User, at: datetime, values: dict[str, object]
) -> None:
    about(kind, subject, estate_id=estate_id, actor=actor, at=at, values=values)
