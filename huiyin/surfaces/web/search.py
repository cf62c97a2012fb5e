"""One search for everything: a number goes straight to its page, the rest finds households and matters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.queries import Wanted
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.estate.permissions import buildings_within
from huiyin.areas.repairs import queries as repairs
from huiyin.areas.service_desk import queries as desk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.masking import hide_names
from huiyin.foundation.kit.replies import page
from huiyin.surfaces.web.context import Place, place_of

CASE_LETTERS = "ZTWJBF"
LONGEST = 60
CASES_SHOWN = 20
_TAIL = re.compile(r"^([ZTWJBFL])(\d{6})-(\d{3,})(-\d+)?$")
_NUMBER = re.compile(r"^(\w+-[ZTWJBFL]\d{6}-\d{3,})(-\d+)?$")
_SERIAL = re.compile(r"^\d{1,3}$")


@dataclass(frozen=True)
class Hit:
    """A page found by its number."""

    number: str
    url: str


@require_GET
@needs("today.see")
def search(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    place = place_of(request, user)
    asked = request.GET.get("q", "").strip()[:LONGEST]
    serials = _of_today(asked, user, place, at=at)
    hits = _by_number(asked, user, place)
    if len(hits) == 1:
        return redirect(hits[0].url)
    homes = _homes(asked, user, place.estate)
    matters = _matters(asked, user, place.estate)
    if len(serials) == 1 and not homes:
        return redirect(serials[0].url)
    shown = list(matters[: CASES_SHOWN + 1]) if matters is not None else []
    if place.estate:
        hide_names(user, place.estate.pk, shown, "caller_name")
        hide_names(user, place.estate.pk, estates.people_of(homes), "name")
    return page(
        request,
        "web/search.html",
        at=at,
        asked=asked,
        hits=serials,
        homes=homes,
        matters=shown[:CASES_SHOWN],
        more=len(shown) > CASES_SHOWN,
    )


def _by_number(asked: str, user: User, place: Place) -> list[Hit]:
    """Return what has exactly this number, also when the estate's code is left out."""
    number = asked.upper().replace("——", "-").replace(" ", "")
    if place.estate and _TAIL.match(number):
        number = f"{place.estate.code}-{number}"
    found = _NUMBER.match(number)
    if found is None:
        return []
    # A work order is worked on by its technician; for everybody else it is on the page of its case.
    return _pages([number], user) or _pages([found[1]], user)


def _of_today(asked: str, user: User, place: Place, *, at: datetime) -> list[Hit]:
    """Return the cases of today with this serial, whatever their kind."""
    if place.estate is None or not _SERIAL.match(asked):
        return []
    day = f"{timezone.localtime(at):%y%m%d}"
    return _pages([f"{place.estate.code}-{letter}{day}-{int(asked):03d}" for letter in CASE_LETTERS], user)


def _pages(numbers: list[str], user: User) -> list[Hit]:
    access = access_of(user)
    found: list[Hit] = []
    if access.may("cases.see"):
        told = cases.cases_for(user).filter(number__in=numbers).order_by("number").values_list("number", flat=True)
        found += _hits("web:case", told)
    if not found and access.may("desk.see"):
        heard = desk.ledger(user).filter(number__in=numbers).values_list("number", flat=True)
        found += _hits("service_desk:contact", heard)
    if not found and access.may("repairs.work"):
        mine = repairs.orders_of_technician(user).filter(number__in=numbers).values_list("number", flat=True)
        found += _hits("repairs:job", mine)
    return found


def _hits(name: str, numbers: Iterable[str]) -> list[Hit]:
    return [Hit(number, reverse(name, args=[number])) for number in numbers]


def _homes(asked: str, user: User, estate: Estate | None) -> list[estates.Home]:
    if not asked or estate is None or not access_of(user).may("estate.see", estate.pk):
        return []
    return list(estates.find_homes(estate, asked, only=buildings_within(user, estate.pk)))


def _matters(asked: str, user: User, estate: Estate | None) -> QuerySet[Case] | None:
    """Return the cases whose number, caller, unit or phone begins with what was typed, the newest first."""
    if len(asked) < 2 or estate is None or not access_of(user).may("cases.see", estate.pk):
        return None
    return cases.find(user, estate.pk, Wanted(status="all", text=asked)).order_by("-opened_at", "-id")
