"""Thresholds: the same thing so many times within a span is no longer chance."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards.rules.limits import Within, add_months, within
from huiyin.standards.rules.reading import RuleInvalid, count, fact, needed, one_of, owed_by, texts

KEYS = {"counts", "same", "reaches", "raises", "who", "does", "within"}
RAISES = ("nonconformity", "attention", "analysis")
_REACHES = re.compile(r"^(\d+) within (\d+ (?:min|h|d|months?))$")


@dataclass(frozen=True)
class Threshold:
    """So many events with the same values within a span call for something. The first event's day is day 0."""

    counts: str
    same: tuple[str, ...]
    times: int
    span: Within
    raises: str

    def key(self, values: Mapping[str, Any]) -> str | None:
        """Name what the event is the same as; None when one of the values is missing, so that it is like no other."""
        found = [values.get(name) for name in self.same]
        return None if any(value in (None, "") for value in found) else "|".join(str(value) for value in found)

    def since(self, at: datetime, calendar: WorkingCalendar) -> datetime:
        """Return the earliest moment from which an event still lies within the span of one at that moment."""
        if self.span.unit in ("min", "h"):
            seconds = {"min": 60, "h": 3600}[self.span.unit] * self.span.amount
            return at - timedelta(seconds=seconds)
        today = calendar.local_date(at)
        if self.span.unit == "d":
            return calendar.at_local(today - timedelta(days=self.span.amount), time.min)
        day = add_months(today, -self.span.amount)
        # The 28th of February is not yet a month before the 31st of March.
        while add_months(day, self.span.amount) < today:
            day += timedelta(days=1)
        return calendar.at_local(day, time.min)

    def is_reached(self, moments: Iterable[datetime], at: datetime, calendar: WorkingCalendar) -> bool:
        """Tell whether enough of these events lie within the span that ends at that moment."""
        since = self.since(at, calendar)
        return sum(1 for moment in moments if since <= moment <= at) >= self.times


def read(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Read a threshold and the limit of the promise it opens."""
    needed(spec, "does")
    found = _REACHES.match(str(needed(spec, "reaches")).strip())
    if not found:
        raise RuleInvalid(f"reaches: 读不懂「{spec['reaches']}」,写成「3 within 90 d」")
    return {
        "who": owed_by(spec),
        "within": within(needed(spec, "within"), "within"),
        "threshold": Threshold(
            counts=fact(spec, "counts"),
            same=texts(spec, "same"),
            times=count(int(found[1]), "reaches"),
            span=within(found[2], "reaches"),
            raises=one_of(spec, "raises", RAISES),
        ),
    }
