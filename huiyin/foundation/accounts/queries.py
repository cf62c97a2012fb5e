"""Who may do what, where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.scope import narrowed, rights_within
from huiyin.foundation.transactions import command

EVERYWHERE = None
_GRANTED = """
SELECT g.estate_id, r.rights, g.building_ids FROM accounts_grant g JOIN accounts_role r ON r.id = g.role_id
WHERE g.user_id = %s AND g.until IS NULL
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
