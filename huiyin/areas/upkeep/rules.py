"""When a plan falls due, and in what order a project goes on: decided from plain values."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = {"day": "天", "week": "周", "month": "个月", "quarter": "季度", "year": "年"}
MOST = {"day": 366, "week": 104, "month": 120, "quarter": 40, "year": 20}
MOST_HOMES = 600
MOST_AHEAD = 7  # days
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Cycle:
    """Every so many days, weeks, months, quarters or years, counted from the first date."""

    every: int
    unit: str
    first: date

    @property
    def words(self) -> str:
        """Say it as people do: 每周, 每 2 个月, 每季度."""
        if self.every > 1:
            return f"每 {self.every} {'个季度' if self.unit == 'quarter' else UNITS[self.unit]}"
        return {"month": "每月"}.get(self.unit, f"每{UNITS[self.unit]}")

    @property
    def days_ahead(self) -> int:
        """How long before it is due a round is opened: half a cycle, a week at most."""
        shortest = self.every * (_DAYS.get(self.unit) or _MONTHS[self.unit] * 28)
        return min(MOST_AHEAD, shortest // 2)

    def nth(self, n: int) -> date:
        """Return the n-th due date, the first being 0. Counted from the first one, so that nothing ever drifts."""
        if self.unit in _DAYS:
            return self.first + timedelta(days=n * self.every * _DAYS[self.unit])
        months = self.first.month - 1 + n * self.every * _MONTHS[self.unit]
        year, month = self.first.year + months // 12, months % 12 + 1
        return date(year, month, min(self.first.day, monthrange(year, month)[1]))

    def after(self, day: date) -> date:
        """Return the first due date that is strictly later than the day."""
        if day < self.first:
            return self.first
        if self.unit in _DAYS:
            n = (day - self.first).days // (self.every * _DAYS[self.unit])
        else:
            passed = (day.year - self.first.year) * 12 + day.month - self.first.month
            n = passed // (self.every * _MONTHS[self.unit])
        return next(due for due in (self.nth(n), self.nth(n + 1)) if due > day)

    def due_until(self, following: date, until: date) -> Iterator[date]:
        """Return the due dates from `following` up to `until`, both included."""
        due = following
        while due <= until:
            yield due
            due = self.after(due)


def cycle_wrong(every: int, unit: str) -> str:
    """Say what is wrong with a cycle; nothing when it can be."""
    if unit not in UNITS:
        return "请选择周期的单位"
    if not 1 <= every <= MOST[unit]:
        return f"周期要在 1 到 {MOST[unit]} {UNITS[unit]}之间"
    return ""


def span_wrong(begins: date, ends: date, *, what: str) -> str:
    return f"{what}的完成日期不能早于开始日期" if ends < begins else ""


def may_start(before: Sequence[str]) -> bool:
    """Tell whether a stage may start: all those before it are accepted."""
    return all(status == "accepted" for status in before)


def is_over(stages: Sequence[str]) -> bool:
    """Tell whether there are stages and all of them are accepted."""
    return bool(stages) and may_start(stages)
