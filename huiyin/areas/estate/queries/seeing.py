"""Which estates, buildings and units a person may see. Out of sight is 404, in sight without the right is 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from huiyin.areas.estate.models import Building, Estate, Household, Occupancy, Person, Phone, Unit, UnitImport
from huiyin.areas.estate.permissions import covers, limited, visible_to, within
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.rows import Prepared

_ESTATES = Prepared(lambda estate_ids, company_id: within(estate_ids, company_id).order_by("code"))


def estates_of(user: User) -> list[Estate]:
    """Return the estates the user may see, by code; read once and kept on the user object for the request."""
    held: list[Estate] | None = getattr(user, "_estates", None)
    if held is None:
        held = _ESTATES.all(access_of(user).estate_ids, user.company_id)
        user._estates = held  # type: ignore[attr-defined]  # kept with the request's user, nowhere else
    return held


def estate_at_hand(user: User, wanted_id: int | None) -> Estate:
    """Return the estate the user works in now: the wanted one if visible, else the first. 403 without any."""
    estates = estates_of(user)
    if not estates:
        raise PermissionDenied
    return next((estate for estate in estates if estate.pk == wanted_id), estates[0])


def estate_for(user: User, code: str, to: str = "estate.see") -> Estate:
    """Return the estate with this code if the user may; 404 out of sight, 403 without the right."""
    estate = next((one for one in estates_of(user) if one.code == code), None)
    if estate is None:
        raise Http404
    require_right(user, to, estate.pk)
    return estate


def estate_by_code(code: str) -> Estate | None:
    return Estate.objects.filter(code=code).first()


def codes_of_estates() -> dict[int, str]:
    return dict(Estate.objects.values_list("pk", "code"))


def unit_by_code(estate_id: int, code: str) -> Unit | None:
    return Unit.objects.filter(estate_id=estate_id, code=code).select_related("entrance__building").first()


_UNIT = Prepared(
    lambda number, estate_ids, company_id: (
        Unit.objects.filter(pk=number, estate__in=within(estate_ids, company_id))
        .select_related("estate", "entrance__building")
        .order_by("id")[:1]
    )
)


def unit_for(user: User, number: int, to: str = "estate.see") -> Unit:
    """Return the unit if the user may; 404 out of sight, 403 without the right."""
    unit = _UNIT.first(number, access_of(user).estate_ids, user.company_id)
    if unit is None or not covers(user, unit.estate_id, unit.entrance.building_id):
        raise Http404
    require_right(user, to, unit.estate_id)
    return unit


def building_for(user: User, number: int, to: str = "estate.see") -> Building:
    """Return the building if the user may; 404 out of sight, 403 without the right."""
    buildings = Building.objects.filter(estate__in=visible_to(user)).select_related("estate")
    building = buildings.filter(pk=number).first()
    if building is None or not covers(user, building.estate_id, building.pk):
        raise Http404
    require_right(user, to, building.estate_id)
    return building


def household_for(user: User, number: int, to: str = "estate.see") -> Household:
    """Return the household if the user may; 404 out of sight, 403 without the right."""
    households = Household.objects.filter(estate__in=visible_to(user)).select_related("unit")
    household = limited(households, user, building="unit__entrance__building").filter(pk=number).first()
    if household is None:
        raise Http404
    require_right(user, to, household.estate_id)
    return household


def occupancy_for(user: User, number: int, to: str = "estate.see") -> Occupancy:
    """Return who is in a household as what if the user may; 404 out of sight, 403 without the right."""
    occupancies = Occupancy.objects.filter(household__estate__in=visible_to(user))
    occupancies = limited(occupancies, user, estate="household__estate", building="household__unit__entrance__building")
    occupancy = occupancies.select_related("person", "household__unit").filter(pk=number).first()
    if occupancy is None:
        raise Http404
    require_right(user, to, occupancy.household.estate_id)
    return occupancy


def present_household(unit: Unit) -> Household:
    """Return the household that lives in the unit now; 404 when nobody does."""
    household = Household.objects.filter(unit=unit, until_date=None).select_related("unit").first()
    if household is None:
        raise Http404
    return household


def phones_of(person: Person) -> list[Phone]:
    return list(Phone.objects.filter(person=person).order_by("pk"))


def phone_of(person: Person, number: int) -> Phone:
    """Return the phone of the person by its id; 404 for another's, and for one that is gone."""
    phone = Phone.objects.filter(person=person, pk=number).first()
    if phone is None:
        raise Http404
    return phone


def import_for(user: User, number: int, to: str = "estate.edit") -> UnitImport:
    """Return the sheet that was handed in if the user may; 404 out of sight, 403 without the right."""
    handed_in = import_by_number(number)
    if handed_in is None or not visible_to(user).filter(pk=handed_in.estate_id).exists():
        raise Http404
    if handed_in.estate_id in access_of(user).buildings:
        raise Http404  # a sheet is about every building
    require_right(user, to, handed_in.estate_id)
    return handed_in


def import_by_number(number: int) -> UnitImport | None:
    return UnitImport.objects.filter(pk=number).select_related("estate", "file", "made_by", "confirmed_by").first()


def imports_of(estate: Estate, limit: int = 10) -> list[UnitImport]:
    """Return the latest sheets handed in for the estate."""
    return list(UnitImport.objects.filter(estate=estate).select_related("file", "made_by").order_by("-pk")[:limit])
