"""Handing in a sheet of items, prices and opening stock: the template, the check, the confirmation."""

from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.materials import operations, queries, words
from huiyin.areas.materials.rules.sheet import Problem
from huiyin.areas.materials.states import SheetStatus
from huiyin.areas.materials.web.forms import SheetForm
from huiyin.areas.materials.web.template import template_file
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused


@require_http_methods(["GET", "POST"])
@needs("materials.edit")
def hand_in(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "materials.edit", estate.pk)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        with refusals(form):
            told = {"actor": user, "at": now(), "today": localdate(), "key": request.POST.get("idempotency_key", "")}
            sheet = operations.hand_in(estate, form.cleaned_data["sheet"], **told)
            return done(request, reverse("materials:import_report", args=[sheet.pk]), "表格已检查")
    return page(
        request,
        "materials/import.html",
        status=422 if form.is_bound else 200,
        form=form,
        estate=estate,
        latest=queries.sheets_of(estate.pk),
        tones=words.TONES,
        key=uuid4(),
        at=now(),
    )


@require_GET
@needs("materials.edit")
def template(request: HttpRequest) -> FileResponse:
    return template_file()


@require_GET
@needs("materials.edit")
def import_report(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = queries.sheet_for(signed_in(request), sheet_id, to="materials.edit")
    request.about_estate = sheet.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    said = sheet.report
    problems = [Problem(**problem) for problem in said.get("problems", ())]
    return page(
        request, "materials/import_report.html", one=sheet, said=said, problems=problems, tones=words.TONES, at=now()
    )


@require_POST
@needs("materials.edit")
def import_confirm(request: HttpRequest, sheet_id: int) -> HttpResponse:
    user = signed_in(request)
    sheet = queries.sheet_for(user, sheet_id, to="materials.edit")
    back = reverse("materials:import_report", args=[sheet_id])
    try:
        operations.confirm_sheet(sheet, actor=user, at=now(), today=localdate())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, "已导入" if sheet.status == SheetStatus.DONE else "没有导入,请看要修改的地方")
