"""The household page: who lives here since when, and one timeline over everything that concerned the home."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.queries import HouseholdCard
from huiyin.areas.repairs import queries as repairs
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import page
from huiyin.surfaces.web import household_file as files


@require_GET
@needs("estate.see")
def household(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Answer the file of one unit. `who=earlier` turns to the households before."""
    user, at = signed_in(request), now()
    unit = estates.unit_for(user, unit_id)
    request.about_estate = unit.estate_id  # type: ignore[attr-defined]  # `can` answers for the estate of the unit
    card = estates.household_card(unit)
    earlier = request.GET.get("who") == "earlier"
    kinds = {source.kind: source.label for source in files.sources_for(user, unit.estate_id)}
    kind = request.GET.get("kind", "") if request.GET.get("kind") in kinds else ""
    turned = files.file_page(user, unit, card, kind=kind, earlier=earlier, number=_page_number(request))
    return page(
        request,
        "web/household.html#lines",
        unit=unit,
        card=card,
        missing=files.missing(card, unit.gross_area),
        hint=unit.entrance.building.hint,
        standing=repairs.standing(unit.estate_id, unit.code),
        kinds=kinds,
        kind=kind,
        earlier=earlier,
        turned=turned,
        bands=_bands(card, turned.lines, earlier),
        span=files.years,
        at=at,
    )


def _page_number(request: HttpRequest) -> int:
    said = request.GET.get("page", "")
    return min(max(1, int(said)), files.LAST_PAGE) if said.isdecimal() and len(said) < 6 else 1


def _bands(card: HouseholdCard, lines: list[files.Line], earlier: bool) -> list[tuple[Any, list[files.Line]]]:
    """Separate the lines of earlier households from one another; the present one is one band."""
    if not earlier:
        return [(None, lines)]
    return [(past, list(group)) for past, group in groupby(lines, key=lambda line: files.household_then(card, line.at))]
