"""Who answers for what at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.estate.permissions import visible_to
from huiyin.areas.staffing import crews
from huiyin.areas.staffing.models import Absence, Assignment, Department, Duty, Post, Zone
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.accounts.queries import access_of, open_grants_of, outranks
from huiyin.foundation.refusals import Refused
from huiyin.foundation.rows import Prepared
from huiyin.standards import queries as promises
from huiyin.standards.on_duty import Reached

Found = TypeVar("Found")
Hand, crew_of, skills_of = crews.Hand, crews.crew_of, crews.skills_of


class NobodyHolds(Refused):
    """No post of that code in the estate, so nobody could be made responsible."""


@dataclass(frozen=True)
class Responsible:
    """A post, and the one person on duty there if there is exactly one."""

    post: Post
    user: User | None


_POSTS = Prepared(lambda estate_id: Post.objects.filter(estate_id=estate_id).order_by("id"))
_DEPARTMENTS = Prepared(lambda estate_id: Department.objects.filter(estate_id=estate_id).order_by("id"))


def posts_of(estate_id: int) -> dict[str, Post]:
    return {post.code: post for post in _POSTS.all(estate_id)}


def departments_of(estate_id: int) -> list[Department]:
    return _DEPARTMENTS.all(estate_id)


def holders_of(post: Post) -> list[User]:
    """Return the active people who hold the post at present, by account name."""
    return list(
        User.objects.filter(is_active=True, assignments__post=post, assignments__until_date=None).order_by("username")
    )


_HOLDING = Prepared(
    lambda estate_id: (
        Assignment.objects.filter(post__estate_id=estate_id, until_date=None, user__is_active=True)
        .select_related("user")
        .order_by("user__username")
    )
)


def posts_with_holders(estate_id: int) -> list[tuple[Post, list[User]]]:
    """Return the posts of the estate in the order they were set up, each with the active people who hold it."""
    people: dict[int, list[User]] = {}
    for assignment in _HOLDING.all(estate_id):
        people.setdefault(assignment.post_id, []).append(assignment.user)
    return [(post, people.get(post.pk, [])) for post in _POSTS.all(estate_id)]


def on_duty(post: Post, *, at: datetime) -> list[User]:
    """Return the active people who man the post at that moment; without a roster for it, all who hold it.

    Whoever is absent mans nothing.
    """
    manned = User.objects.filter(
        Exists(Duty.objects.filter(post=post, user=OuterRef("pk"), starts_at__lte=at, ends_at__gt=at)),
        is_active=True,
        assignments__post=post,
        assignments__until_date=None,
    ).order_by("username")
    away = set(absent_at(at).values_list("user", flat=True))
    found = [user for user in manned if user.pk not in away]
    if found or Duty.objects.filter(post=post, ends_at__gt=at).exists():
        return found
    return [user for user in holders_of(post) if user.pk not in away]


def absent_at(at: datetime) -> QuerySet[Absence]:
    """Return who is not there at that moment."""
    return Absence.objects.filter(starts_at__lte=at, ends_at__gt=at)


def absence_of(user: User, *, at: datetime) -> Absence | None:
    return absent_at(at).filter(user=user).first()


_MANNING = """
SELECT p.id, p.department_id, p.code, p.title, p.falls_to_id,
       EXISTS (SELECT 1 FROM staffing_duty later WHERE later.post_id = p.id AND later.ends_at > %s),
       u.id, u.username, u.name, d.id
FROM staffing_post p
LEFT JOIN staffing_assignment a ON a.post_id = p.id AND a.until_date IS NULL
LEFT JOIN accounts_user u ON u.id = a.user_id AND u.is_active AND NOT EXISTS (
  SELECT 1 FROM staffing_absence away WHERE away.user_id = a.user_id AND away.ends_at > %s AND away.starts_at <= %s)
LEFT JOIN staffing_duty d ON d.post_id = p.id AND d.user_id = u.id AND d.starts_at <= %s AND d.ends_at > %s
WHERE p.estate_id = %s
ORDER BY p.id, u.username
"""


@dataclass(frozen=True)
class _Manning:
    """The posts of an estate at a moment, who holds them, and who of these is on duty."""

    posts: dict[int, tuple[Any, ...]]
    holding: dict[int, list[tuple[Any, ...]]]
    present: dict[int, list[tuple[Any, ...]]]

    def post_by_code(self, code: str) -> int | None:
        return next((post[0] for post in self.posts.values() if post[2] == code), None)

    def on_duty(self, pk: int) -> list[tuple[Any, ...]]:
        """Return who mans the post; without a roster for it, all who hold it."""
        return (self.present if self.posts[pk][5] else self.holding).get(pk, [])

    def reached(self, pk: int, people: list[tuple[Any, ...]]) -> Reached:
        """Return the one person by name; several share their post."""
        _, _, code, title, _, _ = self.posts[pk]
        return Reached(people[0][0], code, people[0][2]) if len(people) == 1 else Reached(None, code, title)

    def ladder(self, pk: int | None) -> list[int]:
        """Return the post and those it falls to, in order."""
        found: list[int] = []
        while pk is not None and pk not in found:
            found.append(pk)
            pk = self.posts[pk][4]
        return found


def _manning(estate_id: int, *, at: datetime) -> _Manning:
    found = _Manning({}, {}, {})
    for row in rows.read(_MANNING, [at, at, at, at, at, estate_id]):
        post, person, duty = row[:6], row[6:9], row[9]
        found.posts[post[0]] = post
        if person[0] is not None:
            found.holding.setdefault(post[0], []).append(person)
            if duty is not None:
                found.present.setdefault(post[0], []).append(person)
    return found


def responsible_now(estate_id: int, post_code: str, *, at: datetime) -> Responsible:
    """Return who answers for the post now: the post, falling to the next one while nobody is on duty.

    Never nobody: the last post of the ladder stays responsible although nobody is there at the moment.
    Refused when the estate has no such post.
    """
    manning = _manning(estate_id, at=at)
    first = manning.post_by_code(post_code)
    if first is None:
        raise NobodyHolds(f"本小区没有设置岗位「{post_code}」,请先在人员设置中建立")
    ladder = manning.ladder(first)
    pk = next((one for one in ladder if manning.on_duty(one)), ladder[-1])
    people = manning.on_duty(pk)
    _, department_id, code, title, falls_to_id, _ = manning.posts[pk]
    found = Post(
        id=pk, estate_id=estate_id, department_id=department_id, code=code, title=title, falls_to_id=falls_to_id
    )
    user = User(id=people[0][0], username=people[0][1], name=people[0][2]) if len(people) == 1 else None
    return Responsible(found, user)


def reached_now(estate_id: int, post_code: str, user_id: int | None, at: datetime) -> Reached | None:
    """Return whom a message reaches now: this person while on duty, else who is on duty on the post, or on the next
    post of its ladder.

    With nobody on duty at all it goes to the post with whoever holds it, and on the ladder to the first post that
    somebody holds: never to nobody. One person is named, several share their post. None for a post the estate has not.
    """
    manning = _manning(estate_id, at=at)
    held = [pk for pk, people in manning.holding.items() if any(person[0] == user_id for person in people)]
    for pk in held:
        for person in manning.on_duty(pk):
            if person[0] == user_id:
                return Reached(user_id, post_code or manning.posts[pk][2], person[2])
    first = manning.post_by_code(post_code)
    if first is None and held:
        first = held[0]
    if first is None:
        # Somebody without a post has no roster either, and is there as long as the account is open.
        there = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
        return Reached(there.pk, post_code, there.name) if there else None
    ladder = manning.ladder(first)
    for people_of in (manning.on_duty, lambda pk: manning.holding.get(pk, [])):
        for pk in ladder:
            if people := people_of(pk):
                return manning.reached(pk, people)
    return manning.reached(first, [])


def post_codes_of(user: User) -> dict[int, list[str]]:
    """Return the codes of the posts the user holds, by estate."""
    held: dict[int, list[str]] = {}
    for estate_id, code in Assignment.objects.filter(user=user, until_date=None).values_list(
        "post__estate_id", "post__code"
    ):
        held.setdefault(estate_id, []).append(code)
    return held


_HELD = """
SELECT p.id, p.estate_id, p.code, p.title FROM staffing_assignment a JOIN staffing_post p ON p.id = a.post_id
WHERE a.user_id = %s AND a.until_date IS NULL ORDER BY a.id
"""


@dataclass(frozen=True)
class HeldPost:
    """A post somebody holds, in plain values."""

    id: int
    estate_id: int
    code: str
    title: str


def held_posts(user: User) -> list[HeldPost]:
    """Return the posts the user holds, in every estate."""
    return [HeldPost(*row) for row in rows.read(_HELD, [user.pk])]


@dataclass(frozen=True)
class Team:
    """Posts of an estate (code and title) and the active people who hold them (id and name)."""

    posts: dict[str, str]
    people: dict[int, str]


def team_of(estate_id: int, codes: Sequence[str] | None = None) -> Team:
    """Return the posts of these codes with every post that falls to them, and who holds them; without codes, all."""
    posts = posts_of(estate_id)
    by_id = {post.pk: post for post in posts.values()}
    wanted = set(posts if codes is None else codes)

    def answers(post: Post) -> bool:
        seen: set[int] = set()
        step: Post | None = post
        while step is not None and step.pk not in seen:
            if step.code in wanted:
                return True
            seen.add(step.pk)
            step = by_id.get(step.falls_to_id) if step.falls_to_id else None
        return False

    answering = {post.pk: post for post in posts.values() if answers(post)}
    held = [one for one in _HOLDING.all(estate_id) if one.post_id in answering]
    return Team({post.code: post.title for post in answering.values()}, {one.user_id: one.user.name for one in held})


_COLLEAGUES = Prepared(
    lambda estate_id: (
        User.objects.filter(Q(assignments__post__estate_id=estate_id, assignments__until_date=None), is_active=True)
        .distinct()
        .order_by("username")
    )
)


def colleagues(estate_id: int) -> list[User]:
    """Return everyone who holds a post in the estate, by account name."""
    return _COLLEAGUES.all(estate_id)


def post_of(user: User, estate_id: int) -> Post | None:
    """Return the post the user holds in the estate (the first when several)."""
    held = Assignment.objects.filter(user=user, post__estate_id=estate_id, until_date=None).select_related("post")
    assignment = held.order_by("id").first()
    return assignment.post if assignment else None


_PEOPLE_ON = Prepared(
    lambda estate_id, code: User.objects.filter(
        is_active=True,
        assignments__post__estate_id=estate_id,
        assignments__post__code=code,
        assignments__until_date=None,
    ).order_by("username")
)


def people_on(estate_id: int, post_code: str) -> list[User]:
    """Return the active people who hold the post of that code in the estate, by account name."""
    return _PEOPLE_ON.all(estate_id, post_code)


def first_existing(estate_id: int, post_codes: Sequence[str]) -> str:
    """Return the first of these posts that the estate has; the first of all when it has none of them."""
    existing = posts_of(estate_id)
    return next((code for code in post_codes if code in existing), post_codes[0])


def person_by_account(username: str) -> User | None:
    """Return the active person with this account name."""
    return User.objects.filter(username=username, is_active=True).first()


# ---- for the pages about the staff


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


def roles_to_give(user: User, estate_id: int) -> list[Role]:
    """Return the roles this person may give in the estate: all that staff nobody, and of the others those with no
    right they do not hold there themselves. None without the right to staff it.
    """
    access = access_of(user)
    if not access.may("staffing.edit", estate_id):
        return []
    return [
        role
        for role in Role.objects.order_by("id")
        if "staffing.edit" not in role.rights or all(access.may(right, estate_id) for right in role.rights)
    ]


@dataclass(frozen=True)
class Held:
    """A role somebody holds here: in which buildings (empty: all), and whether one may take it from them."""

    grant: Grant
    buildings: list[str]
    may_take: bool


def roles_held(user: User, *, estate: Estate, by: User) -> list[Held]:
    """Return the roles of the colleague that count in the estate, those for the whole company too. Four queries."""
    names = {row.building.pk: row.building.name for row in estates.buildings_of(estate)}
    give = {role.pk for role in roles_to_give(by, estate.pk)} if by.pk != user.pk and outranks(by, user) else set()
    return [
        Held(
            one,
            [names[pk] for pk in one.building_ids if pk in names],
            one.role_id in give and one.estate_id == estate.pk,
        )
        for one in open_grants_of(user)
        if one.estate_id in (None, estate.pk)
    ]


def post_for(user: User, number: int, to: str = "staffing.edit") -> Post:
    """Return the post if the user may; 404 out of sight, 403 without the right."""
    post = Post.objects.filter(estate__in=visible_to(user), pk=number).select_related("estate", "falls_to").first()
    return _allowed(post, post.estate_id if post else 0, user, to)


def department_for(user: User, number: int, to: str = "staffing.edit") -> Department:
    """Return the department if the user may; 404 out of sight, 403 without the right."""
    department = Department.objects.filter(estate__in=visible_to(user), pk=number).select_related("estate").first()
    return _allowed(department, department.estate_id if department else 0, user, to)


def assignment_for(user: User, number: int, to: str = "staffing.edit") -> Assignment:
    """Return the assignment if the user may; 404 out of sight, 403 without the right."""
    found = Assignment.objects.filter(post__estate__in=visible_to(user), pk=number)
    assignment = found.select_related("post", "user").first()
    return _allowed(assignment, assignment.post.estate_id if assignment else 0, user, to)


def duty_for(user: User, number: int, to: str = "staffing.edit") -> Duty:
    """Return the roster line if the user may; 404 out of sight, 403 without the right."""
    duty = Duty.objects.filter(post__estate__in=visible_to(user), pk=number).select_related("post", "user").first()
    return _allowed(duty, duty.post.estate_id if duty else 0, user, to)


def colleague_for(user: User, number: int, estate_id: int) -> User:
    """Return somebody who holds a post in this estate; 404 for everybody else, 403 without the right to staff it."""
    held = Assignment.objects.filter(post__estate_id=estate_id, until_date=None, user_id=number)
    assignment = held.filter(post__estate__in=visible_to(user)).select_related("user").first()
    return _allowed(assignment.user if assignment else None, estate_id, user, "staffing.edit")


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


def _allowed(found: Found | None, estate_id: int, user: User, to: str) -> Found:
    if found is None:
        raise Http404
    require_right(user, to, estate_id)
    return found


def present_on(post: Post) -> list[Assignment]:
    """Return who holds the post at present, the longest first."""
    return list(
        Assignment.objects.filter(post=post, until_date=None).select_related("user").order_by("since_date", "id")
    )


def holders_in(estate_id: int) -> list[Assignment]:
    """Return every present assignment of active people in the estate, post by post."""
    held = Assignment.objects.filter(post__estate_id=estate_id, until_date=None, user__is_active=True)
    return list(held.select_related("post", "user").order_by("post_id", "user__username"))
