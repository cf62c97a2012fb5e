"""Handing in a sheet of units and residents: the template, the check, the confirmation, the progress."""

from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.rules.sheet import Problem
from huiyin.areas.estate.states import ImportStatus
from huiyin.areas.estate.web.forms import SheetForm
from huiyin.areas.estate.web.template import template_file
from huiyin.foundation.accounts.permissions import needs, require_right, require_whole, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

SAYS = {
    ImportStatus.RUNNING: "已开始导入,可以先去忙别的",
    ImportStatus.DONE: "已导入",
    ImportStatus.WRONG: "没有导入,请看要修改的地方",
}
TONES = {
    ImportStatus.CHECKING: "accent",
    ImportStatus.CHECKED: "plain",
    ImportStatus.WRONG: "red",
    ImportStatus.RUNNING: "accent",
    ImportStatus.DONE: "green",
}


@require_http_methods(["GET", "POST"])
@needs("estate.edit")
def hand_in(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = queries.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "estate.edit", estate.pk)
    require_whole(user, estate.pk)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        with refusals(form):
            key = request.POST.get("idempotency_key", "")
            handed_in = operations.hand_in(estate, form.cleaned_data["sheet"], actor=user, at=at, key=key)
            operations.begin_check(handed_in, actor=user, at=at, today=localdate(at))
            return done(request, reverse("estate:import_report", args=[handed_in.pk]), "文件已收到")
    return page(
        request,
        "estate/import.html",
        form=form,
        estate=estate,
        latest=queries.imports_of(estate),
        tones=TONES,
        key=uuid4(),
        at=at,
    )


@require_GET
@needs("estate.edit")
def report(request: HttpRequest, number: int) -> HttpResponse:
    handed_in = queries.import_for(signed_in(request), number)
    request.about_estate = handed_in.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    said = handed_in.report
    return page(
        request,
        "estate/import_report.html#report",
        one=handed_in,
        said=said,
        problems=[Problem(**problem) for problem in said.get("problems", ())],
        tone=TONES[ImportStatus(handed_in.status)],
        waits=handed_in.status in (ImportStatus.CHECKING, ImportStatus.RUNNING),
        at=now(),
    )


@require_POST
@needs("estate.edit")
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    user, at = signed_in(request), now()
    handed_in = queries.import_for(user, number)
    back = reverse("estate:import_report", args=[handed_in.pk])
    try:
        operations.confirm(handed_in, actor=user, at=at, today=localdate(at))
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, SAYS[ImportStatus(handed_in.status)])


@require_GET
@needs("estate.edit")
def template(request: HttpRequest) -> FileResponse:
    return template_file()
