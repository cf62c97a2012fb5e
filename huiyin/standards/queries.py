"""Reading promises and rules."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Min, Q, QuerySet

from huiyin.foundation import rows
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.rows import Prepared
from huiyin.standards import history, occurrences, outcomes, quotas, shares, waiting
from huiyin.standards.in_force import rule_book
from huiyin.standards.models import (
    Adoption,
    Commitment,
    CommitmentState,
    Draw,
    Rule,
    Standard,
    StandardVersion,
    Step,
    StepState,
)
from huiyin.standards.rules import CompiledRule, all_hold, compile_rule

waiting_area = waiting.waiting_area

# How promises turned out
EARLIEST, LATEST = outcomes.EARLIEST, outcomes.LATEST
Span = outcomes.Span
Tally = outcomes.Tally
how = outcomes.how
misses_in = outcomes.misses_in
promises_for = outcomes.promises_for
tallies = outcomes.tallies
tally = outcomes.tally
tally_each = outcomes.tally_each

# The life of one promise
count_told = history.count_told
first_revision = history.first_revision
followed_by = history.followed_by
pauses_of_revisions = history.pauses_of_revisions
promise_by_id = history.promise_by_id
revisions = history.revisions
spans = history.spans
step_by_id = history.step_by_id
steps_of = history.steps_of
told_to = history.told_to
values_of = history.values_of
waivers_of = history.waivers_of
waivers_waiting = history.waivers_waiting


# How far quotas have been reached, and what share was drawn
coverage = quotas.coverage
drawn_share = shares.drawn_share
redraw = shares.redraw

# Duties
counted_for = occurrences.counted_for
due_by_calendar = occurrences.due_by_calendar
duties_by_ids = occurrences.duties_by_ids
duty_by_id = occurrences.duty_by_id
is_recorded = occurrences.is_recorded
owed_for_the_same = occurrences.owed_for_the_same
promise_of = occurrences.promise_of


@dataclass(frozen=True)
class Drawn:
    """A sampling decision with the rule that asked for it."""

    rule: CompiledRule
    draw: Draw


def owed() -> QuerySet[Commitment]:
    """Return what is still owed by anybody, earliest first."""
    return Commitment.objects.filter(ended_at=None).select_related("rule", "owner").order_by("due_at", "id")


def owed_by(user_id: int, posts: dict[int, list[str]]) -> QuerySet[Commitment]:
    """Return what this person owes: by name, and as holder of a post for which nobody is named."""
    mine = Q(owner_id=user_id)
    for estate_id, codes in posts.items():
        mine |= Q(estate_id=estate_id, owner=None, owner_post__in=codes)
    return owed().filter(mine)


_OF_THREAD = Prepared(
    lambda thread: (
        Commitment.objects.filter(thread=thread).select_related("rule__version__standard", "owner").order_by("id")
    )
)


def of_thread(thread: str) -> list[Commitment]:
    """Return every promise of the matter, in the order they were made."""
    return _OF_THREAD.all(thread)


@dataclass(frozen=True)
class NextStep:
    """What is due first in a matter."""

    does: str
    due_at: datetime


_NEXT_OWED = """
SELECT does, due_at FROM standards_commitment
WHERE thread = %s AND ended_at IS NULL AND state <> 'paused' AND NOT after_closing
ORDER BY due_at, id LIMIT 1
"""


def next_owed(thread: str) -> NextStep | None:
    """Return the running promise of the matter that is due first."""
    first = rows.read(_NEXT_OWED, [thread])
    return NextStep(first[0][0], rows.moment(first[0][1])) if first else None


def overdue(estate_ids: Collection[int] | None, *, at: datetime) -> QuerySet[Commitment]:
    late = owed().filter(due_at__lt=at).exclude(state=CommitmentState.PAUSED)
    return late if estate_ids is None else late.filter(estate_id__in=estate_ids)


def longest_unswept(*, at: datetime) -> timedelta:
    """Return how long the longest-overdue promise or reminder has been due without anybody having looked at it."""
    late = Commitment.objects.filter(state=CommitmentState.OPEN, ended_at=None, due_at__lt=at)
    untold = Step.objects.filter(state=StepState.WAITING, at__lt=at, commitment__ended_at=None).exclude(
        commitment__state=CommitmentState.PAUSED
    )
    oldest = [late.aggregate(oldest=Min("due_at"))["oldest"], untold.aggregate(oldest=Min("at"))["oldest"]]
    return max((at - one for one in oldest if one is not None), default=timedelta(0))


def threads_owed(threads: Iterable[str]) -> QuerySet[Commitment]:
    return owed().filter(thread__in=list(threads))


def of_entry(entry: Entry) -> bool:
    """Tell whether this journal entry opened a promise."""
    return Commitment.objects.filter(thread=entry.thread, opened_by=entry).exists()


def of_subject(subject_type: str, subject_id: int) -> list[Commitment]:
    """Return what is still owed on exactly this subject."""
    return list(Commitment.objects.filter(subject_type=subject_type, subject_id=subject_id, ended_at=None))


@lru_cache(maxsize=4096)
def code_of(rule_id: int) -> str:
    """Return the code of a rule; a published rule never changes."""
    return Rule.objects.values_list("code", flat=True).get(pk=rule_id)


def drawn(draw_id: int) -> Drawn:
    """Return a draw with the rule that asked for it, ready for use."""
    draw = Draw.objects.select_related("rule", "stratum").get(pk=draw_id)
    return Drawn(compile_rule(draw.rule.spec, rule_id=draw.rule.pk), draw)


def due_of_entry(entry: Entry) -> datetime | None:
    """Return when the first promise opened by this journal entry falls due."""
    opened = Commitment.objects.filter(thread=entry.thread, opened_by=entry)
    return opened.order_by("due_at").values_list("due_at", flat=True).first()


_FEW = 16


@dataclass(frozen=True)
class Whose:
    """Whose promises a worklist shows. Each condition is answered by one partial index, in the order of the due time."""

    conditions: tuple[tuple[str, tuple[object, ...]], ...]


def of_person(user_id: int, posts: Mapping[int, Sequence[str]]) -> Whose:
    """Ask for what one person owes: by name, and as holder of a post for which nobody is named."""
    on_posts = [
        ("estate_id = %s AND owner_post = %s AND owner_id IS NULL", (estate_id, code))
        for estate_id, codes in posts.items()
        for code in dict.fromkeys(codes)
    ]
    return Whose((("owner_id = %s", (user_id,)), *on_posts))


def of_team(estate_id: int, posts: Sequence[str], people: Sequence[int]) -> Whose:
    """Ask for what these people owe in the estate, and these posts for which nobody is named."""
    if len(posts) + len(people) <= _FEW:
        by_name = [("estate_id = %s AND owner_id = %s", (estate_id, person)) for person in people]
        unnamed = [("estate_id = %s AND owner_post = %s AND owner_id IS NULL", (estate_id, post)) for post in posts]
        return Whose((*by_name, *unnamed))
    # Many together owe so much of the estate's that reading along the whole soon finds a page of theirs.
    either = f"owner_id IN ({_marks(people)}) OR (owner_id IS NULL AND owner_post IN ({_marks(posts)}))"
    return Whose(((f"estate_id = %s AND ({either})", (estate_id, *people, *posts)),))


def of_estate(estate_id: int) -> Whose:
    """Ask for what everybody owes in the estate."""
    return Whose((("estate_id = %s", (estate_id,)),))


def of_one(estate_id: int, *, person: int | None = None, post: str = "") -> Whose:
    """Ask for what one person owes in the estate by name, or what a post owes for which nobody is named."""
    if person is not None:
        return Whose((("estate_id = %s AND owner_id = %s", (estate_id, person)),))
    return Whose((("estate_id = %s AND owner_post = %s AND owner_id IS NULL", (estate_id, post)),))


_OWED = """SELECT {what} FROM standards_commitment
WHERE ended_at IS NULL AND state <> 'paused' AND due_at >= %s AND due_at < %s AND {whose}"""


def owed_in(whose: Whose, spans: Sequence[Span], *, limits: Sequence[int], skip: int = 0) -> list[list[int]]:
    """Return, for each span of due time, the ids of what is owed in it, earliest first: at most its limit after `skip`.

    Paused promises do not run and are left out. One query, whose cost follows the rows shown; a limit of 0 asks nothing.
    """
    parts, parameters = [], []
    for number, (span, limit) in enumerate(zip(spans, limits, strict=True)):
        for condition, values in whose.conditions if limit else ():
            inner = _OWED.format(what="id, due_at", whose=condition)
            parts.append(f"SELECT {number} AS span, id, due_at FROM ({inner} ORDER BY due_at, id LIMIT %s) AS part")
            parameters += [*span, *values, skip + limit]
    found: list[list[tuple[str, int]]] = [[] for _ in spans]
    for number, pk, due_at in rows.read(" UNION ALL ".join(parts), parameters) if parts else ():
        found[number].append((due_at, pk))
    return [[pk for _, pk in sorted(part)[skip : skip + limit]] for part, limit in zip(found, limits, strict=True)]


def count_owed_in(whose: Whose, spans: Sequence[Span], *, cap: int) -> list[int]:
    """Count what is owed in each span of due time, but never much past the cap: an answer above it means "more"."""
    return count_owed_and_told(whose, spans, cap=cap)[0]


def count_owed_and_told(
    whose: Whose, spans: Sequence[Span], *, cap: int, user_id: int = 0, posts: Mapping[int, Sequence[str]] | None = None
) -> tuple[list[int], int]:
    """Count what is owed in each span as `count_owed_in` does, and what this person was told and has not confirmed.

    One query, because every page of the house asks both.
    """
    parts: list[str] = []
    parameters: list[object] = []
    for number, span in enumerate(spans):
        for condition, values in whose.conditions:
            inner = _OWED.format(what="1 AS one", whose=condition)
            parts.append(f"SELECT {number} AS span, count(*) FROM ({inner} LIMIT %s) AS part")
            parameters += [*span, *values, cap + 1]
    if user_id:
        told, asked = history.told_parts(user_id, posts or {}, cap=cap)
        parts += [part.replace("SELECT", f"SELECT {len(spans)},", 1) for part in told]
        parameters += asked
    counts = [0] * (len(spans) + 1)
    for number, count in rows.read(" UNION ALL ".join(parts), parameters) if parts else ():
        counts[number] = min(counts[number] + count, cap + 1)
    return counts[:-1], counts[-1]


@dataclass(frozen=True)
class Load:
    """What one person, or a post for which nobody is named, owes."""

    owner_id: int | None
    owner_post: str
    late: int
    due: int


def load_of(whose: Whose, span: Span, *, at: datetime, cap: int) -> tuple[list[Load], bool]:
    """Return who owes what is due in the span, and how much of it is late at that moment; the most burdened first.

    Of each holder at most `cap` promises are looked at, the earliest first; the second value tells whether it was all.
    """
    columns = "owner_id, CASE WHEN owner_id IS NULL THEN owner_post ELSE '' END AS post, due_at"
    parts: list[str] = []
    parameters: list[object] = [at]
    for condition, values in whose.conditions:
        inner = f"{_OWED.format(what=columns, whose=condition)} ORDER BY due_at LIMIT %s"
        parts.append(f"SELECT owner_id, post, due_at FROM ({inner}) AS part")
        parameters += [*span, *values, cap]
    if not parts:
        return [], True
    late = "sum(CASE WHEN due_at < %s THEN 1 ELSE 0 END)"
    together = f"SELECT owner_id, post, {late}, count(*) FROM ({' UNION ALL '.join(parts)}) AS owed"
    found = [Load(*row) for row in rows.read(f"{together} GROUP BY owner_id, post", parameters)]
    found.sort(key=lambda load: (-load.late, -load.due, load.owner_id or 0, load.owner_post))
    return found, sum(load.due for load in found) < cap


def adoption_of(estate_id: int, *, at: datetime) -> Adoption | None:
    """Return what the estate lives by at that moment."""
    adopted = Adoption.objects.filter(estate_id=estate_id, since__lte=at).select_related("standard")
    return adopted.order_by("-since").first()


def in_force_since(estate_id: int, *, at: datetime) -> datetime:
    """Return since when the rules in force have been so: their version's beginning, or the adoption if that is later."""
    adopted = adoption_of(estate_id, at=at)
    version = StandardVersion.objects.filter(pk=rule_book(estate_id, at=at).version_id).first()
    return max(adopted.since, version.effective_from) if adopted and version else at


def standards() -> list[Standard]:
    """Return every loaded standard: the recommended one first, then the manuals in their order."""
    found = Standard.objects.prefetch_related("versions").order_by("code")
    return sorted(found, key=lambda standard: (standard.code != "recommended", standard.code))


def version_of(code: str, *, at: datetime) -> StandardVersion | None:
    """Return the version of the standard that is in effect at that moment."""
    versions = StandardVersion.objects.filter(standard__code=code, effective_from__lte=at).select_related("standard")
    return versions.order_by("-effective_from", "-number").first()


def rules_of(version: StandardVersion) -> list[Rule]:
    return list(version.rules.order_by("pk"))


def rule_by_id(rule_id: int) -> Rule | None:
    return Rule.objects.select_related("version__standard").filter(pk=rule_id).first()


def rules_in_force(estate_id: int, *, at: datetime) -> list[Rule]:
    """Return the rules the estate lives by at that moment, as written."""
    return list(Rule.objects.filter(version=rule_book(estate_id, at=at).version_id).order_by("pk"))


def answers_elsewhere(rule: Rule) -> list[Rule]:
    """Return what the newest versions of the other standards say to the same question."""
    others = Rule.objects.filter(code=rule.code).exclude(version__standard=rule.version.standard)
    newest: dict[int, Rule] = {}
    for other in others.select_related("version__standard").order_by("version__number"):
        newest[other.version.standard_id] = other
    return sorted(newest.values(), key=lambda other: other.version.standard.code)


_BY_IDS = Prepared(lambda ids: Commitment.objects.select_related("owner").filter(pk__in=ids))
_RULES_BY_IDS = Prepared(lambda ids: Rule.objects.select_related("version__standard").filter(pk__in=ids))


def by_ids(ids: Iterable[int]) -> dict[int, Commitment]:
    """Return promises by id, with who owes them."""
    return {one.pk: one for one in _BY_IDS.all(tuple(ids))}


def rules_by_ids(ids: Iterable[int]) -> dict[int, Rule]:
    """Return rules by id, with the standard each belongs to."""
    return {one.pk: one for one in _RULES_BY_IDS.all(tuple(sorted(set(ids))))}


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def kept_until(records: str, estate_id: int, beginning: date, *, at: datetime) -> tuple[str, date] | None:
    """Return what the standards in force say about keeping such a record, and its last day; None when they say nothing.

    Of several, the longest.
    """
    said = [
        (rule.says, rule.retention.last_day(beginning))
        for rule in rule_book(estate_id, at=at).retained
        if rule.retention and rule.retention.records == records
    ]
    return max(said, key=lambda one: one[1], default=None)


def needed_at(gates: Iterable[str], *, estate_id: int, values: Mapping[str, Any], at: datetime) -> frozenset[str]:
    """Return the values the standard in force asks for at these gates, of a subject of which so much is known."""
    book = rule_book(estate_id, at=at).gates
    asked = (rule for gate in gates for rule in book.get(gate, ()) if all_hold(rule.when, values))
    return frozenset(name for rule in asked for name in rule.needs)
