"""Of whom the standards' quotas and duties speak: the homes with the zone they lie in, staff, zones, posts."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from huiyin.areas.estate.models import Household, Unit
from huiyin.areas.staffing.models import Assignment, Post, Zone
from huiyin.standards import populations
from huiyin.standards.rules.quota import Member


def register() -> None:
    """Tell the standards who belongs to each population."""
    for name, members in (
        ("households", households),
        ("units", units),
        ("staff", staff),
        ("zones", zones),
        ("posts", posts),
    ):
        populations.listed_by(name, members)


def households(estate_id: int, day: date) -> list[Member]:
    """Return the households that live there on that day."""
    there = Household.objects.filter(
        Q(until_date=None) | Q(until_date__gt=day), estate_id=estate_id, since_date__lte=day
    )
    zone_of = _zone_of_buildings(estate_id)
    columns = ("pk", "unit__code", "unit__entrance__building_id", "unit__entrance__building__code")
    return [
        Member(str(pk), {"unit": unit, "building": code, "zone": zone_of.get(building)})
        for pk, unit, building, code in there.order_by("pk").values_list(*columns)
    ]


def units(estate_id: int, day: date) -> list[Member]:
    """Return every unit, lived in or not; an event names it by its code."""
    zone_of = _zone_of_buildings(estate_id)
    found = Unit.objects.filter(estate_id=estate_id).order_by("pk")
    return [
        Member(code, {"unit": code, "building": building_code, "zone": zone_of.get(building)})
        for code, building, building_code in found.values_list(
            "code", "entrance__building_id", "entrance__building__code"
        )
    ]


def staff(estate_id: int, day: date) -> list[Member]:
    """Return who holds a post on that day, each person once, with the post held first."""
    held = Assignment.objects.filter(
        Q(until_date=None) | Q(until_date__gt=day), post__estate_id=estate_id, since_date__lte=day, user__is_active=True
    )
    people: dict[int, Member] = {}
    for user_id, post, department in held.order_by("pk").values_list("user_id", "post__code", "post__department__name"):
        people.setdefault(user_id, Member(str(user_id), {"post": post, "department": department}))
    return list(people.values())


def zones(estate_id: int, day: date) -> list[Member]:
    """Return the zones by name, each with its butler."""
    found = Zone.objects.filter(estate_id=estate_id).order_by("name")
    return [
        Member(name, {"zone": name, "butler_id": butler}) for name, butler in found.values_list("name", "butler_id")
    ]


def posts(estate_id: int, day: date) -> list[Member]:
    """Return the posts of the estate, each with whether somebody holds it, and with the post it falls to if not."""
    held = Assignment.objects.filter(post=OuterRef("pk"), until_date=None, user__is_active=True)
    found = Post.objects.filter(estate_id=estate_id).annotate(held=Exists(held)).order_by("pk")
    return [
        Member(code, {"post": code, "department": department, "held": is_held, "falls_to": falls_to or ""})
        for code, department, is_held, falls_to in found.values_list(
            "code", "department__name", "held", "falls_to__code"
        )
    ]


def _zone_of_buildings(estate_id: int) -> dict[int, str]:
    return dict(
        Zone.buildings.through.objects.filter(zone__estate_id=estate_id).values_list("building_id", "zone__name")
    )
