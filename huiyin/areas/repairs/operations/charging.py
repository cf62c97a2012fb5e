"""Prices taken in, buildings handed over, and the terms of an order: what was found, whether it is charged."""

from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.utils.timezone import localdate

from huiyin.areas.estate.models import Building, Estate, Unit
from huiyin.areas.repairs import events, queries
from huiyin.areas.repairs.models import Accepted, LocationKind, TariffItem, TariffSheet, Terms, Warranty, WorkOrder
from huiyin.areas.repairs.operations.shared import OrderIncomplete, of, sent_before
from huiyin.areas.repairs.rules.tariff import Comparison
from huiyin.areas.repairs.rules.warranties import (
    BEARERS,
    COMMON,
    FREE,
    FREE_AT_ONCE,
    PAID,
    builder_until,
    charge_refused,
    own_until,
    part_of_fault,
    table,
)
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.idempotency import operations as idempotency
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command, take_turn
from huiyin.standards import operations as standards

OVERRIDE = "repairs.override"
ENDED = (OrderStatus.FINISHED, OrderStatus.CLOSED, OrderStatus.VOIDED)


class PricesWrong(Refused):
    """Something in the sheet has to be put right first; nothing was taken in."""


class ChargeRefused(Refused):
    """The charge cannot be decided so."""


def money_turn(order: WorkOrder) -> None:
    """Let one at a time decide, quote, consent, start or finish: each looks at what the others have added."""
    take_turn(f"money of order {order.pk}")


@command
def hand_in_prices(estate: Estate, upload: "File[bytes]", *, actor: User, at: datetime, key: str = "") -> TariffSheet:
    """Keep a sheet of prices that was handed in; nothing is taken in yet. Refused unless it is an Excel or CSV file."""
    earlier = idempotency.earlier_result(key, "repairs.hand_in_prices", actor=actor)
    if earlier is not None:
        return TariffSheet.objects.get(pk=earlier)
    sheet = TariffSheet.objects.create(estate=estate, made_by=actor, made_at=at)
    about: dict[str, Any] = {"subject_type": sheet.journal_name, "subject_id": sheet.pk, "allowed": SHEETS}
    sheet.file = files.store_upload(upload, actor=actor, at=at, estate_id=estate.pk, **about)
    sheet.save(update_fields=["file"])
    idempotency.remember(key, "repairs.hand_in_prices", actor=actor, at=at, result=sheet.pk)
    return sheet


@command
def take_in_prices(sheet: TariffSheet, *, actor: User, at: datetime) -> Comparison:
    """Take the sheet in, all of it or nothing, and return what was done; the same prices twice add nothing.

    It is compared anew: what was looked at before may have changed. Refused when anything is wrong with a row.
    """
    take_turn(f"tariff of estate {sheet.estate_id}")
    _, found = queries.compared(sheet.estate_id, queries.sheet_tables(sheet))
    if found.problems:
        says = found.problems[0].sentence
        raise PricesWrong(f"{says}。共 {len(found.problems)} 处要改,什么都没有导入")
    TariffItem.objects.bulk_create(
        TariffItem(
            estate_id=sheet.estate_id,
            code=line.code,
            title=line.title,
            category=line.category,
            unit=line.unit,
            price=line.price,
            valid_from=line.valid_from,
            valid_to=line.valid_to,
            published_date=line.published_date,
            added_at=at,
            added_by=actor,
        )
        for line in found.added
    )
    if TariffSheet.objects.filter(pk=sheet.pk, taken_at=None).update(
        taken_by=actor, taken_at=at, added=len(found.added)
    ):
        journal.record(
            events.TARIFF_TAKEN_IN,
            subject=(sheet.journal_name, sheet.pk),
            estate_id=sheet.estate_id,
            actor=actor,
            at=at,
            thread=f"estate:{sheet.estate_id}",
            values={"added": len(found.added), "unchanged": found.unchanged},
        )
    return found


@command
def record_handover(
    estate: Estate,
    *,
    handed_over: date,
    actor: User,
    at: datetime,
    building: Building | None = None,
    unit: Unit | None = None,
) -> list[Warranty]:
    """Record when a building, or one unit, was handed over: from then on its builder answers, part by part.

    What was recorded before stays and no longer counts. Refused for a day to come, or without a place.
    """
    if (building is None) == (unit is None):
        raise OrderIncomplete("请写明是哪一栋,或哪一户")
    if handed_over > localdate(at):
        raise OrderIncomplete("交付日期不能在今天以后")
    made = [
        Warranty.objects.create(
            estate=estate,
            building=building,
            unit=unit,
            kind="builder",
            part=part.code,
            from_date=handed_over,
            to_date=until,
            recorded_at=at,
            recorded_by=actor,
        )
        for part in table().parts.values()
        if (until := builder_until(part, handed_over))
    ]
    place = ("estate.building", building.pk) if building else ("estate.unit", unit.pk if unit else 0)
    journal.record(
        events.HANDED_OVER,
        subject=place,
        estate_id=estate.pk,
        actor=actor,
        at=at,
        thread=f"{place[0].partition('.')[2]}:{place[1]}",
        values={"handed_over": handed_over, "parts": len(made)},
    )
    return made


@command
def check_terms(
    order: WorkOrder,
    *,
    location_kind: str,
    part: str,
    actor: User,
    at: datetime,
    basis: str = "",
    supplied: str = "",
    survey: bool = False,
    key: str = "",
) -> Terms:
    """Look up the warranty of the order's place and part, and lay down what was found.

    Under our own or the builder's warranty, and in common parts, the repair is free at once. `basis` says how somebody
    has seen that the builder's warranty is over where no handover is known. Refused when the work is done, or chargeable
    work has begun.
    """
    if sent_before(key, "check_terms", order=order, actor=actor, at=at):
        return _present(order)
    money_turn(order)
    _still_open(order)
    if queries.started_under(order, queries.latest_terms(order)):
        raise ChargeRefused("客户已经同意报价并开工,不能再改部位和保修;不收费可以改定无偿")
    if location_kind not in LocationKind.values or part not in table().parts:
        raise ChargeRefused("请选明是户内还是公共部位、是哪个部件")
    common = location_kind == LocationKind.COMMON_PART
    found, warranty = queries.judged(order, common=common, part=part, at=at, seen_over=bool(basis.strip()))
    return _lay_down(
        order,
        actor=actor,
        at=at,
        location_kind=location_kind,
        part=part,
        outcome=found.outcome,
        warranty=warranty,
        basis=basis.strip(),
        charge=FREE if found.outcome in FREE_AT_ONCE else "",
        reason=_why_free(found.outcome, warranty),
        supplied=supplied.strip(),
        survey=survey,
    )


@command
def decide_charge(
    order: WorkOrder,
    *,
    charge: str,
    actor: User,
    at: datetime,
    reason: str = "",
    over: bool = False,
    key: str = "",
) -> Terms:
    """Decide that the repair is free or paid, on what the last check found.

    Refused before place and warranty were looked up; "paid" also while the warranty is unknown, before a survey that was
    asked for, in common parts, and within a warranty, but for whoever holds the right for it and gives the reason (`over`).
    """
    if sent_before(key, "decide_charge", order=order, actor=actor, at=at):
        return _present(order)
    money_turn(order)
    last = queries.latest_terms(order)
    if over and not access_of(actor).may(OVERRIDE, order.estate_id):
        raise ChargeRefused("保修期内要收费,须由主管以上的人决定")
    if over and not reason.strip():
        raise ChargeRefused("保修期内要收费,请写明原因")
    if wrong := charge_refused(
        charge,
        outcome=last.outcome if last else "",
        over=over,
        unseen=bool(last and last.survey and order.arrived_at is None),
        ended=order.status in ENDED,
    ):
        raise ChargeRefused(wrong)
    assert last is not None
    standards.require(
        "fees.service.decide", estate_id=order.estate_id, values={"charge": charge, "warranty_checked": True}, at=at
    )
    if last.charge == charge and last.over == over:
        return last
    return _lay_down(
        order,
        actor=actor,
        at=at,
        location_kind=last.location_kind,
        part=last.part,
        outcome=last.outcome,
        warranty=last.warranty,
        basis=last.basis,
        charge=charge,
        over=over and charge == PAID and last.outcome in FREE_AT_ONCE,
        reason=reason.strip(),
        supplied=last.supplied,
        survey=last.survey,
    )


def open_own_warranty(order: WorkOrder, accepted: Accepted, *, actor: User) -> Warranty | None:
    """Answer for our own repair from the day it was accepted. Nothing for a place that is no unit, or a fault unnamed."""
    case = order.case
    terms = queries.latest_terms(order)
    fault = case.category.code if case.category else ""
    part = terms.part if terms else part_of_fault(fault)
    if case.unit_id is None or not (fault or part):
        return None
    done = localdate(accepted.accepted_at)
    return Warranty.objects.create(
        estate_id=order.estate_id,
        unit_id=case.unit_id,
        kind="own",
        part=part,
        fault=fault,
        from_date=done,
        to_date=own_until(done, fault=fault, part=part),
        order=order,
        recorded_at=accepted.accepted_at,
        recorded_by=actor,
    )


def _lay_down(order: WorkOrder, *, actor: User, at: datetime, **said: Any) -> Terms:
    terms = Terms.objects.create(order=order, decided_at=at, decided_by=actor, **said)
    journal.announce(
        of(
            order,
            events.OrderTermsSet,
            outcome=terms.outcome,
            part=terms.part,
            charge_decided=terms.charge,
            over=terms.over,
            survey=terms.survey,
        ),
        actor=actor,
        at=at,
        note=terms.reason,
    )
    return terms


def _why_free(outcome: str, warranty: Warranty | None) -> str:
    if warranty is None:
        return BEARERS[COMMON] + "承担" if outcome == COMMON else ""
    source = f"维修单 {warranty.repair}" if warranty.repair else "交付"
    return f"{BEARERS[outcome]}保修({source}),到 {warranty.to_date} 为止"


def _still_open(order: WorkOrder) -> None:
    if order.status in ENDED:
        raise ChargeRefused("已经完工或作废,收不收费不能再改")


def _present(order: WorkOrder) -> Terms:
    """Return the terms laid down by the first of two sendings."""
    found = queries.latest_terms(order)
    if found is None:
        raise ChargeRefused("先查清部位和保修,再定收不收费")
    return found
