"""The roster, a week at a time."""

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, localtime, make_aware, now
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations, queries
from huiyin.areas.staffing.models import Duty
from huiyin.areas.staffing.web.forms import DutyForm
from huiyin.areas.staffing.web.views import estate_to_staff
from huiyin.areas.staffing.words import WEEKDAYS
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

WEEK = timedelta(days=7)


@require_http_methods(["GET", "POST"])
@needs("staffing.edit")
def roster(request: HttpRequest) -> HttpResponse:
    user, estate = estate_to_staff(request)
    at = now()
    monday = monday_of(request.GET.get("week", ""))
    holders = queries.holders_in(estate.pk)
    form = DutyForm(request.POST or None, monday=monday, holders=holders, initial={"starts": "08:00", "ends": "16:00"})
    if form.is_valid():
        with refusals(form):
            one = form.holder()
            written = operations.write_duties(one.post, one.user, spans=form.spans(), actor=user, at=at)
            return done(request, _address(monday), f"{one.user.name}的 {len(written)} 个班已排上")
    return _page(request, estate, monday, form, at)


def _page(request: HttpRequest, estate: Estate, monday: date, form: DutyForm, at: datetime) -> HttpResponse:
    days = [monday + timedelta(days=one) for one in range(7)]
    lines: dict[tuple[int, date], list[Duty]] = {}
    duties = queries.week_of(estate.pk, monday=make_aware(datetime.combine(monday, time())))
    for duty in duties:
        lines.setdefault((duty.post_id, localdate(duty.starts_at)), []).append(duty)
    return page(
        request,
        "staffing/roster.html",
        estate=estate,
        monday=monday,
        days=list(zip(WEEKDAYS, days, strict=True)),
        rows=[
            (post, [(name, day, lines.get((post.pk, day), [])) for name, day in zip(WEEKDAYS, days, strict=True)])
            for post in queries.posts_of(estate.pk).values()
        ],
        any_duty=bool(duties),
        today=localdate(at),
        this_week=monday_of(""),
        before=monday - WEEK,
        after=monday + WEEK,
        clock=_clock,
        form=form,
        at=at,
    )


@require_POST
@needs("staffing.edit")
def copy_week(request: HttpRequest) -> HttpResponse:
    user, estate = estate_to_staff(request)
    monday = monday_of(request.POST.get("week", ""))
    start = make_aware(datetime.combine(monday, time()))
    try:
        copied = operations.copy_week(estate, monday=start, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=_address(monday))
    left_out = f",{copied.left_out} 个没有抄(人已离岗、时间已过或已排过)" if copied.left_out else ""
    return done(request, _address(monday), f"抄来 {copied.written} 个班{left_out}")


@require_POST
@needs("staffing.edit")
def cancel_duty(request: HttpRequest, duty_id: int) -> HttpResponse:
    user = signed_in(request)
    duty = queries.duty_for(user, duty_id)
    back = _address(monday_of(localdate(duty.starts_at).isoformat()))
    try:
        operations.cancel_duty(duty, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"{duty.user.name}的这一班已撤掉")


def monday_of(said: str) -> date:
    """Return the Monday of the week a day lies in; of this week when the address says nothing readable."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = localdate()
    day = day if 2000 <= day.year <= 2100 else localdate()
    return day - timedelta(days=day.weekday())


def _address(monday: date) -> str:
    return f"{reverse('staffing:roster')}?week={monday.isoformat()}"


def _clock(duty: Duty) -> str:
    starts, ends = localtime(duty.starts_at), localtime(duty.ends_at)
    return f"{starts:%H:%M}–{'次日 ' if ends.date() > starts.date() and ends.time() != time() else ''}{ends:%H:%M}"
