"""What a person let us know beyond name and phone, which of it an estate records at all, and erasing what we know of them."""

from collections.abc import Mapping
from datetime import datetime

from huiyin.areas.estate import events, queries
from huiyin.areas.estate.models import DetailSwitch, Estate, Occupancy, Person, PersonDetail
from huiyin.areas.estate.operations import lines
from huiyin.areas.estate.rules.details import DETAILS, read_detail
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.privacy import erasing
from huiyin.foundation.privacy.declared import holds_on
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class DetailInvalid(Refused):
    """The item is not recorded in this estate, or what was written cannot be it."""


class NotErased(Refused):
    """Something still needs the data of this person."""


@command
def switch_detail(estate: Estate, *, item: str, on: bool, actor: User, at: datetime, note: str = "") -> int:
    """Begin or stop recording an item in the estate. Stopping deletes what was recorded; returns how many that were.

    Refused for an item there is not, and for beginning without a reason.
    """
    if item not in DETAILS:
        raise DetailInvalid("没有这一项")
    if on and not note.strip():
        raise DetailInvalid(f"要开始登记{DETAILS[item].label},请写明为什么需要")
    if on:
        if not DetailSwitch.objects.get_or_create(estate=estate, item=item)[1]:
            return 0
        gone = 0
    else:
        if not DetailSwitch.objects.filter(estate=estate, item=item).delete()[0]:
            return 0
        gone = PersonDetail.objects.filter(person__estate=estate, item=item).delete()[0]
    kind = events.DETAIL_SWITCHED_ON if on else events.DETAIL_SWITCHED_OFF
    lines.about_estate(estate, kind, actor=actor, at=at, note=note, values={"item": item, "deleted": gone})
    return gone


@command
def record_details(occupancy: Occupancy, *, said: Mapping[str, str], actor: User, at: datetime) -> None:
    """Record what a person let us know; an empty text deletes the item, one that is not named stays.

    Refused for an item this estate does not record, and for what cannot be read. The journal says which items, not what.
    """
    person = occupancy.person
    recorded = queries.details_recorded(person.estate_id)
    changed = []
    for item, text in said.items():
        if item not in recorded:
            raise DetailInvalid("这个小区不登记这一项")
        changed += _record(person, item, text, at)
    if changed:
        lines.about_unit(
            occupancy.household.unit,
            events.DETAILS_RECORDED,
            actor=actor,
            at=at,
            subject=("estate.person", person.pk),
            values={"items": "、".join(changed)},
        )


def _record(person: Person, item: str, text: str, at: datetime) -> list[str]:
    label = DETAILS[item].label
    if not text.strip():
        return [label] if PersonDetail.objects.filter(person=person, item=item).delete()[0] else []
    read = read_detail(item, text)
    if read is None:
        raise DetailInvalid(f"{label}看起来不对,请核对")
    held = PersonDetail.objects.filter(person=person, item=item).first()
    if held and held.value == read:
        return []
    PersonDetail.objects.update_or_create(person=person, item=item, defaults={"value": read, "recorded_at": at})
    return [label]


@command
def erase_person(person: Person, *, reason: str, actor: User, at: datetime) -> int:
    """Erase what is kept about a person, in every area; returns how many entries were blanked.

    Refused without a reason, for whom it was done already, and while a matter is open or a record must be kept: each
    of these in a sentence. The journal keeps that it was done, by whom and why, and the person's number.
    """
    if not reason.strip():
        raise NotErased("请写明依据,如“本人 11 月 20 日书面申请”")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise NotErased("这个人的资料已经删除过了")
    subject = queries.subject_of(person)
    if any(said in reason for said in (subject.name, *subject.phones) if said):
        raise NotErased("依据里不要写姓名和电话:这一句会留在记录里")
    if holds := holds_on(subject, at=at):
        raise NotErased("现在不能删除:" + ";".join(holds))
    touched = erasing.erase_everything_about(subject)
    Person.objects.filter(pk=person.pk).update(erased_at=at)
    if left := erasing.residue_of(subject):
        raise RuntimeError(f"erasing left {left}")
    journal.record(
        events.PERSON_ERASED,
        subject=("estate.person", person.pk),
        estate_id=person.estate_id,
        actor=actor,
        at=at,
        note=reason.strip(),
        values={"touched": touched},
    )
    return touched
