"""Who may see work orders: a technician those given to him and, with the board's right, all of the estate; besides
what lies open to him, and what a colleague asks him to take over.
"""

from django.db.models import Q, QuerySet

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.estate.permissions import limited
from huiyin.areas.estate.permissions import visible_to as visible_estates
from huiyin.areas.repairs.models import BuildingHint, ContactChange, Incident, IncidentPlace, Offer, Transfer, WorkOrder
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import EVERYWHERE, access_of

BOARD = "repairs.see"


def visible_to(user: User) -> QuerySet[WorkOrder]:
    """Return the orders of the visible cases where the user has the board's right, elsewhere only his own."""
    return WorkOrder.objects.filter(seen_by(user))


def seen_by(user: User, *, of: str = "") -> Q:
    """Return the condition of `visible_to` for what hangs on orders: `of` is how it finds its order."""
    about = _about_visible_cases(user, of=of)
    rights = access_of(user).rights
    if BOARD in rights.get(EVERYWHERE, ()):
        return about
    boards = [estate_id for estate_id, held in rights.items() if BOARD in held]
    return about & (Q(**{f"{of}technician": user}) | Q(**{f"{of}estate_id__in": boards}))


def _about_visible_cases(user: User, *, of: str = "") -> Q:
    """Only who has a part of an estate is asked case by case: it costs a look at every one of them."""
    if access_of(user).buildings:
        return Q(**{f"{of}case__in": visible_cases(user)})
    return Q(**{f"{of}estate_id__in": visible_estates(user).values("pk")})


def open_to(user: User) -> QuerySet[Offer]:
    """Return the offers of orders of the visible cases where the user holds the technicians' post."""
    estates = [post.estate_id for post in staffing.held_posts(user) if post.code == "technician"]
    return Offer.objects.filter(_about_visible_cases(user, of="order__"), order__estate_id__in=estates)


def passed_to(user: User) -> QuerySet[Transfer]:
    """Return what the user was asked to take over, or asked others to."""
    return Transfer.objects.filter(_about_visible_cases(user, of="order__"), Q(receiver=user) | Q(giver=user))


def visible_incidents(user: User) -> QuerySet[Incident]:
    """Return the incidents of the visible estates; to whom only some buildings belong, those that concern one of them."""
    found = Incident.objects.filter(estate__in=visible_estates(user))
    for estate_id, buildings in access_of(user).buildings.items():
        theirs = IncidentPlace.objects.filter(building__in=sorted(buildings)).values("incident")
        found = found.filter(~Q(estate=estate_id) | Q(whole_estate=True) | Q(pk__in=theirs))
    return found


def visible_hints(user: User) -> QuerySet[BuildingHint]:
    """Return the hints of the visible estates, and of them those of the user's buildings or of none."""
    found = BuildingHint.objects.filter(estate__in=visible_estates(user))
    return limited(found, user, building="building", own=Q(building=None))


def visible_changes(user: User) -> QuerySet[ContactChange]:
    """Return the contact details confirmed on orders of homes the user may see."""
    found = ContactChange.objects.filter(household__estate__in=visible_estates(user))
    return limited(found, user, estate="estate_id", building="household__unit__entrance__building")
