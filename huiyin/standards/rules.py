"""A rule as the engine uses it, read from its written form. Values in, values out; no database, no clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar

KINDS = ("deadline", "sampling", "requirement")
OPERATORS = ("is", "is_not", "in", "not_in", "at_least", "at_most", "present", "absent")
COMMON_KEYS = {"code", "kind", "clauses", "says", "because", "when"}
KEYS_BY_KIND = {
    "deadline": {"opens", "keeps", "within", "not_before", "who", "does"},
    "sampling": {
        "opens", "rate", "window", "stratum", "visit", "by", "by_when", "never_by", "joint", "exempt", "modes",
        "signature", "second_modes", "does",
    },
    "requirement": {"gates", "needs", "forbids"},
}  # fmt: skip
_SPAN = re.compile(r"^(\d+)\s*(min|h|d|month|working h|working d|working min)(?:(?<=month)s)?$")
_AT = re.compile(r"^at (\d{1,2}):(\d{2})$")
_PROMISED = re.compile(r"^promised: ?(\w+)$")


class RuleInvalid(ValueError):
    """A written rule that cannot be read; the sentence names the key."""


@dataclass(frozen=True)
class Condition:
    field: str
    op: str
    value: Any = None

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the condition holds for these values. A missing value satisfies only is_not, not_in, absent."""
        found = values.get(self.field)
        match self.op:
            case "is":
                return bool(found == self.value)
            case "is_not":
                return bool(found != self.value)
            case "in":
                return found in self.value
            case "not_in":
                return found not in self.value
            case "at_least":
                return found is not None and bool(found >= self.value)
            case "at_most":
                return found is not None and bool(found <= self.value)
            case "present":
                return found not in (None, "", False, [], ())
            case "absent":
                return found in (None, "", False, [], ())
        raise RuleInvalid(f"不认识的比较「{self.op}」")


def all_hold(conditions: Sequence[Condition], values: Mapping[str, Any]) -> bool:
    return all(condition.holds(values) for condition in conditions)


@dataclass(frozen=True)
class Within:
    """A time limit: an amount of a unit from the event, a time of the day, or a promised moment."""

    unit: str
    amount: int = 0
    at: time | None = None
    promised: str = ""

    def due(self, start: datetime, values: Mapping[str, Any], calendar: WorkingCalendar) -> datetime | None:
        """Return when the promise falls due. The event's day is day 0; a day ends at the next local midnight.

        None when the limit is a promised moment and no moment was promised.
        """
        match self.unit:
            case "min" | "h":
                return start + timedelta(seconds=self.amount * _SECONDS[self.unit])
            case "working min" | "working h":
                return calendar.add_seconds(start, self.amount * _SECONDS[self.unit.removeprefix("working ")])
            case "d":
                return day_end(calendar, calendar.local_date(start) + timedelta(days=self.amount))
            case "month":
                return day_end(calendar, add_months(calendar.local_date(start), self.amount))
            case "working d":
                return day_end(calendar, calendar.nth_workday(calendar.local_date(start), self.amount))
            case "at":
                assert self.at is not None
                day = calendar.local_date(start)
                due = calendar.at_local(day, self.at)
                return due if due > start else calendar.at_local(day + timedelta(days=1), self.at)
            case "promised":
                moment = values.get(self.promised)
                return moment if isinstance(moment, datetime) else None
        raise RuleInvalid(f"不认识的时限单位「{self.unit}」")

    def begins(self, start: datetime, calendar: WorkingCalendar) -> datetime:
        """Return the first moment of the limit's day, for windows that open later (`30 d .. 60 d`)."""
        if self.amount == 0:
            return start
        if self.unit in ("d", "month"):
            day = calendar.local_date(start)
            day = day + timedelta(days=self.amount) if self.unit == "d" else add_months(day, self.amount)
            return calendar.at_local(day, time.min)
        due = self.due(start, {}, calendar)
        assert due is not None
        return due

    @property
    def counts_working_time(self) -> bool:
        return self.unit in ("working min", "working h")

    @property
    def counts_days(self) -> bool:
        return self.unit in ("d", "month", "working d", "at")


_SECONDS = {"min": 60, "h": 3600}


def day_end(calendar: WorkingCalendar, day: date) -> datetime:
    return calendar.at_local(day + timedelta(days=1), time.min)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


@dataclass(frozen=True)
class CompiledRule:
    """A rule ready for use. `id` is the row it was read from (0 while it is only being checked)."""

    id: int
    code: str
    kind: str
    says: str
    does: str
    clauses: tuple[str, ...]
    because: str
    when: tuple[Condition, ...]
    opens: str = ""
    keeps: frozenset[str] = frozenset()
    within: Within | None = None
    not_before: Within | None = None
    who: str = "subject"
    rate: Fraction = Fraction(1)
    window: tuple[Within, Within] | None = None
    stratum: tuple[str, ...] = ()
    visit: str = ""
    by: tuple[str, ...] = ()
    by_when: tuple[tuple[tuple[Condition, ...], tuple[str, ...]], ...] = ()
    never_by_doer: bool = False
    exempt: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    second_modes: tuple[str, ...] = ()
    gates: str = ""
    needs: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    after_closing: bool = field(default=False)

    def visitors(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the posts that may make the visit, in order of preference."""
        for conditions, posts in self.by_when:
            if all_hold(conditions, values):
                return posts
        return self.by


def compile_rule(spec: Mapping[str, Any], *, rule_id: int = 0) -> CompiledRule:
    """Read a written rule. Refused with `RuleInvalid`, whose sentence names the key that is wrong."""
    kind = spec.get("kind")
    if kind not in KINDS:
        raise RuleInvalid(f"kind: 「{kind}」不是 {'、'.join(KINDS)} 之一")
    unknown = set(spec) - COMMON_KEYS - KEYS_BY_KIND[kind]
    if unknown:
        raise RuleInvalid(f"{min(unknown)}: {kind} 规则没有这一项")
    for key in ("code", "says", "clauses"):
        if key not in spec:
            raise RuleInvalid(f"{key}: 缺少")
    opens = str(spec.get("opens", ""))
    shared: dict[str, Any] = {
        "id": rule_id,
        "code": spec["code"],
        "kind": kind,
        "says": spec["says"],
        "does": spec.get("does", ""),
        "clauses": tuple(spec["clauses"]),
        "because": spec.get("because", ""),
        "when": _conditions(spec.get("when", ())),
        "opens": opens,
        "after_closing": kind == "sampling" or opens.startswith("return_visits."),
    }
    if kind == "deadline":
        return CompiledRule(**shared, **_deadline(spec))
    if kind == "sampling":
        return CompiledRule(**shared, **_sampling(spec))
    return CompiledRule(
        **shared, gates=_needed(spec, "gates"), needs=_texts(spec, "needs"), forbids=_texts(spec, "forbids")
    )


def _deadline(spec: Mapping[str, Any]) -> dict[str, Any]:
    _needed(spec, "opens")
    _needed(spec, "does")
    who = str(spec.get("who", "subject"))
    if who not in ("subject", "receiver") and not re.match(r"^post\.\w+$", who):
        raise RuleInvalid(f"who: 「{who}」应为 subject、receiver 或 post.岗位代码")
    keeps = spec.get("keeps", ())
    return {
        "keeps": frozenset([keeps] if isinstance(keeps, str) else keeps),
        "within": within(_needed(spec, "within"), "within"),
        "not_before": within(spec["not_before"], "not_before") if "not_before" in spec else None,
        "who": who,
    }


def _sampling(spec: Mapping[str, Any]) -> dict[str, Any]:
    _needed(spec, "opens")
    first, separator, last = str(_needed(spec, "window")).partition("..")
    if not separator:
        raise RuleInvalid("window: 写成「0 d .. 3 d」")
    return {
        "rate": percentage(_needed(spec, "rate")),
        "window": (within(first.strip(), "window"), within(last.strip(), "window")),
        "stratum": _texts(spec, "stratum"),
        "visit": _needed(spec, "visit"),
        "by": _texts(spec, "by"),
        "by_when": tuple((_conditions(row["when"]), tuple(row["by"])) for row in spec.get("by_when", ())),
        "never_by_doer": spec.get("never_by") == "doer",
        "exempt": _texts(spec, "exempt"),
        "modes": _texts(spec, "modes"),
        "second_modes": _texts(spec, "second_modes"),
    }


def within(text: str, key: str) -> Within:
    """Read a time limit: `30 min`, `24 h`, `3 d`, `3 working d`, `end of day`, `at 16:00`, `promised: promised_at`."""
    text = str(text).strip()
    if text == "end of day":
        return Within("d", 0)
    if found := _SPAN.match(text):
        return Within(found[2], int(found[1]))
    if found := _AT.match(text):
        return Within("at", at=time(int(found[1]), int(found[2])))
    if found := _PROMISED.match(text):
        return Within("promised", promised=found[1])
    raise RuleInvalid(f"{key}: 读不懂时限「{text}」,可写 30 min、24 h、3 d、3 working d、end of day、at 16:00")


def percentage(text: Any) -> Fraction:
    """Read `30 %`. Refused outside 0 to 100."""
    found = re.match(r"^(\d+(?:\.\d+)?)\s*%$", str(text).strip())
    if not found:
        raise RuleInvalid(f"rate: 读不懂「{text}」,写成「30 %」")
    rate = Fraction(found[1]) / 100
    if not 0 <= rate <= 1:
        raise RuleInvalid("rate: 应在 0 % 与 100 % 之间")
    return rate


def _conditions(rows: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    read = []
    for row in rows:
        if row.get("op") not in OPERATORS:
            raise RuleInvalid(f"when: 不认识的比较「{row.get('op')}」")
        if "field" not in row:
            raise RuleInvalid("when: 缺少 field")
        read.append(Condition(row["field"], row["op"], row.get("value")))
    return tuple(read)


def _texts(spec: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = spec.get(key, ())
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def _needed(spec: Mapping[str, Any], key: str) -> Any:
    if spec.get(key) in (None, ""):
        raise RuleInvalid(f"{key}: 缺少")
    return spec[key]
