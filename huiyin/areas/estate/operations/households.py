"""Who moves in and out, who else lives there, how they are called and reached.

The journal is never erased: its lines tell which person, household and unit by number, and no name and no phone.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from huiyin.areas.estate import events
from huiyin.areas.estate.models import Household, Occupancy, Person, Phone, Unit
from huiyin.areas.estate.operations import lines
from huiyin.areas.estate.rules.names import NAME_LENGTH, initials_of
from huiyin.areas.estate.rules.phones import read_phone, tail_of
from huiyin.areas.estate.rules.residents import NewResident
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency import operations as idempotency
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class HouseholdInvalid(Refused):
    """The household cannot begin or end like that."""


class PersonInvalid(Refused):
    """The person or the phone cannot be recorded like that."""


@command
def move_in(
    unit: Unit,
    *,
    people: Sequence[NewResident],
    since_date: date,
    actor: User,
    at: datetime,
    note: str = "",
    key: str = "",
) -> Household:
    """Record that a household moves into the unit.

    Refused while another household lives there, on a day before the last one left, without anybody, and when one of
    the people cannot be recorded.
    """
    earlier = idempotency.earlier_result(key, "estate.move_in", actor=actor)
    if earlier is not None:
        return Household.objects.get(pk=earlier)
    if not people:
        raise HouseholdInvalid("请至少写一位住户的姓名")
    last = Household.objects.filter(unit=unit).order_by("-since_date", "-pk").first()
    if last and last.until_date is None:
        raise HouseholdInvalid(f"{unit.code} 现在住着{_named(last)}一户,请先办迁出")
    if last and last.until_date and since_date < last.until_date:
        raise HouseholdInvalid(f"上一户 {last.until_date} 才迁出,入住日期不能更早")
    household = Household.objects.create(estate_id=unit.estate_id, unit=unit, since_date=since_date, note=note)
    for new in people:
        _settle(household, new, since_date)
    journal.announce(
        events.HouseholdMovedIn(
            subject_id=household.pk,
            estate_id=unit.estate_id,
            thread=f"unit:{unit.pk}",
            household_id=household.pk,
            unit_id=unit.pk,
            since_date=since_date,
            people=f"{len(people)} 人",
        ),
        actor=actor,
        at=at,
        note=note,
    )
    idempotency.remember(key, "estate.move_in", actor=actor, at=at, result=household.pk)
    return household


@command
def move_out(household: Household, *, until_date: date, actor: User, at: datetime, note: str = "") -> None:
    """Record that the household leaves the unit, and everybody in it with them.

    Refused when it has left already, or on a day before it or one of its people came.
    """
    people = f"{_present(household).count()} 人"
    latest = max([household.since_date, *_present(household).values_list("since_date", flat=True)])
    if until_date < latest:
        raise HouseholdInvalid(f"迁出日期不能早于入住日期 {latest}")
    if not Household.objects.filter(pk=household.pk, until_date=None).update(until_date=until_date):
        raise HouseholdInvalid("这一户已经迁出了")
    household.until_date = until_date
    _present(household).update(until_date=until_date)
    journal.announce(
        events.HouseholdMovedOut(
            subject_id=household.pk,
            estate_id=household.estate_id,
            thread=f"unit:{household.unit_id}",
            household_id=household.pk,
            unit_id=household.unit_id,
            until_date=until_date,
            people=people,
        ),
        actor=actor,
        at=at,
        note=note,
    )


@command
def add_person(
    household: Household, new: NewResident, *, since_date: date, actor: User, at: datetime, key: str = ""
) -> Person:
    """Record one more person in the household.

    Refused when the household has left, somebody of that name lives in it, the day is before the household came, or
    name or phone is unusable.
    """
    earlier = idempotency.earlier_result(key, "estate.add_person", actor=actor)
    if earlier is not None:
        return Person.objects.get(pk=earlier)
    if household.until_date is not None:
        raise HouseholdInvalid("这一户已经迁出,不能再添人")
    if since_date < household.since_date:
        raise HouseholdInvalid(f"这一户 {household.since_date} 才入住,日期不能更早")
    if _present(household).filter(person__name=new.name.strip()).exists():
        raise PersonInvalid(f"这一户已经登记了{new.name.strip()}")
    person = _settle(household, new, since_date).person
    _tell(household, events.PERSON_ADDED, person, actor, at, {"kind": new.kind, "phones": len(new.phones)})
    idempotency.remember(key, "estate.add_person", actor=actor, at=at, result=person.pk)
    return person


@command
def person_leaves(occupancy: Occupancy, *, until_date: date, actor: User, at: datetime, note: str = "") -> None:
    """Record that one person leaves the household.

    Refused for the last one (then the household moves out), when they have left already, or before they came.
    """
    household = occupancy.household
    if until_date < occupancy.since_date:
        raise HouseholdInvalid(f"迁出日期不能早于入住日期 {occupancy.since_date}")
    if not _present(household).exclude(pk=occupancy.pk).exists():
        raise HouseholdInvalid("这是户里最后一个人,请办整户迁出")
    if not Occupancy.objects.filter(pk=occupancy.pk, until_date=None).update(until_date=until_date):
        raise HouseholdInvalid(f"{occupancy.person.name}已经迁出了")
    occupancy.until_date = until_date
    _tell(household, events.PERSON_LEFT, occupancy.person, actor, at, {"until_date": until_date}, note)


@command
def correct_name(occupancy: Occupancy, *, name: str, salutation: str, actor: User, at: datetime) -> None:
    """Correct how a person is written and addressed. Refused without a name, or when it is already another's here."""
    person, name, salutation = occupancy.person, name.strip(), salutation.strip()
    _check_name(name)
    others = _present(occupancy.household).exclude(person=person)
    if others.filter(person__name=name).exists():
        raise PersonInvalid(f"这一户已经登记了{name}")
    if (person.name, person.salutation) == (name, salutation):
        return
    changed = [
        label
        for label, old, new in (("姓名", person.name, name), ("称呼", person.salutation, salutation))
        if old != new
    ]
    person.name, person.salutation, person.initials = name, salutation, initials_of(name)
    person.save(update_fields=["name", "salutation", "initials"])
    _tell(occupancy.household, events.PERSON_CORRECTED, person, actor, at, {"changed": "、".join(changed)})


@command
def correct_kind(occupancy: Occupancy, *, kind: str, actor: User, at: datetime) -> None:
    """Correct what a person is in the household. Refused for a kind there is not."""
    if kind not in Occupancy.Kind.values:
        raise PersonInvalid("身份只能是业主、租户或家庭成员")
    if occupancy.kind == kind:
        return
    old = occupancy.get_kind_display()
    occupancy.kind = kind
    occupancy.save(update_fields=["kind"])
    values = {"old": old, "new": occupancy.get_kind_display()}
    _tell(occupancy.household, events.PERSON_CORRECTED, occupancy.person, actor, at, values)


@command
def correct_person(occupancy: Occupancy, *, name: str, salutation: str, kind: str, actor: User, at: datetime) -> None:
    """Correct name, salutation and what the person is. Refused as `correct_name` and `correct_kind` are."""
    correct_name(occupancy, name=name, salutation=salutation, actor=actor, at=at)
    correct_kind(occupancy, kind=kind, actor=actor, at=at)


@command
def add_phone(occupancy: Occupancy, *, number: str, actor: User, at: datetime) -> Phone:
    """Record one more phone of a person. Refused when it is no phone number or known already."""
    read = _read(number)
    if Phone.objects.filter(person=occupancy.person, number=read).exists():
        raise PersonInvalid(f"{occupancy.person.name}的电话 {read} 已经登记过了")
    phone = _attach(occupancy.person, read)
    _tell(occupancy.household, events.PHONE_ADDED, occupancy.person, actor, at, {})
    return phone


@command
def change_phone(occupancy: Occupancy, *, old: str, new: str, actor: User, at: datetime) -> None:
    """Replace a phone of a person by another.

    Refused when the old one is not theirs (any more), or the new one is no phone number or theirs already.
    """
    read = _read(new)
    theirs = Phone.objects.filter(person=occupancy.person)
    if read == old:
        return
    if theirs.filter(number=read).exists():
        raise PersonInvalid(f"{occupancy.person.name}的电话 {read} 已经登记过了")
    if not theirs.filter(number=old).update(number=read, tail=tail_of(read)):
        raise PersonInvalid(f"{occupancy.person.name}没有登记 {old} 这个电话,可能刚被别人改过")
    _tell(occupancy.household, events.PHONE_CHANGED, occupancy.person, actor, at, {})


@command
def drop_phone(occupancy: Occupancy, *, number: str, actor: User, at: datetime, note: str) -> None:
    """Take a phone off a person. Refused without a reason or when it is not theirs."""
    if not note.strip():
        raise PersonInvalid("请写明为什么删去这个电话")
    gone, _ = Phone.objects.filter(person=occupancy.person, number=number).delete()
    if not gone:
        raise PersonInvalid(f"{occupancy.person.name}没有登记 {number} 这个电话,可能刚被别人改过")
    _tell(occupancy.household, events.PHONE_DROPPED, occupancy.person, actor, at, {}, note)


def _settle(household: Household, new: NewResident, since_date: date) -> Occupancy:
    name = new.name.strip()
    _check_name(name)
    if new.kind not in Occupancy.Kind.values:
        raise PersonInvalid("身份只能是业主、租户或家庭成员")
    person = Person.objects.create(
        estate_id=household.estate_id, name=name, initials=initials_of(name), salutation=new.salutation.strip()
    )
    for number in dict.fromkeys(_read(number) for number in new.phones):
        _attach(person, number)
    return Occupancy.objects.create(household=household, person=person, kind=new.kind, since_date=since_date)


def _attach(person: Person, number: str) -> Phone:
    return Phone.objects.create(estate_id=person.estate_id, person=person, number=number, tail=tail_of(number))


def _check_name(name: str) -> None:
    if not name:
        raise PersonInvalid("请写姓名")
    if len(name) > NAME_LENGTH:
        raise PersonInvalid(f"姓名太长,最多 {NAME_LENGTH} 个字")


def _read(number: str) -> str:
    read = read_phone(number)
    if read is None:
        raise PersonInvalid(f"电话「{number}」看起来不对,请核对")
    return read


def _present(household: Household) -> Any:
    return Occupancy.objects.filter(household=household, until_date=None)


def _named(household: Household) -> str:
    return "、".join(str(one.person) for one in _present(household).select_related("person").order_by("pk"))


def _tell(
    household: Household, kind: str, person: Person, actor: User, at: datetime, values: dict[str, Any], note: str = ""
) -> None:
    lines.about_unit(
        household.unit,
        kind,
        actor=actor,
        at=at,
        subject=("estate.person", person.pk),
        note=note,
        values=values,
    )
