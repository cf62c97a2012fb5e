"""The visit: let in or not, the checklist, photos before and after, a soiled floor, and what a phone could not send.

After S1-140 to S1-154 and 民法典 1033: nobody enters a home without consent.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from django.core.files.base import File

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.rules import NOBODY
from huiyin.areas.repairs import events, rules
from huiyin.areas.repairs.models import (
    EntryMode,
    LocationKind,
    PhotoStage,
    Spill,
    UnitEntry,
    VisitCheck,
    VisitPhoto,
    VisitStage,
    WorkOrder,
)
from huiyin.areas.repairs.operations import board
from huiyin.areas.repairs.operations.shared import OrderIncomplete, case_moves_on, in_time, mine, of, sent_before
from huiyin.areas.repairs.rules import Entering, Leaving, Told
from huiyin.areas.repairs.states import OrderStatus
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards

# Who is sent to a soiled floor: the first of these the estate has.
CLEANERS = ("cleaning_supervisor", "butler", "front_desk", "maintenance_lead")


def enter(order: WorkOrder, said: Entering, *, actor: User, at: datetime, keyed_at: datetime | None) -> None:
    """Keep who let the technician in and what of the checklist was done at the door.

    Refused without consent, which no standard waives, or without what the standard asks for at the door.
    """
    consent_by, why = said.consent_by.strip(), said.exception.strip()
    if not consent_by or said.consent_mode not in EntryMode.values:
        raise OrderIncomplete("进门要先征得同意:请写谁同意的、怎么同意的;没同意就不进门,点「没让进门」")
    standards.require(
        "repairs.visit.enter",
        estate_id=order.estate_id,
        values={
            "location_kind": order.location_kind,
            "consent_by": consent_by,
            "consent_mode": said.consent_mode,
            "exception": why,
            **{item.code: item.code in said.done for item in rules.items_of(VisitStage.ENTER)},
        },
        at=at,
    )
    UnitEntry.objects.create(
        order=order, let_in=True, consent_by=consent_by, consent_mode=said.consent_mode, actor=actor, at=at
    )
    _tick(order, VisitStage.ENTER, said.done, why, actor=actor, at=at)
    fact = of(order, events.OrderLetIn, consent_mode=said.consent_mode, keyed_at=keyed_at)
    journal.announce(fact, actor=actor, at=at, note=why)


@command
def turn_away(
    order: WorkOrder,
    *,
    why: str,
    actor: User,
    at: datetime,
    slot: tuple[datetime, datetime] | None = None,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Record that nobody let the technician in, so he did not enter; the visit is agreed anew, or owed to be.

    Refused without the reason, for somebody else's order, or when he is not on his way to it.
    """
    if sent_before(key, "not_let_in", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "没让进门", at=at, keyed_at=keyed_at)
    if not why.strip():
        raise OrderIncomplete("请写明为什么没进门")
    coming = WorkOrder.objects.filter(pk=order.pk, status=OrderStatus.ACCEPTED)
    if not coming.update(appointment_from=None, appointment_to=None):
        raise OrderIncomplete(f"现在是「{order.get_status_display()}」,不能再记没让进门;您填写的内容还在")
    order.appointment_from = order.appointment_to = None
    UnitEntry.objects.create(order=order, let_in=False, why=why.strip(), actor=actor, at=at)
    entry = journal.announce(of(order, events.OrderNotLetIn, keyed_at=keyed_at), actor=actor, at=at, note=why.strip())
    if slot:
        board.appoint(order, start=slot[0], end=slot[1], actor=actor, at=at)
    case_moves_on(order, entry=entry, actor=actor, at=at, step="上门维修" if slot else "重新约上门时间")


def leave(order: WorkOrder, said: Leaving, *, photos: int, actor: User, at: datetime, reached_at: datetime) -> None:
    """Keep what of the checklist was done before leaving, and send cleaning to a soiled floor.

    Refused without what the standard asks for before leaving a unit.
    """
    why, soiled = said.exception.strip(), said.soiled.strip()
    standards.require(
        "repairs.visit.leave",
        estate_id=order.estate_id,
        values={
            "location_kind": order.location_kind,
            "soiled": soiled,
            "exception": why,
            "photos_before": VisitPhoto.objects.filter(order=order, stage=PhotoStage.BEFORE).exists(),
            "photos_after": photos > 0,
            **{item.code: item.code in said.done for item in rules.items_of(VisitStage.LEAVE)},
        },
        at=at,
    )
    if order.location_kind == LocationKind.IN_UNIT:
        _tick(order, VisitStage.LEAVE, said.done, why, actor=actor, at=at)
    if soiled:
        send_cleaning(order, where=soiled, actor=actor, at=reached_at)


def _tick(order: WorkOrder, stage: VisitStage, done: Collection[str], why: str, *, actor: User, at: datetime) -> None:
    VisitCheck.objects.bulk_create(
        VisitCheck(
            order=order,
            stage=stage,
            code=item.code,
            done=item.code in done,
            why="" if item.code in done else why,
            actor=actor,
            at=at,
        )
        for item in rules.items_of(stage)
    )


@command
def send_cleaning(order: WorkOrder, *, where: str, actor: User, at: datetime) -> Case:
    """Open a matter for cleaning, raised by the repair: somebody owes it within the standard's time."""
    code = staffing.first_existing(order.estate_id, CLEANERS)
    case = cases.register_case(
        order.case.estate,
        kind="special_service",
        text=f"维修弄脏了,请马上清理:{where}(维修单 {order.number})",
        caller=NOBODY,
        unit=order.case.unit,
        place=order.case.place,
        category=Category.objects.filter(kind="special_service", code="cleaning").first(),
        urgency="urgent",
        channel="heard",
        responsible=staffing.responsible_now(order.estate_id, code, at=at),
        raised_by=order.case,
        actor=actor,
        at=at,
    )
    told = {name: value for name, value in cases.frame(case).items() if name not in ("kind", "anonymous")}
    journal.announce(events.FloorSoiled(**told, order_id=order.pk), actor=actor, at=at, note=where)
    cases.refresh_next_step(case)
    Spill.objects.create(order=order, case=case, at=at)
    return case


@command
def add_photos(
    order: WorkOrder,
    *,
    stage: str,
    photos: Sequence["File[bytes]"],
    actor: User,
    at: datetime,
    keyed_at: datetime | None = None,
    key: str = "",
) -> None:
    """Keep pictures of the work, taken before or after it. Refused without one, or for somebody else's order."""
    if sent_before(key, "photos", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    if not photos:
        raise OrderIncomplete("请先拍照或选照片")
    keep_photos(order, stage=stage, photos=photos, actor=actor, at=keyed_at or at)
    journal.record(
        "repairs.order.photographed",
        subject=(order.journal_name, order.pk),
        estate_id=order.estate_id,
        actor=actor,
        at=at,
        thread=order.thread,
        values={"stage": PhotoStage(stage).label, "count": len(photos), "keyed_at": keyed_at},
    )


def keep_photos(order: WorkOrder, *, stage: str, photos: Sequence["File[bytes]"], actor: User, at: datetime) -> None:
    for photo in photos:
        stored = files.store_upload(
            photo,
            actor=actor,
            at=at,
            estate_id=order.estate_id,
            subject_type=order.journal_name,
            subject_id=order.pk,
        )
        VisitPhoto.objects.create(file=stored, order=order, stage=stage)


@command
def by_phone(
    order: WorkOrder,
    act: Callable[[], None],
    *,
    step: str,
    told: Told | None,
    actor: User,
    at: datetime,
    key: str = "",
) -> None:
    """Carry out a step a phone has sent; where its clock was wrong, write down what it said beside what was taken."""
    act()
    if (
        told is None
        or not told.differs
        or sent_before(key and f"{key}/clock", "clock", order=order, actor=actor, at=at)
    ):
        return
    journal.record(
        "repairs.order.clock_differed",
        subject=(order.journal_name, order.pk),
        estate_id=order.estate_id,
        actor=actor,
        at=at,
        thread=order.thread,
        values={
            "step": step,
            "phone_at": told.happened_at,
            "ahead_seconds": round(told.ahead.total_seconds()),
            "taken_as": told.true_time,
        },
    )


@command
def keep_unsent(
    order: WorkOrder,
    *,
    text: str,
    photos: Sequence["File[bytes]"] = (),
    actor: User,
    at: datetime,
    key: str = "",
) -> None:
    """Write into the matter what a phone could not send as steps: in words, with its pictures and signatures.

    Also by who no longer holds the order: that he once did is for the caller to have asked. Refused without words.
    """
    if sent_before(key, "unsent", order=order, actor=actor, at=at):
        return
    cases.comment(order.case, text=text, actor=actor, at=at)
    for photo in photos:
        files.store_upload(
            photo,
            actor=actor,
            at=at,
            estate_id=order.estate_id,
            subject_type=order.journal_name,
            subject_id=order.pk,
        )
