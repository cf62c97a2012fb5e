"""The steps of a case: each has its own page, which the case page shows in place when the browser can."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from huiyin.areas.cases import operations, queries
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.web import forms
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals


@dataclass(frozen=True)
class Step:
    """A step in words: what it is called, its button, and what is said when it is done."""

    code: str
    title: str
    button: str
    told: str
    hint: str = ""
    danger: bool = False


Act = Callable[[User, datetime, str], object]


def carry_out(request: HttpRequest, case: Case, form: django_forms.Form, step: Step, act: Act) -> HttpResponse:
    """Show the step's form; on sending take the step once, or show the form again with the refusal and the text."""
    status = 200
    key = request.POST.get("idempotency_key", "")
    if request.method == "POST":
        status = 422
        if form.is_valid():
            with refusals(form):
                act(signed_in(request), now(), key)
                return done(request, _where_to(request, case), step.told)
            status = 409
            case = queries.case_for(signed_in(request), case.number)
    request.about_estate = case.estate_id  # type: ignore[attr-defined]  # read by the frame of the page
    return page(
        request,
        "cases/step.html#form",
        status=status,
        case=case,
        form=form,
        step=step,
        address=reverse(f"cases:{step.code}", args=[case.number]),
        back=_where_to(request, case),
        next=_asked_next(request),
        key=key or uuid4().hex,
        look_alikes=queries.look_alikes(case) if step.code == "merge" else [],
    )


def _asked_next(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def _where_to(request: HttpRequest, case: Case) -> str:
    return _asked_next(request) or reverse("web:case", args=[case.number])


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _case(request: HttpRequest, number: str, right: str) -> Case:
    return queries.case_for(signed_in(request), number, to=right)


TAKE = Step("take", "受理", "受理", "已受理,由您负责")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def take(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.StepForm(_sent(request))
    return carry_out(request, case, form, TAKE, lambda who, at, key: operations.take_case(case, actor=who, at=at))


TRANSFER = Step("transfer", "转办", "转办", "已转办", "没办完的承诺跟着转过去")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.TransferForm(_sent(request), holders=staffing.posts_with_holders(case.estate_id))
    return carry_out(
        request,
        case,
        form,
        TRANSFER,
        lambda who, at, key: operations.transfer_case(
            case, to=form.cleaned_data["to"], note=form.cleaned_data["note"], actor=who, at=at
        ),
    )


URGENCY = Step(
    "urgency", "改紧急程度", "改", "紧急程度已改,时限跟着改", "时限从头算起,已经用掉的时间照算;已经逾期的仍算逾期"
)


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def urgency(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.UrgencyForm(_sent(request), initial={"urgency": case.urgency})
    return carry_out(
        request,
        case,
        form,
        URGENCY,
        lambda who, at, key: operations.change_urgency(
            case, urgency=form.cleaned_data["urgency"], note=form.cleaned_data["note"], actor=who, at=at
        ),
    )


RETURN = Step("return", "退回首问责任人", "退回", "已退回首问责任人")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.NoteForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        RETURN,
        lambda who, at, key: operations.return_case(case, note=form.cleaned_data["note"], actor=who, at=at),
    )


COMMENT = Step("comment", "记一笔", "记下", "已记下", "只有我们看得到,不影响时限")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def comment(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.TextForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        COMMENT,
        lambda who, at, key: operations.comment(case, text=form.cleaned_data["text"], actor=who, at=at, key=key),
    )


PROGRESS = Step("progress", "告知进度", "已告知客户", "已记下,进度告知了客户", "写下告诉了客户什么")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def progress(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.TextForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        PROGRESS,
        lambda who, at, key: operations.comment(
            case, text=form.cleaned_data["text"], told_caller=True, actor=who, at=at, key=key
        ),
    )


PROMISE = Step("promise", "约定时间", "约好了", "约定已记下", "跟客户说好的时间,到时必须答复;重新约的,以新的为准")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def promise(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.PromiseForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        PROMISE,
        lambda who, at, key: operations.promise_time(
            case, does="按约定时间答复", **form.cleaned_data, actor=who, at=at, key=key
        ),
    )


ANSWER = Step("answer", "答复客户", "已答复", "答复已记下", "写下怎么答复的;客户认可后再办结")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.AnswerForm(_sent(request), initial={"answer": case.answer})
    return carry_out(
        request,
        case,
        form,
        ANSWER,
        lambda who, at, key: operations.answer_case(case, answer=form.cleaned_data["answer"], actor=who, at=at),
    )


DECIDE = Step("decide", "决定是否采纳", "决定", "决定已记下")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def decide(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.DecideForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        DECIDE,
        lambda who, at, key: operations.decide_suggestion(
            case, adopted=form.cleaned_data["adopted"] == "yes", note=form.cleaned_data["note"], actor=who, at=at
        ),
    )


HOLD = Step("hold", "挂起", "挂起", "已挂起,时限暂停", "时限停下来;已经逾期的仍算逾期")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def hold(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.HoldForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        HOLD,
        lambda who, at, key: operations.hold_case(
            case, reason=form.cleaned_data["note"], wakes_at=form.cleaned_data["wakes_at"], actor=who, at=at
        ),
    )


RESUME = Step("resume", "恢复处理", "恢复", "已恢复,时限接着走")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def resume(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.ResumeForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        RESUME,
        lambda who, at, key: operations.resume_case(case, note=form.cleaned_data["note"], actor=who, at=at),
    )


CLOSE = Step("close", "办结", "办结", "已办结")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def close(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.CloseForm(_sent(request), initial={"answer": case.answer})
    return carry_out(
        request,
        case,
        form,
        CLOSE,
        lambda who, at, key: operations.close_case(case, answer=form.cleaned_data["answer"], actor=who, at=at),
    )


REOPEN = Step("reopen", "重开", "重开", "已重开,时限重新算")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.NoteForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        REOPEN,
        lambda who, at, key: operations.open_again(case, reason=form.cleaned_data["note"], actor=who, at=at),
    )


ATTACH = Step("attach", "上传照片或文件", "上传", "已上传")


@require_http_methods(["GET", "POST"])
@needs("cases.work")
def attach(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.work")
    form = forms.AttachForm(_sent(request), request.FILES or None)
    return carry_out(
        request,
        case,
        form,
        ATTACH,
        lambda who, at, key: operations.attach_file(
            case, upload=form.cleaned_data["upload"], actor=who, at=at, key=key
        ),
    )


MERGE = Step("merge", "并案", "并案", "已并案", "同一件事多人来说,并到一件里办;可以撤销")


@require_http_methods(["GET", "POST"])
@needs("cases.merge")
def merge(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.merge")
    form = forms.MergeForm(_sent(request), initial={"into": request.GET.get("into", "")})
    into = _other(request, form)
    return carry_out(
        request, case, form, MERGE, lambda who, at, key: operations.merge_case(case, into=into, actor=who, at=at)
    )


def _other(request: HttpRequest, form: forms.MergeForm) -> Case | None:
    if not form.is_valid():
        return None
    try:
        return queries.case_for(signed_in(request), form.cleaned_data["into"].strip().upper(), to="cases.merge")
    except Http404:
        form.add_error("into", "没有这个编号的事项,请核对")
        return None


UNMERGE = Step("unmerge", "撤销并案", "撤销并案", "已撤销并案,单独办理")


@require_http_methods(["GET", "POST"])
@needs("cases.merge")
def unmerge(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.merge")
    form = forms.NoteForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        UNMERGE,
        lambda who, at, key: operations.unmerge_case(case, reason=form.cleaned_data["note"], actor=who, at=at),
    )


VOID = Step("void", "作废", "作废", "已作废", "编号和原因都留着,不会再用", danger=True)


@require_http_methods(["GET", "POST"])
@needs("cases.void")
def void(request: HttpRequest, number: str) -> HttpResponse:
    case = _case(request, number, "cases.void")
    form = forms.NoteForm(_sent(request))
    return carry_out(
        request,
        case,
        form,
        VOID,
        lambda who, at, key: operations.void_case(case, reason=form.cleaned_data["note"], actor=who, at=at),
    )
