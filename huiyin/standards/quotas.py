"""How far a quota has been reached: whom it asks for, whom the counted events have reached, by stratum and period."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from huiyin.foundation.journal.models import Entry
from huiyin.standards.in_force import working_calendar
from huiyin.standards.models import Counted
from huiyin.standards.populations import NAMED_BY, members_of
from huiyin.standards.rules import CompiledRule, all_hold
from huiyin.standards.rules.periods import Period
from huiyin.standards.rules.quota import Coverage, Member


def coverage(estate_id: int, rule: CompiledRule, period: Period, *, at: datetime) -> list[Coverage]:
    """Return for each stratum how many members it has, how many are to be reached, and how many were until now.

    Members are those of the period's last day, or of today while the period runs. Nothing when the population is not
    known. What reached whom was written down when it happened, and events of others than these members do not count.
    """
    quota = rule.quota
    assert quota is not None, rule.code
    calendar = working_calendar(estate_id=estate_id)
    first, end = calendar.at_local(period.start, time.min), calendar.at_local(period.end, time.min)
    found = Counted.objects.filter(
        estate_id=estate_id, rule_code=rule.code, at__gte=first, at__lt=end, at__lte=at
    ).values_list("key", flat=True)
    if quota.of_events:
        return quota.coverage(_happened(estate_id, quota.of_events, (first, end), at=at), found)
    day = min(calendar.local_date(at), period.end - timedelta(days=1))
    return quota.coverage(members_of(quota.of, estate_id, day) or (), found)


def _happened(estate_id: int, kind: str, span: tuple[datetime, datetime], *, at: datetime) -> list[Member]:
    happened = Entry.objects.filter(estate_id=estate_id, kind=kind, at__gte=span[0], at__lt=span[1], at__lte=at)
    in_turn = happened.order_by("at", "pk").values_list("thread", "values")
    return [Member(thread, values) for thread, values in in_turn]


def member_key(rule: CompiledRule, values: Mapping[str, Any], thread: str) -> str:
    """Name the member that an event with these values reaches; nothing when it names none."""
    quota = rule.quota
    assert quota is not None, rule.code
    if not all_hold(rule.when, values):
        return ""
    return thread if quota.of_events else str(values.get(NAMED_BY[quota.of]) or "")
