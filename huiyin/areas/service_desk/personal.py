"""What the ledger keeps about who called."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from huiyin.areas.service_desk.models import Contact
from huiyin.areas.service_desk.states import ContactStatus
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject


def _field(field: str, label: str, purpose: str, sensitivity: Sensitivity, erasing: Erasing) -> PersonalField:
    return PersonalField(
        "Contact",
        field,
        label,
        purpose,
        sensitivity,
        masked=sensitivity is Sensitivity.CONTACT,
        erasing=erasing,
        person="person",
        phone="caller_phone",
        record="来电来访",
    )


FIELDS = (
    _field("text", "内容", "记下说的是什么事", Sensitivity.ORDINARY, Erasing.CUT),
    _field("answer", "答复", "记下怎么答复的", Sensitivity.ORDINARY, Erasing.CUT),
    _field("caller_name", "来电人", "知道是谁来电、答复给谁", Sensitivity.ORDINARY, Erasing.BLANK),
    _field("caller_phone", "来电号码", "回电", Sensitivity.CONTACT, Erasing.BLANK),
)


def _unsettled(subject: Subject, at: datetime) -> Iterator[str]:
    unnamed = Q(person=None, caller_phone__in=subject.phones)
    about = Contact.objects.filter(Q(person=subject.person_id) | unnamed, estate=subject.estate_id)
    for number in about.filter(status__in=(ContactStatus.OPEN, ContactStatus.PROMISED)).values_list(
        "number", flat=True
    ):
        yield f"来电 {number} 还没有着落"


HOLDS = (_unsettled,)
