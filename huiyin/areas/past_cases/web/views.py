"""Handing in a sheet of old repair orders: the template, the check, the confirmation, the progress."""

from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.cases import queries as cases
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.rules.sheet import Problem
from huiyin.areas.past_cases import operations, queries
from huiyin.areas.past_cases.states import SheetStatus
from huiyin.areas.past_cases.web.forms import OrderSheetForm
from huiyin.areas.past_cases.web.template import template_file
from huiyin.foundation.accounts.permissions import needs, require_right, require_whole, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

SAYS = {
    SheetStatus.RUNNING: "已开始导入,可以先去忙别的",
    SheetStatus.DONE: "已导入",
    SheetStatus.WRONG: "没有导入,请看要修改的地方",
}
TONES = {
    SheetStatus.CHECKING: "accent",
    SheetStatus.CHECKED: "plain",
    SheetStatus.WRONG: "red",
    SheetStatus.RUNNING: "accent",
    SheetStatus.DONE: "green",
}


@require_http_methods(["GET", "POST"])
@needs("repairs.set_up")
def hand_in(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "repairs.set_up", estate.pk)
    require_whole(user, estate.pk)
    form = OrderSheetForm(request.POST, request.FILES) if request.method == "POST" else OrderSheetForm()
    if form.is_valid():
        with refusals(form):
            key = request.POST.get("idempotency_key", "")
            sheet = operations.hand_in_orders(estate, form.cleaned_data["sheet"], actor=user, at=at, key=key)
            operations.begin_check(sheet, actor=user, at=at)
            return done(request, reverse("past_cases:import_report", args=[sheet.pk]), "文件已收到")
    return page(
        request,
        "past_cases/import.html",
        status=422 if form.is_bound else 200,
        form=form,
        estate=estate,
        latest=queries.sheets_of(estate),
        tones=TONES,
        key=uuid4(),
        at=at,
    )


@require_GET
@needs("repairs.set_up")
def report(request: HttpRequest, number: int) -> HttpResponse:
    sheet = queries.sheet_for(signed_in(request), number)
    request.about_estate = sheet.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    said = sheet.report
    return page(
        request,
        "past_cases/import_report.html#report",
        one=sheet,
        said=said,
        problems=[Problem(**problem) for problem in said.get("problems", ())],
        tone=TONES[SheetStatus(sheet.status)],
        waits=sheet.status in (SheetStatus.CHECKING, SheetStatus.RUNNING),
        at=now(),
    )


@require_POST
@needs("repairs.set_up")
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    user = signed_in(request)
    sheet = queries.sheet_for(user, number)
    back = reverse("past_cases:import_report", args=[sheet.pk])
    try:
        operations.confirm_orders(sheet, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, SAYS[SheetStatus(sheet.status)])


@require_GET
@needs("repairs.set_up")
def template(request: HttpRequest) -> FileResponse:
    estate = estates.estate_at_hand(signed_in(request), request.session.get("estate"))
    tree = cases.categories_of("repair", estate.pk)
    above = {one.pk: one.title for one in tree}
    return template_file([f"{above[one.parent_id]}/{one.title}" if one.parent_id else one.title for one in tree])
