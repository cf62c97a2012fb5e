"""What the pages about the staff show: departments, zones, the week, what somebody who leaves lets go of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from huiyin.areas.staffing.models import Assignment, Department, Duty, Post, Zone
from huiyin.areas.staffing.queries.posts import departments_of
from huiyin.foundation.accounts.models import User
from huiyin.standards import queries as promises


@dataclass(frozen=True)
class DepartmentRow:
    """A department with its posts, each with who holds it."""

    department: Department
    posts: list[tuple[Post, list[Assignment]]]


@dataclass(frozen=True)
class LooseEnds:
    """What somebody who leaves lets go of."""

    titles: list[str]
    zones: list[str]
    duties: int
    promises: int


def departments_with_posts(estate_id: int) -> list[DepartmentRow]:
    """Return the departments in the order they were set up, with posts and holders. Three queries."""
    held: dict[int, list[Assignment]] = {}
    present = Assignment.objects.filter(post__estate_id=estate_id, until_date=None).select_related("user")
    for assignment in present.order_by("since_date", "id"):
        held.setdefault(assignment.post_id, []).append(assignment)
    posts: dict[int, list[tuple[Post, list[Assignment]]]] = {}
    for post in Post.objects.filter(estate_id=estate_id).select_related("falls_to").order_by("id"):
        posts.setdefault(post.department_id, []).append((post, held.get(post.pk, [])))
    return [DepartmentRow(one, posts.get(one.pk, [])) for one in departments_of(estate_id)]


def zones_of(estate_id: int) -> list[Zone]:
    """Return the zones by name, with butler and buildings."""
    zones = Zone.objects.filter(estate_id=estate_id).select_related("butler").prefetch_related("buildings")
    return list(zones.order_by("name"))


def company_people(company_id: int) -> list[User]:
    """Return the active people of the company, by name."""
    return list(User.objects.filter(company_id=company_id, is_active=True).order_by("name", "username"))


def week_of(estate_id: int, *, monday: datetime) -> list[Duty]:
    """Return the roster lines that begin in the seven days from `monday`, earliest first."""
    duties = Duty.objects.filter(
        post__estate_id=estate_id, starts_at__gte=monday, starts_at__lt=monday + timedelta(days=7)
    )
    return list(duties.select_related("user").order_by("starts_at", "id"))


def loose_ends(user: User, *, at: datetime) -> LooseEnds:
    """Return what the person would let go of by leaving: posts, zones, coming duties, promises owed by name."""
    held = Assignment.objects.filter(user=user, until_date=None).select_related("post").order_by("id")
    return LooseEnds(
        titles=[assignment.post.title for assignment in held],
        zones=list(Zone.objects.filter(butler=user).order_by("name").values_list("name", flat=True)),
        duties=Duty.objects.filter(user=user, ends_at__gt=at).count(),
        promises=promises.owed_by(user.pk, {}).count(),
    )
