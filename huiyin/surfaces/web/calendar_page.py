"""放假安排与开放时间: the years as they are known, the yearly notice to publish, an estate's hours and exceptions."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.calendar.hours import MalformedCalendar, hours_of, words_of
from huiyin.foundation.calendar.notice import Notice, read_notice
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals
from huiyin.foundation.tables import Cell, read_tables
from huiyin.standards import calendars
from huiyin.standards import operations as standards
from huiyin.surfaces.web.context import place_of

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
YEARS_SHOWN = 3


class NoticeForm(HouseForm):
    year = forms.IntegerField(label="哪一年", min_value=2010, max_value=2200)
    source = forms.CharField(label="依据", max_length=200, help_text="通知的名称和文号")
    text = forms.CharField(
        label="内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "2027-01-01,元旦,off"}),
        help_text="每行一天:日期,名称,off(放假)或 work(调休上班);也可以上传表格",
    )
    sheet = UploadField(allowed=SHEETS, label="Excel 或 CSV 文件", required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("text") and not told.get("sheet"):
            self.add_error("text", "请粘贴内容,或选择文件")
        return told

    def rows(self) -> list[list[Cell]]:
        """Return the rows that were pasted or uploaded. Refused when the file is no table."""
        data = (
            self.cleaned_data["sheet"].read() if self.cleaned_data.get("sheet") else self.cleaned_data["text"].encode()
        )
        return [list(row) for table in read_tables(data) for row in table.rows]


def read_slots(text: str) -> list[list[str]]:
    """Read 09:00-12:00 13:00-17:00; nothing, 休 or 关 is closed. Refused when it cannot be read."""
    said = text.strip().replace("~", "-").replace("–", "-").replace(",", " ").replace("、", " ")
    if said in ("", "休", "关", "-"):
        return []
    return words_of(hours_of([span.split("-") for span in said.split()]))


class SlotsField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"placeholder": "09:00-12:00 13:00-17:00", "autocomplete": "off"}
        super().__init__(**{"required": False, "max_length": 80, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def clean(self, value: Any) -> list[list[str]]:  # type: ignore[override]  # the slots, not their text
        try:
            return read_slots(super().clean(value))
        except MalformedCalendar as wrong:
            raise forms.ValidationError(wrong.sentence) from wrong


class HoursForm(HouseForm):
    channel = forms.ChoiceField(label="哪一项", choices=list(calendars.CHANNELS.items()))
    effective_from = forms.DateField(label="从哪天起", widget=forms.DateInput(attrs={"type": "date"}))
    on_holidays = forms.BooleanField(label="法定节假日照常开放", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            field = SlotsField(label=name)
            field.widget.attrs["class"] = "form-control"
            self.fields[f"day{number}"] = field

    @property
    def week(self) -> list[list[list[str]]]:
        return [self.cleaned_data[f"day{number}"] for number in range(7)]

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day{number}"] for number in range(7)]


class ExceptionForm(HouseForm):
    channel = forms.ChoiceField(label="哪一项", choices=list(calendars.CHANNELS.items()))
    day = forms.DateField(label="哪天", widget=forms.DateInput(attrs={"type": "date"}))
    slots = SlotsField(label="开放时间", help_text="不填就是这天不开放")
    reason = forms.CharField(label="原因", max_length=120)


@require_GET
@needs("standards.see")
def calendar(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@needs("calendar.edit", raised=True)
def notice(request: HttpRequest) -> HttpResponse:
    """Check the notice and show it, or publish what was checked."""
    _editing(request)
    form = NoticeForm(request.POST, request.FILES)
    read = None
    if form.is_valid():
        with refusals(form):
            read = read_notice(form.rows(), year=form.cleaned_data["year"])
            if not read.problems and request.POST.get("publish") == "yes":
                published, moved = standards.publish_year(
                    form.cleaned_data["year"],
                    read.days,
                    source=form.cleaned_data["source"],
                    actor=signed_in(request),
                    at=now(),
                )
                told = f"{published.year} 年放假安排已公布,{moved} 项暂定的承诺改了期限"
                return done(request, reverse("web:calendar"), told)
    return _page(request, notice=form, read=read)


@require_POST
@needs("calendar.edit", raised=True)
def hours(request: HttpRequest) -> HttpResponse:
    estate, form = _editing(request), HoursForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        with refusals(form):
            standards.set_hours(
                estate.pk,
                told["channel"],
                form.week,
                effective_from=told["effective_from"],
                on_holidays=told["on_holidays"],
                actor=signed_in(request),
                at=now(),
            )
            return done(request, reverse("web:calendar"), f"{told['effective_from']} 起按新的时间")
    return _page(request, hours=form)


@require_POST
@needs("calendar.edit", raised=True)
def exception(request: HttpRequest) -> HttpResponse:
    estate, form = _editing(request), ExceptionForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        with refusals(form):
            standards.set_dated_hours(
                estate.pk,
                told["channel"],
                told["day"],
                told["slots"],
                reason=told["reason"],
                actor=signed_in(request),
                at=now(),
            )
            return done(request, reverse("web:calendar"), f"{told['day']} 另有安排,已记下")
    return _page(request, exception=form)


def _editing(request: HttpRequest) -> Estate:
    user = signed_in(request)
    estate = place_of(request, user).estate
    if estate is None:
        raise PermissionDenied
    require_right(user, "calendar.edit", estate.pk)
    return estate


def _page(request: HttpRequest, *, read: Notice | None = None, **shown: HouseForm) -> HttpResponse:
    user, at = signed_in(request), now()
    estate, until = place_of(request, user).estate, calendars.known_until()
    told: dict[str, Any] = {
        "notice": NoticeForm(initial={"year": until.year + 1}),
        "hours": HoursForm(initial={f"day{number}": "09:00-12:00 14:00-18:00" for number in range(5)}),
        "exception": ExceptionForm(),
    }
    published = calendars.notices_published()
    return page(
        request,
        "web/calendar.html",
        status=422 if shown and not (read and not read.problems and not shown["notice"].errors) else 200,
        at=at,
        estate=estate,
        until=until,
        years=_years(until),
        published=published,
        read=read,
        lines="\n".join(f"{day},{said.name},{said.kind}" for day, said in sorted(read.days.items())) if read else "",
        channels=_channels(estate, timezone.localdate(at)) if estate else [],
        **told | shown,
    )


def _years(until: date) -> list[tuple[int, list[tuple[str, str, list[date]]]]]:
    """Return the last known years, each with its holidays and the days made up for them."""
    found: dict[int, dict[str, tuple[list[date], list[date]]]] = {}
    for day, said in sorted(calendars.known_days().items()):
        if until.year - YEARS_SHOWN < day.year <= until.year:
            off, work = found.setdefault(day.year, {}).setdefault(said.name, ([], []))
            (work if said.kind == "work" else off).append(day)
    return [
        (year, [(name, _span(off), work) for name, (off, work) in days.items()])
        for year, days in sorted(found.items(), reverse=True)
    ]


def _span(days: list[date]) -> str:
    if not days:
        return ""
    first, last = days[0], days[-1]
    words = f"{first.month} 月 {first.day} 日"
    return words if first == last else f"{words}到 {last.month} 月 {last.day} 日,共 {len(days)} 天"


def _channels(estate: Estate, today: date) -> list[dict[str, Any]]:
    """Return each channel with the week in force, what changes later, and the exceptions still to come."""
    found = []
    for channel, title in calendars.CHANNELS.items():
        changes = calendars.hours_set(estate.pk, channel)
        in_force = [one for one in changes if one.effective_from <= today]
        week = calendars.week_of(in_force[-1].week) if in_force else calendars.USUAL[channel].week
        found.append(
            {
                "title": title,
                "week": list(zip(WEEKDAYS, [_words(day) for day in week], strict=True)),
                "on_holidays": in_force[-1].on_holidays if in_force else calendars.USUAL[channel].on_holidays,
                "later": [one.effective_from for one in changes if one.effective_from > today],
                "exceptions": [
                    (one, _words(hours_of(one.slots)))
                    for one in calendars.exceptions_set(estate.pk, channel)
                    if one.day >= today
                ],
            }
        )
    return found


def _words(hours: Any) -> str:
    if hours == ((0, 86_400),):
        return "全天"
    return "、".join(f"{opens}–{closes}" for opens, closes in words_of(hours)) or "休"
