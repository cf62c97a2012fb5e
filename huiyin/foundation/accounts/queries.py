"""Who may do what, where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import Grant, Role, Session, User
from huiyin.foundation.accounts.scope import narrowed, rights_within
from huiyin.foundation.transactions import command

EVERYWHERE = None
# Who staffs an estate may give any role there that staffs nobody.
STAFFING = "staffing.edit"
_GRANTED = """
SELECT g.estate_id, r.rights, g.building_ids FROM accounts_grant g JOIN accounts_role r ON r.id = g.role_id
WHERE g.user_id = %s AND g.until IS NULL AND (g.lapses_at IS NULL OR g.lapses_at > CURRENT_TIMESTAMP)
"""


@dataclass(frozen=True)
class Access:
    """The rights of one user: estate number (None = every estate of the company) -> rights.

    `buildings`: the estates of which only some buildings are theirs -> these buildings. Nearly always empty.
    """

    rights: dict[int | None, frozenset[str]]
    buildings: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def may(self, right: str, estate_id: int | None = None) -> bool:
        """Tell whether the right is held in the estate; without an estate, whether it is held anywhere."""
        if estate_id is None:
            return any(right in held for held in self.rights.values())
        return right in self.rights.get(EVERYWHERE, ()) or right in self.rights.get(estate_id, ())

    def sees(self, estate_id: int) -> bool:
        return EVERYWHERE in self.rights or estate_id in self.rights

    @property
    def estate_ids(self) -> list[int] | None:
        """The estates this user may see; None means all of the user's company."""
        return None if EVERYWHERE in self.rights else sorted(e for e in self.rights if e is not None)


def access_of(user: User) -> Access:
    """Return what the user may do; read once and kept on the user object for the request."""
    held = getattr(user, "_access", None)
    if isinstance(held, Access):
        return held
    rights: dict[int | None, set[str]] = {}
    limits: dict[int, frozenset[int]] = {}
    if user.is_active:
        for estate_id, granted, buildings in rows.read(_GRANTED, [user.pk]):
            within = _list(buildings)
            rights.setdefault(estate_id, set()).update(rights_within(_list(granted), within))
            if within and (left := narrowed(limits.get(estate_id), within)) is not None:
                limits[estate_id] = left
    access = Access({estate_id: frozenset(held) for estate_id, held in rights.items()}, limits)
    user._access = access  # type: ignore[attr-defined]  # kept with the request's user, nowhere else
    return access


def _list(kept: Any) -> list[Any]:
    """Read a list as the driver gives it: SQLite's as text, PostgreSQL's as it is."""
    found: list[Any] = json.loads(kept) if isinstance(kept, str) else kept
    return found


def system_actor() -> User:
    """Return the actor in whose name jobs act. It never records a human act."""
    return User.objects.get(pk=_system_actor_id())


@lru_cache(maxsize=1)
def _system_actor_id() -> int:
    return User.objects.filter(is_system=True).values_list("pk", flat=True).first() or _make_system_actor().pk


@command
def _make_system_actor() -> User:
    return User.objects.get_or_create(
        is_system=True, defaults={"username": "system", "name": "系统", "password": "!", "is_active": False}
    )[0]


def active_user(pk: int) -> User | None:
    return User.objects.filter(pk=pk, is_active=True).first()


_LIVE = rows.Prepared(lambda digest, at: Session.objects.filter(digest=digest, expires_at__gt=at)[:1])


def open_grants_of(user: User) -> list[Grant]:
    """Return the roles the user holds, those that lapse at some time among them."""
    return list(Grant.objects.filter(user=user, until=None).select_related("role").order_by("id"))


def must_have_second_factor(user: User) -> bool:
    """Tell whether a role the user holds asks for a second factor."""
    return Grant.objects.filter(user=user, until=None, role__second_factor=True).exists()


def live_session(digest: str, *, at: datetime) -> Session | None:
    """Return the session while it lasts."""
    return _LIVE.first(digest, at)


def session_exists(digest: str) -> bool:
    return Session.objects.filter(digest=digest).exists()


def sessions_of(user: User, *, at: datetime) -> list[Session]:
    """Return where the user is signed in, the one last seen first."""
    return list(Session.objects.filter(user=user, expires_at__gt=at).order_by("-seen_at", "digest"))


def outranks(actor: User, other: User) -> bool:
    """Tell whether the actor may have the other's account in hand: it holds nothing that the actor neither holds nor could
    give to anybody, where the other holds it.

    Otherwise whoever may reset a password could sign in as somebody who may do more.
    """
    mine, theirs = access_of(actor).rights, access_of(other).rights
    everywhere = mine.get(EVERYWHERE, frozenset())
    given = {
        right for rights in Role.objects.values_list("rights", flat=True) if STAFFING not in rights for right in rights
    }
    for estate_id, held in theirs.items():
        here = everywhere | mine.get(estate_id, frozenset())
        if not held <= (here | given if STAFFING in here else here):
            return False
    return True
