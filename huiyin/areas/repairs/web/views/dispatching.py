"""How the estate gives out orders, who could take one and when, and the rules the lead sets going by hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.cases.models import Urgency
from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import operations, queries, words
from huiyin.areas.repairs.web.forms import AppointForm, PolicyForm, SkillsForm
from huiyin.areas.repairs.web.views.board import back_to
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, refused, where_next
from huiyin.foundation.refusals import Refused


@require_http_methods(["GET", "POST"])
@needs("repairs.dispatch")
def dispatching(request: HttpRequest) -> HttpResponse:
    """Show and change how orders of each urgency are given out; the posted form says of which."""
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "repairs.dispatch", estate.pk)
    decided = queries.policies_of(estate.pk)
    forms = {
        code: PolicyForm(
            request.POST if request.POST.get("urgency") == code else None,
            initial=queries.mode_of(decided[code]),
            auto_id=f"{code}_%s",
        )
        for code in Urgency.values
    }
    for code, form in forms.items():
        if form.is_valid():
            with refusals(form):
                operations.set_policy(estate.pk, urgency=code, actor=user, at=now(), **form.cleaned_data)
                says = f"{Urgency(code).label}的派单办法已保存"
                return done(request, reverse("repairs:dispatching"), says)
    shown = [(code, Urgency(code).label, decided[code], form) for code, form in forms.items()]
    return page(request, "repairs/dispatching.html", estate=estate, shown=shown)


@require_http_methods(["GET", "POST"])
@needs("repairs.dispatch")
def skills(request: HttpRequest) -> HttpResponse:
    """Show and change which fault needs which skill."""
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "repairs.dispatch", estate.pk)
    form = SkillsForm(request.POST or None, asks=queries.skill_map(estate.pk))
    if form.is_valid():
        with refusals(form):
            count = operations.set_skills(estate.pk, form.asked(), actor=user, at=now())
            return done(request, reverse("repairs:skills"), f"改了 {count} 类,马上算" if count else "没有改动")
    return page(request, "repairs/skills.html", status=422 if form.is_bound else 200, estate=estate, form=form)


@require_GET
@needs("repairs.see")
def plan(request: HttpRequest, number: str) -> HttpResponse:
    """Show who could take the order, why and why not, and when there is room for a visit."""
    user, at = signed_in(request), now()
    order = queries.order_for(user, number, to="repairs.see")
    request.about_estate = order.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    crew = queries.crew_of(order.estate_id, at=at)
    policy = crew.policies[order.urgency]
    return page(
        request,
        "repairs/plan.html",
        order=order,
        candidates=crew.candidates(order),
        wanted=crew.wanted(order),
        turn=crew.whose_turn(order) if policy.mode == "rotation" else None,
        policy=policy,
        offer=queries.offers_of([order], at=at).get(order.pk),
        days=queries.slots_for(order, at=at),
        arrival=queries.clocks_and_arrivals([order])[1].get(order.pk),
        lasts=AppointForm().fields["lasts"].choices,
        tones=words.TONES,
        at=at,
    )


@require_POST
@needs("repairs.dispatch")
def lay_open(request: HttpRequest, number: str) -> HttpResponse:
    return _given(request, number, operations.lay_open, "已放出来,等人抢")


@require_POST
@needs("repairs.dispatch")
def rotate(request: HttpRequest, number: str) -> HttpResponse:
    return _given(request, number, operations.rotate, "已轮派给{}")


def _given(request: HttpRequest, number: str, act: Any, says: str) -> HttpResponse:
    order = queries.order_for(signed_in(request), number, to="repairs.dispatch")
    try:
        given = act(order, actor=signed_in(request), at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back_to(request, order))
    return done(request, back_to(request, order), says.format(given))


@require_POST
@needs("repairs.dispatch")
def rotate_all(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, "repairs.dispatch", estate.pk)
    back = where_next(request, reverse("repairs:board"))
    try:
        came = operations.rotate_all(estate.pk, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    left = f";{came.left} 张没有合适的人,请指定" if came.left else ""
    return done(request, back, f"已轮派 {came.given} 张{left}")
