"""Escalation: who else is told, and when, while a promise is owed. Every rung is known from the day it opens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards.rules.limits import Within
from huiyin.standards.rules.reading import RuleInvalid, needed, owed_by, texts

KEYS = {"of", "steps"}
STEP_KEYS = {"at", "who"}
_AT = re.compile(r"^(\d+) (min|h|d|working min|working h|working d) (before due|after due|after opened)$")
_OF = re.compile(r"^[a-z_]+(\.[a-z_]+)*(\.\*)?$")
_SECONDS = {"min": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True)
class Rung:
    """Whom to tell, and how long before or after the promise was opened or falls due."""

    who: str
    after: str
    limit: Within
    before: bool = False

    def moment(self, *, opened_at: datetime, due_at: datetime, calendar: WorkingCalendar) -> datetime:
        """Return when the rung is reached. Hours and days are elapsed ones unless written as working."""
        start = due_at if self.after == "due" else opened_at
        amount = -self.limit.amount if self.before else self.limit.amount
        if self.limit.unit == "working d":
            return _workdays_on(start, amount, calendar)
        if self.limit.counts_working_time:
            seconds = amount * _SECONDS[self.limit.unit.removeprefix("working ")]
            return calendar.add_seconds(start, seconds) if seconds else start
        return start + timedelta(seconds=amount * _SECONDS[self.limit.unit])


def _workdays_on(start: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return the same time of day so many working days on or back; midnight belongs to the day that it ends."""
    day = calendar.local_date(start - timedelta(microseconds=1))
    into_the_day = start - calendar.at_local(day, time.min)
    return calendar.at_local(calendar.nth_workday(day, days), time.min) + into_the_day


@dataclass(frozen=True)
class Laid:
    """One rung of one promise: its number on the ladder, when it is reached, who is told."""

    position: int
    at: datetime
    who: str


@dataclass(frozen=True)
class Ladder:
    """The rungs, and the codes of the promises that climb them."""

    of: tuple[str, ...]
    rungs: tuple[Rung, ...]

    def climbs(self, code: str) -> bool:
        """Tell whether promises of this code climb the ladder; `complaint.*` is every code that begins so."""
        return any(code == one or (one.endswith(".*") and code.startswith(one[:-1])) for one in self.of)

    def lay(self, *, opened_at: datetime, due_at: datetime, calendar: WorkingCalendar) -> list[Laid]:
        """Return every rung of a promise, numbered as written.

        A warning before the due time that would come before the promise exists is left out: who has ten minutes needs
        no warning two hours before.
        """
        laid = []
        for position, rung in enumerate(self.rungs):
            at = rung.moment(opened_at=opened_at, due_at=due_at, calendar=calendar)
            if at >= opened_at:
                laid.append(Laid(position, at, rung.who))
        return laid


def read(spec: Mapping[str, Any]) -> Ladder:
    """Read a ladder."""
    codes = texts(spec, "of") or needed(spec, "of")
    for code in codes:
        if not _OF.match(code):
            raise RuleInvalid(f"of: 「{code}」不是规则代码,可写 complaint.reply 或 complaint.*")
    steps = needed(spec, "steps")
    if not isinstance(steps, list | tuple) or not steps or not all(isinstance(step, Mapping) for step in steps):
        raise RuleInvalid("steps: 写成一级一级,每级有 at 和 who")
    return Ladder(tuple(codes), tuple(_rung(step) for step in steps))


def _rung(step: Mapping[str, Any]) -> Rung:
    unknown = set(step) - STEP_KEYS
    if unknown:
        raise RuleInvalid(f"steps: 没有「{min(unknown)}」这一项")
    if "at" not in step or "who" not in step:
        raise RuleInvalid("steps: 每级都要有 at 和 who")
    who = owed_by(step, others=("subject",))
    text = str(step["at"]).strip()
    if text in ("due", "opened"):
        return Rung(who, text, Within("min"))
    found = _AT.match(text)
    if not found:
        raise RuleInvalid(f"steps: 读不懂「{text}」,可写 2 h before due、due、24 h after due、10 min after opened")
    when, _, start = found[3].partition(" ")
    return Rung(who, start, Within(found[2], int(found[1])), before=when == "before")
