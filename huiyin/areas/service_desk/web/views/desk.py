"""The desk: one box, the home, what the caller says, the number and the sentence to tell."""

from datetime import datetime
from functools import partial
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import get_current_timezone, now
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate, Unit
from huiyin.areas.estate.permissions import buildings_within
from huiyin.areas.repairs import queries as repairs
from huiyin.areas.repairs.models import Incident
from huiyin.areas.service_desk import operations, queries, rules, scripts, words
from huiyin.areas.service_desk.queries import HomeCard
from huiyin.areas.service_desk.web.forms import DeskForm
from huiyin.areas.service_desk.web.views.place import estate_of, home_of, unit_of
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.replies import done, page, refusals, refused, wants_part
from huiyin.foundation.refusals import Refused


@require_http_methods(["GET", "POST"])
@needs("desk.register")
def desk(request: HttpRequest) -> HttpResponse:
    """Answer the whole desk, or to htmx the home that was chosen."""
    estate, at = estate_of(request, "desk.register"), now()
    asked = request.POST if request.method == "POST" else request.GET
    if request.method == "GET" and asked.get("done"):
        return _told(request, asked["done"], at)
    home = home_of(request, estate, asked.get("unit"))
    if request.method == "POST" and request.POST.get("incident"):
        return _answered(request, estate, home, at)
    if request.method == "POST":
        return _entered(request, estate, home, at)
    form = _form(request, estate, home, at)
    if wants_part(request):
        return page(request, "service_desk/_home.html", **_home(request, home, form, at))
    found = _found(request, estate, asked.get("q", ""))
    if home is None and len(found["homes"]) == 1 and not found["numbers"] and "caller" not in asked:
        only = home_of(request, estate, str(found["homes"][0].unit.pk))
        home, form = only, _form(request, estate, only, at)
    return _desk(request, estate, home, form, at)


def _answered(request: HttpRequest, estate: Estate, home: HomeCard | None, at: datetime) -> HttpResponse:
    """Enter somebody who asks about an incident: one press, whatever else was typed."""
    user = signed_in(request)
    incident = repairs.incident_for(user, request.POST["incident"], to="desk.register")
    sent = request.POST.copy()
    sent.update({"kind": "enquiry", "how": "answered", "answer": incident.sentence})
    sent["text"] = sent.get("text", "").strip() or f"问「{incident.title}」"
    form = _form(request, estate, home, at, sent)
    if form.is_valid():
        with refusals(form):
            telling = bool(request.POST.get("tell_when_over"))
            frame = form.frame(at) | {"incident": incident, "wants_telling": telling}
            contact = operations.answer_for_incident(estate, **frame)
            where = f"{url('service_desk:desk')}?done={contact.number}"
            return done(request, where, f"已登记 {contact.number}")
    return _desk(request, estate, home, form, at)


def _entered(request: HttpRequest, estate: Estate, home: HomeCard | None, at: datetime) -> HttpResponse:
    user = signed_in(request)
    same_as = request.POST.get("same_as", "")
    into = cases.case_for(user, same_as) if same_as else None
    sent = request.POST
    if into:
        sent = request.POST.copy()
        sent["kind"] = into.kind
    form = _form(request, estate, home, at, sent)
    under = request.POST.get("under", "")
    incident = repairs.incident_for(user, under, to="desk.register") if under and not into else None
    if form.is_valid():
        with refusals(form):
            number = _enter(estate, form, into, incident, at)
            return done(request, f"{url('service_desk:desk')}?done={number}", f"已登记 {number}")
    return _desk(request, estate, home, form, at)


def _enter(estate: Estate, form: DeskForm, into: Case | None, incident: Incident | None, at: datetime) -> str:
    said, frame = form.cleaned_data, form.frame(at)
    ending = form.ending()
    if into:
        return operations.report_again(estate, into=into, place=said["place"], **frame).number
    if ending:
        return operations.settle_at_desk(estate, ending=ending, urgency=said["urgency"], **frame).number
    if incident:
        frame |= {"incident": incident, "wants_telling": bool(form.data.get("tell_when_over"))}
        return operations.take_matter_of_incident(estate, matter=form.matter(), **frame).number
    return operations.take_matter(estate, matter=form.matter(), **frame).number


@require_POST
@needs("desk.register")
def find(request: HttpRequest) -> HttpResponse:
    """Answer what the box finds while somebody types. By POST, so that no phone stands in the access logs."""
    estate = estate_of(request, "desk.register")
    return page(request, "service_desk/_found.html", **_found(request, estate, request.POST.get("q", "")))


@require_POST
@needs("desk.register")
def hints(request: HttpRequest) -> HttpResponse:
    """Answer what the words suggest so far. By POST, so that what callers say stays out of the access logs."""
    estate = estate_of(request, "desk.register")
    unit = unit_of(request, estate, request.POST.get("unit"))
    at = now()
    return page(request, "service_desk/_hints.html", **_hints(request, estate, unit, at), at=at)


@require_POST
@needs("desk.register")
def join(request: HttpRequest, number: str) -> HttpResponse:
    """Let the matter just registered be one with one that is open: 就是这件, without a script or as an afterthought."""
    user, back = signed_in(request), f"{url('service_desk:desk')}?done={number}"
    case = cases.case_for(user, number, to="desk.register")
    into = cases.case_for(user, request.POST.get("into", ""))
    try:
        operations.join_matter(case, into=into, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"已并到 {into.number}")


def _form(request: HttpRequest, estate: Estate, home: HomeCard | None, at: datetime, sent: object = None) -> DeskForm:
    user = signed_in(request)
    typed = rules.stranger(request.GET.get("caller", ""))
    caller = rules.who_called(request.GET.get("q", ""), home.callers) if home else None
    return DeskForm(
        sent,
        home=home,
        actor=user,
        at=at,
        colleagues=partial(staffing.colleagues, estate.pk),
        departments=partial(staffing.departments_of, estate.pk),
        categories=partial(cases.all_categories, estate.pk),
        estate_id=estate.pk,
        initial={
            "idempotency_key": uuid4(),
            "unit": home.unit.pk if home else None,
            "person": str(caller) if caller else "",
            "caller_name": typed.name,
            "caller_phone": typed.phone,
            "caller_unit": typed.unit,
        },
    )


def _found(request: HttpRequest, estate: Estate, text: str) -> dict[str, object]:
    said = text.strip()[:60]
    matters, contacts = queries.find_numbers(signed_in(request), estate, said)
    numbers = [*matters, *contacts]
    homes = (
        estates.find_homes(estate, said, only=buildings_within(signed_in(request), estate.pk))
        if said and not numbers
        else []
    )
    if said and not numbers and not homes:
        numbers = matters = queries.find_old_number(signed_in(request), estate, said)
    return {"q": said, "homes": homes, "numbers": numbers, "matters": matters, "contacts": contacts}


def _home(request: HttpRequest, home: HomeCard | None, form: DeskForm, at: datetime) -> dict[str, object]:
    return {
        "home": home,
        "form": form,
        "at": at,
        "chosen_by": request.GET.get("q", ""),
        "words": words,
    }


def _hints(request: HttpRequest, estate: Estate, unit: Unit | None, at: datetime) -> dict[str, object]:
    said, kind = request.POST.get("text", ""), request.POST.get("kind", "")
    asked, picked = request.POST.get("category_q", "").strip()[:20], request.POST.get("category", "")
    fitting = queries.suggested(said, kind, estate.pk) if said and kind else []
    if asked and kind:
        fitting = queries.looked_up(asked, kind, estate.pk)
    chosen = next((one for one in fitting if str(one.pk) == picked), next(iter(fitting), None))
    return {
        "suggested": fitting,
        "same": queries.alike(unit.pk if unit else None, kind),
        "picked": picked,
        "asked": asked,
        "known": queries.known(signed_in(request), estate, unit, kind=kind, category=chosen, at=at),
        "kind": kind,
        "under": request.POST.get("under", ""),
        "suggests": words.suggests,
    }


def _desk(request: HttpRequest, estate: Estate, home: HomeCard | None, form: DeskForm, at: datetime) -> HttpResponse:
    response = page(
        request,
        "service_desk/desk.html",
        estate=estate,
        moments=scripts.moments(),
        **_home(request, home, form, at),
        **_found(request, estate, request.GET.get("q", "") if home is None else ""),
        places=repairs.common_places(),
        **_hints(request, estate, home.unit if home else None, at),
    )
    # Going back must not bring a form whose key is spent: what is typed into it would be taken for a repetition.
    add_never_cache_headers(response)
    return response


def _told(request: HttpRequest, number: str, at: datetime) -> HttpResponse:
    told = queries.told(signed_in(request), number)
    about = queries.told_of_incident(told.contact)
    said = words.tell(
        number=told.number,
        ending=told.contact.status,
        promised=rules.sentence(told.promises, now=at, zone=get_current_timezone()),
        kind=told.case.kind if told.case else "",
        joined=told.joined.number if told.joined else "",
        anonymous=bool(told.case and told.case.anonymous),
        incident=about.incident.sentence if about else "",
        tell_later=bool(about and about.wants_telling),
    )
    same = queries.may_be_same(signed_in(request), told.case) if told.case else []
    return page(request, "service_desk/told.html", told=told, sentence=said, about=about, same=same, at=at, words=words)
