"""What cases keep about callers, and how long they must."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from huiyin.areas.cases import states
from huiyin.areas.cases.models import Case
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject
from huiyin.standards.queries import kept_until


def _field(field: str, label: str, purpose: str, sensitivity: Sensitivity, *, masked: bool = False) -> PersonalField:
    return PersonalField(
        "Case", field, label, purpose, sensitivity, masked=masked, person="person", phone="caller_phone", record="事项"
    )


def _text(field: str, label: str) -> PersonalField:
    return PersonalField(
        "Case",
        field,
        label,
        "记下说的是什么事、怎么答复",
        Sensitivity.ORDINARY,
        erasing=Erasing.CUT,
        person="person",
        phone="caller_phone",
        record="事项",
    )


FIELDS = (
    _text("text", "内容"),
    _text("answer", "答复"),
    _field("caller_name", "来电人", "知道是谁说的,答复给谁", Sensitivity.ORDINARY),
    _field("caller_phone", "来电号码", "答复、约时间、回访", Sensitivity.CONTACT, masked=True),
)


def cases_about(subject: Subject) -> QuerySet[Case]:
    """Return the cases of the person, and those of nobody that came from one of their phones."""
    unnamed = Q(person=None, caller_phone__in=subject.phones)
    return Case.objects.filter(Q(person=subject.person_id) | unnamed, estate=subject.estate_id)


def _open(subject: Subject, at: datetime) -> Iterator[str]:
    for case in cases_about(subject).filter(status__in=states.OPEN).order_by("id"):
        yield f"事项 {case.number} 还没办结"


def _kept(subject: Subject, at: datetime) -> Iterator[str]:
    last = cases_about(subject).exclude(closed_at=None).order_by("-closed_at").first()
    if last is None or last.closed_at is None:
        return
    kept = kept_until(Case.journal_name, subject.estate_id, localdate(last.closed_at), at=at)
    if kept and localdate(at) <= kept[1]:
        yield f"{kept[0]}:{last.number} 要留到 {kept[1]}"


HOLDS = (_open, _kept)
