"""What the lead decides: opened, appointed, dispatched, taken back, voided, opened again."""

from datetime import datetime

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.repairs import events, states
from huiyin.areas.repairs.models import Transfer, TransferState, VisitPlan, WorkOrder
from huiyin.areas.repairs.operations.billing import withdraw_charge
from huiyin.areas.repairs.operations.fitness import end_asking, must_fit, must_have_room
from huiyin.areas.repairs.operations.materials import close_materials
from huiyin.areas.repairs.operations.shared import OrderIncomplete, OrderUnderWay, case_moves_on, frame, of, wake_case
from huiyin.areas.repairs.states import OrderStatus
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation import rows
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards.operations import Owner

_STATUSES = "SELECT status FROM repairs_workorder WHERE case_id = %s"


@command
def open_order(
    case: Case,
    *,
    actor: User,
    at: datetime,
    location_kind: str = "in_unit",
    large: bool = False,
    appointment_from: datetime | None = None,
    appointment_to: datetime | None = None,
) -> WorkOrder:
    """Open a work order for a repair case; it waits for dispatch and its clocks begin.

    Refused for a case of another kind, while another order of the case is running, or with a crooked appointment.
    """
    if case.kind != "repair":
        raise OrderIncomplete("只有报修类事项才能开维修单")
    statuses = [status for (status,) in rows.read(_STATUSES, [case.pk])]
    if any(status in states.RUNNING for status in statuses):
        raise OrderUnderWay("这件报修已有维修单在办理,不需要再开")
    order = rows.new(
        WorkOrder,
        case=case,
        estate_id=case.estate_id,
        number=f"{case.number}-{len(statuses) + 1}",
        location_kind=location_kind,
        urgency=case.urgency,
        large=large,
        opened_at=at,
    )
    rows.insert(order)
    entry = journal.announce(events.OrderRegistered(**frame(order, case)), actor=actor, at=at)
    if appointment_from and appointment_to:
        # What the caller was told stands, however full the slot is.
        _agree(order, appointment_from, appointment_to, actor=actor, at=at)
    cases.owe_step(case, step="派单", entry=entry, at=at, by=case.next_at)
    return order


@command
def appoint(
    order: WorkOrder,
    *,
    start: datetime,
    end: datetime,
    actor: User,
    at: datetime,
    work: str = "",
    minutes: int | None = None,
    note: str = "",
) -> None:
    """Agree a time for the visit, what will be done and about how many minutes it takes.

    Refused when it ends before it begins or lies in the past, or the order is over; and without a reason when the slot is
    full or its technician is at another visit then.
    """
    must_have_room(order, (start, end), note=note, at=at)
    _agree(order, start, end, note=note, actor=actor, at=at, work=work.strip(), minutes=minutes)


def _agree(
    order: WorkOrder,
    start: datetime,
    end: datetime,
    *,
    actor: User,
    at: datetime,
    note: str = "",
    work: str = "",
    minutes: int | None = None,
) -> None:
    if end <= start:
        raise OrderIncomplete("预约的结束时间要晚于开始时间")
    if end <= at:
        raise OrderIncomplete("预约的时间已经过去")
    changed = WorkOrder.objects.filter(pk=order.pk, status__in=states.RUNNING).update(
        appointment_from=start, appointment_to=end
    )
    if not changed:
        raise OrderUnderWay("维修单已经结束,不能再预约")
    order.appointment_from, order.appointment_to = start, end
    if work or minutes:
        VisitPlan.objects.create(order=order, work=work, minutes=minutes, actor=actor, at=at)
    fact = of(order, events.OrderAppointed, appointment_from=start, appointment_to=end, work=work, minutes=minutes)
    journal.announce(fact, actor=actor, at=at, note=note.strip())
    cases.refresh_next_step(order.case)


@command
def dispatch(
    order: WorkOrder,
    *,
    technician: User,
    actor: User,
    at: datetime,
    note: str = "",
    keyed_at: datetime | None = None,
    how: str = "",
) -> None:
    """Give the order to a technician; a running order is taken from one and given to another, with the reason.

    Refused when the person is no technician of the estate or has left, or the order moved meanwhile; and without a
    reason for who is off duty, lacks the skill, has too much in hand or another visit then. A slip keyed in later tells
    of work that is done: nobody is judged.
    """
    here = accounts.keep_user(technician)
    if not here or not any(technician.pk == user.pk for user in staffing.people_on(order.estate_id, "technician")):
        raise OrderIncomplete(f"{technician.name}不在本小区维修岗位上,请另选")
    if order.technician_id == technician.pk and order.status != OrderStatus.NEW:
        raise OrderIncomplete(f"维修单已经在{technician.name}手里,不需要再派")
    if keyed_at is None:
        must_fit(order, technician, note=note, at=at)
    fact = of(
        order,
        events.OrderDispatched,
        doer_id=technician.pk,
        to_person=technician.name,
        keyed_at=keyed_at,
        how=how,
    )
    move = states.DISPATCH if order.status == OrderStatus.NEW else states.REASSIGN
    entry = perform(
        order,
        move,
        actor=actor,
        at=at,
        note=note,
        fact=fact,
        technician=technician,
        dispatched_at=at,
        accepted_at=None,
        arrived_at=None,
    )
    end_asking(order, at=at)
    standards.hand_over(order.thread, owner=Owner(technician.pk, "technician"), subject=(order.journal_name, order.pk))
    case_moves_on(order, entry=entry, actor=actor, at=at, step="接单")


@command
def take_back(order: WorkOrder, *, reason: str, actor: User, at: datetime) -> None:
    """Take the order from its technician and let it wait for dispatch again, with the reason.

    A case on hold runs again. Refused without a reason, or when nobody holds the order.
    """
    entry = perform(
        order,
        states.TAKE_BACK,
        actor=actor,
        at=at,
        note=reason,
        fact=of(order, events.OrderReturned),
        technician=None,
        dispatched_at=None,
        accepted_at=None,
        arrived_at=None,
    )
    end_asking(order, at=at)
    hand_to_lead(order, at=at)
    wake_case(order.case, actor=actor, at=at)
    case_moves_on(order, entry=entry, actor=actor, at=at, step="重新派单")


def hand_to_lead(order: WorkOrder, *, at: datetime) -> None:
    """Give what the technician owed on the order to whoever leads the repairs now."""
    lead = staffing.responsible_now(order.estate_id, "maintenance_lead", at=at)
    standards.hand_over(
        order.thread,
        owner=Owner(lead.user.pk if lead.user else None, lead.post.code),
        subject=(order.journal_name, order.pk),
    )


@command
def void_order(order: WorkOrder, *, reason: str, actor: User, at: datetime) -> None:
    """Void an order that should not have been, and its case with it: both keep number and reason.

    Refused while something that was issued for it is neither used nor returned.
    """
    close_materials(order, actor=actor, at=at)
    perform(order, states.VOID, actor=actor, at=at, note=reason, fact=of(order, events.OrderVoided))
    end_asking(order, at=at)
    if order.case.is_open:
        cases.void_case(order.case, reason=reason, actor=actor, at=at)


@command
def reopen(case: Case, *, reason: str, actor: User, at: datetime) -> WorkOrder:
    """Open a closed repair again with a new order, so that the first one stays as it was signed.

    What the first was charged is withdrawn while nobody has begun to pay it.
    """
    cases.reopen_case(case, reason=reason, actor=actor, at=at)
    for done in WorkOrder.objects.filter(case=case, status=OrderStatus.CLOSED):
        withdraw_charge(done, reason=f"维修重开:{reason}", actor=actor, at=at)
    order = open_order(case, actor=actor, at=at, location_kind=_last_location(case))
    standards.link_reopened(case.thread, at=at)
    return order


def hurry(case_id: int, *, urgency: str) -> None:
    """Let the running orders of the case be as urgent as it is."""
    WorkOrder.objects.filter(case=case_id, status__in=states.RUNNING).update(urgency=urgency)


def drop_unstarted(case: Case, *, reason: str, actor: User, at: datetime) -> None:
    """Void the orders of a case that goes away. Refused once a technician holds one."""
    for order in WorkOrder.objects.filter(case=case, status__in=states.RUNNING).select_related("case", "technician"):
        if order.status != OrderStatus.NEW:
            raise OrderUnderWay(f"维修单 {order.number} 已派给{order.technician}办理,请先退单")
        close_materials(order, actor=actor, at=at)
        perform(order, states.VOID, actor=actor, at=at, note=reason, fact=of(order, events.OrderVoided))
        end_asking(order, at=at)


def rehome_orders_of(person: User, *, actor: User, at: datetime) -> int:
    """Take the running orders from somebody who left and let them wait for dispatch again; return how many.

    What they were asked to take over stays with who asked.
    """
    held = WorkOrder.objects.filter(technician=person, status__in=states.RUNNING).select_related("case")
    orders = list(held.exclude(status=OrderStatus.FINISHED))
    Transfer.objects.filter(receiver=person, state=TransferState.ASKED).update(state=TransferState.ENDED, ended_at=at)
    for order in orders:
        take_back(order, reason=f"{person.name}离岗,重新派单", actor=actor, at=at)
    return len(orders)


def _last_location(case: Case) -> str:
    last = WorkOrder.objects.filter(case=case).order_by("-id").values_list("location_kind", flat=True).first()
    return last or "in_unit"
