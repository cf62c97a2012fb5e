"""The printed forms of a complaint: the record, the progress, and the request to look at it again."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.documents import teller
from huiyin.areas.complaints.events import ComplaintRejected, ComplaintReopened
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.permissions import visible_to
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import Form, Sheet, Values, in_order
from huiyin.foundation.documents.masking import hide_callers
from huiyin.foundation.documents.words import moment, name
from huiyin.foundation.journal.models import Entry

RIGHT = "cases.see"
_WITH = (
    "case__estate",
    "case__first_contact_owner",
    "about_department",
    "about_person",
    "department",
    "verified_by",
    "decided_by",
    "replied_by",
)
# What a line of the progress record says, by the journal's kind; other lines are no progress.
STEPS = {
    "cases.case.registered": "登记投诉",
    "cases.case.transferred": "转办",
    "cases.case.promised": "跟投诉人约定答复时间",
    "cases.case.progress_told": "向投诉人告知进展",
    "cases.case.commented": "记录",
    "cases.case.held": "挂起",
    "cases.case.resumed": "恢复处理",
    "cases.case.reopened": "重开",
    "cases.case.closed": "办结",
    "complaints.complaint.acknowledged": "告知受理编号",
    "complaints.complaint.verified": "核实",
    "complaints.complaint.decided": "决定处理办法",
    "complaints.complaint.replied": "答复投诉人",
    "complaints.complaint.rejected": "投诉人不接受",
    "complaints.complaint.reopened": "重新处理",
}


def complaints_with(user: User, ids: Sequence[int]) -> list[Complaint]:
    complaints = in_order(visible_to(user).filter(pk__in=ids).select_related(*_WITH), ids)
    hide_callers(user, (complaint.case for complaint in complaints))
    return complaints


def records(form: Form, complaints: Sequence[Complaint]) -> Iterator[Sheet]:
    for complaint in complaints:
        yield _sheet(form, complaint, _record(complaint))


def _record(complaint: Complaint) -> Values:
    case = complaint.case
    about = [name(complaint.about_department), name(complaint.about_person)]
    return {
        **teller(case),
        "place": case.place,
        "urgency": case.get_urgency_display(),
        "severity": complaint.get_severity_display(),
        "about": " ".join(one for one in about if one),
        "responsibility": complaint.get_responsibility_display(),
        "receiver": case.first_contact_owner.name,
        "acknowledged": moment(complaint.acknowledged_at),
        "finding": complaint.finding,
        "validity": complaint.get_validity_display(),
        "verified_by": name(complaint.verified_by),
        "verified": moment(complaint.verified_at),
        "method": complaint.method,
        "department": name(complaint.department),
        "resolve_by": moment(complaint.resolve_by),
        "decided_by": name(complaint.decided_by),
        "decided": moment(complaint.decided_at),
        "reply": complaint.reply,
        "replied_by": name(complaint.replied_by),
        "replied": moment(complaint.replied_at),
        # The visit stands above complaints; its answer is ticked by hand.
        "satisfied": "",
        "closed": moment(case.closed_at),
        "merged": "、".join(other.number for other in cases.related_to(case).merged),
    }


def progress(form: Form, complaints: Sequence[Complaint]) -> Iterator[Sheet]:
    for complaint in complaints:
        case = complaint.case
        values = {
            **teller(case),
            "status": complaint.get_status_display(),
            "next_step": case.next_step,
            "next_at": moment(case.next_at),
            "steps": [_step(entry) for entry in _entries(complaint, STEPS)],
        }
        yield _sheet(form, complaint, values)


def _step(entry: Entry) -> Values:
    says = ":".join(part for part in (STEPS[entry.kind], entry.note) if part)
    return {"at": moment(entry.at), "by": entry.actor.name, "says": says}


def reviews(form: Form, complaints: Sequence[Complaint]) -> Iterator[Sheet]:
    for complaint in complaints:
        refused = _entries(complaint, (ComplaintRejected.code, ComplaintReopened.code))
        values = {
            **teller(complaint.case),
            "reply": "\n".join(part for part in (complaint.method, complaint.reply) if part),
            "decided_by": name(complaint.decided_by),
            "replied": moment(complaint.replied_at),
            "reason": refused[-1].note if refused else "",
        }
        yield _sheet(form, complaint, values)


def _entries(complaint: Complaint, kinds: Sequence[str] | dict[str, str]) -> list[Entry]:
    written = Entry.objects.filter(thread=complaint.thread, kind__in=list(kinds))
    return list(written.select_related("actor").order_by("at", "id"))


def _sheet(form: Form, complaint: Complaint, values: Values) -> Sheet:
    case = complaint.case
    return Sheet(form, case.estate.name, case.number, reverse("web:case", args=[case.number]), values)


FORMS = {
    code: Form(
        code,
        title,
        f"/areas/complaints/typst/{template}.typ",
        RIGHT,
        complaints_with,
        fill,
        blank={},
        keyed_in="service_desk:desk",
    )
    for code, title, template, fill in (
        ("F-11", "业主投诉记录", "complaint", records),
        ("F-13", "投诉跟踪记录", "progress", progress),
        ("F-14", "复核申请", "review", reviews),
    )
}
ONE = FORMS
