"""Reading work orders."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case as Switch
from django.db.models import Count, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import Http404

from huiyin.areas.cases.models import Case
from huiyin.areas.repairs import rules, states, words
from huiyin.areas.repairs.models import Consent, PastOrder, Warranty, WorkOrder
from huiyin.areas.repairs.permissions import visible_to
from huiyin.areas.repairs.queries.repeats import Earlier, over
from huiyin.areas.repairs.rules import SKEW
from huiyin.areas.repairs.states import OrderStatus
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.files import queries as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.rows import Prepared, Written
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment

RELATED = (
    "technician",
    "signature",
    "case__estate",
    "case__unit__entrance__building",
    "case__category",
    "case__responsible_post",
    "case__responsible",
    "case__first_contact_owner",
)
_LISTED = ("technician", "case__category")
# As the indexes of running orders have it: an estate's ended ones become ever more, and are not read.
RUNNING = ~Q(status__in=[Written(str(status)) for status in OrderStatus if status not in states.RUNNING])
_ARRIVED = "repairs.order.arrived"
# What moves an order along; an appointment or a remark is no step.
_STEPS = (
    "registered",
    "dispatched",
    "accepted",
    "returned",
    "arrived",
    "started",
    "not_let_in",
    "held",
    "resumed",
    "finished",
    "reworked",
    "closed",
)


@dataclass(frozen=True)
class Clock:
    """What is owed first on an order: what, until when, under which rule (absent for a promise in words)."""

    does: str
    due_at: datetime
    says: str = ""
    standard: str = ""
    rule_id: int | None = None

    def left(self, at: datetime) -> str:
        """Say how long there is still, or how long it is over."""
        return rules.countdown(self.due_at, at=at)


def order_for(user: User, number: str, *, to: str) -> WorkOrder:
    """Return the order by number; 404 out of sight, 403 without the right in its estate."""
    order = visible_to(user).select_related(*RELATED).filter(number=number).first()
    if order is None:
        raise Http404
    require_right(user, to, order.estate_id)
    return order


_ORDERS_OF = Prepared(
    lambda case_id: (
        WorkOrder.objects.filter(case=case_id)
        .select_related("technician", "signature", "case__category")
        .order_by("id")
    )
)


def orders_of(case: Case) -> list[WorkOrder]:
    return _ORDERS_OF.all(case.pk)


def held_orders_of(case_id: int) -> list[WorkOrder]:
    """Return the orders of the case that are on hold, ready to be moved."""
    held = WorkOrder.objects.filter(case=case_id, status=OrderStatus.ON_HOLD)
    return list(held.select_related(*RELATED))


def board(
    user: User, estate_id: int, *, at: datetime, technician: str = "", urgency: str = "", q: str = ""
) -> QuerySet[WorkOrder]:
    """Return the running orders of the estate with `band` (place of its band) and `haste` (0: most urgent).

    On hold with the time to look again come is a band of its own, the first.
    """
    found = visible_to(user).filter(RUNNING, estate_id=estate_id).select_related(*_LISTED)
    return _narrowed(found, technician=technician, urgency=urgency, q=q).annotate(
        band=Switch(
            When(status="on_hold", case__next_at__lte=at, then=Value(0)),
            *(
                When(status__in=statuses, then=Value(place))
                for place, (_, _, statuses) in enumerate(words.BANDS)
                if statuses
            ),
            output_field=IntegerField(),
        ),
        haste=haste(),
    )


def count_by_band(orders: QuerySet[WorkOrder]) -> dict[str, int]:
    """Count the orders of a board by band: all that were found, not only those on the page."""
    counts: Counter[str] = Counter()
    bands = orders.order_by().values_list("band")  # type: ignore[misc]  # annotated by the board
    for band, n in bands.annotate(n=Count("id")):
        counts[words.BANDS[band][0]] += n
    return dict(counts)


def listed(
    user: User,
    estate_id: int,
    *,
    status: str = "",
    technician: str = "",
    urgency: str = "",
    since: date | None = None,
    until: date | None = None,
    q: str = "",
    among: QuerySet[WorkOrder] | None = None,
) -> QuerySet[WorkOrder]:
    """Return the orders of the estate for the list; days are of the estate, the last one included.

    `among` are those behind a number of a figure, when it is only about them.
    """
    found = visible_to(user).filter(estate_id=estate_id).select_related(*_LISTED)
    if among is not None:
        found = found.filter(pk__in=among.order_by().values("pk"))
    if status == "running":
        found = found.filter(RUNNING)
    elif status:
        found = found.filter(status=status)
    if since:
        found = found.filter(opened_at__date__gte=since)
    if until:
        found = found.filter(opened_at__date__lte=until)
    return _narrowed(found, technician=technician, urgency=urgency, q=q)


def _narrowed(found: QuerySet[WorkOrder], *, technician: str, urgency: str, q: str) -> QuerySet[WorkOrder]:
    if technician:
        found = found.filter(technician=int(technician))
    if urgency:
        found = found.filter(urgency__in=words.URGENT) if urgency == "hurry" else found.filter(urgency=urgency)
    if q:
        found = found.filter(
            Q(number__icontains=q) | Q(case__caller_unit__icontains=q) | Q(case__caller_name__icontains=q)
        )
    return found


def haste() -> Switch:
    return Switch(
        When(urgency="emergency", then=Value(0)),
        When(urgency="urgent", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def orders_of_technician(user: User) -> QuerySet[WorkOrder]:
    """Return the orders in this technician's hands, appointments first."""
    return (
        WorkOrder.objects.filter(RUNNING, technician=user)
        .select_related(*RELATED)
        .annotate(haste=haste())
        .order_by("haste", "appointment_from", "id")
    )


_LOAD = f"""
SELECT technician_id, count(*) FROM repairs_workorder
WHERE estate_id = %s AND technician_id IS NOT NULL AND NOT (status IN ('closed', 'voided'))
  AND status IN ({", ".join(f"'{one.value}'" for one in states.HELD)})
GROUP BY technician_id
"""


def technicians_with_load(estate_id: int) -> list[tuple[User, int]]:
    """Return the technicians of the estate with the number of orders each holds, the least loaded first."""
    people = staffing.people_on(estate_id, "technician")
    held: dict[int, int] = dict(rows.read(_LOAD, [estate_id]))
    return sorted(((person, held.get(person.pk, 0)) for person in people), key=lambda pair: pair[1])


def clocks_of(orders: Iterable[WorkOrder]) -> dict[int, Clock]:
    """Return what is owed first on each of these orders; a paused promise has no clock."""
    return clocks_and_arrivals(orders)[0]


def clocks_and_arrivals(orders: Iterable[WorkOrder]) -> tuple[dict[int, Clock], dict[int, Clock]]:
    """Return what is owed first on each of these orders, and of the urgent ones by when somebody must be there, as the
    standard in force has it.
    """
    urgent = {order.pk: order.urgency in words.URGENT for order in orders}
    owed = (
        promises.owed()
        .filter(subject_type=WorkOrder.journal_name, subject_id__in=list(urgent))
        .exclude(state="paused")
        .select_related("rule__version__standard")
    )
    first: dict[int, Clock] = {}
    arrivals: dict[int, Clock] = {}
    for one in owed:
        first.setdefault(one.subject_id, _clock(one))
        if urgent[one.subject_id] and one.rule and one.rule.spec.get("keeps") in (_ARRIVED, [_ARRIVED]):
            arrivals.setdefault(one.subject_id, _clock(one))
    return first, arrivals


def _clock(commitment: Commitment) -> Clock:
    rule = commitment.rule
    if rule is None:
        return Clock(commitment.does, commitment.due_at)
    return Clock(commitment.does, commitment.due_at, rule.says, rule.version.standard.title, rule.pk)


def last_step_at(order: WorkOrder) -> datetime | None:
    """Return when the order moved last, by its journal."""
    kinds = [f"{order.journal_name}.{step}" for step in _STEPS]
    steps = Entry.objects.filter(thread=order.thread, subject_id=order.pk, kind__in=kinds)
    moment: datetime | None = steps.aggregate(last=Max("at"))["last"]
    return moment


def lines_about(order: WorkOrder) -> list[Entry]:
    """Return the journal lines of the order with who wrote them, oldest first; several readers below share them."""
    told = Entry.objects.filter(thread=order.thread, subject_id=order.pk, kind__startswith=f"{order.journal_name}.")
    return list(told.select_related("actor").order_by("id"))


def why_it_waits(order: WorkOrder, lines: Sequence[Entry]) -> Entry | None:
    """Return the line that tells why the order is on hold or was reworked, the newest of them."""
    kinds = {f"{order.journal_name}.{step}" for step in ("held", "reworked", "returned")}
    return next((line for line in reversed(lines) if line.kind in kinds), None)


def history_of(order: WorkOrder, *, at_most: int = 5) -> list[Earlier]:
    """Return what was repaired before in the same unit (without a unit: at the same place), the same fault first."""
    case = order.case
    if case.unit_id:
        here = Q(case__unit=case.unit_id)
    elif case.place:
        here = Q(case__unit=None, case__place=case.place)
    else:
        return []
    here &= Q(estate_id=order.estate_id)
    closed = WorkOrder.objects.filter(here, status=states.OrderStatus.CLOSED).exclude(pk=order.pk)
    before = PastOrder.objects.filter(here).exclude(closed_at=None).exclude(case=case.pk)
    same = Switch(When(case__category=case.category_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = over(
        closed.select_related("technician", "case__category")
        .annotate(other=same)
        .order_by("other", "-opened_at")[:at_most],
        before.select_related("case__category").annotate(other=same).order_by("other", "-case__opened_at")[:at_most],
    )
    latest = sorted(found, key=lambda one: one.opened_at, reverse=True)
    return sorted(latest, key=lambda one: one.category_id != case.category_id)[:at_most]


_COVERED = Warranty.objects.filter(past_order=OuterRef("pk")).values("to_date")[:1]
_PAST_ORDER = Prepared(lambda case_id: PastOrder.objects.filter(case=case_id).annotate(covered=Subquery(_COVERED))[:1])


def past_order_of(case: Case) -> PastOrder | None:
    """Return the order the case had before this house knew of it, with the last day of its warranty as `covered`."""
    return _PAST_ORDER.first(case.pk)


def past_order_numbered(estate_id: int, number: str) -> PastOrder | None:
    """Return the order of before that had this number in the other book."""
    return PastOrder.objects.filter(estate_id=estate_id, number=number).first()


def photos_of(order: WorkOrder) -> list[StoredFile]:
    """Return the pictures of the matter and of the work, without signatures, oldest first."""
    agreed = Consent.objects.filter(quote__order=order, signature__isnull=False).values("signature_id")
    found = files.files_of_all([(Case.journal_name, order.case_id), (order.journal_name, order.pk)]).exclude(
        pk__in=agreed
    )
    return [photo for photo in found if photo.is_image and photo.pk != order.signature_id]


def technician_of(estate_id: int, user_id: int) -> User | None:
    """Return the technician of the estate with this id."""
    return next((person for person in staffing.people_on(estate_id, "technician") if person.pk == user_id), None)


def step_times(order: WorkOrder, lines: Sequence[Entry]) -> Sequence[tuple[str, datetime, Any]]:
    """Return the steps the order has made with their true times and, where they were keyed in later, that time."""
    keyed = {line.kind.rsplit(".", 1)[1]: line.values.get("keyed_at") for line in lines}
    steps = (
        ("登记", order.opened_at, "registered"),
        ("派单", order.dispatched_at, "dispatched"),
        ("接单", order.accepted_at, "accepted"),
        ("到达", order.arrived_at, "arrived"),
        ("完工", order.finished_at, "finished"),
        ("签收", order.paper_written_at or order.closed_at, "closed"),
    )
    told = {kind: datetime.fromisoformat(said) for kind, said in keyed.items() if said}
    # A phone that sends at once says when it was too; that is no keying in later.
    return [
        (label, moment, told[kind] if kind in told and told[kind] - moment > SKEW else None)
        for label, moment, kind in steps
        if moment
    ]


def worked_on(user: User, *, subject_type: str, subject_id: int) -> bool:
    """Tell whether this order, or an order of this case, is or was given to the technician."""
    mine = WorkOrder.objects.filter(technician=user)
    if subject_type == WorkOrder.journal_name:
        return mine.filter(pk=subject_id).exists()
    return subject_type == Case.journal_name and mine.filter(case=subject_id).exists()
