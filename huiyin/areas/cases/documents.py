"""The printed forms of any case: the work slip with its time limit, and the record of a suggestion."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from huiyin.areas.cases.events import CaseDecided
from huiyin.areas.cases.models import Case, CaseKind
from huiyin.areas.cases.permissions import visible_to
from huiyin.areas.cases.words import CHANNELS
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import Form, Sheet, Values, in_order
from huiyin.foundation.documents.masking import hide_callers
from huiyin.foundation.documents.words import moment, name
from huiyin.foundation.journal.models import Entry

RIGHT = "cases.see"
_WITH = ("estate", "responsible", "responsible_post__department", "first_contact_owner", "category")


def cases_with(user: User, ids: Sequence[int]) -> list[Case]:
    cases = in_order(visible_to(user).filter(pk__in=ids).select_related(*_WITH), ids)
    hide_callers(user, cases)
    return cases


def suggestions_with(user: User, ids: Sequence[int]) -> list[Case]:
    return [case for case in cases_with(user, ids) if case.kind == CaseKind.SUGGESTION]


def teller(case: Case) -> Values:
    """Return who told the case and when, as every form of a case begins."""
    return {
        "caller": "匿名" if case.anonymous else case.caller_name,
        "phone": case.caller_phone,
        "unit": case.caller_unit,
        "opened": moment(case.written_at or case.opened_at),
        "channel": CHANNELS.get(case.channel, case.channel),
        "text": case.text,
    }


def work_slips(form: Form, cases: Sequence[Case]) -> Iterator[Sheet]:
    for case in cases:
        yield Sheet(form, case.estate.name, case.number, _page(case), _work_slip(case))


def _work_slip(case: Case) -> Values:
    post = case.responsible_post
    return {
        **teller(case),
        "department": f"{post.department} {post.title}" if post else "",
        "responsible": name(case.responsible),
        "kind": case.get_kind_display(),
        "urgency": case.get_urgency_display(),
        "place": case.place,
        "next_step": case.next_step,
        "due": moment(case.next_at),
        "issued_by": case.first_contact_owner.name,
        "issued": moment(case.opened_at),
        "answer": case.answer,
        "answered": moment(case.answered_at),
        "closed": moment(case.closed_at),
    }


def suggestions(form: Form, cases: Sequence[Case]) -> Iterator[Sheet]:
    decisions = _decisions(cases)
    for case in cases:
        values = {**teller(case), **_decision(decisions.get(case.pk)), "answer": case.answer}
        values["receiver"] = case.first_contact_owner.name
        yield Sheet(form, case.estate.name, case.number, _page(case), values)


def _decisions(cases: Sequence[Case]) -> dict[int, Entry]:
    """Return the last decision on each of these cases."""
    kinds = Entry.objects.filter(thread__in=[case.thread for case in cases], kind=CaseDecided.code)
    return {entry.subject_id: entry for entry in kinds.select_related("actor").order_by("id")}


def _decision(entry: Entry | None) -> Values:
    if entry is None:
        return {"decision": "", "decided": "", "decided_by": "", "reason": ""}
    return {
        "decision": "采纳" if entry.values.get("adopted") else "不采纳",
        "decided": moment(entry.at),
        "decided_by": entry.actor.name,
        "reason": entry.note,
    }


def _page(case: Case) -> str:
    return reverse("web:case", args=[case.number])


WORK_SLIP = Form(
    "F-12",
    "工作单(限期解决通知)",
    "/areas/cases/typst/work_slip.typ",
    RIGHT,
    cases_with,
    work_slips,
    blank={},
    keyed_in="service_desk:desk",
    callers=True,
)
SUGGESTION = Form(
    "F-07",
    "建议记录",
    "/areas/cases/typst/suggestion.typ",
    RIGHT,
    suggestions_with,
    suggestions,
    blank={},
    keyed_in="service_desk:desk",
)
FORMS = {form.code: form for form in (WORK_SLIP, SUGGESTION)}
LISTED = {WORK_SLIP.code: WORK_SLIP}


def offered_for(case: Case) -> dict[str, Form]:
    """Return the forms this case is printed on, the fitting one first."""
    return dict(reversed(FORMS.items())) if case.kind == CaseKind.SUGGESTION else LISTED
