"""The ledger of equipment: what is entered, changed, put aside, overhauled."""

from datetime import date, datetime
from decimal import Decimal

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.upkeep import events, states
from huiyin.areas.upkeep.models import Equipment, EquipmentKind, Overhaul, OverhaulKind, Plan
from huiyin.areas.upkeep.operations.plans import end_plan
from huiyin.areas.upkeep.operations.shared import UpkeepRefused, local_date
from huiyin.areas.upkeep.states import EquipmentStatus, PlanStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command, take_turn


@command
def enter_equipment(
    estate: Estate,
    *,
    code: str,
    name: str,
    kind: str,
    actor: User,
    at: datetime,
    model: str = "",
    quantity: int = 1,
    building: Building | None = None,
    place: str = "",
    since_date: date | None = None,
) -> Equipment:
    """Enter a piece of equipment. Refused without code and name, for a code that is taken, or a day to come."""
    take_turn(f"equipment {estate.pk}")
    code = code.strip()
    if not code:
        raise UpkeepRefused("请写设备编号")
    if Equipment.objects.filter(estate=estate, code=code).exists():
        raise UpkeepRefused(f"编号 {code} 已经有了")
    equipment = Equipment(estate=estate, code=code, kind=kind)
    _describe(equipment, name, model, quantity, building, place, since_date, at=at)
    equipment.save()
    _tell(equipment, events.EQUIPMENT_ENTERED, {"equipment": equipment.title, "where": equipment.where}, actor, at)
    return equipment


@command
def change_equipment(
    equipment: Equipment,
    *,
    name: str,
    model: str,
    quantity: int,
    building: Building | None,
    place: str,
    since_date: date | None,
    actor: User,
    at: datetime,
) -> None:
    """Change what the ledger says of a piece; its code and kind stay. Refused as entering it is."""
    names = ("name", "model", "quantity", "where", "since_date")
    was = [getattr(equipment, one) for one in names]
    _describe(equipment, name, model, quantity, building, place, since_date, at=at)
    told = [
        f"{old or '无'} → {new or '无'}"
        for old, new in zip(was, map(equipment.__getattribute__, names), strict=True)
        if old != new
    ]
    if not told:
        return
    equipment.save(update_fields=["name", "model", "quantity", "building", "place", "since_date"])
    _tell(equipment, events.EQUIPMENT_CHANGED, {"changed": ";".join(told)}, actor, at)


def _describe(
    equipment: Equipment,
    name: str,
    model: str,
    quantity: int,
    building: Building | None,
    place: str,
    since_date: date | None,
    *,
    at: datetime,
) -> None:
    if not name.strip():
        raise UpkeepRefused("请写设备名称")
    if quantity < 1:
        raise UpkeepRefused("数量至少是 1")
    if equipment.kind not in EquipmentKind.values:
        raise UpkeepRefused("请选择设备类别")
    if building is not None and building.estate_id != equipment.estate_id:
        raise UpkeepRefused("这栋楼不在本小区")
    if since_date and since_date > local_date(equipment.estate_id, at):
        raise UpkeepRefused("投用日期不能晚于今天")
    equipment.name, equipment.model, equipment.quantity = name.strip(), model.strip(), quantity
    equipment.building, equipment.place, equipment.since_date = building, place.strip(), since_date


@command
def stop_equipment(equipment: Equipment, *, note: str, actor: User, at: datetime) -> None:
    """Put a piece out of use for a while; its plans end. Refused without a reason, or when it is not in use."""
    perform(equipment, states.STOP, actor=actor, at=at, note=note, fact=_of(equipment, events.EquipmentStopped))
    _end_plans(equipment, note=f"设备停用:{note.strip()}", actor=actor, at=at)


@command
def restart_equipment(equipment: Equipment, *, actor: User, at: datetime) -> None:
    """Put a piece back into use; it needs new plans. Refused when it was not put aside."""
    perform(equipment, states.RESTART, actor=actor, at=at, fact=_of(equipment, events.EquipmentRestarted))


@command
def scrap_equipment(equipment: Equipment, *, note: str, actor: User, at: datetime) -> None:
    """Take a piece out of the ledger for good; it stays readable and its plans end. Refused without a reason."""
    perform(equipment, states.SCRAP, actor=actor, at=at, note=note, fact=_of(equipment, events.EquipmentScrapped))
    _end_plans(equipment, note=f"设备报废:{note.strip()}", actor=actor, at=at)


@command
def record_overhaul(
    equipment: Equipment,
    *,
    kind: str,
    done_on: date,
    what: str,
    by_whom: str,
    actor: User,
    at: datetime,
    cost: Decimal | None = None,
    key: str = "",
) -> Overhaul:
    """Record a 大修 or 中修. A repeated key records nothing. Refused for a day to come, without words, or once scrapped."""
    if earlier := earlier_result(key, "upkeep.overhaul", actor=actor):
        return Overhaul.objects.get(pk=earlier)
    if equipment.status == EquipmentStatus.SCRAPPED:
        raise UpkeepRefused(f"{equipment.title}已经报废,不能再登记大中修")
    if kind not in OverhaulKind.values:
        raise UpkeepRefused("请选择是大修还是中修")
    if not (what.strip() and by_whom.strip()):
        raise UpkeepRefused("请写清做了什么、谁做的")
    if done_on > local_date(equipment.estate_id, at):
        raise UpkeepRefused("大中修的日期不能晚于今天")
    if cost is not None and cost < 0:
        raise UpkeepRefused("费用不能小于 0")
    made = Overhaul.objects.create(
        equipment=equipment,
        kind=kind,
        done_on=done_on,
        what=what.strip(),
        by_whom=by_whom.strip(),
        cost=cost,
        recorded_by=actor,
        recorded_at=at,
    )
    told: dict[str, object] = {"equipment": equipment.title, "kind": made.get_kind_display(), "what": made.what}
    _tell(equipment, events.OVERHAULED, told, actor, at)
    remember(key, "upkeep.overhaul", actor=actor, at=at, result=made.pk)
    return made


def _end_plans(equipment: Equipment, *, note: str, actor: User, at: datetime) -> None:
    for plan in Plan.objects.filter(equipment=equipment, status=PlanStatus.RUNNING).order_by("id"):
        end_plan(plan, note=note, actor=actor, at=at)


def _of(equipment: Equipment, fact: type[events.EquipmentFact]) -> events.EquipmentFact:
    return fact(
        subject_id=equipment.pk,
        estate_id=equipment.estate_id,
        thread=equipment.thread,
        equipment=equipment.title,
    )


def _tell(equipment: Equipment, kind: str, values: dict[str, object], actor: User, at: datetime) -> None:
    journal.record(
        kind,
        subject=(Equipment.journal_name, equipment.pk),
        estate_id=equipment.estate_id,
        actor=actor,
        at=at,
        thread=equipment.thread,
        values=values,
    )
