"""小区 by API: buildings, homes and who lives in them; moving in and out; sheets handed in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.timezone import localdate, now
from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import Estate, Occupancy, Unit
from huiyin.areas.estate.queries import Resident
from huiyin.areas.estate.rules.residents import NewResident
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Line, Number, Upload, Word, a_number, whole_between
from huiyin.foundation.kit.words import mask_phone

routes = Routes("estate", title="小区")
KINDS: dict[str, Literal["owner", "tenant", "family"]] = {"owner": "owner", "tenant": "tenant", "family": "family"}
Code = Annotated[Word, Field(min_length=1, max_length=12)]
Name = Annotated[Word, Field(min_length=1, max_length=60)]
Phone = Annotated[Word, Field(min_length=1, max_length=40)]
Floor = Annotated[int, Field(ge=-9, le=200), BeforeValidator(a_number), whole_between(-9, 200)]
Area = Annotated[str, Field(max_length=9, pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]


class EstateLine(TypedDict):
    id: int
    code: str
    name: str


class EstateList(TypedDict):
    items: list[EstateLine]


class BuildingLine(TypedDict):
    """A building with its figures."""

    id: int
    code: str
    name: str
    hint: str
    units: int
    lived_in: int


class BuildingList(TypedDict):
    items: list[BuildingLine]


class UnitLine(TypedDict):
    id: int
    code: str
    unit_no: str
    floor: int | None
    lived_in: bool


class UnitList(TypedDict):
    items: list[UnitLine]


class PersonLine(TypedDict):
    """Somebody in a household. `occupancy_id` is what changes are addressed to."""

    occupancy_id: int
    person_id: int
    name: str
    salutation: str
    kind: str
    phones: list[str]
    since: date
    until: date | None


class UnitWhole(TypedDict):
    """A unit and who lives in it now."""

    id: int
    estate: str
    code: str
    unit_no: str
    floor: int | None
    gross_area: str | None
    household_id: int | None
    people: list[PersonLine]


class HomeLine(TypedDict):
    unit_id: int
    code: str
    people: list[PersonLine]


class HomeList(TypedDict):
    items: list[HomeLine]


class Opened(TypedDict):
    """The id of what is there now."""

    id: int


class ImportWhole(TypedDict):
    """A sheet that was handed in: how far it is, and what was found."""

    id: int
    status: str
    made_at: datetime
    rows: int
    done_rows: int
    report: dict[str, Any]


@routes.read("/estates", right="estate.see", says="能看到的小区", of=EstateList)
def overview(request: HttpRequest) -> EstateList:
    found = queries.estates_of(signed_in(request))
    return {"items": [{"id": one.pk, "code": one.code, "name": one.name} for one in found]}


@routes.read("/buildings", right="estate.see", says="一个小区的楼栋", of=BuildingList)
def buildings(request: HttpRequest, estate: Number) -> BuildingList:
    found = queries.buildings_of(queries.estate_for(signed_in(request), estate))
    return {
        "items": [
            {
                "id": one.building.pk,
                "code": one.building.code,
                "name": one.building.name,
                "hint": one.building.hint,
                "units": one.units,
                "lived_in": one.lived_in,
            }
            for one in found
        ]
    }


@routes.read("/buildings/{building_id}/units", right="estate.see", says="一栋楼的房屋", of=UnitList)
def building(request: HttpRequest, building_id: AskedId) -> UnitList:
    found = queries.entrances_of(queries.building_for(signed_in(request), building_id))
    return {
        "items": [
            {
                "id": home.unit.pk,
                "code": home.unit.code,
                "unit_no": home.unit.unit_no,
                "floor": home.unit.floor,
                "lived_in": home.household is not None,
            }
            for _, homes in found
            for home in homes
        ]
    }


@routes.read("/homes", right="estate.see", says="按房号、电话、姓名或首字母找住户", of=HomeList)
def homes(request: HttpRequest, estate: Number, text: Annotated[Word, Field(min_length=1, max_length=60)]) -> HomeList:
    found = queries.find_homes(queries.estate_for(signed_in(request), estate), text)
    return {
        "items": [
            {"unit_id": one.unit.pk, "code": one.unit.code, "people": [_person(who) for who in one.people]}
            for one in found
        ]
    }


@routes.read("/units/{unit_id}", right="estate.see", says="一套房屋和现在的住户", of=UnitWhole)
def unit(request: HttpRequest, unit_id: AskedId) -> UnitWhole:
    card = queries.household_card(queries.unit_for(signed_in(request), unit_id))
    one = card.unit
    return {
        "id": one.pk,
        "estate": one.estate.code,
        "code": one.code,
        "unit_no": one.unit_no,
        "floor": one.floor,
        "gross_area": None if one.gross_area is None else str(one.gross_area),
        "household_id": card.household.pk if card.household else None,
        "people": [_person(who) for who in card.people],
    }


@routes.read("/imports/{number}", right="estate.edit", says="一次导入的进展和结果", of=ImportWhole)
def import_report(request: HttpRequest, number: AskedId) -> ImportWhole:
    one = queries.import_for(signed_in(request), number)
    return {
        "id": one.pk,
        "status": one.status,
        "made_at": one.made_at,
        "rows": one.rows,
        "done_rows": one.done_rows,
        "report": one.report,
    }


class NewBuilding(Body):
    estate: Number
    code: Code
    name: Annotated[Word, Field(max_length=40)] = ""


class BuildingSaid(Body):
    name: Annotated[Word, Field(max_length=40)]
    hint: Annotated[Line, Field(max_length=500)]


class NewUnit(Body):
    entrance: Annotated[Word, Field(max_length=12)] = ""
    unit_no: Code
    floor: Floor | None = None
    gross_area: Area | None = None


class UnitSaid(Body):
    floor: Floor | None
    gross_area: Area | None


class ResidentSaid(Body):
    name: Name
    kind: Occupancy.Kind
    salutation: Annotated[Word, Field(max_length=10)] = ""
    phones: Annotated[list[Phone], Field(max_length=10)] = []
    since: Day

    def resident(self) -> NewResident:
        return NewResident(self.name, KINDS[self.kind], self.salutation, tuple(self.phones))


class ResidentLeaving(Body):
    until: Day
    note: Line = ""


class PersonSaid(Body):
    name: Name
    salutation: Annotated[Word, Field(max_length=10)]
    kind: Occupancy.Kind


class PhoneSaid(Body):
    number: Phone


class PhoneChange(Body):
    old: Phone
    number: Phone


class PhoneDrop(Body):
    number: Phone
    note: Line


class Sheet(Body):
    estate: Number
    sheet: Upload


@routes.act("/buildings", right="estate.edit", says="建立楼栋", of=Opened, status=201)
def open_building(request: HttpRequest, said: NewBuilding) -> Opened:
    estate = _estate(request, said.estate)
    return {"id": operations.open_building(estate, code=said.code, name=said.name, **acting(request)).pk}


@routes.act("/buildings/{building_id}/describe", right="estate.edit", says="改楼栋名称和接待提示")
def describe_building(request: HttpRequest, building_id: AskedId, said: BuildingSaid) -> None:
    one = queries.building_for(signed_in(request), building_id, to="estate.edit")
    operations.describe_building(one, name=said.name, hint=said.hint, **acting(request))


@routes.act("/buildings/{building_id}/units", right="estate.edit", says="建立房屋", of=Opened, status=201)
def open_unit(request: HttpRequest, building_id: AskedId, said: NewUnit) -> Opened:
    one = queries.building_for(signed_in(request), building_id, to="estate.edit")
    opened = operations.open_unit_in(
        one,
        entrance=said.entrance,
        unit_no=said.unit_no,
        floor=said.floor,
        gross_area=_area(said.gross_area),
        **acting(request),
    )
    return {"id": opened.pk}


@routes.act("/units/{unit_id}/correct", right="estate.edit", says="更正楼层和面积")
def correct_unit(request: HttpRequest, unit_id: AskedId, said: UnitSaid) -> None:
    operations.correct_unit(
        _unit(request, unit_id), floor=said.floor, gross_area=_area(said.gross_area), **acting(request)
    )


@routes.act("/units/{unit_id}/move-in", right="estate.edit", says="登记入住", of=Opened, status=201)
def move_in(request: HttpRequest, unit_id: AskedId, said: ResidentSaid) -> Opened:
    one = _unit(request, unit_id)
    came = operations.move_in(one, people=[said.resident()], since_date=said.since, **acting(request))
    return {"id": came.pk}


@routes.act("/units/{unit_id}/add-person", right="estate.edit", says="住户增加一人", of=Opened, status=201)
def add_person(request: HttpRequest, unit_id: AskedId, said: ResidentSaid) -> Opened:
    household = queries.present_household(_unit(request, unit_id))
    return {"id": operations.add_person(household, said.resident(), since_date=said.since, **acting(request)).pk}


@routes.act("/units/{unit_id}/move-out", right="estate.edit", says="整户迁出")
def move_out(request: HttpRequest, unit_id: AskedId, said: ResidentLeaving) -> None:
    household = queries.present_household(_unit(request, unit_id))
    operations.move_out(household, until_date=said.until, note=said.note, **acting(request))


@routes.act("/people/{occupancy_id}", right="estate.edit", says="更正姓名、称呼和身份")
def person(request: HttpRequest, occupancy_id: AskedId, said: PersonSaid) -> None:
    operations.correct_person(
        _occupancy(request, occupancy_id),
        name=said.name,
        salutation=said.salutation,
        kind=said.kind.value,
        **acting(request),
    )


@routes.act("/people/{occupancy_id}/phones", right="estate.edit", says="登记电话", of=Opened, status=201)
def add_phone(request: HttpRequest, occupancy_id: AskedId, said: PhoneSaid) -> Opened:
    return {"id": operations.add_phone(_occupancy(request, occupancy_id), number=said.number, **acting(request)).pk}


@routes.act("/people/{occupancy_id}/phones/change", right="estate.edit", says="改电话")
def change_phone(request: HttpRequest, occupancy_id: AskedId, said: PhoneChange) -> None:
    operations.change_phone(_occupancy(request, occupancy_id), old=said.old, new=said.number, **acting(request))


@routes.act("/people/{occupancy_id}/phones/drop", right="estate.edit", says="删电话")
def drop_phone(request: HttpRequest, occupancy_id: AskedId, said: PhoneDrop) -> None:
    operations.drop_phone(_occupancy(request, occupancy_id), number=said.number, note=said.note, **acting(request))


@routes.act("/people/{occupancy_id}/leave", right="estate.edit", says="一人迁出")
def leave(request: HttpRequest, occupancy_id: AskedId, said: ResidentLeaving) -> None:
    operations.person_leaves(
        _occupancy(request, occupancy_id), until_date=said.until, note=said.note, **acting(request)
    )


@routes.act("/imports", right="estate.edit", says="交一张房屋住户表", of=Opened, status=201)
def import_(request: HttpRequest, said: Sheet) -> Opened:
    estate, user, at = _estate(request, said.estate), signed_in(request), now()
    handed_in = operations.hand_in(estate, said.sheet.file(), actor=user, at=at)
    operations.begin_check(handed_in, actor=user, at=at, today=localdate(at))
    return {"id": handed_in.pk}


@routes.act("/imports/{number}/confirm", right="estate.edit", says="确认导入")
def import_confirm(request: HttpRequest, number: AskedId) -> None:
    user, at = signed_in(request), now()
    operations.confirm(queries.import_for(user, number), actor=user, at=at, today=localdate(at))


def _person(who: Resident) -> PersonLine:
    return {
        "occupancy_id": who.occupancy.pk,
        "person_id": who.person.pk,
        "name": who.person.name,
        "salutation": who.person.salutation,
        "kind": who.kind.value,
        "phones": [mask_phone(phone) for phone in who.phones],
        "since": who.since_date,
        "until": who.until_date,
    }


def _estate(request: HttpRequest, code: str) -> Estate:
    return queries.estate_for(signed_in(request), code, to="estate.edit")


def _unit(request: HttpRequest, unit_id: int) -> Unit:
    return queries.unit_for(signed_in(request), unit_id, to="estate.edit")


def _occupancy(request: HttpRequest, occupancy_id: int) -> Occupancy:
    return queries.occupancy_for(signed_in(request), occupancy_id, to="estate.edit")


def _area(said: str | None) -> Decimal | None:
    return Decimal(said) if said else None
