"""What is recorded of people beyond name and phone, and who is meant when somebody asks for their data."""

from collections import Counter

from django.http import Http404

from huiyin.areas.estate.models import DetailSwitch, Estate, Occupancy, Person, PersonDetail, Phone
from huiyin.areas.estate.permissions import limited, visible_to
from huiyin.areas.estate.rules.details import DETAILS, Detail
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.privacy.declared import Subject


def details_recorded(estate_id: int) -> dict[str, Detail]:
    """Return the items this estate has switched on, in their order."""
    on = set(DetailSwitch.objects.filter(estate=estate_id).values_list("item", flat=True))
    return {code: one for code, one in DETAILS.items() if code in on}


def details_known(person: Person) -> set[str]:
    """Return the items that are recorded of a person, without reading them."""
    return set(PersonDetail.objects.filter(person=person).values_list("item", flat=True))


def details_of(person: Person) -> list[tuple[str, str]]:
    """Return what is recorded of a person, in clear: (label, value)."""
    known = {one.item: one.value for one in PersonDetail.objects.filter(person=person)}
    return [(one.label, known[code]) for code, one in DETAILS.items() if code in known]


def count_details(estate: Estate) -> dict[str, int]:
    """Count how many people each item is recorded of."""
    return dict(Counter(PersonDetail.objects.filter(person__estate=estate).values_list("item", flat=True)))


def person_for(user: User, number: int, *, to: str) -> Person:
    """Return the person if the user may; 404 out of sight, 403 without the right."""
    living = Occupancy.objects.filter(household__estate__in=visible_to(user))
    seen = limited(living, user, estate="household__estate", building="household__unit__entrance__building")
    person = Person.objects.filter(pk=number, pk__in=seen.values("person")).select_related("estate").first()
    if person is None:
        raise Http404
    require_right(user, to, person.estate_id)
    return person


def homes_of_person(person: Person) -> list[Occupancy]:
    """Return where the person lives and lived, the present first."""
    lived = Occupancy.objects.filter(person=person).select_related("household__unit")
    return sorted(lived, key=lambda one: (one.until_date is not None, -one.since_date.toordinal()))


def subject_of(person: Person) -> Subject:
    """Return who is meant when this person asks for their data.

    A phone that somebody else in the estate has too tells nobody apart: what came from it is not taken for theirs.
    """
    numbers = set(Phone.objects.filter(person=person).values_list("number", flat=True))
    shared = Phone.objects.filter(estate=person.estate_id, number__in=numbers).exclude(person=person)
    own = numbers - set(shared.values_list("number", flat=True))
    return Subject(person.estate_id, person.pk, person.name, tuple(sorted(own)))
