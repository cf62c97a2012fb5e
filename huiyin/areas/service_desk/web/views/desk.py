"""The desk: one box, the home, what the caller says, the number and the sentence to tell."""

from datetime import datetime
from functools import partial
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import get_current_timezone, now
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate, Unit
from huiyin.areas.estate.permissions import buildings_within
from huiyin.areas.service_desk import operations, queries, rules, scripts, words
from huiyin.areas.service_desk.queries import HomeCard
from huiyin.areas.service_desk.web.forms import DeskForm
from huiyin.areas.service_desk.web.views.place import estate_of, home_of, unit_of
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, wants_part


@require_http_methods(["GET", "POST"])
@needs("desk.register")
def desk(request: HttpRequest) -> HttpResponse:
    """Answer the whole desk, or to htmx the home that was chosen."""
    estate, at = estate_of(request, "desk.register"), now()
    asked = request.POST if request.method == "POST" else request.GET
    if request.method == "GET" and asked.get("done"):
        return _told(request, asked["done"], at)
    home = home_of(request, estate, asked.get("unit"))
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


def _entered(request: HttpRequest, estate: Estate, home: HomeCard | None, at: datetime) -> HttpResponse:
    user = signed_in(request)
    same_as = request.POST.get("same_as", "")
    into = cases.case_for(user, same_as) if same_as else None
    sent = request.POST.copy()
    if into:
        sent["kind"] = into.kind
    form = _form(request, estate, home, at, sent)
    if form.is_valid():
        with refusals(form):
            number = _enter(estate, form, into, at)
            return done(request, f"{reverse('service_desk:desk')}?done={number}", f"已登记 {number}")
    return _desk(request, estate, home, form, at)


def _enter(estate: Estate, form: DeskForm, into: Case | None, at: datetime) -> str:
    said = form.cleaned_data
    frame = {name: said[name] for name in ("channel", "text", "written_at")}
    frame |= {"caller": form.caller(), "home": form.home(), "actor": form.actor, "at": at, "key": form.key}
    ending = form.ending()
    if into:
        return operations.report_again(estate, into=into, place=said["place"], **frame).number
    if ending:
        return operations.settle_at_desk(estate, ending=ending, urgency=said["urgency"], **frame).number
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
    return page(request, "service_desk/_hints.html", **_hints(request, unit), at=now())


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
        categories=cases.all_categories,
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
    return {"q": said, "homes": homes, "numbers": numbers, "matters": matters, "contacts": contacts}


def _home(request: HttpRequest, home: HomeCard | None, form: DeskForm, at: datetime) -> dict[str, object]:
    return {
        "home": home,
        "form": form,
        "at": at,
        "chosen_by": request.GET.get("q", ""),
        "words": words,
    }


def _hints(request: HttpRequest, unit: Unit | None) -> dict[str, object]:
    said, kind = request.POST.get("text", ""), request.POST.get("kind", "")
    fitting = queries.suggested(said, kind) if said and kind else []
    same = queries.alike(unit.pk if unit else None, kind)
    return {"suggested": fitting, "same": same, "picked": request.POST.get("category", "")}


def _desk(request: HttpRequest, estate: Estate, home: HomeCard | None, form: DeskForm, at: datetime) -> HttpResponse:
    response = page(
        request,
        "service_desk/desk.html",
        estate=estate,
        moments=scripts.moments(),
        **_home(request, home, form, at),
        **_found(request, estate, request.GET.get("q", "") if home is None else ""),
        **_hints(request, home.unit if home else None),
    )
    # Going back must not bring a form whose key is spent: what is typed into it would be taken for a repetition.
    add_never_cache_headers(response)
    return response


def _told(request: HttpRequest, number: str, at: datetime) -> HttpResponse:
    told = queries.told(signed_in(request), number)
    said = words.tell(
        number=told.number,
        ending=told.contact.status,
        promised=rules.sentence(told.promises, now=at, zone=get_current_timezone()),
        kind=told.case.kind if told.case else "",
        joined=told.joined.number if told.joined else "",
        anonymous=bool(told.case and told.case.anonymous),
    )
    return page(request, "service_desk/told.html", told=told, sentence=said, at=at, words=words)
