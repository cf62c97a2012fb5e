"""Reading how full the slots are in which visits are agreed. Capacity is counted from who is rostered, not stored."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone, localdate

from huiyin.areas.repairs import rules
from huiyin.areas.repairs.models import DispatchPolicy, WorkOrder
from huiyin.areas.repairs.queries.dispatching import POST, policies_of
from huiyin.areas.repairs.rules import Slot
from huiyin.areas.staffing import queries as staffing

DAYS = 3
_AHEAD = ("new", "assigned", "accepted", "working", "on_hold")
Span = tuple[datetime, datetime]


def slots_for(order: WorkOrder, *, at: datetime, days: int = DAYS) -> list[tuple[date, list[Slot]]]:
    """Return the slots of today and the next days that have not ended, day by day; none where the estate has no limit."""
    policy = policies_of(order.estate_id)[order.urgency]
    if not policy.per_slot:
        return []
    today = localdate(at)
    by_day = [(day, _spans(policy, day)) for day in (today + timedelta(days=ahead) for ahead in range(days))]
    ahead = [(day, [span for span in spans if span[1] > at]) for day, spans in by_day]
    found = iter(fill(order, [span for _, spans in ahead for span in spans], policy, at=at))
    return [(day, [next(found) for _ in spans]) for day, spans in ahead if spans]


def full_slot(order: WorkOrder, visit: Span, *, at: datetime) -> Slot | None:
    """Return the first slot the visit lies in that has no room; nothing where the estate has no limit."""
    policy = policies_of(order.estate_id)[order.urgency]
    if not policy.per_slot:
        return None
    spans = rules.touched(visit, _spans(policy, localdate(visit[0])))
    return next((slot for slot in fill(order, spans, policy, at=at) if not slot.free), None)


def fill(order: WorkOrder, spans: Sequence[Span], policy: DispatchPolicy, *, at: datetime) -> list[Slot]:
    """Say how full each span is without this order's own visit. Four queries."""
    if not spans:
        return []
    crew = staffing.crew_of(order.estate_id, POST, since=min(at, spans[0][0]))
    visits = _visits(order, spans)
    return [
        rules.filled(span, visits, hands=sum(one.is_there_all(*span) for one in crew), per_hand=policy.per_slot)
        for span in spans
    ]


def visit_crossed(order: WorkOrder, visit: Span) -> WorkOrder | None:
    """Return another order of its technician whose agreed visit overlaps this one."""
    if order.technician_id is None:
        return None
    others = _agreed(order, visit).filter(technician=order.technician_id)
    return others.select_related("case").order_by("appointment_from").first()


def _spans(policy: DispatchPolicy, day: date) -> list[Span]:
    return rules.spans_of_day(
        day,
        first=policy.slots_from,
        last=policy.slots_until,
        minutes=policy.slot_minutes,
        zone=get_current_timezone(),
    )


def _visits(order: WorkOrder, spans: Sequence[Span]) -> list[Span]:
    whole = (min(start for start, _ in spans), max(end for _, end in spans))
    return list(_agreed(order, whole).values_list("appointment_from", "appointment_to"))  # type: ignore[arg-type]  # both are set where one is


def _agreed(order: WorkOrder, span: Span) -> QuerySet[WorkOrder]:
    return WorkOrder.objects.filter(
        Q(appointment_from__lt=span[1], appointment_to__gt=span[0]), estate_id=order.estate_id, status__in=_AHEAD
    ).exclude(pk=order.pk)
