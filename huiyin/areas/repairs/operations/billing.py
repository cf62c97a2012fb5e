"""The charge of a paid repair: opened when its order is closed, withdrawn while unpaid when the repair is done anew."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from huiyin.areas.fees import operations as fees
from huiyin.areas.fees import queries as charges
from huiyin.areas.fees.rules import ChargeLine
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import Accepted, WorkOrder
from huiyin.areas.repairs.rules.quotes import Line
from huiyin.foundation.accounts.models import User
from huiyin.foundation.money import figures


def open_charge(order: WorkOrder, accepted: Accepted, *, actor: User, at: datetime) -> None:
    """Charge the household what was consented to; the technician may take the money. Nothing for a free repair."""
    if accepted.quote is None:
        return
    fees.open_charge(
        estate_id=order.estate_id,
        subject_type=order.journal_name,
        subject_id=order.pk,
        thread=order.thread,
        household_id=order.case.household_id,
        payer=order.case.caller_name or accepted.signer,
        unit=order.case.caller_unit,
        title=f"有偿维修 {order.number}",
        lines=list(_lines(queries.lines_of(accepted.quote))),
        actor=actor,
        at=at,
        collector=order.technician,
    )


def _lines(agreed: list[Line]) -> Iterator[ChargeLine]:
    """Yield the lines as they are charged; what something was taken off stands as one sum, so that the total is kept."""
    for line in agreed:
        if not line.discount:
            yield ChargeLine(line.title, line.quantity, line.unit, line.unit_price)
        elif line.amount:
            title = f"{line.title}({line.quantity.normalize():f} {line.unit},已优惠 {figures(line.discount)} 元)"
            yield ChargeLine(title, Decimal(1), "项", line.amount)


def withdraw_charge(order: WorkOrder, *, reason: str, actor: User, at: datetime) -> None:
    """Withdraw what is charged for the order while nobody has begun to pay it; else it stays, to be settled as money is."""
    for charge in charges.charges_of(order.journal_name, order.pk):
        begun = charge.paid or charge.waived or charge.slip_id
        if charge.is_open and not (begun or charges.waiting_intent(charge) or charges.asked_waiver(charge)):
            fees.drop_charge(charge, reason=reason, actor=actor, at=at)
