"""What return visits keep about who was asked, and how long they must."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.cases.personal import cases_about
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.states import VisitStatus
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject
from huiyin.standards.queries import kept_until


def _field(field: str, label: str, purpose: str, erasing: Erasing, why: str = "") -> PersonalField:
    return PersonalField(
        "ReturnVisit",
        field,
        label,
        purpose,
        Sensitivity.ORDINARY,
        erasing=erasing,
        why=why,
        person="case__person",
        phone="case__caller_phone",
        record="回访",
    )


FIELDS = (
    _field("opinions", "意见征集", "改进服务", Erasing.CUT),
    _field("shortcomings", "缺点和不足", "改进服务", Erasing.CUT),
    _field("signer", "签字人", "证明回访做过", Erasing.BLANK),
    _field("signature", "签名", "证明回访做过", Erasing.STAYS, "回访凭证,随回访记录保存;记录上不再有姓名"),
)


def _due(subject: Subject, at: datetime) -> Iterator[str]:
    due = ReturnVisit.objects.filter(case__in=cases_about(subject), status=VisitStatus.DUE)
    for number in due.order_by("id").values_list("case__number", flat=True):
        yield f"{number} 的回访还没做"


def _kept(subject: Subject, at: datetime) -> Iterator[str]:
    made = ReturnVisit.objects.filter(case__in=cases_about(subject)).exclude(visited_at=None).select_related("case")
    last = made.order_by("-visited_at").first()
    if last is None or last.visited_at is None:
        return
    kept = kept_until(ReturnVisit.journal_name, subject.estate_id, localdate(last.visited_at), at=at)
    if kept and localdate(at) <= kept[1]:
        yield f"{kept[0]}:{last.case.number} 的回访要留到 {kept[1]}"


HOLDS = (_due, _kept)
