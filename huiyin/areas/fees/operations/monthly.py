"""月结单: what was done for a household in a month on one slip, signed once, then paid (S1:30)."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.utils.timezone import localdate

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import events, queries, rules, states
from huiyin.areas.fees.models import Charge, MonthlySlip, Receipt
from huiyin.areas.fees.operations.paying import Payment, take_payment
from huiyin.areas.fees.operations.shared import SlipRefused, number_for
from huiyin.areas.fees.states import SlipStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import figures
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn
from huiyin.standards import operations as standards


@command
def make_slips(estate: Estate, *, month: str, actor: User, at: datetime) -> list[MonthlySlip]:
    """Put what the estate's households owe monthly, up to the end of the month, on one slip each.

    Repeatable: what is on a slip stays there; a household with a slip that waits to be signed gets no second one for
    that month. Refused for a month that has not begun.
    """
    if month > rules.month_of(localdate(at)):
        raise SlipRefused(f"{month} 还没到,不能出月结单")
    take_turn(f"fees.slips {estate.pk}")
    waiting = queries.charges_without_slip(estate.pk, before=rules.first_after(month))
    has_one = set(
        MonthlySlip.objects.filter(estate=estate, month=month, status=SlipStatus.ISSUED).values_list(
            "household_id", flat=True
        )
    )
    made = []
    for household_id, found in groupby(waiting, key=lambda charge: charge.household_id):
        if household_id is not None and household_id not in has_one:
            made.append(_issue(estate, household_id, list(found), month=month, actor=actor, at=at))
    journal.announce(
        events.SettlementMade(subject_id=estate.pk, estate_id=estate.pk, month=month, slips=len(made)),
        actor=actor,
        at=at,
    )
    return made


@command
def sign_slip(
    slip: MonthlySlip, *, signer: str, actor: User, at: datetime, drawing: str = "", paper_slip: str = ""
) -> None:
    """Keep the signature (drawn, or on a numbered paper slip) by which the household confirms the month.

    Refused without a signer, without a signature, or once it is signed.
    """
    if not signer.strip():
        raise SlipRefused("请写明签认人的姓名")
    said = {"signature": bool(drawing or paper_slip.strip())}
    standards.require("fees.service.settle", estate_id=slip.estate_id, values=said, at=at)
    if not said["signature"]:
        raise SlipRefused("请客户签字,或填写签过字的纸单编号")
    signature = None
    if drawing:
        signature = files.store_signature(
            drawing,
            actor=actor,
            at=at,
            estate_id=slip.estate_id,
            subject_type=slip.journal_name,
            subject_id=slip.pk,
        )
    perform(
        slip,
        states.SIGN,
        actor=actor,
        at=at,
        fact=_about(slip, events.SlipSigned),
        signer=signer.strip(),
        signature=signature,
        paper_slip=paper_slip.strip(),
        signed_at=at,
    )


@command
def void_slip(slip: MonthlySlip, *, reason: str, actor: User, at: datetime) -> None:
    """Void a slip nobody signed, with the reason; its charges wait for another. Refused once it is signed."""
    perform(
        slip,
        states.VOID_SLIP,
        actor=actor,
        at=at,
        note=reason,
        fact=_about(slip, events.SlipVoided),
        void_reason=reason.strip(),
    )
    Charge.objects.filter(slip=slip).update(slip=None)


@command
def pay_slip(slip: MonthlySlip, *, payment: Payment, actor: User, at: datetime, key: str = "") -> list[Receipt]:
    """Take what is still owed on a signed slip, with a receipt for every charge on it. Refused when nothing is owed."""
    if earlier_result(key, "fees.slip.pay", actor=actor) is not None:
        return queries.receipts_of_slip(slip)
    slip.refresh_from_db()
    if slip.status != SlipStatus.SIGNED:
        raise SlipRefused("月结单签认以后才能收款")
    owed = [charge for charge in queries.charges_on(slip) if charge.is_open]
    if not owed:
        raise SlipRefused("这张月结单已经收清")
    receipts = [take_payment(charge, payment=payment, actor=actor, at=at) for charge in owed]
    remember(key, "fees.slip.pay", actor=actor, at=at, result=slip.pk)
    return receipts


def _issue(
    estate: Estate, household_id: int, charges: Sequence[Charge], *, month: str, actor: User, at: datetime
) -> MonthlySlip:
    first = charges[0]
    slip = MonthlySlip.objects.create(
        estate=estate,
        household_id=household_id,
        number=number_for(estate, "YJ", at=at),
        month=month,
        payer=first.payer,
        unit=first.unit,
        amount=rules.total_of(charge.owed for charge in charges),
        issued_by=actor,
        issued_at=at,
    )
    Charge.objects.filter(pk__in=[charge.pk for charge in charges], slip=None).update(slip=slip)
    journal.announce(_about(slip, events.SlipIssued), actor=actor, at=at)
    return slip


def _about(slip: MonthlySlip, fact: type[events.SlipFact]) -> events.SlipFact:
    return fact(
        subject_id=slip.pk,
        estate_id=slip.estate_id,
        thread=slip.thread,
        number=slip.number,
        month=slip.month,
        amount=figures(slip.amount),
        unit=slip.unit,
    )
