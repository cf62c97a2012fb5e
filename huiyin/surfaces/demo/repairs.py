"""Work orders from the report to the resident's signature: by phone, on paper, late, held, done again."""

from datetime import datetime, timedelta

from huiyin.areas.cases.models import Case
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.rules import HOLD_REASONS
from huiyin.foundation.accounts.models import User
from huiyin.surfaces.demo import at_home, charges, dispatching, materials, pen, texts
from huiyin.surfaces.demo.clock import Life

_RELATED = ("case__estate", "case__responsible_post", "case__responsible", "case__category", "technician")


def begin(life: Life, at: datetime, case: Case, said: texts.Said) -> None:
    order = WorkOrder.objects.filter(case=case).latest("id")
    if order.urgency != "normal":
        life.after(at, (1, 4.8) if life.chance(0.9) else (6, 14), dispatch, order.pk, said)
    else:
        life.at_work(at, (4, 28) if life.chance(0.93) else (40, 150), dispatch, order.pk, said)


def dispatch(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    order = order_by(order_id)
    if order.status != "new" or not order.case.is_open:
        return
    technician, note = dispatching.best(order, at=at)
    repairs.dispatch(order, technician=technician, actor=life.place.staff["banzhang"], at=at, note=note)
    if technician.username == "weixiu3" and order.urgency == "normal" and life.chance(0.15):
        life.at(life.on_day(at, 0 if at.hour < 14 else 1, 17, 0.8), key_in, order_id, said)
    else:
        life.after(at, (1, 13) if life.chance(0.93) else (18, 60), accept, order_id, said)


def accept(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    order = order_by(order_id)
    if order.status != "assigned" or order.technician is None:
        return
    if life.chance(0.03):
        reason = texts.one_of("returns", life.rng)
        repairs.return_order(order, reason=reason, actor=order.technician, at=at)
        life.at_work(at, (5, 25), dispatch, order_id, said)
        return
    repairs.accept(order, actor=order.technician, at=at)
    if order.urgency != "normal":
        life.after(at, (4, 17) if life.chance(0.9) else (28, 60), arrive, order_id, said)
    elif order.location_kind == "in_unit":
        life.at_work(at, (3, 60), appoint, order_id, said)
    else:
        life.at_work(at, (30, 60 * 9), arrive, order_id, said)


def appoint(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    """Agree on a span of two hours, today or in the next days."""
    order = order_by(order_id)
    start = life.on_day(at, life.rng.choices((0, 1, 2), (5, 3, 1))[0], life.rng.choice((9, 10.5, 14, 16, 19)))
    if start < at + timedelta(minutes=20):
        start = life.on_day(at, 1, life.rng.choice((9, 14)))
    end = start + timedelta(hours=2)
    dispatching.agree(order, start, end, actor=life.place.staff["banzhang"], at=at)
    life.at(start + life.minutes(*((-10, 100) if life.chance(0.93) else (125, 240))), arrive, order_id, said)


def arrive(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    order = order_by(order_id)
    if order.status != "accepted" or order.technician is None:
        return
    if order.case.status == "on_hold":
        return
    repairs.arrive(order, entry=at_home.entering(order), actor=order.technician, at=at)
    materials.fetch(life, at, order_id)
    if before := at_home.pictures(order, "before"):
        repairs.add_photos(order, stage="before", photos=before, actor=order.technician, at=at)
    if "hold" in said.spec and life.chance(0.3):
        life.after(at, (10, 30), hold, order_id, said)
    else:
        life.after(at, (15, 80) if not order.large else (120, 300), finish, order_id, said)


def hold(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    order = order_by(order_id)
    wakes_at = life.on_day(at, life.rng.randint(1, 3), 9)
    reason = said.spec["hold"]
    why = next((code for code, title in HOLD_REASONS.items() if reason.startswith(title)), "other")
    repairs.hold(order, why=why, reason=reason, wakes_at=wakes_at, actor=doer_of(order), at=at)
    life.at(wakes_at + life.minutes(*((-40, 0) if life.chance(0.85) else (30, 500))), resume, order_id, said)


def resume(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    order = order_by(order_id)
    if order.status != "on_hold":
        return
    repairs.resume(order, actor=doer_of(order), at=at)
    life.after(at, (20, 120), arrive, order_id, said)


def finish(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    order = order_by(order_id)
    if order.status != "working":
        return
    charges.before_the_work(life, at, order)
    repairs.finish(
        order,
        work_done=said.outcome("done"),
        photos=at_home.pictures(order, "after"),
        leaving=at_home.leaving(life, order),
        actor=doer_of(order),
        at=at,
    )
    at_home.send_cleaner(life, order, at)
    if life.chance(0.05):
        life.after(at, (3, 10), not_accepted, order_id, said)
    elif life.chance(0.82):
        life.after(at, (2, 14), sign, order_id)
    else:
        life.at(max(at + timedelta(minutes=20), life.on_day(at, 0, 17, 0.9)), key_in_acceptance, order_id)
    if life.chance(0.025):
        life.at(life.office(at + timedelta(days=life.rng.uniform(1, 8))), comes_back, order_id, said)


def not_accepted(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    order = order_by(order_id)
    repairs.rework(order, reason=texts.one_of("reworks", life.rng), actor=doer_of(order), at=at)
    life.after(at, (15, 50), finish, order_id, said)


def sign(life: Life, at: datetime, order_id: int) -> None:
    """The resident signs with a finger on the technician's phone."""
    order = order_by(order_id)
    repairs.sign(
        order,
        drawing=pen.signature(life.rng),
        signer=_signer(order),
        said=charges.said_at_the_end(life, order),
        actor=doer_of(order),
        at=at,
    )
    charges.pay(life, at, order)


def key_in_acceptance(life: Life, at: datetime, order_id: int) -> None:
    """The desk keys in the signed slip in the evening."""
    order = order_by(order_id)
    if order.status != "finished" or order.finished_at is None:
        return
    repairs.accept_by_paper(
        order,
        paper_slip=f"ZD{order.pk:05d}",
        signer=_signer(order),
        written_at=order.finished_at + timedelta(minutes=10),
        actor=_clerk(life, at),
        at=at,
    )


def key_in(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    """The whole job was done with paper and pencil; the desk keys it in with its true times."""
    order = order_by(order_id)
    if order.status != "assigned" or order.technician is None or order.dispatched_at is None:
        return
    arrived_at = order.dispatched_at + life.minutes(12, 50)
    repairs.key_in_slip(
        order,
        technician=order.technician,
        arrived_at=arrived_at,
        finished_at=arrived_at + timedelta(minutes=35),
        work_done=said.outcome("done"),
        paper_slip=f"ZD{order.pk:05d}",
        signer=_signer(order),
        written_at=arrived_at + timedelta(minutes=40),
        actor=_clerk(life, at),
        at=at,
    )


def comes_back(life: Life, at: datetime, order_id: int, said: texts.Said) -> None:
    """It is broken again: the closed matter is opened again with a second order."""
    order = order_by(order_id)
    if order.case.status != "closed":
        return
    again = repairs.reopen(order.case, reason=texts.one_of("reopens", life.rng), actor=_clerk(life, at), at=at)
    life.at_work(at, (5, 25), dispatch, again.pk, said)


def order_by(order_id: int) -> WorkOrder:
    return WorkOrder.objects.select_related(*_RELATED).get(pk=order_id)


def doer_of(order: WorkOrder) -> User:
    assert order.technician is not None
    return order.technician


def _signer(order: WorkOrder) -> str:
    return order.case.caller_name or "楼栋长"


def _clerk(life: Life, at: datetime) -> User:
    return life.place.staff["qiantai" if 8 <= at.hour < 17 else "zhiban"]
