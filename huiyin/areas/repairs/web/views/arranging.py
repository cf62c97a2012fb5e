"""What the lead arranges for the desk: hints for buildings, and fault categories of the estate's own, by hand or sheet."""

import json
from functools import partial
from uuid import uuid4

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases import queries as case_queries
from huiyin.areas.cases.rules import OwnCategory, category_problems, not_there_yet
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations, queries, words
from huiyin.areas.repairs.models import BuildingHint
from huiyin.areas.repairs.rules import HEADERS, Sheet, read_sheet
from huiyin.areas.repairs.web.follow_forms import FaultForm, HintForm, HintsFilter, SheetForm
from huiyin.areas.repairs.web.views.following import here
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.kit.sheets import sheet_to_fill
from huiyin.foundation.refusals import Refused

EXAMPLES = (
    ("给水", "直饮水机", "直饮水、滤芯", "公共部位", "一般"),
    ("电梯", "货梯", "货梯、载货电梯", "公共部位", "紧急"),
)
NOTES = (
    "一行加一个类别,挂在「归在」写的那一类下面;随产品发布的类别不能改。",
    "关键词用顿号隔开,录入时客户的话里有这些词就会提示。",
    "「多半在」写户内或公共部位,「多半」写一般、紧急或急修;不写就不提示。",
    "先检查再写入;有一行不对,整张表都不写入。",
)


@require_GET
@needs("repairs.arrange")
def hints(request: HttpRequest) -> HttpResponse:
    """Answer the hints in force and to come."""
    _, estate = here(request, "repairs.arrange")
    return _hints(request, estate, _hint_form(estate))


def _hint_form(estate: Estate, sent: object = None) -> HintForm:
    return HintForm(
        sent,
        buildings=[row.building for row in estates.buildings_of(estate)],
        categories=case_queries.categories_of("repair", estate.pk),
        today=localdate(),
        initial={"idempotency_key": uuid4()},
    )


def _hints(request: HttpRequest, estate: Estate, form: HintForm) -> HttpResponse:
    user, today = signed_in(request), localdate()

    listing: Listing[BuildingHint] = Listing(
        request.GET,
        find=partial(queries.hints, user, estate.pk, on=today),
        filters=HintsFilter,
        sorts={"since": "since_date"},
        first="-since",
    )
    return page(request, "repairs/hints.html#rows", listing=listing, form=form, estate=estate, today=today, at=now())


@require_POST
@needs("repairs.arrange")
def hint_write(request: HttpRequest) -> HttpResponse:
    """Write a hint."""
    user, estate = here(request, "repairs.arrange")
    form = _hint_form(estate, request.POST)
    if form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            key = str(said.pop("idempotency_key"))
            operations.write_hint(estate, **said, key=key, actor=user, at=now())
            return done(request, reverse("repairs:hints"), "前台马上看得到")
    return _hints(request, estate, form)


@require_POST
@needs("repairs.arrange")
def hint_withdraw(request: HttpRequest, hint_id: int) -> HttpResponse:
    """Show a hint no more."""
    user = signed_in(request)
    hint = queries.hint_for(user, hint_id, to="repairs.arrange")
    try:
        operations.withdraw_hint(hint, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=reverse("repairs:hints"))
    return done(request, reverse("repairs:hints"), "已撤下")


@require_GET
@needs("repairs.arrange")
def faults(request: HttpRequest) -> HttpResponse:
    """Answer the fault tree: what is shipped, and the estate's own."""
    _, estate = here(request, "repairs.arrange")
    return _faults(request, estate, _fault_form(estate))


def _fault_form(estate: Estate, sent: object = None) -> FaultForm:
    return FaultForm(sent, classes=[*case_queries.known_titles(estate.pk, "repair")])


def _faults(request: HttpRequest, estate: Estate, form: FaultForm) -> HttpResponse:
    return page(
        request,
        "repairs/faults.html",
        estate=estate,
        form=form,
        tree=case_queries.categories_of("repair", estate.pk),
        own=case_queries.own_categories(estate.pk, "repair"),
        words=words,
        at=now(),
    )


@require_POST
@needs("repairs.arrange")
def fault_add(request: HttpRequest) -> HttpResponse:
    """Add a category of the estate's own."""
    user, estate = here(request, "repairs.arrange")
    form = _fault_form(estate, request.POST)
    if form.is_valid():
        with refusals(form):
            made = cases.add_category(estate, form.category(), actor=user, at=now())
            return done(request, reverse("repairs:faults"), f"已加「{made.title}」")
    return _faults(request, estate, form)


@require_POST
@needs("repairs.arrange")
def fault_retire(request: HttpRequest, category_id: int) -> HttpResponse:
    """Offer a category of the estate's own no more."""
    user = signed_in(request)
    category = case_queries.own_category_for(user, category_id, to="repairs.arrange")
    try:
        cases.retire_category(category, actor=user, at=now(), note=request.POST.get("note", ""))
    except Refused as refusal:
        return refused(request, refusal, back=reverse("repairs:faults"))
    return done(request, reverse("repairs:faults"), f"已停用「{category.title}」")


@require_http_methods(["GET", "POST"])
@needs("repairs.arrange")
def fault_import(request: HttpRequest) -> HttpResponse:
    """Read a sheet and say what it would do, row by row; written only when it is confirmed."""
    user, estate = here(request, "repairs.arrange")
    if request.POST.get("rows"):
        try:
            count = cases.import_categories(estate, _rows(request.POST["rows"]), actor=user, at=now())
        except Refused as refusal:
            return refused(request, refusal, back=reverse("repairs:fault_import"))
        return done(request, reverse("repairs:faults"), f"加了 {count} 个类别" if count else "都已经有了,没有加")
    form, sheet = SheetForm(request.POST or None, request.FILES or None), None
    if form.is_valid():
        with refusals(form):
            sheet = read_sheet(form.cleaned_data["sheet"].read())
    return _read(request, estate, form, sheet)


def _read(request: HttpRequest, estate: Estate, form: SheetForm, sheet: Sheet | None) -> HttpResponse:
    problems, fresh = [], []
    if sheet:
        known = case_queries.known_titles(estate.pk, "repair")
        fresh = not_there_yet(sheet.rows, known=known)
        problems = sorted([*sheet.problems, *category_problems(fresh, known=known)], key=lambda one: one.row)
    return page(
        request,
        "repairs/fault_import.html",
        form=form,
        estate=estate,
        sheet=sheet,
        problems=problems,
        fresh=fresh,
        kept=json.dumps([vars(one) for one in fresh], ensure_ascii=False) if fresh and not problems else "",
        words=words,
    )


def _rows(text: str) -> list[OwnCategory]:
    """Read back what was checked; it is checked again when it is written."""
    try:
        said = json.loads(text)
        return [OwnCategory(**{**one, "kind": "repair", "keywords": tuple(one["keywords"])}) for one in said]
    except (ValueError, TypeError, KeyError):
        raise Refused("检查过的表没有传完整,请重新上传") from None


@require_GET
@needs("repairs.arrange")
def fault_template(request: HttpRequest) -> FileResponse:
    """Answer with the sheet to fill in."""
    return sheet_to_fill(
        "故障类别导入模板.xlsx", HEADERS, examples=EXAMPLES, notes=NOTES, widths=dict.fromkeys(HEADERS, 18)
    )
