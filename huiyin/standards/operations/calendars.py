"""Calendars enter the house: each year's notice of holidays, an estate's hours, exceptions for single days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Max

from huiyin.foundation.accounts.models import User
from huiyin.foundation.calendar.chinese import StatutoryDay
from huiyin.foundation.calendar.hours import hours_of, words_of
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command, look_again
from huiyin.standards import calendars, queries, spans
from huiyin.standards.calendars import CHANNELS
from huiyin.standards.events import PromiseMoved
from huiyin.standards.in_force import calendar_version, working_calendar
from huiyin.standards.models import Commitment, CommitmentState, DatedHours, HolidayYear, OpeningHours
from huiyin.standards.operations.commitments import require
from huiyin.standards.operations.ladders import shift_steps
from huiyin.standards.operations.shared import limit_of

Slots = Sequence[Sequence[str]]
GATE = "standards.hours.set"


class CalendarInvalid(Refused):
    """The notice, the hours or the exception cannot be so."""


@command
def publish_year(
    year: int, days: Mapping[date, StatutoryDay], *, source: str, actor: User, at: datetime
) -> tuple[HolidayYear, int]:
    """Publish the notice of one year, or a correction of it; return it and how many promises fall due at another time.

    Only promises whose time lay beyond the holidays known until now are counted again; no other one is moved. Refused
    without source or days, and for a year before which another one is still missing.
    """
    if not source.strip():
        raise CalendarInvalid("请写明依据,例如通知的文号")
    if not days:
        raise CalendarInvalid("没有一天放假,请核对内容")
    last = calendars.known_until()
    if year > last.year + 1:
        raise CalendarInvalid(f"放假安排现在到 {last.year} 年,请先公布 {last.year + 1} 年")
    recount = _Recount(last, actor=actor, at=at, note=f"{year} 年放假安排已公布")
    before = HolidayYear.objects.filter(year=year).aggregate(last=Max("revision"))["last"]
    notice = HolidayYear.objects.create(
        year=year,
        revision=(before or 0) + 1,
        days={day.isoformat(): [said.name, said.kind] for day, said in sorted(days.items())},
        source=source.strip()[:200],
        published_at=at,
        published_by=actor,
    )
    look_again()
    journal.record(
        "standards.calendar.published",
        subject=("standards.holidayyear", notice.pk),
        estate_id=0,
        actor=actor,
        at=at,
        note=notice.source,
        values={"year": year, "revision": notice.revision, "days": len(notice.days)},
    )
    return notice, recount.count()


class _Recount:
    """Counts the provisional promises again: made while the old calendar holds, carried out under the new one."""

    def __init__(self, until: date, *, actor: User, at: datetime, note: str) -> None:
        self._actor, self._at, self._note = actor, at, note
        beyond = working_calendar().at_local(until + timedelta(days=1), time.min)
        found = Commitment.objects.filter(state=CommitmentState.OPEN, due_at__gte=max(beyond, at), provisional=True)
        self._provisional = [one for one in found.select_related("rule").order_by("pk") if self._due(one) == one.due_at]
        self._others = found.exclude(pk__in=[one.pk for one in self._provisional])

    def _due(self, one: Commitment) -> datetime | None:
        """Return when the promise falls due by its own rule and the calendar as it is now; None when no rule says."""
        limit = limit_of(one)
        if limit is None:
            return queries.due_by_calendar(one)
        first = queries.first_revision(one)
        pauses = [(p.since, p.until) for p in queries.pauses_of_revisions(one) if p.until]
        values = queries.values_of(first.opened_by)
        return spans.due_from(limit, first.opened_at, pauses, values, working_calendar(estate_id=one.estate_id))

    def count(self) -> int:
        moved = 0
        for one in self._others:
            self._settle(one, one.due_at)
        for one in self._provisional:
            due_at = max(self._due(one) or one.due_at, self._at)
            was = one.due_at
            self._settle(one, due_at)
            if due_at != was:
                self._tell(one, was)
                moved += 1
        return moved

    def _tell(self, one: Commitment, was: datetime) -> None:
        journal.announce(
            PromiseMoved(
                subject_id=one.pk,
                estate_id=one.estate_id,
                thread=one.thread,
                does=one.does,
                was_due_at=was,
                due_at=one.due_at,
            ),
            actor=self._actor,
            at=self._at,
            note=self._note,
            rule=one.code,
        )

    def _settle(self, one: Commitment, due_at: datetime) -> None:
        calendar = working_calendar(estate_id=one.estate_id)
        changed = due_at != one.due_at
        one.due_at, one.provisional = due_at, calendar.is_provisional(due_at)
        one.calendar = calendar_version(estate_id=one.estate_id)
        one.save(update_fields=["due_at", "provisional", "calendar"])
        if changed:
            shift_steps(
                one.pk,
                rule_id=one.rule_id,
                estate_id=one.estate_id,
                opened_at=one.opened_at,
                due_at=due_at,
                by=timedelta(0),
                calendar=calendar,
            )


@command
def set_hours(
    estate_id: int,
    channel: str,
    week: Sequence[Slots],
    *,
    effective_from: date,
    on_holidays: bool,
    actor: User,
    at: datetime,
) -> OpeningHours:
    """Set when the estate's channel is open, from a day on. Promises already made keep their time.

    Refused for an unknown channel, a week without any hours, a day that has begun already, or one with hours set, and
    where the standard in force asks for longer hours.
    """
    _known(channel)
    read = [words_of(hours_of(slots)) for slots in week]
    if len(read) != 7 or not any(read):
        raise CalendarInvalid("一周里至少要有一个开放时段")
    if effective_from <= working_calendar().local_date(at):
        raise CalendarInvalid("新时间最早从明天起")
    if OpeningHours.objects.filter(estate_id=estate_id, channel=channel, effective_from=effective_from).exists():
        raise CalendarInvalid("这一天起已经定过时间,请换一天")
    require(GATE, estate_id=estate_id, values={"channel": channel, **_breadth(read, on_holidays)}, at=at)
    made = OpeningHours.objects.create(
        estate_id=estate_id,
        channel=channel,
        effective_from=effective_from,
        week=read,
        on_holidays=on_holidays,
        set_at=at,
        set_by=actor,
    )
    look_again()
    journal.record(
        "standards.hours.set",
        subject=("standards.openinghours", made.pk),
        estate_id=estate_id,
        actor=actor,
        at=at,
        values={"channel": CHANNELS[channel], "from": effective_from},
    )
    return made


def _breadth(week: Sequence[Slots], on_holidays: bool) -> dict[str, bool]:
    """Say of a week what standards ask for: every day, nine to nine, day and night."""
    return {
        "all_week": all(week) and on_holidays,
        "nine_to_twenty_one": all(any(a <= "09:00" and b >= "21:00" for a, b in slots) for slots in week if slots),
        "round_the_clock": on_holidays
        and all([list(slot) for slot in slots] == [["00:00", "24:00"]] for slots in week),
    }


@command
def set_dated_hours(
    estate_id: int, channel: str, day: date, slots: Slots, *, reason: str, actor: User, at: datetime
) -> DatedHours:
    """Set the hours of a single day, whatever the week and the holidays say; without slots it is closed.

    A later one for the same day takes the place of the earlier. Refused for an unknown channel, without a reason, and
    for a day that is over.
    """
    _known(channel)
    read = words_of(hours_of(slots))
    if not reason.strip():
        raise CalendarInvalid("请写明原因")
    if day < working_calendar().local_date(at):
        raise CalendarInvalid("这一天已经过去")
    DatedHours.objects.filter(estate_id=estate_id, channel=channel, day=day, replaced_at=None).update(replaced_at=at)
    made = DatedHours.objects.create(
        estate_id=estate_id, channel=channel, day=day, slots=read, reason=reason.strip()[:120], set_at=at, set_by=actor
    )
    look_again()
    journal.record(
        "standards.hours.dated",
        subject=("standards.datedhours", made.pk),
        estate_id=estate_id,
        actor=actor,
        at=at,
        note=made.reason,
        values={"channel": CHANNELS[channel], "day": day},
    )
    return made


def _known(channel: str) -> None:
    if channel not in CHANNELS:
        raise CalendarInvalid("没有这个渠道,请选择办公时间、前台或服务热线")
