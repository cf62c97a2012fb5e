"""Incidents: what runs, who asked, and whom to tell when it is over."""

from datetime import datetime
from functools import partial
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.cases import queries as cases
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs import queries as repair_queries
from huiyin.areas.repairs.models import Incident
from huiyin.areas.service_desk import operations, queries
from huiyin.areas.service_desk.web.incident_forms import (
    WAYS,
    CallerFilter,
    EndForm,
    IncidentFilter,
    IncidentForm,
    LeadForm,
    ReviseForm,
    ToldForm,
)
from huiyin.areas.service_desk.web.views.place import estate_of
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.masking import hide_names
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused

TONES = {"open": "red", "over": "muted"}


@require_GET
@needs("desk.see")
def incidents(request: HttpRequest) -> HttpResponse:
    """Answer the incidents of the estate at hand, those that run first."""
    estate, at = estate_of(request, "desk.see"), now()
    listing: Listing[Incident] = Listing(
        request.GET,
        find=partial(repair_queries.incidents, signed_in(request), estate.pk),
        filters=IncidentFilter,
        sorts={"status": ("status", "-opened_at"), "time": "opened_at"},
        first="-time",
    )
    asked = queries.asked_about(listing.rows)
    return page(request, "service_desk/incidents.html#rows", listing=listing, asked=asked, tones=TONES, at=at)


@require_http_methods(["GET", "POST"])
@needs("repairs.incident")
def open_one(request: HttpRequest) -> HttpResponse:
    """Open an incident, alone or with the order that leads it."""
    estate, at = estate_of(request, "repairs.incident"), now()
    form = IncidentForm(
        request.POST if request.method == "POST" else None,
        buildings=[row.building for row in estates.buildings_of(estate)],
        categories=partial(cases.all_categories, estate.pk),
        initial={"idempotency_key": uuid4(), "order": request.GET.get("order", "")},
    )
    if form.is_valid():
        with refusals(form):
            opened = _open(request, estate, form, at=at)
            return done(request, reverse("service_desk:incident", args=[opened.number]), f"已开 {opened.number}")
    return page(request, "service_desk/incident_open.html", form=form, estate=estate)


def _open(request: HttpRequest, estate: Estate, form: IncidentForm, *, at: datetime) -> Incident:
    said = form.cleaned_data
    order = repair_queries.order_to_lead(signed_in(request), estate, said["order"]) if said["order"] else None
    if said["order"] and order is None:
        raise Refused(f"没有维修单 {said['order']}")
    return repairs.open_incident(
        estate,
        title=said["title"],
        sentence=said["sentence"],
        expected_end=said["expected_end"],
        buildings=said["buildings"],
        category=said["category"],
        leading_order=order,
        key=str(said["idempotency_key"]),
        actor=signed_in(request),
        at=at,
    )


@require_GET
@needs("desk.see")
def incident(request: HttpRequest, incident: str) -> HttpResponse:
    """Answer one incident with everybody who asked about it."""
    return _page(request, repair_queries.incident_for(signed_in(request), incident, to="desk.see"))


def _page(request: HttpRequest, one: Incident, **forms: object) -> HttpResponse:
    user = signed_in(request)
    request.about_estate = one.estate_id  # type: ignore[attr-defined]  # `can` answers for the incident's estate
    listing = Listing(
        request.GET,
        find=partial(queries.callers_of, user, one),
        filters=CallerFilter,
        sorts={"time": "contact__received_at"},
        first="-time",
    )
    hide_names(user, one.estate_id, [row.contact for row in listing.rows], "caller_name")
    initial = {"sentence": one.sentence, "expected_end": one.expected_end}
    blank = {"revise": ReviseForm(initial=initial), "lead": LeadForm(), "end": EndForm(), "told": ToldForm()}
    return page(
        request,
        "service_desk/incident.html#rows",
        one=one,
        listing=listing,
        asked=queries.asked_about([one]).get(one.pk, queries.Asked()),
        forms=blank | forms,
        opened=next(iter(forms), ""),
        ways=WAYS,
        tones=TONES,
        at=now(),
    )


@require_POST
@needs("repairs.incident")
def revise(request: HttpRequest, incident: str) -> HttpResponse:
    """Say from now on something else, or another time."""
    one = repair_queries.incident_for(signed_in(request), incident, to="repairs.incident")
    form = ReviseForm(request.POST)
    if form.is_valid():
        with refusals(form):
            repairs.revise_incident(one, **form.cleaned_data, actor=signed_in(request), at=now())
            return done(request, reverse("service_desk:incident", args=[one.number]), "已改,前台马上看得到")
    return _page(request, one, revise=form)


@require_POST
@needs("repairs.incident")
def lead(request: HttpRequest, incident: str) -> HttpResponse:
    """Name the order that works on the cause."""
    user = signed_in(request)
    one = repair_queries.incident_for(user, incident, to="repairs.incident")
    form = LeadForm(request.POST)
    if form.is_valid():
        with refusals(form):
            order = repair_queries.order_to_lead(user, one.estate, form.cleaned_data["order"])
            if order is None:
                raise Refused(f"没有维修单 {form.cleaned_data['order']}")
            repairs.lead_incident(one, order=order, actor=user, at=now())
            return done(request, reverse("service_desk:incident", args=[one.number]), f"由 {order.number} 牵头")
    return _page(request, one, lead=form)


@require_POST
@needs("repairs.incident")
def end(request: HttpRequest, incident: str) -> HttpResponse:
    """Say that it is over; who asked to hear of it is on the list now."""
    one = repair_queries.incident_for(signed_in(request), incident, to="repairs.incident")
    form = EndForm(request.POST)
    if form.is_valid():
        with refusals(form):
            repairs.end_incident(one, **form.cleaned_data, actor=signed_in(request), at=now())
            where = f"{reverse('service_desk:incident', args=[one.number])}?show=waiting"
            return done(request, where, "已结束,下面是要告诉的人")
    return _page(request, one, end=form)


@require_POST
@needs("desk.register")
def told(request: HttpRequest, incident: str) -> HttpResponse:
    """Record who was told how: those ticked, or everybody who still waits."""
    user = signed_in(request)
    one = repair_queries.incident_for(user, incident, to="desk.register")
    back = reverse("service_desk:incident", args=[one.number])
    form = ToldForm(request.POST)
    chosen = [int(pk) for pk in request.POST.getlist("selected") if pk.isdecimal() and len(pk) < 18]
    waiting = queries.callers_of(user, one, show="waiting")
    callers = queries.callers_by_id(user, one, chosen) if request.POST.get("do") != "all" else list(waiting)
    if not form.is_valid() or not callers:
        return refused(request, Refused("请选中告诉过的人,并写明怎么告诉的"), back=back)
    try:
        count = operations.tell_callers(callers, how=form.cleaned_data["how"], actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"记下了 {count} 位")
