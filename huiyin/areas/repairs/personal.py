"""What repairs keep about those who sign for the work, talk with us and give a phone, and how long they must."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.cases.personal import cases_about
from huiyin.areas.repairs import states
from huiyin.areas.repairs.models import ContactChange, WorkOrder
from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity, Subject
from huiyin.standards.queries import kept_until

FIELDS: tuple[PersonalField, ...] = (
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
    *(
        PersonalField(
            "Accepted",
            field,
            label,
            purpose,
            sensitivity,
            person="order__case__person",
            phone="order__case__caller_phone",
            estate="order__estate_id",
            left=left,
            record="维修验收",
            naming=lambda one: str(one.order),
        )
        for field, label, purpose, sensitivity, left in (
            ("signer", "签收人", "证明谁验收了维修", Sensitivity.ORDINARY, "(已删除)"),
            ("opinion", "维修意见", "改进维修", Sensitivity.ORDINARY, ""),
            ("contact_phone", "联系电话", "回访维修", Sensitivity.CONTACT, ""),
            ("secret", "防猜的随机数", "删了以后猜不回原文", Sensitivity.ORDINARY, ""),
        )
    ),
    PersonalField(
        "Consent",
        "signer",
        "同意人",
        "证明谁同意了报价",
        Sensitivity.ORDINARY,
        person="quote__order__case__person",
        phone="quote__order__case__caller_phone",
        estate="quote__order__estate_id",
        left="(已删除)",
        record="维修报价",
        naming=lambda one: str(one.quote),
    ),
    PersonalField(
        "Consent",
        "signature",
        "同意签名",
        "证明同意了报价",
        Sensitivity.ORDINARY,
        erasing=Erasing.STAYS,
        why="收费凭证,随维修单保存;单上不再有姓名",
        person="quote__order__case__person",
        phone="quote__order__case__caller_phone",
        estate="quote__order__estate_id",
        record="维修报价",
        naming=lambda one: str(one.quote),
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


def _talked(field: str, label: str, purpose: str) -> PersonalField:
    return PersonalField(
        "CommunicationNote",
        field,
        label,
        purpose,
        Sensitivity.ORDINARY,
        erasing=Erasing.CUT,
        person="order__case__person",
        phone="order__case__caller_phone",
        record="业户沟通情况",
    )


def _confirmed(field: str, label: str, sensitivity: Sensitivity, left: str = "") -> PersonalField:
    return PersonalField(
        "ContactChange",
        field,
        label,
        "核定住户资料,回访",
        sensitivity,
        masked=sensitivity is Sensitivity.CONTACT,
        left=left,
        person="person",
        phone="phone",
        record="核到的联系方式",
    )


FIELDS += (
    _talked("points", "沟通要点", "知道跟业户说了什么"),
    _talked("needs", "需求", "把没办完的办完"),
    _talked("follow_up", "后续要办", "把没办完的办完"),
    _confirmed("name", "姓名", Sensitivity.ORDINARY, "(已删除)"),
    _confirmed("phone", "电话", Sensitivity.CONTACT, "-"),
    _confirmed("old_name", "原姓名", Sensitivity.ORDINARY),
    _confirmed("old_phone", "原电话", Sensitivity.CONTACT),
)


def _undecided(subject: Subject, at: datetime) -> Iterator[str]:
    waiting = ContactChange.objects.filter(person=subject.person_id, status=states.ContactChangeStatus.PROPOSED)
    for number in waiting.order_by("id").values_list("order__number", flat=True):
        yield f"维修单 {number} 上核到的联系方式还没核定"


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


HOLDS = (_running, _kept, _undecided)
