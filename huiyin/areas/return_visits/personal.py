"""What return visits keep about who was asked, and how long they must."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from huiyin.areas.cases.personal import cases_about
from huiyin.areas.return_visits.models import ABOUT, ReturnVisit
from huiyin.areas.return_visits.states import VisitStatus
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject
from huiyin.standards.queries import kept_until


def _field(
    field: str, label: str, purpose: str, erasing: Erasing, why: str = "", *, project: bool = False
) -> PersonalField:
    return PersonalField(
        "ReturnVisit",
        field,
        label,
        purpose,
        Sensitivity.ORDINARY,
        erasing=erasing,
        why=why,
        person="home__person" if project else "case__person",
        phone="" if project else "case__caller_phone",
        record="工程回访" if project else "回访",
    )


_KEPT: tuple[tuple[str, str, str, Erasing, str], ...] = (
    ("opinions", "意见征集", "改进服务", Erasing.CUT, ""),
    ("shortcomings", "缺点和不足", "改进服务", Erasing.CUT, ""),
    ("signer", "签字人", "证明回访做过", Erasing.BLANK, ""),
    ("signature", "签名", "证明回访做过", Erasing.STAYS, "回访凭证,随回访记录保存;记录上不再有姓名"),
)
FIELDS = tuple(_field(*one, project=project) for project in (False, True) for one in _KEPT)


def _about(subject: Subject) -> QuerySet[ReturnVisit]:
    return ReturnVisit.objects.filter(Q(case__in=cases_about(subject)) | Q(home__person=subject.person_id))


def _due(subject: Subject, at: datetime) -> Iterator[str]:
    number = Coalesce("case__number", "home__project__number")
    for said in _about(subject).filter(status=VisitStatus.DUE).order_by("id").values_list(number, flat=True):
        yield f"{said} 的回访还没做"


def _kept(subject: Subject, at: datetime) -> Iterator[str]:
    made = _about(subject).exclude(visited_at=None).select_related(*ABOUT)
    last = made.order_by("-visited_at").first()
    if last is None or last.visited_at is None:
        return
    kept = kept_until(ReturnVisit.journal_name, subject.estate_id, localdate(last.visited_at), at=at)
    if kept and localdate(at) <= kept[1]:
        yield f"{kept[0]}:{last.about.number} 的回访要留到 {kept[1]}"


HOLDS = (_due, _kept)
