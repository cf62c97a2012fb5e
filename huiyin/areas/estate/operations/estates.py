"""Opening companies, estates, buildings, entrances and units. A second call with the same codes finds the first."""

from datetime import datetime
from decimal import Decimal

from huiyin.areas.estate import events
from huiyin.areas.estate.models import Building, Company, Entrance, Estate, Unit
from huiyin.areas.estate.operations import lines
from huiyin.areas.estate.rules.units import compose_code, read_building, read_entrance, read_unit_no
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class NotOpened(Refused):
    """The code says nothing, is too long, or belongs to something else."""


@command
def open_company(*, name: str) -> Company:
    """Set up a company; a second call finds the first. Refused without a name."""
    if not name.strip():
        raise NotOpened("请写公司名称")
    return Company.objects.get_or_create(name=name.strip())[0]


@command
def open_estate(
    company: Company, *, code: str, name: str, actor: User, at: datetime, city: str = "", phone: str = ""
) -> Estate:
    """Set up an estate; a second call finds the first.

    Refused without code or name, or when another company uses the code.
    """
    code, name = code.strip().upper(), name.strip()
    if not code or not name:
        raise NotOpened("请写小区的代码和名称")
    estate, new = Estate.objects.get_or_create(
        code=code, defaults={"company": company, "name": name, "city": city, "phone": phone}
    )
    if estate.company_id != company.pk:
        raise NotOpened(f"代码 {code} 已被别的公司使用,请换一个")
    if new:
        lines.about_estate(estate, events.ESTATE_OPENED, actor=actor, at=at, values={"name": name})
    return estate


@command
def open_building(estate: Estate, *, code: str, actor: User, at: datetime, name: str = "", hint: str = "") -> Building:
    """Set up a building; a second call finds the first. Refused when the code is empty or too long."""
    read = read_building(code)
    if not read:
        raise NotOpened(f"楼栋「{code}」看不懂,请写成 3、3栋 或 A座 这样")
    building, new = Building.objects.get_or_create(estate=estate, code=read, defaults={"name": name, "hint": hint})
    if new:
        lines.about_building(building, events.BUILDING_OPENED, actor=actor, at=at, values={"code": read})
    return building


@command
def describe_building(building: Building, *, name: str, hint: str, actor: User, at: datetime) -> None:
    """Give the building a name and the hint the desk sees while somebody from there calls."""
    if (building.name, building.hint) == (name, hint):
        return
    old = {"old_name": building.name, "old_hint": building.hint}
    building.name, building.hint = name, hint
    building.save(update_fields=["name", "hint"])
    lines.about_building(
        building, events.BUILDING_DESCRIBED, actor=actor, at=at, values={**old, "name": name, "hint": hint}
    )


@command
def open_entrance(building: Building, *, code: str = "") -> Entrance:
    """Set up an entrance; a second call finds the first. A building without entrances has one with an empty code.

    Refused when the code is unreadable.
    """
    read = read_entrance(code)
    if code.strip() and not read:
        raise NotOpened(f"单元「{code}」看不懂,请写成 2 或 2单元 这样")
    return Entrance.objects.get_or_create(building=building, code=read)[0]


@command
def open_unit(
    entrance: Entrance,
    *,
    unit_no: str,
    actor: User,
    at: datetime,
    floor: int | None = None,
    gross_area: Decimal | None = None,
) -> Unit:
    """Set up a unit; a second call finds the first.

    Refused when the room number is unreadable, the area is not positive, or another unit has the same code.
    """
    read = read_unit_no(unit_no)
    if not read:
        raise NotOpened(f"房号「{unit_no}」看不懂,请写成 1501 这样")
    _check_area(gross_area)
    building = entrance.building
    code = compose_code(building.code, entrance.code, read)
    unit, new = Unit.objects.get_or_create(
        estate_id=building.estate_id,
        code=code,
        defaults={"entrance": entrance, "unit_no": read, "floor": floor, "gross_area": gross_area},
    )
    if unit.entrance_id != entrance.pk:
        raise NotOpened(f"{code} 已经是另一个单元里的房屋,请核对楼栋和单元")
    if new:
        lines.about_unit(unit, events.UNIT_OPENED, actor=actor, at=at, values={"code": code})
    return unit


@command
def open_unit_in(
    building: Building,
    *,
    entrance: str,
    unit_no: str,
    actor: User,
    at: datetime,
    floor: int | None = None,
    gross_area: Decimal | None = None,
) -> Unit:
    """Set up a unit and, where there is none of that code yet, its entrance. Refused as `open_unit` is."""
    door = open_entrance(building, code=entrance)
    return open_unit(door, unit_no=unit_no, actor=actor, at=at, floor=floor, gross_area=gross_area)


@command
def correct_unit(unit: Unit, *, floor: int | None, gross_area: Decimal | None, actor: User, at: datetime) -> None:
    """Correct floor and area of the unit. Refused when the area is not positive."""
    _check_area(gross_area)
    if (unit.floor, unit.gross_area) == (floor, gross_area):
        return
    values = {
        "old_floor": unit.floor,
        "floor": floor,
        "old_gross_area": str(unit.gross_area or ""),
        "gross_area": str(gross_area or ""),
    }
    unit.floor, unit.gross_area = floor, gross_area
    unit.save(update_fields=["floor", "gross_area"])
    lines.about_unit(unit, events.UNIT_CORRECTED, actor=actor, at=at, values=values)


def _check_area(gross_area: Decimal | None) -> None:
    if gross_area is not None and gross_area <= 0:
        raise NotOpened("建筑面积要大于 0")
