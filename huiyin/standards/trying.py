"""Trying rules on what really happened: past facts are read from the journal and gone through again, nothing is written.

Beside what would have been promised stands what was promised in the same span, both judged as of its end.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Min

from huiyin.foundation import rows
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.journal import facts
from huiyin.foundation.journal.models import Entry
from huiyin.standards import populations, replay
from huiyin.standards.in_force import working_calendar
from huiyin.standards.models import Commitment, Occurrence, Stratum
from huiyin.standards.replay import PastFact, Promise, Raised, Replay
from huiyin.standards.rules import CompiledRule, all_hold, compile_rule
from huiyin.standards.waiting import waiting_area

BREACHES_SHOWN = 200
_CHUNK = 2000
_GONE_THROUGH = ("deadline", "sampling", "threshold", "periodic")
# The sign keeps the database from taking the index by kind, after which it would have to sort the whole span.
_FACTS = """
SELECT at, kind, subject_type, subject_id, thread, "values" FROM journal_entry
WHERE id > %s AND id <= %s AND +estate_id = %s AND at >= %s AND at < %s ORDER BY id
"""

# As of the end of the span: what ended later was still owed then; what was settled after its time had been missed.
_HAPPENED = """
WITH span AS (SELECT %s AS since, %s AS until)
SELECT c.code,
    CASE WHEN c.ended_at < span.until AND c.state = 'waived' AND c.ended_at > c.due_at AND NOT EXISTS (
             SELECT 1 FROM standards_pause p WHERE p.commitment_id = c.id AND p.until = c.ended_at
         ) THEN 'missed'
         WHEN c.ended_at < span.until THEN c.state
         WHEN c.due_at < span.until AND NOT EXISTS (
             SELECT 1 FROM standards_pause p
             WHERE p.commitment_id = c.id AND p.since < span.until AND (p.until IS NULL OR p.until >= span.until)
         ) THEN 'missed'
         ELSE 'open' END AS how,
    count(*)
FROM standards_commitment c JOIN standards_rule r ON r.id = c.rule_id, span
WHERE c.estate_id = %s AND c.due_at >= span.since AND c.opened_at >= span.since AND c.opened_at < span.until
    AND r.kind IN ('deadline', 'sampling') AND c.state <> 'replaced'
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Figures:
    """How promises went, as of the end of the span."""

    met: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0
    open: int = 0

    @property
    def opened(self) -> int:
        return self.met + self.late + self.missed + self.waived + self.open

    @property
    def breaches(self) -> int:
        return self.late + self.missed


@dataclass(frozen=True)
class Line:
    """One rule: what would have been promised, and what was."""

    code: str
    says: str
    kind: str
    tried: Figures
    happened: Figures


@dataclass(frozen=True)
class Visits:
    """The visits that would have been owed from one week on, by post, and those that were. The week is its Monday."""

    week: str
    post: str
    tried: int
    happened: int


@dataclass(frozen=True)
class Breach:
    """One promise that would have been broken."""

    code: str
    says: str
    thread: str
    due_at: datetime
    met_at: datetime | None


@dataclass(frozen=True)
class Draws:
    """How many events a sampling rule would have seen, drawn, exempted, lost to the cap on contacts, and drawn besides
    to reach its rate."""

    code: str
    says: str
    seen: int
    taken: int
    exempt: int
    capped: int
    topped_up: int


@dataclass(frozen=True)
class Duties:
    """How often a duty of the calendar would have fallen due, and how often it did."""

    code: str
    says: str
    tried: int
    happened: int


@dataclass(frozen=True)
class Trial:
    """What became of the facts of the span under the tried rules, beside what did happen.

    `not_tried` counts the rules that make no promise of a fact or a date: quotas, gates, ladders, records; and those that
    wait for an area. Of duties it is only counted how often they fall due.
    """

    start: datetime
    end: datetime
    facts: int
    lines: list[Line]
    visits: list[Visits]
    draws: list[Draws]
    raised: list[tuple[str, str, int]]
    duties: list[Duties]
    breaches: list[Breach]
    not_tried: int

    @property
    def tried(self) -> Figures:
        return _sum(line.tried for line in self.lines)

    @property
    def happened(self) -> Figures:
        return _sum(line.happened for line in self.lines)


def try_rules(specs: Mapping[str, Mapping[str, Any]], *, estate_id: int, start: datetime, end: datetime) -> Trial:
    """Go through the facts of the span under these rules. Promises made before it are left out of both sides."""
    rules = [compile_rule(spec) for spec in specs.values() if not waiting_area(spec)]
    calendar = working_calendar(estate_id=estate_id)
    months = tuple(f"{calendar.local_date(at):%Y-%m}" for at in (start, end))
    book = _Book(calendar)
    going = Replay(
        rules,
        calendar,
        turn_of=facts.turns(),
        ended=book.write,
        raised=book.raise_,
        seeds=_recorded_seeds(estate_id, months, rules),
    )
    seen = 0
    for fact in past_facts(estate_id, going.kinds, start=start, end=end):
        going.take(fact)
        seen += 1
    going.finish(end)
    happened = _happened(estate_id, start, end)
    says = {rule.code: (rule.says, rule.kind) for rule in rules}
    codes = [rule.code for rule in rules if rule.kind in ("deadline", "sampling")]
    lines = [
        Line(
            code,
            *says.get(code, ("", "")),
            Figures(**book.counts.get(code, {})),
            Figures(**happened.get(code, {})),
        )
        for code in [*codes, *sorted(set(happened) - set(codes))]
    ]
    return Trial(
        start=start,
        end=end,
        facts=seen,
        lines=[line for line in lines if line.tried.opened or line.happened.opened],
        visits=_visits(book.visits, _visited(estate_id, start, end, calendar)),
        draws=_draws(going, rules),
        raised=[(code, says[code][0], times) for code, times in book.raised.items()],
        duties=_duties(rules, calendar, estate_id, start, end),
        breaches=book.breaches,
        not_tried=len(specs) - sum(1 for rule in rules if rule.kind in _GONE_THROUGH),
    )


def count_facts(estate_id: int, *, start: datetime, end: datetime, cap: int) -> int:
    """Count the journal lines of the span, but never past the cap."""
    return Entry.objects.filter(estate_id=estate_id, at__gte=start, at__lt=end)[:cap].count()


def past_facts(estate_id: int, kinds: Collection[str], *, start: datetime, end: datetime) -> Iterator[PastFact]:
    """Read the facts of these kinds in the order in which they were recorded, a chunk at a time."""
    lines = Entry.objects.filter(estate_id=estate_id, kind__in=sorted(kinds), at__gte=start, at__lt=end)
    bounds = lines.aggregate(first=Min("id"), last=Max("id"))
    if bounds["first"] is None:
        return
    for below in range(bounds["first"] - 1, bounds["last"], _CHUNK):
        above = min(below + _CHUNK, bounds["last"])
        for at, kind, subject_type, subject_id, thread, values in rows.read(
            _FACTS, [below, above, estate_id, start, end]
        ):
            if kind in kinds:
                kept = json.loads(values) if isinstance(values, str) else values
                subject = (subject_type, subject_id)
                yield PastFact(kind, rows.moment(at), thread, subject, facts.read_back(kind, kept))


@dataclass
class _Book:
    """Counts what the replay tells, and remembers the first breaches."""

    calendar: WorkingCalendar
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    visits: Counter[tuple[str, str]] = field(default_factory=Counter)
    raised: Counter[str] = field(default_factory=Counter)
    breaches: list[Breach] = field(default_factory=list)

    def write(self, one: Promise) -> None:
        state = replay.OPEN if one.state == replay.PAUSED else one.state
        by_state = self.counts.setdefault(one.code, {})
        by_state[state] = by_state.get(state, 0) + 1
        if one.visit:
            self.visits[replay.week_of(one.opened_at, self.calendar), one.post] += 1
        if replay.is_breach(state) and len(self.breaches) < BREACHES_SHOWN:
            met_at = one.ended_at if state == replay.LATE else None
            self.breaches.append(Breach(one.code, one.rule.says, one.thread, one.due_at, met_at))

    def raise_(self, one: Raised) -> None:
        self.raised[one.rule.code] += 1


def _recorded_seeds(
    estate_id: int, months: tuple[str, ...], rules: Sequence[CompiledRule]
) -> dict[tuple[str, str, str], str]:
    """Return the seeds by which was really drawn, so that an unchanged rule draws the same again."""
    codes = [rule.code for rule in rules if rule.kind == "sampling"]
    strata = Stratum.objects.filter(
        estate_id=estate_id, rule_code__in=codes, period__gte=months[0], period__lte=months[-1]
    )
    return {(one.rule_code, one.period, one.key): one.seed for one in strata}


def _happened(estate_id: int, start: datetime, end: datetime) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for code, how, count in rows.read(_HAPPENED, [start, end, estate_id]):
        counts.setdefault(code, {})[how] = count
    return counts


def _visited(estate_id: int, start: datetime, end: datetime, calendar: WorkingCalendar) -> Counter[tuple[str, str]]:
    owed = Commitment.objects.filter(
        estate_id=estate_id, due_at__gte=start, opened_at__gte=start, opened_at__lt=end, rule__kind="sampling"
    )
    return Counter(
        (replay.week_of(opened_at, calendar), post)
        for opened_at, post in owed.values_list("opened_at", "owner_post").iterator(chunk_size=_CHUNK)
    )


def _visits(tried: Counter[tuple[str, str]], happened: Counter[tuple[str, str]]) -> list[Visits]:
    return [Visits(*key, tried[key], happened[key]) for key in sorted({*tried, *happened})]


def _draws(going: Replay, rules: Sequence[CompiledRule]) -> list[Draws]:
    short, found = going.shortages(), []
    for rule in rules:
        strata = [stratum for (code, _, _), stratum in going.strata.items() if code == rule.code]
        if strata:
            found.append(
                Draws(
                    rule.code,
                    rule.says,
                    sum(one.seen for one in strata),
                    sum(one.taken for one in strata),
                    sum(one.exempt for one in strata),
                    sum(one.capped for one in strata),
                    short.get(rule.code, 0),
                )
            )
    return found


def _duties(
    rules: Sequence[CompiledRule], calendar: WorkingCalendar, estate_id: int, start: datetime, end: datetime
) -> list[Duties]:
    """Count what the calendar would have asked for in the span, for whom there was at its beginning."""
    # What is to be done on the day before the span falls due with its first moment.
    began, a_day = calendar.local_date(start), timedelta(days=1)
    first, last = began - a_day, calendar.local_date(end) + a_day
    opened = Occurrence.objects.filter(estate_id=estate_id, commitment__due_at__gte=start, commitment__due_at__lt=end)
    happened = Counter(opened.filter(rule__kind="periodic").values_list("rule_code", flat=True))
    found = []
    for rule in rules:
        if rule.periodic is None:
            continue
        times = sum(1 for due in rule.periodic.due_days(first, last, calendar) if start <= due.due_at < end)
        tried = times * _how_many(rule, estate_id, began)
        if tried or happened[rule.code]:
            found.append(Duties(rule.code, rule.says, tried, happened.pop(rule.code, 0)))
    return found + [Duties(code, "", 0, times) for code, times in sorted(happened.items())]


def _how_many(rule: CompiledRule, estate_id: int, day: date) -> int:
    assert rule.periodic is not None
    if rule.periodic.per == "estate":
        return 1
    members = populations.members_of(populations.PER[rule.periodic.per], estate_id, day) or []
    return sum(1 for member in members if all_hold(rule.when, member.values))


def _sum(figures: Iterable[Figures]) -> Figures:
    total: Counter[str] = Counter()
    for one in figures:
        total.update({"met": one.met, "late": one.late, "missed": one.missed, "waived": one.waived, "open": one.open})
    return Figures(**total)
