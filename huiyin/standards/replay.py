"""Going through what happened once more under other rules: which promises there would have been, and how they went.

Facts in, promises out, by the same pure functions that the engine uses; nothing is written. What it keeps in mind
follows what is open at a time, not how much happened.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.standards import sampling, spans, turns
from huiyin.standards.rules import CompiledRule, all_hold
from huiyin.standards.rules.threshold import Threshold

OPEN, PAUSED, MET, LATE, MISSED, WAIVED = "open", "paused", "met", "late", "missed", "waived"
Seeds = Mapping[tuple[str, str, str], str]
_FIRST_SEED = "try"
_TIDY_EVERY = 10_000


@dataclass(frozen=True)
class PastFact:
    """A fact as the journal tells it."""

    code: str
    at: datetime
    thread: str
    subject: tuple[str, int]
    values: Mapping[str, Any]


@dataclass
class Promise:
    """A promise that would have been made. `visit` is the type of visit it owes, if it owes one; `post` who owes it.

    `opening` is the fact it goes back to, `known` what that fact said as far as it still holds: a matter may be regraded.
    """

    rule: CompiledRule
    opening: PastFact
    opened_at: datetime
    due_at: datetime
    post: str = ""
    visit: str = ""
    known: Mapping[str, Any] = field(default_factory=dict)
    state: str = OPEN
    remaining: int = 0
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    ended_at: datetime | None = None

    @property
    def thread(self) -> str:
        return self.opening.thread

    @property
    def subject(self) -> tuple[str, int] | None:
        """What it is owed on; a visit that was never opened has no subject."""
        return None if self.visit else self.opening.subject

    @property
    def code(self) -> str:
        return self.rule.code


@dataclass
class Stratum:
    """How many events of one stratum were seen in a period, how many of them drawn, exempt, lost to the cap."""

    seen: int = 0
    taken: int = 0
    exempt: int = 0
    capped: int = 0


@dataclass(frozen=True)
class Raised:
    """A threshold that would have been reached."""

    rule: CompiledRule
    at: datetime
    thread: str


class Replay:
    """One going-through. Give it the facts in the order in which they were recorded, then the moment of the end.

    Every promise is handed to `ended` once it is decided; what is still owed at the end, then.
    """

    def __init__(
        self,
        rules: Iterable[CompiledRule],
        calendar: WorkingCalendar,
        *,
        turn_of: Mapping[str, str],
        ended: Callable[[Promise], None],
        raised: Callable[[Raised], None],
        seeds: Seeds | None = None,
    ) -> None:
        self._by = _Index.of(rules)
        self._calendar = calendar
        self._turn_of = turn_of
        self._ended = ended
        self._raised = raised
        self._seeds = seeds or {}
        self._live: dict[str, list[Promise]] = {}
        self._over: dict[str, list[Promise]] = {}
        self._last_visit: Promise | None = None
        self._counted: dict[tuple[str, str], list[datetime]] = {}
        self._about: dict[tuple[str, str], datetime] = {}
        self._contacts: dict[int, list[datetime]] = {}
        self._counts = 0
        self.strata: dict[tuple[str, str, str], Stratum] = {}

    @property
    def kinds(self) -> set[str]:
        """The facts that matter: all others may be left out."""
        by = self._by
        return {*by.opened, *by.kept, *by.sampled, *by.counted, *self._turn_of}

    def take(self, fact: PastFact) -> None:
        """Let the fact happen."""
        turn = self._turn_of.get(fact.code, "")
        if turn in (turns.RESTS, turns.RUNS_ON):
            self._pause_or_resume(fact, turn)
        self._keep(fact)
        opened = self._open(fact)
        self._draw(fact)
        self._count(fact)
        if turn == turns.ANSWERS:
            self._end(fact.thread, lambda one: one.subject == fact.subject, lambda one: self._meet(one, fact.at))
        elif turn == turns.ENDS:
            self._end(fact.thread, lambda one: not _outlives(one), lambda one: self._settle(one, fact.at))
        elif turn in (turns.VISITED, turns.EXCUSED):
            self._visited(fact, turn)
            if turn == turns.EXCUSED:
                self._end(fact.thread, lambda one: one.subject == fact.subject, lambda one: self._settle(one, fact.at))
        elif turn == turns.REGRADED:
            self._regrade(fact)
        elif turn == turns.VISIT_OWED and not opened and fact.values.get("round", 1) > 1:
            self._visit_again(fact)

    def finish(self, at: datetime) -> None:
        """Say how what is still owed stands at the end."""
        for owed in self._live.values():
            for one in owed:
                if one.state == OPEN and one.due_at < at:
                    one.state = MISSED
                self._ended(one)
        self._live = {}

    def shortages(self) -> dict[str, int]:
        """Return, by rule, how many visits more the top-up would have drawn so that every stratum reaches the rate."""
        short: dict[str, int] = {}
        for (code, _, _), stratum in self.strata.items():
            rate = self._by.rules[code].rate
            missing = sampling.shortage(rate, seen=stratum.seen, taken=stratum.taken)
            short[code] = short.get(code, 0) + missing
        return short

    # Opening

    def _open(self, fact: PastFact) -> bool:
        opened = False
        for rule in self._by.opened.get(fact.code, ()):
            if rule.within is None or not all_hold(rule.when, fact.values):
                continue
            due_at = rule.within.due(fact.at, fact.values, self._calendar)
            if due_at is not None:
                self._owe(Promise(rule, fact, fact.at, max(due_at, fact.at), _post_of(rule), known=fact.values))
                opened = True
        return opened

    def _owe(self, promise: Promise) -> None:
        self._live.setdefault(promise.thread, []).append(promise)

    def _draw(self, fact: PastFact) -> None:
        """Draw by the blocks the engine uses; of two rules for the same visit the stricter is followed."""
        strictest: dict[str, CompiledRule] = {}
        for rule in self._by.sampled.get(fact.code, ()):
            if all_hold(rule.when, fact.values) and (
                rule.visit not in strictest or rule.rate > strictest[rule.visit].rate
            ):
                strictest[rule.visit] = rule
        for rule in strictest.values():
            if self._is_taken(rule, fact):
                self._owe_visit(rule, fact)

    def _is_taken(self, rule: CompiledRule, fact: PastFact) -> bool:
        key = "|".join(str(fact.values.get(name, "")) for name in rule.stratum)
        name = (rule.code, f"{self._calendar.local_date(fact.at):%Y-%m}", key)
        stratum = self.strata.setdefault(name, Stratum())
        if any(fact.values.get(reason) for reason in rule.exempt):
            stratum.exempt += 1
            return False
        seed = self._seeds.get(name, f"{_FIRST_SEED}|{'|'.join(name)}")
        drawn = sampling.is_taken(rule.rate, seed=seed, stratum=key, position=stratum.seen)
        capped = drawn and self._is_capped(rule, fact)
        stratum.seen += 1
        stratum.capped += capped
        stratum.taken += drawn and not capped
        return drawn and not capped

    def _is_capped(self, rule: CompiledRule, fact: PastFact) -> bool:
        """Tell whether the household has had its contacts, and count this one otherwise."""
        household = fact.values.get("household_id")
        if household is None or not self._by.longest_cap:
            return False
        since = fact.at - timedelta(days=self._by.longest_cap + 1)
        had = [one for one in self._contacts.get(household, ()) if one >= since]
        counted = [one for one in had if rule.cap and one >= rule.cap.since(fact.at, self._calendar)]
        if rule.cap and len(counted) >= rule.cap.times:
            return True
        self._contacts[household] = [*had, fact.at]
        return False

    def _owe_visit(self, rule: CompiledRule, fact: PastFact) -> None:
        assert rule.window is not None
        due_at = rule.window[1].due(fact.at, {}, self._calendar)
        assert due_at is not None
        post = next(iter(rule.visitors(fact.values)), "")
        self._owe(Promise(rule, fact, fact.at, due_at, post, rule.visit))

    # Keeping and ending

    def _keep(self, fact: PastFact) -> None:
        codes = self._by.kept.get(fact.code)
        if not codes:
            return

        def is_kept(one: Promise) -> bool:
            # What is owed on another subject of the same sort is not kept by this one.
            other = one.subject is not None and one.subject[0] == fact.subject[0] and one.subject[1] != fact.subject[1]
            return one.code in codes and not one.visit and not other

        self._end(fact.thread, is_kept, lambda one: self._meet(one, fact.at))

    def _end(self, thread: str, which: Callable[[Promise], bool], how: Callable[[Promise], None]) -> None:
        owed = self._live.get(thread)
        if not owed:
            return
        left = []
        for one in owed:
            if which(one):
                how(one)
                self._ended(one)
                self._over.setdefault(thread, []).append(one)
            else:
                left.append(one)
        self._keep_in_mind(thread, left)

    def _keep_in_mind(self, thread: str, owed: list[Promise]) -> None:
        """Remember a matter while something is owed in it."""
        if owed:
            self._live[thread] = owed
        else:
            self._live.pop(thread, None)
            self._over.pop(thread, None)

    def _meet(self, one: Promise, at: datetime) -> None:
        one.state = MET if at <= one.due_at or one.state == PAUSED else LATE
        one.due_at = max(one.due_at, at) if one.state == MET else one.due_at
        one.ended_at = at

    def _settle(self, one: Promise, at: datetime) -> None:
        one.state = MISSED if one.state == OPEN and one.due_at < at else WAIVED
        one.ended_at = at

    def _pause_or_resume(self, fact: PastFact, turn: str) -> None:
        for one in self._live.get(fact.thread, ()):
            limit = one.rule.within
            if turn == turns.RESTS and one.state == OPEN and not _outlives(one) and one.due_at >= fact.at:
                one.remaining = spans.left(limit, one.due_at, at=fact.at, calendar=self._calendar)
                one.state = PAUSED
                one.pauses.append((fact.at, None))
            elif turn == turns.RUNS_ON and one.state == PAUSED:
                one.due_at = spans.due_again(limit, one.remaining, at=fact.at, calendar=self._calendar)
                one.state = OPEN
                one.pauses[-1] = (one.pauses[-1][0], fact.at)

    # A matter that is regraded

    def _regrade(self, fact: PastFact) -> None:
        """Let the promises of the matter follow what it is now, as `operations.revise` does; each by its opening."""
        by_opening: dict[int, list[Promise]] = {}
        for one in self._live.get(fact.thread, ()):
            if not one.visit:
                by_opening.setdefault(id(one.opening), []).append(one)
        for owed in by_opening.values():
            changes = {
                name: fact.values[name] for name, was in owed[0].known.items() if fact.values.get(name, was) != was
            }
            if changes:
                self._revise(owed, {**owed[0].known, **changes}, fact)

    def _revise(self, owed: list[Promise], known: Mapping[str, Any], fact: PastFact) -> None:
        opening = owed[0].opening
        hold = [rule for rule in self._by.opened.get(opening.code, ()) if all_hold(rule.when, known)]
        codes = {rule.code for rule in hold}
        running = {one.code for one in owed}
        leaving = [one for one in owed if one.code not in codes and not _is_overdue(one, fact.at)]
        asked = [one.rule.keeps for one in self._asked_by(opening, fact)]
        fresh = []
        for rule in hold:
            before = next((one for one in leaving if one.rule.keeps & rule.keeps), None)
            if rule.code in running or rule.within is None:
                continue
            if before is not None:
                leaving.remove(before)
                fresh.append(self._go_on(before, rule, known, fact))
                owed.remove(before)
            elif not any(keeps & rule.keeps for keeps in asked) and (begun := self._begin(opening, rule, known, fact)):
                fresh.append(begun)
        for one in owed:
            one.known = known
        gone = {id(one) for one in leaving}
        self._end(fact.thread, lambda one: id(one) in gone, lambda one: self._settle(one, fact.at))
        kept = {id(one) for one in owed} - gone
        others = [one for one in self._live.get(fact.thread, ()) if one.opening is not opening or id(one) in kept]
        self._keep_in_mind(fact.thread, [*others, *fresh])

    def _asked_by(self, opening: PastFact, fact: PastFact) -> list[Promise]:
        """Return the promises of this opening that were kept, or should have been."""
        over = [one for one in self._over.get(fact.thread, ()) if one.state in (MET, LATE, MISSED)]
        overdue = [one for one in self._live.get(fact.thread, ()) if _is_overdue(one, fact.at)]
        return [one for one in (*over, *overdue) if one.opening is opening]

    def _go_on(self, before: Promise, rule: CompiledRule, known: Mapping[str, Any], fact: PastFact) -> Promise:
        """Return the next revision of a promise: by the other rule, its time counted from the start."""
        assert rule.within is not None
        pauses = [(since, until or fact.at) for since, until in before.pauses]
        due_at = spans.due_from(rule.within, before.opening.at, pauses, before.opening.values, self._calendar)
        new = Promise(
            rule,
            before.opening,
            fact.at,
            max(due_at or before.due_at, fact.at),
            _post_of(rule) or before.post,
            known=known,
            state=before.state,
            pauses=before.pauses,
        )
        if new.state == PAUSED:
            new.remaining = spans.left(rule.within, new.due_at, at=fact.at, calendar=self._calendar)
        return new

    def _begin(self, opening: PastFact, rule: CompiledRule, known: Mapping[str, Any], fact: PastFact) -> Promise | None:
        assert rule.within is not None
        due_at = rule.within.due(fact.at, known, self._calendar)
        if due_at is None:
            return None
        return Promise(rule, opening, fact.at, max(due_at, fact.at), _post_of(rule), known=known)

    # Visits

    def _visited(self, fact: PastFact, turn: str) -> None:
        at = fact.values.get("visited_at") or fact.at

        def end(one: Promise) -> None:
            self._last_visit = one
            if turn == turns.VISITED:
                self._meet(one, at)
            else:
                one.state, one.ended_at = WAIVED, fact.at

        self._end(fact.thread, lambda one: bool(one.visit) and one.visit == fact.values.get("type"), end)

    def _visit_again(self, fact: PastFact) -> None:
        """A visit that went badly is followed by another, by the rule of the first; the journal tells them together."""
        before, due_at = self._last_visit, fact.values.get("promised_at")
        if before and due_at and (before.thread, before.visit) == (fact.thread, fact.values.get("type")):
            self._owe(Promise(before.rule, fact, fact.at, due_at, before.post, before.visit))

    # Counting

    def _count(self, fact: PastFact) -> None:
        for rule in self._by.counted.get(fact.code, ()):
            threshold = rule.threshold
            if threshold is None or not all_hold(rule.when, fact.values):
                continue
            key = threshold.key(fact.values)
            if key is not None:
                self._weigh(rule, threshold, key, fact)
        self._counts += 1
        if self._counts % _TIDY_EVERY == 0:
            self._forget(fact.at)

    def _weigh(self, rule: CompiledRule, threshold: Threshold, key: str, fact: PastFact) -> None:
        """Raise the threshold when it is reached; while somebody is about it, taken to be as long as the rule allows,
        further events join that raise."""
        same = (rule.code, key)
        since = threshold.since(fact.at, self._calendar)
        moments = [one for one in self._counted.get(same, ()) if one >= since] + [fact.at]
        self._counted[same] = moments[-threshold.times :]
        about = self._about.get(same)
        if threshold.is_reached(moments, fact.at, self._calendar) and (about is None or fact.at > about):
            self._raised(Raised(rule, fact.at, fact.thread))
            until = rule.within.due(fact.at, fact.values, self._calendar) if rule.within else None
            self._about[same] = until or fact.at

    def _forget(self, at: datetime) -> None:
        """Drop what can count no more."""
        since = {
            rule.code: rule.threshold.since(at, self._calendar) for rule in self._by.rules.values() if rule.threshold
        }
        self._counted = {same: moments for same, moments in self._counted.items() if moments[-1] >= since[same[0]]}
        self._about = {same: until for same, until in self._about.items() if until >= since[same[0]]}
        contacts = at - timedelta(days=self._by.longest_cap + 1)
        self._contacts = {home: moments for home, moments in self._contacts.items() if moments[-1] >= contacts}


def _is_overdue(one: Promise, at: datetime) -> bool:
    return one.state == OPEN and one.due_at < at


def _post_of(rule: CompiledRule) -> str:
    return rule.who.removeprefix("post.") if rule.who.startswith("post.") else ""


def _outlives(one: Promise) -> bool:
    return one.rule.after_closing


@dataclass(frozen=True)
class _Index:
    """The rules by what they look for."""

    rules: dict[str, CompiledRule] = field(default_factory=dict)
    opened: dict[str, list[CompiledRule]] = field(default_factory=dict)
    kept: dict[str, set[str]] = field(default_factory=dict)
    sampled: dict[str, list[CompiledRule]] = field(default_factory=dict)
    counted: dict[str, list[CompiledRule]] = field(default_factory=dict)
    longest_cap: int = 0

    @classmethod
    def of(cls, rules: Iterable[CompiledRule]) -> "_Index":
        listed = list(rules)
        index = cls(longest_cap=max((rule.cap.days for rule in listed if rule.cap), default=0))
        for rule in listed:
            index.rules[rule.code] = rule
            if rule.kind == "deadline":
                index.opened.setdefault(rule.opens, []).append(rule)
                for code in rule.keeps:
                    index.kept.setdefault(code, set()).add(rule.code)
            elif rule.kind == "sampling":
                index.sampled.setdefault(rule.opens, []).append(rule)
            elif rule.threshold:
                index.counted.setdefault(rule.threshold.counts, []).append(rule)
        return index


def week_of(at: datetime, calendar: WorkingCalendar) -> str:
    """Name the week of the moment by its Monday."""
    day = calendar.local_date(at)
    return (day - timedelta(days=day.weekday())).isoformat()


def is_breach(state: str) -> bool:
    return state in (LATE, MISSED)
