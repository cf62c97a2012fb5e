"""Personal data in this estate: what is kept and what for, what is switched on, who looked, and one person's own file."""

from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import Estate, Person
from huiyin.areas.estate.rules.details import DETAILS
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import PurposeForm
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import ExportColumn, Listing, Watermark, export
from huiyin.foundation.kit.replies import done, page, refusals
from huiyin.foundation.privacy import declared, erasing
from huiyin.foundation.privacy import operations as privacy
from huiyin.foundation.privacy import queries as looking
from huiyin.surfaces.web import privacy_words as words

COLUMNS = (
    ExportColumn("记录", lambda one: one.record, 34),
    ExportColumn("项目", lambda one: one.label, 18),
    ExportColumn("内容", lambda one: one.value, 60),
    ExportColumn("用途", lambda one: one.purpose, 36),
    ExportColumn("依据", lambda one: one.basis, 24),
)


class SwitchForm(HouseForm):
    item = forms.ChoiceField(choices=[(one.code, one.label) for one in DETAILS.values()], widget=forms.HiddenInput)
    on = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(label="为什么需要", required=False, max_length=200)


class EraseForm(HouseForm):
    reason = forms.CharField(
        label="依据",
        max_length=200,
        required=False,  # the operation asks for it
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如“本人 11 月 20 日书面申请”;不要写姓名和电话,这一句会留在记录里",
    )


def _estate(request: HttpRequest, right: str) -> Estate:
    user = signed_in(request)
    estate = queries.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return estate


@require_GET
@needs("estate.see")
def fields(request: HttpRequest) -> HttpResponse:
    return _fields(request, _estate(request, "estate.see"))


def _fields(request: HttpRequest, estate: Estate, form: SwitchForm | None = None) -> HttpResponse:
    recorded, counts = queries.details_recorded(estate.pk), queries.count_details(estate)
    return page(
        request,
        "web/privacy.html",
        estate=estate,
        groups=words.grouped(declared.declared()),
        details=[(one, code in recorded, counts.get(code, 0)) for code, one in DETAILS.items()],
        form=form,
    )


@require_POST
@needs("people.govern")
def switch(request: HttpRequest) -> HttpResponse:
    """Begin or stop recording one of the optional items."""
    estate = _estate(request, "people.govern")
    form = SwitchForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        with refusals(form):
            gone = operations.switch_detail(estate, actor=signed_in(request), at=now(), **said)
            label = DETAILS[said["item"]].label
            told = f"开始登记{label}" if said["on"] else f"不再登记{label},已删除 {gone} 条"
            return done(request, reverse("web:privacy"), told)
    return _fields(request, estate, form)


@require_GET
@needs("people.govern")
def log(request: HttpRequest) -> HttpResponse:
    """Answer who looked at what is masked, and who took what out of the house."""
    estate = _estate(request, "people.govern")
    listing = Listing(request.GET, find=lambda: looking.lookings(estate.pk), sorts={"at": ("at", "id")}, first="-at")
    return page(request, "web/privacy_log.html#rows", listing=listing, says=words.says, subject=words.subject, at=now())


@require_GET
@needs("people.export")
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    return _person(request, queries.person_for(signed_in(request), person_id, to="people.export"), at=now())


def _person(request: HttpRequest, one: Person, *, at: datetime, **shown: HouseForm) -> HttpResponse:
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    subject = queries.subject_of(one)
    return page(
        request,
        "web/person_file.html",
        person=one,
        homes=queries.homes_of_person(one),
        counts=words.counted(erasing.everything_about(subject)),
        holds=declared.holds_on(subject, at=at) if one.erased_at is None else [],
        **{"form": _purpose(), "erase": EraseForm(prefix="erase"), **shown},
    )


def _purpose(sent: object = None) -> PurposeForm:
    form = PurposeForm(sent, initial={"reason": "asked"})
    return form


@require_POST
@needs("people.export")
def person_export(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Send one person everything the house keeps about them, as a sheet they can read."""
    user, at = signed_in(request), now()
    one = queries.person_for(user, person_id, to="people.export")
    form = _purpose(request.POST)
    if form.is_valid():
        kept = list(erasing.everything_about(queries.subject_of(one)))
        with refusals(form):
            why = privacy.take_out(
                "个人资料",
                estate_id=one.estate_id,
                rows=len(kept),
                asked={},
                actor=user,
                at=at,
                unmasked=True,
                subject=("estate.person", one.pk),
                **form.cleaned_data,
            )
            name = f"个人资料-{one.pk}-{localtime(at):%Y%m%d}"
            return export(kept, COLUMNS, name, watermark=Watermark(user.name, at, why))
    return _person(request, one, at=at, form=form)


@require_POST
@needs("people.govern")
def person_erase(request: HttpRequest, person_id: int) -> HttpResponse:
    """Erase what is kept about one person, unless something still needs it."""
    user, at = signed_in(request), now()
    one = queries.person_for(user, person_id, to="people.govern")
    form = EraseForm(request.POST, prefix="erase")
    if form.is_valid():
        with refusals(form):
            operations.erase_person(one, actor=user, at=at, **form.cleaned_data)
            return done(request, reverse("web:person", args=[one.pk]), "资料已删除,日志里只留编号")
    return _person(request, one, at=at, erase=form)
