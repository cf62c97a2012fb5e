"""What the operations on money share: refusals, what every fact carries, and the one place where a charge is recounted."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import events, rules, states
from huiyin.areas.fees.models import Charge, Receipt
from huiyin.areas.fees.states import ChargeStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.money import figures
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import take_turn


class NothingToCharge(Refused):
    """A charge without an amount, or with lines that say nothing."""


class ChargeOpen(Refused):
    """Something is already being charged for the same subject."""


class PaymentRefused(Refused):
    """Money that cannot be taken like this."""


class ReceiptStands(Refused):
    """A receipt that may not be voided or refunded like this."""


class WaiverRefused(Refused):
    """A waiver or refund that cannot be asked for or decided like this."""


class HandoverRefused(Refused):
    """Cash that cannot be handed over or received like this."""


class SlipRefused(Refused):
    """A monthly slip that cannot be made, signed or paid like this."""


def in_turn(charge: Charge) -> None:
    """Be the only one about this charge until the transaction ends, and look at it as it is now."""
    take_turn(f"fees.charge {charge.pk}")
    charge.refresh_from_db()


def about(charge: Charge, fact: Any, **values: Any) -> Any:
    """Return a fact about the charge with what all of them carry."""
    return fact(
        subject_id=charge.pk,
        estate_id=charge.estate_id,
        thread=charge.thread,
        responsible_id=charge.collector_id,
        number=charge.number,
        amount=figures(charge.amount),
        owed=figures(charge.owed),
        settlement=charge.settlement,
        household_id=charge.household_id,
        unit=charge.unit,
        charged_type=charge.subject_type,
        charged_id=charge.subject_id,
        **values,
    )


def about_receipt(receipt: Receipt, fact: Any, **values: Any) -> Any:
    """Return a fact about the receipt; what is owed on it is owed by whoever took the money."""
    return fact(
        subject_id=receipt.pk,
        estate_id=receipt.estate_id,
        thread=receipt.charge.thread,
        responsible_id=receipt.cashier_id,
        number=receipt.number,
        charge=receipt.charge.number,
        amount=figures(receipt.amount),
        paid_by=receipt.mode,
        in_till=receipt.in_till,
        **values,
    )


def recount(
    charge: Charge,
    *,
    actor: User,
    at: datetime,
    paid: Decimal = rules.NOTHING,
    waived: Decimal = rules.NOTHING,
    note: str = "",
) -> None:
    """Add to what was paid and waived (or take from it), and let the charge follow: settled, waived, or open again.

    Called in turn (`in_turn`). Refused when it would be open again while something else is charged for its subject.
    """
    sums: dict[str, Any] = {"paid": charge.paid + paid, "waived": charge.waived + waived}
    sums["owed"] = rules.owed(charge.amount, **sums)
    if sums["owed"]:
        _owe(charge, sums, actor=actor, at=at, note=note)
    elif sums["paid"] and charge.status == ChargeStatus.SETTLED:
        _write(charge, sums)
    else:
        move, fact = (states.SETTLE, events.ChargeSettled) if sums["paid"] else (states.WAIVE, events.ChargeWaived)
        charge.owed = sums["owed"]
        perform(charge, move, actor=actor, at=at, note=note, fact=about(charge, fact), closed_at=at, **sums)


def _owe(charge: Charge, sums: dict[str, Any], *, actor: User, at: datetime, note: str) -> None:
    if charge.status == ChargeStatus.OPEN:
        _write(charge, sums)
        return
    other = open_charge_of(charge.subject_type, charge.subject_id)
    if other:
        raise ChargeOpen(f"同一件事还有待收的收费单 {other.number},请先了结那一张")
    charge.owed = sums["owed"]
    fact = about(charge, events.ChargeReopened)
    perform(charge, states.REOPEN, actor=actor, at=at, note=note, fact=fact, closed_at=None, **sums)


def _write(charge: Charge, sums: dict[str, Any]) -> None:
    for name, value in sums.items():
        setattr(charge, name, value)
    charge.save(update_fields=list(sums))


def open_charge_of(subject_type: str, subject_id: int) -> Charge | None:
    """Return what is being charged for the subject at present."""
    return Charge.objects.filter(subject_type=subject_type, subject_id=subject_id, status=ChargeStatus.OPEN).first()


def number_for(estate: Estate, letters: str, *, at: datetime) -> str:
    """Return the next number of that kind in the estate on that day: YH-SF261125-001."""
    day = localdate(at)
    return f"{estate.code}-{letters}{day:%y%m%d}-{next_number(estate.pk, f'fees.{letters}', day):03d}"
