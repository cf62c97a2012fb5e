"""Sampling: a share of what happened is visited inside a window. Which ones is drawn by `huiyin.standards.sampling`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards.rules.conditions import read_conditions
from huiyin.standards.rules.limits import within
from huiyin.standards.rules.reading import RuleInvalid, count, needed, percentage, texts

KEYS = {
    "opens", "rate", "window", "stratum", "visit", "by", "by_when", "never_by", "joint", "exempt", "modes", "signature",
    "second_modes", "does", "cap",
}  # fmt: skip
_CAP = re.compile(r"^(\d+) within (\d+) d$")


@dataclass(frozen=True)
class Cap:
    """At most so many contacts with one household within a span of days; the day of the first is day 0."""

    times: int
    days: int

    def since(self, at: datetime, calendar: WorkingCalendar) -> datetime:
        """Return from when on contacts count at that moment."""
        return calendar.at_local(calendar.local_date(at) - timedelta(days=self.days), time.min)


def read(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Read what only a sampling rule says."""
    needed(spec, "opens")
    first, separator, last = str(needed(spec, "window")).partition("..")
    if not separator:
        raise RuleInvalid("window: 写成「0 d .. 3 d」")
    return {
        "rate": percentage(needed(spec, "rate")),
        "window": (within(first.strip(), "window"), within(last.strip(), "window")),
        "stratum": texts(spec, "stratum"),
        "visit": needed(spec, "visit"),
        "by": texts(spec, "by"),
        "by_when": tuple((read_conditions(row["when"]), tuple(row["by"])) for row in spec.get("by_when", ())),
        "never_by_doer": spec.get("never_by") == "doer",
        "exempt": texts(spec, "exempt"),
        "modes": texts(spec, "modes"),
        "second_modes": texts(spec, "second_modes"),
        "cap": _cap(spec["cap"]) if "cap" in spec else None,
    }


def _cap(text: Any) -> Cap:
    found = _CAP.match(str(text).strip())
    if not found:
        raise RuleInvalid(f"cap: 读不懂「{text}」,写成「2 within 30 d」")
    return Cap(count(int(found[1]), "cap"), count(int(found[2]), "cap"))
