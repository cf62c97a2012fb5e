"""Where the desk stands: the estate at hand, and the home that was chosen in it."""

from django.http import Http404, HttpRequest

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate, Unit
from huiyin.areas.service_desk import queries
from huiyin.areas.service_desk.queries import HomeCard
from huiyin.foundation.accounts.permissions import require_right, signed_in


def estate_of(request: HttpRequest, right: str) -> Estate:
    """Return the estate at hand; 403 when the right is held only elsewhere."""
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return estate


def unit_of(request: HttpRequest, estate: Estate, chosen: str | None) -> Unit | None:
    """Return the unit whose id was sent; 404 for one out of sight or of another estate."""
    if not chosen:
        return None
    if not chosen.isdecimal() or len(chosen) > 18:
        raise Http404
    unit = estates.unit_for(signed_in(request), int(chosen), to="desk.register")
    if unit.estate_id != estate.pk:
        raise Http404
    return unit


def home_of(request: HttpRequest, estate: Estate, chosen: str | None) -> HomeCard | None:
    """Return the home whose unit was sent, with all the desk shows of it."""
    unit = unit_of(request, estate, chosen)
    return queries.home_card(unit) if unit else None
