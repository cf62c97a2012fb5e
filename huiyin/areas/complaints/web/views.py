"""The steps of a complaint: each has its own page, which the case page shows in place when the browser can."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from huiyin.areas.complaints import operations, queries
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.web import forms
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, where_next


@dataclass(frozen=True)
class Step:
    """A step in words: what it is called, its button, and what is said when it is done."""

    code: str
    title: str
    button: str
    told: str
    hint: str = ""


Act = Callable[[User, datetime], None]


def carry_out(
    request: HttpRequest, complaint: Complaint, form: django_forms.Form, step: Step, act: Act
) -> HttpResponse:
    """Show the step's form; on sending take the step, or show the form again with the refusal and the text."""
    status, number = 200, complaint.case.number
    back = reverse("web:case", args=[number])
    if request.method == "POST":
        status = 422
        if form.is_valid():
            with refusals(form):
                act(signed_in(request), now())
                return done(request, where_next(request, back), step.told)
            status = 409
            complaint = queries.complaint_for(signed_in(request), number)
    request.about_estate = complaint.estate_id  # type: ignore[attr-defined]  # read by the frame of the page
    return page(
        request,
        "complaints/step.html#form",
        status=status,
        complaint=complaint,
        case=complaint.case,
        form=form,
        step=step,
        address=reverse(f"complaints:{step.code}", args=[number]),
        back=back,
        why_not=queries.standing_of(complaint, signed_in(request)).why_not,
    )


def _complaint(request: HttpRequest, number: str, right: str) -> Complaint:
    return queries.complaint_for(signed_in(request), number, to=right)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


ACKNOWLEDGE = Step("acknowledge", "告知受理编号", "已告知", "已记下:受理编号告诉了投诉人")


@require_http_methods(["GET", "POST"])
@needs("complaints.verify")
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number, "complaints.verify")
    form = forms.StepForm(_sent(request))
    return carry_out(
        request, complaint, form, ACKNOWLEDGE, lambda who, at: operations.acknowledge(complaint, actor=who, at=at)
    )


VERIFY = Step("verify", "核实", "核实完了", "核实情况已记下", "查清事实,判断投诉是否成立")


@require_http_methods(["GET", "POST"])
@needs("complaints.verify")
def verify(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number, "complaints.verify")
    form = forms.VerifyForm(_sent(request))
    return carry_out(
        request,
        complaint,
        form,
        VERIFY,
        lambda who, at: operations.verify(complaint, **form.cleaned_data, actor=who, at=at),
    )


DECIDE = Step("decide", "决定处理办法", "决定", "处理办法已定", "定怎么处理、归哪个部门、什么时候解决")


@require_http_methods(["GET", "POST"])
@needs("complaints.decide")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number, "complaints.decide")
    form = forms.DecideForm(
        _sent(request),
        departments=staffing.departments_of(complaint.estate_id),
        initial={"severity": complaint.severity, "responsibility": complaint.responsibility},
    )
    return carry_out(
        request,
        complaint,
        form,
        DECIDE,
        lambda who, at: operations.decide(complaint, **form.cleaned_data, actor=who, at=at),
    )


REPLY = Step("reply", "答复投诉人", "已答复", "答复已记下", "写下怎么答复的")


@require_http_methods(["GET", "POST"])
@needs("complaints.reply")
def reply(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number, "complaints.reply")
    form = forms.ReplyForm(_sent(request))
    return carry_out(
        request,
        complaint,
        form,
        REPLY,
        lambda who, at: operations.reply(complaint, reply=form.cleaned_data["reply"], actor=who, at=at),
    )


REJECT = Step("reject", "投诉人不接受", "重新处理", "已记下,重新处理", "写下投诉人为什么不接受")


@require_http_methods(["GET", "POST"])
@needs("complaints.reply")
def reject(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number, "complaints.reply")
    form = forms.ReasonForm(_sent(request))
    return carry_out(
        request,
        complaint,
        form,
        REJECT,
        lambda who, at: operations.reject_reply(complaint, reason=form.cleaned_data["reason"], actor=who, at=at),
    )


CLOSE = Step("close", "办结", "办结", "投诉已办结", "投诉人认可答复后办结;按标准抽回访")


@require_http_methods(["GET", "POST"])
@needs("complaints.close")
def close(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number, "complaints.close")
    form = forms.StepForm(_sent(request))
    return carry_out(request, complaint, form, CLOSE, lambda who, at: operations.close(complaint, actor=who, at=at))


REOPEN = Step("reopen", "重开", "重开", "已重开,从核实开始", "时限重新算")


@require_http_methods(["GET", "POST"])
@needs("complaints.verify")
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _complaint(request, number, "complaints.verify")
    form = forms.ReasonForm(_sent(request))
    return carry_out(
        request,
        complaint,
        form,
        REOPEN,
        lambda who, at: operations.reopen(complaint, reason=form.cleaned_data["reason"], actor=who, at=at),
    )
