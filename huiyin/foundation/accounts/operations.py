"""Staff accounts, the roles they hold, and where they are signed in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F, Q

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import Grant, Role, Session, User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class NameTaken(Refused):
    """The account name is in use."""


def create_user(
    username: str, *, name: str, password: str | None, company_id: int | None = None, phone: str = ""
) -> User:
    """Create a staff account; without a password nobody can sign in to it yet. Refused when the account name is taken."""
    user = User(username=username, name=name, company_id=company_id, phone=phone, password=make_password(password))
    return _keep_user(user)


@command
def _keep_user(user: User) -> User:
    if User.objects.filter(username=user.username).exists():
        raise NameTaken(f"账号 {user.username} 已被使用,请换一个")
    user.save()
    return user


def set_password(user: User, *, password: str) -> None:
    """Give the account a new password; wherever it was signed in, it is no more.

    The password is hashed before the transaction: it takes a quarter of a second in which nobody else could write.
    """
    keep_password(user, hashed=make_password(password))


@command
def keep_password(user: User, *, hashed: str) -> None:
    """Give the account a password that is hashed already."""
    user.password = hashed
    user.save(update_fields=["password"])
    end_sessions(user)


@command
def define_role(code: str, *, title: str, rights: Iterable[str]) -> Role:
    """Create the role, or give it these rights from now on."""
    role, _ = Role.objects.update_or_create(code=code, defaults={"title": title, "rights": sorted(set(rights))})
    return role


class ScopesDiffer(Refused):
    """One person has one scope in an estate: all of it, or the same buildings for every role."""


@command
def require_second_factor(role: Role, *, required: bool) -> None:
    """Ask a second factor of everybody who holds the role, from their next sign-in, or ask it no more."""
    role.second_factor = required
    role.save(update_fields=["second_factor"])


@command
def grant_role(
    user: User,
    role: Role,
    *,
    estate_id: int | None,
    at: datetime,
    lapses_at: datetime | None = None,
    building_ids: Iterable[int] = (),
) -> Grant:
    """Let the user hold the role in the estate (None: every estate of the company), or in some buildings of it.

    For good or until it lapses. Repeating changes nothing but when it lapses. Refused when the user holds a role there
    in another scope.
    """
    Grant.objects.filter(user=user, role=role, estate_id=estate_id, until=None, lapses_at__lte=at).update(
        until=F("lapses_at")
    )
    buildings = sorted(set(building_ids))
    if buildings and estate_id is None:
        raise ScopesDiffer("按楼栋授权要先指定小区")
    here = Grant.objects.filter(Q(lapses_at=None) | Q(lapses_at__gt=at), user=user, until=None)
    if estate_id is not None:
        here = here.filter(Q(estate_id=estate_id) | Q(estate_id=None))
    if any(sorted(held) != buildings for held in here.values_list("building_ids", flat=True)):
        raise ScopesDiffer(f"{user.name}在这个小区已有别的管辖范围,请先收回原来的角色,再按新的楼栋授权")
    grant, _ = Grant.objects.update_or_create(
        user=user,
        role=role,
        estate_id=estate_id,
        until=None,
        defaults={"lapses_at": lapses_at},
        create_defaults={"since": at, "lapses_at": lapses_at, "building_ids": buildings},
    )
    return grant


@command
def revoke_roles(user: User, *, estate_id: int | None, at: datetime) -> int:
    """End every role of the user in the estate and return how many ended."""
    return Grant.objects.filter(user=user, estate_id=estate_id, until=None).update(until=at)


@command
def revoke_grant(grant: Grant, *, at: datetime) -> bool:
    """End one role of the user and tell whether it was still open; what it allowed ends with the next request."""
    return Grant.objects.filter(pk=grant.pk, until=None).update(until=at) == 1


@command
def keep_user(user: User) -> bool:
    """Keep the account from being closed until the transaction ends; tell whether it was still open.

    Asked before something is given to a person: whoever lets them go waits, and then finds what they were given.
    """
    return User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).exists()


@command
def disable_user(user: User, *, at: datetime) -> None:
    """Close the account: signed out everywhere at once, no more sign-in, every role ended.

    What the person owed is re-homed by the areas above.
    """
    Grant.objects.filter(user=user, until=None).update(until=at)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    end_sessions(user)


# ---- where somebody is signed in


def begin_session(session: Session) -> None:
    """Keep a new session."""
    rows.insert(session)


def keep_session(digest: str, **fields: Any) -> bool:
    """Change a session and tell whether it is still there."""
    return bool(rows.change(Session, digest, fields))


def end_session(digest: str) -> None:
    """Forget the session: its cookie opens nothing more."""
    Session.objects.filter(digest=digest).delete()


@command
def end_sessions(user: User, *, only: str = "", keep: str = "") -> int:
    """End the user's sessions: one of them, or all but the one to keep. Return how many ended."""
    ended = Session.objects.filter(user=user).exclude(digest=keep)
    return (ended.filter(digest=only) if only else ended).delete()[0]


def forget_sessions(*, before: datetime) -> int:
    """Delete the sessions that ended before."""
    return Session.objects.filter(expires_at__lt=before).delete()[0]
