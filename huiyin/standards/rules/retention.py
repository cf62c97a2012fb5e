"""Retention: how long a record is kept, and what holds it back from being let go."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.standards.rules.limits import add_months
from huiyin.standards.rules.reading import RuleInvalid, count, needed, one_of, texts

KEYS = {"records", "keep", "from", "hold"}
BEGINNINGS = ("closed", "created", "period_end")
_RECORDS = re.compile(r"^[a-z_]+\.[a-z_]+$")
_KEEP = re.compile(r"^(\d+) (month|year)s?$")


@dataclass(frozen=True)
class Retention:
    """How many months records are kept, from which day, and the coded reasons for which they stay longer."""

    records: str
    months: int
    begins: str
    hold: frozenset[str]

    def last_day(self, beginning: date) -> date:
        """Return the last day on which the record must still be there. The beginning is day 0."""
        return add_months(beginning, self.months)

    def must_stay(self, beginning: date, today: date, reasons: Collection[str] = ()) -> bool:
        """Tell whether the record must stay today: its time has not run out, or one of these reasons holds it."""
        return today <= self.last_day(beginning) or not self.hold.isdisjoint(reasons)


def read(spec: Mapping[str, Any]) -> Retention:
    """Read how long records are kept."""
    records = str(needed(spec, "records"))
    if not _RECORDS.match(records):
        raise RuleInvalid(f"records: 「{records}」不是记录,写成 区域.名词")
    found = _KEEP.match(str(needed(spec, "keep")).strip())
    if not found:
        raise RuleInvalid(f"keep: 读不懂「{spec['keep']}」,写成「36 month」")
    months = count(int(found[1]), "keep") * (12 if found[2] == "year" else 1)
    return Retention(records, months, one_of(spec, "from", BEGINNINGS), frozenset(texts(spec, "hold")))
