"""Who is there at a moment, and who then answers for a post or is reached."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from huiyin.areas.staffing.models import Absence, Duty, Post
from huiyin.areas.staffing.queries.posts import holders_of
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.standards.on_duty import Reached


class NobodyHolds(Refused):
    """No post of that code in the estate, so nobody could be made responsible."""


@dataclass(frozen=True)
class Responsible:
    """A post, and the one person on duty there if there is exactly one."""

    post: Post
    user: User | None


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
