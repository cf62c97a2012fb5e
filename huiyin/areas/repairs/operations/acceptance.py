"""How an order ends: on the resident's signature, or on a signed paper slip keyed in later."""

from datetime import datetime
from typing import Any

from huiyin.areas.cases import operations as cases
from huiyin.areas.repairs import events, rules, states
from huiyin.areas.repairs.models import Acceptance, WorkOrder
from huiyin.areas.repairs.operations import accepted, billing, board, follow, work
from huiyin.areas.repairs.operations.accepted import NOTHING_SAID, Opinion
from huiyin.areas.repairs.operations.materials import close_materials
from huiyin.areas.repairs.operations.shared import (
    OrderIncomplete,
    TimesCrossed,
    case_moves_on,
    in_time,
    mine,
    of,
    sent_before,
    wake_case,
)
from huiyin.areas.repairs.operations.starting import begin_by_slip
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards


@command
def accept_by_signature(
    order: WorkOrder,
    *,
    signature: StoredFile,
    signer: str,
    actor: User,
    at: datetime,
    said: Opinion = NOTHING_SAID,
    keyed_at: datetime | None = None,
) -> None:
    """Close the order on the resident's signature, and the case with it; the return visit is drawn.

    Refused without a signer's name, for somebody else's order, or before the work is finished.
    """
    mine(order, actor)
    in_time(order, "签字", at=at, keyed_at=keyed_at)
    if not signer.strip():
        raise OrderIncomplete("请写明签字人的姓名")
    _sign_off(
        order,
        actor=actor,
        at=at,
        keyed_at=keyed_at,
        acceptance=Acceptance.SIGNATURE,
        signer=signer.strip(),
        said=said,
        signature=signature,
    )


@command
def sign(
    order: WorkOrder,
    *,
    drawing: str,
    signer: str,
    actor: User,
    at: datetime,
    said: Opinion = NOTHING_SAID,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Keep what was drawn on the signature pad and close the order on it. Refused as `accept_by_signature` is,
    or when the pad is empty; then nothing of it is kept.
    """
    if sent_before(key, "sign", order=order, actor=actor, at=at):
        return
    signature = files.store_signature(
        drawing,
        actor=actor,
        at=keyed_at or at,
        estate_id=order.estate_id,
        subject_type=order.journal_name,
        subject_id=order.pk,
    )
    accept_by_signature(order, signature=signature, signer=signer, said=said, actor=actor, at=at, keyed_at=keyed_at)


@command
def accept_by_paper(
    order: WorkOrder,
    *,
    paper_slip: str,
    signer: str,
    written_at: datetime,
    actor: User,
    at: datetime,
    said: Opinion = NOTHING_SAID,
    key: str = "",
) -> None:
    """Close the order on a signed paper slip keyed in at the desk; the paper's time and the keying time stay apart.

    Refused without slip number and signer, with a time before the work was finished or in the future.
    """
    if sent_before(key, "accept_by_paper", order=order, actor=actor, at=at):
        return
    if not paper_slip.strip() or not signer.strip():
        raise OrderIncomplete("请填写纸质维修单编号和签收人")
    if written_at > at:
        raise OrderIncomplete("纸单上的签收时间不能晚于现在")
    if order.finished_at and rules.minute_of(written_at) < rules.minute_of(order.finished_at):
        raise OrderIncomplete("纸单上的签收时间不能早于完工时间")
    _sign_off(
        order,
        actor=actor,
        at=at,
        acceptance=Acceptance.PAPER,
        signer=signer.strip(),
        said=said,
        paper_slip=paper_slip.strip(),
        paper_written_at=written_at,
    )


@command
def key_in_slip(
    order: WorkOrder,
    *,
    technician: User,
    arrived_at: datetime | None,
    finished_at: datetime,
    work_done: str,
    paper_slip: str,
    signer: str,
    written_at: datetime,
    actor: User,
    at: datetime,
    said: Opinion = NOTHING_SAID,
    key: str = "",
) -> None:
    """Key in a whole signed slip for a technician without a phone: who came when, what was done, who signed.

    Each step is journalled at its time on the paper together with the time it was keyed in, by whoever keyed it.
    An arrival the technician has sent himself stands. Refused when the times do not follow one another, lie before
    the report or in the future, when the slip names another technician than the one who holds the order, or when the
    order is over.
    """
    if sent_before(key, "key_in_slip", order=order, actor=actor, at=at):
        return
    arrived_at = order.arrived_at if order.status == OrderStatus.WORKING else arrived_at
    if arrived_at is None:
        raise OrderIncomplete("请填写到达时间")
    told = rules.minute_of(order.case.written_at or order.opened_at)
    steps = [("报修", told), ("到达", rules.minute_of(arrived_at)), ("完工", finished_at), ("签收", written_at)]
    if wrong := rules.wrong_order(steps, now=at):
        raise TimesCrossed(wrong)
    _into_hands(order, technician, actor=actor, at=arrived_at, keyed_at=at)
    slip = {"keyed_at": at, "on_behalf_of": technician.name}
    _walk_to_work(order, slip, actor=actor, at=arrived_at)
    begin_by_slip(order, arrived_at=arrived_at, finished_at=finished_at, actor=actor, keyed_at=at)
    work.finish_work(order, work_done=work_done, actor=actor, at=finished_at, told=slip)
    accept_by_paper(order, paper_slip=paper_slip, signer=signer, written_at=written_at, actor=actor, at=at, said=said)


def _walk_to_work(order: WorkOrder, slip: dict[str, Any], *, actor: User, at: datetime) -> None:
    """Write down the steps before the work that nobody has sent, at the one time known to be not too early."""
    if order.status == OrderStatus.ON_HOLD:
        fact = of(order, events.OrderResumed, **slip)
        perform(order, states.RESUME, actor=actor, at=at, fact=fact)
    wake_case(order.case, actor=actor, at=at)
    if order.status == OrderStatus.ASSIGNED:
        fact = of(order, events.OrderAccepted, **slip)
        perform(order, states.ACCEPT, actor=actor, at=at, fact=fact, accepted_at=at)
    if order.status == OrderStatus.ACCEPTED:
        fact = of(order, events.OrderArrived, **slip)
        entry = perform(order, states.ARRIVE, actor=actor, at=at, fact=fact, arrived_at=at)
        case_moves_on(order, entry=entry, actor=actor, at=at, step="完工")


def _into_hands(order: WorkOrder, technician: User, *, actor: User, at: datetime, keyed_at: datetime) -> None:
    """Let the technician on the slip hold the order; refused when somebody else does."""
    if order.status == OrderStatus.NEW:
        board.dispatch(order, technician=technician, actor=actor, at=at, keyed_at=keyed_at)
    elif order.technician_id != technician.pk:
        holder = order.technician.name if order.technician else "无人"
        raise OrderIncomplete(f"系统里这张单在{holder}手里,纸单上是{technician.name};请先改派再录入")


def _sign_off(
    order: WorkOrder,
    *,
    actor: User,
    at: datetime,
    acceptance: str,
    signer: str,
    said: Opinion,
    keyed_at: datetime | None = None,
    **fields: Any,
) -> None:
    accepted.refuse_crooked(said)
    values = {
        "acceptance": acceptance,
        "precautions": said.precautions_explained,
        "satisfaction": said.satisfaction,
        "opinion": said.opinion.strip(),
        "contact_phone": said.contact_phone.strip(),
    }
    standards.require("repairs.order.accept_by_resident", estate_id=order.estate_id, values=values, at=at)
    close_materials(order, actor=actor, at=at)
    perform(
        order,
        states.SIGN_OFF,
        actor=actor,
        at=at,
        fact=of(
            order,
            events.OrderClosed,
            acceptance=acceptance,
            written_at=fields.get("paper_written_at"),
            keyed_at=keyed_at,
        ),
        closed_at=at,
        acceptance=acceptance,
        signer=signer,
        **fields,
    )
    signed_at = fields.get("paper_written_at") or at
    kept = accepted.lay_down(order, said, mode=acceptance, signer=signer, accepted_at=signed_at, actor=actor)
    billing.open_charge(order, kept, actor=actor, at=at)
    wake_case(order.case, actor=actor, at=at)
    cases.settle_case(order.case, answer=order.work_done, actor=actor, at=at)
    follow.expect_copies(order, actor=actor, at=at)
