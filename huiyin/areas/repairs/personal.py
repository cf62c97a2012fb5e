"""What work orders keep about those who sign for the work, and how long they must."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.cases.personal import cases_about
from huiyin.areas.repairs import states
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject
from huiyin.standards.queries import kept_until

FIELDS = (
    PersonalField(
        "WorkOrder",
        "signer",
        "签收人",
        "证明谁验收了维修",
        Sensitivity.ORDINARY,
        person="case__person",
        phone="case__caller_phone",
        left="(已删除)",
        record="维修单",
    ),
    PersonalField(
        "WorkOrder",
        "signature",
        "签名",
        "证明验收",
        Sensitivity.ORDINARY,
        erasing=Erasing.STAYS,
        why="验收凭证,随维修单保存;单上不再有姓名",
        person="case__person",
        phone="case__caller_phone",
        record="维修单",
    ),
    PersonalField(
        "UnitEntry",
        "consent_by",
        "谁同意进门",
        "证明进门征得了同意",
        Sensitivity.ORDINARY,
        left="(已删除)",
        person="order__case__person",
        phone="order__case__caller_phone",
        estate="order__estate_id",
        record="进户记录",
    ),
)


def _running(subject: Subject, at: datetime) -> Iterator[str]:
    orders = WorkOrder.objects.filter(case__in=cases_about(subject), status__in=states.RUNNING)
    for number in orders.order_by("id").values_list("number", flat=True):
        yield f"维修单 {number} 还没验收"


def _kept(subject: Subject, at: datetime) -> Iterator[str]:
    orders = WorkOrder.objects.filter(case__in=cases_about(subject)).exclude(closed_at=None)
    last = orders.order_by("-closed_at").first()
    if last is None or last.closed_at is None:
        return
    kept = kept_until(WorkOrder.journal_name, subject.estate_id, localdate(last.closed_at), at=at)
    if kept and localdate(at) <= kept[1]:
        yield f"{kept[0]}:{last.number} 要留到 {kept[1]}"


HOLDS = (_running, _kept)
