"""What complaints keep in free text about who complained, and how long they must."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.cases.personal import cases_about
from huiyin.areas.complaints.models import Complaint
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject
from huiyin.standards.queries import kept_until


def _text(field: str, label: str) -> PersonalField:
    return PersonalField(
        "Complaint",
        field,
        label,
        "查清投诉、答复投诉人",
        Sensitivity.ORDINARY,
        erasing=Erasing.CUT,
        person="case__person",
        phone="case__caller_phone",
        record="投诉",
    )


FIELDS = (_text("finding", "核实情况"), _text("method", "处理办法"), _text("reply", "答复"))


def _kept(subject: Subject, at: datetime) -> Iterator[str]:
    closed = cases_about(subject).filter(pk__in=Complaint.objects.values("case")).exclude(closed_at=None)
    last = closed.order_by("-closed_at").first()
    if last is None or last.closed_at is None:
        return
    kept = kept_until(Complaint.journal_name, subject.estate_id, localdate(last.closed_at), at=at)
    if kept and localdate(at) <= kept[1]:
        yield f"{kept[0]}:{last.number} 要留到 {kept[1]}"


HOLDS = (_kept,)
