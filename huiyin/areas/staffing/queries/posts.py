"""Posts and departments of an estate, and who holds them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from huiyin.areas.staffing.models import Assignment, Department, Post
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.rows import Prepared

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


def present_on(post: Post) -> list[Assignment]:
    """Return who holds the post at present, the longest first."""
    return list(
        Assignment.objects.filter(post=post, until_date=None).select_related("user").order_by("since_date", "id")
    )


def holders_in(estate_id: int) -> list[Assignment]:
    """Return every present assignment of active people in the estate, post by post."""
    held = Assignment.objects.filter(post__estate_id=estate_id, until_date=None, user__is_active=True)
    return list(held.select_related("post", "user").order_by("post_id", "user__username"))
