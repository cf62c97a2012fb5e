"""What is charged: opened, given to somebody to collect, put on the month's slip or taken off it, withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import events, rules, states
from huiyin.areas.fees.models import Charge, ChargeItem, Settlement
from huiyin.areas.fees.operations.shared import (
    ChargeOpen,
    NothingToCharge,
    about,
    in_turn,
    number_for,
    open_charge_of,
)
from huiyin.areas.fees.rules import ChargeLine
from huiyin.areas.fees.states import WaiverStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn
from huiyin.standards import operations as standards
from huiyin.standards.operations import Owner


class ChargeUnderWay(Refused):
    """Money was paid, asked for by a code, or put on a slip, so the charge stays."""


@command
def open_charge(
    *,
    estate_id: int,
    subject_type: str,
    subject_id: int,
    thread: str,
    household_id: int | None,
    payer: str,
    unit: str,
    title: str,
    lines: Sequence[ChargeLine],
    actor: User,
    at: datetime,
    settlement: str = Settlement.AT_ONCE,
    collector: User | None = None,
) -> Charge:
    """Charge somebody for a thing done, line by line, each rounded to the fen. `collector` may take the money besides
    those who may anyway; `settlement` monthly lets it wait for the slip of the month.

    Refused without an amount, while something is being charged for the same subject, or monthly without a household.
    """
    if wrong := rules.wrong_lines(lines):
        raise NothingToCharge(wrong)
    _monthly_needs_household(settlement, household_id)
    take_turn(f"fees.subject {subject_type} {subject_id}")
    if other := open_charge_of(subject_type, subject_id):
        raise ChargeOpen(f"已有收费单 {other.number} 还没了结,不需要再开")
    total = rules.total_of(line.amount for line in lines)
    estate = Estate.objects.get(pk=estate_id)
    charge = Charge.objects.create(
        estate=estate,
        number=number_for(estate, "SF", at=at),
        subject_type=subject_type,
        subject_id=subject_id,
        thread=thread,
        household_id=household_id,
        payer=payer.strip(),
        unit=unit,
        title=title,
        amount=total,
        owed=total,
        settlement=settlement,
        collector=collector,
        opened_by=actor,
        opened_at=at,
    )
    ChargeItem.objects.bulk_create(
        ChargeItem(
            charge=charge,
            title=line.title.strip(),
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=line.amount,
        )
        for line in lines
    )
    journal.announce(about(charge, events.ChargeOpened), actor=actor, at=at)
    return charge


@command
def drop_charge(charge: Charge, *, reason: str, actor: User, at: datetime) -> None:
    """Withdraw a charge that should not have been. Refused without a reason, once money was paid or waived, or on a slip."""
    in_turn(charge)
    if charge.paid or charge.waived:
        raise ChargeUnderWay("已经收过钱或减免过,不能撤销;请走退款或减免")
    if charge.intents.filter(status=states.IntentStatus.PENDING).exists():
        raise ChargeUnderWay("收款码还在等付款,请先取消收款码再撤销")
    if charge.waivers.filter(status=WaiverStatus.ASKED).exists():
        raise ChargeUnderWay("有一份减免申请还没批,请先撤回再撤销")
    if charge.slip_id:
        raise ChargeUnderWay("已经列入月结单,请先作废月结单再撤销")
    fact = about(charge, events.ChargeWithdrawn)
    perform(charge, states.WITHDRAW, actor=actor, at=at, note=reason, fact=fact, closed_at=at)


@command
def give_charge(charge: Charge, *, collector: User | None, actor: User, at: datetime) -> None:
    """Let somebody else collect the money, when the work went to another. Refused once the charge is over."""
    in_turn(charge)
    _still_open(charge)
    charge.collector = collector
    charge.save(update_fields=["collector"])
    values = {"number": charge.number, "collector": collector.name if collector else "服务中心"}
    _record(charge, "given", actor=actor, at=at, values=values)
    standards.hand_over(
        charge.thread,
        owner=Owner(collector.pk if collector else None),
        subject=(charge.journal_name, charge.pk),
    )


@command
def settle_by(charge: Charge, *, settlement: str, actor: User, at: datetime) -> None:
    """Let the charge be paid at once, or wait for the slip of the month. Refused once it is over or on a slip."""
    in_turn(charge)
    _still_open(charge)
    if charge.slip_id:
        raise ChargeUnderWay("已经列入月结单,请先作废月结单再改")
    _monthly_needs_household(settlement, charge.household_id)
    charge.settlement = settlement
    charge.save(update_fields=["settlement"])
    _record(charge, "settlement_chosen", actor=actor, at=at, values={"number": charge.number, "settlement": settlement})


def _monthly_needs_household(settlement: str, household_id: int | None) -> None:
    if settlement == Settlement.MONTHLY and household_id is None:
        raise NothingToCharge("没有住户档案的不能月结,请当场结")


def _still_open(charge: Charge) -> None:
    if not charge.is_open:
        raise ChargeUnderWay(f"收费单现在是「{charge.get_status_display()}」,不能再改")


def _record(charge: Charge, what: str, *, actor: User, at: datetime, values: dict[str, str]) -> None:
    journal.record(
        f"{charge.journal_name}.{what}",
        subject=(charge.journal_name, charge.pk),
        estate_id=charge.estate_id,
        actor=actor,
        at=at,
        thread=charge.thread,
        values=values,
    )
