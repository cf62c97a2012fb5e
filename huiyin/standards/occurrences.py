"""Duties as a person looks them up: one by its number, its promise, and what made a threshold ask for it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from huiyin.standards.in_force import working_calendar
from huiyin.standards.models import Commitment, Counted, Occurrence
from huiyin.standards.rules import compile_rule
from huiyin.standards.rules.periods import named


def duty_by_id(duty_id: int) -> Occurrence | None:
    """Return a duty with the rule that asks for it."""
    return Occurrence.objects.select_related("rule__version__standard").filter(pk=duty_id).first()


def duties_by_ids(ids: Iterable[int]) -> dict[int, Occurrence]:
    """Return duties by id."""
    return Occurrence.objects.in_bulk(sorted(set(ids)))


def is_recorded(duty: Occurrence) -> bool:
    """Tell whether a person records the duty as done; a quota, and what a fact keeps, is kept by what happens only."""
    return duty.rule.kind != "quota" and not duty.rule.spec.get("keeps")


def promise_of(duty: Occurrence) -> Commitment | None:
    """Return the promise of the duty as it now stands, in its last revision, with who owes it and what kept it."""
    made = Commitment.objects.filter(subject_type=Occurrence.journal_name, subject_id=duty.pk)
    return made.select_related("owner", "met_by__actor").order_by("-pk").first()


def due_by_calendar(promise: Commitment) -> datetime | None:
    """Return when the promise of a periodic duty falls due by the calendar as it is now; None for any other promise."""
    duty = duty_by_id(promise.subject_id) if promise.subject_type == Occurrence.journal_name else None
    periodic = compile_rule(duty.rule.spec).periodic if duty else None
    if duty is None or periodic is None:
        return None
    due = periodic.due_of(named(duty.period), working_calendar(estate_id=duty.estate_id))
    return due.due_at if due else None


def counted_for(duty: Occurrence) -> QuerySet[Counted]:
    """Return the events for which a threshold was raised, those that joined later included, the newest first."""
    same = Counted.objects.filter(estate_id=duty.estate_id, rule_code=duty.rule_code, key=duty.key)
    return same.filter(raised__subject_type=Occurrence.journal_name, raised__subject_id=duty.pk).order_by("-at", "-pk")


def owed_for_the_same(estate_id: int, key: str, *, whole: bool) -> list[Commitment]:
    """Return what is still owed because thresholds were reached for the same as this key, or as its beginning."""
    same = {"key": key} if whole else {"key__startswith": key}
    duties = Occurrence.objects.filter(estate_id=estate_id, rule__kind="threshold", **same)
    owed = Commitment.objects.filter(
        subject_type=Occurrence.journal_name, subject_id__in=duties.values("pk"), ended_at=None
    )
    return list(owed.select_related("rule__version__standard", "owner").order_by("due_at", "pk"))
