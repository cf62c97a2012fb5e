"""Staff accounts and the roles they hold."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class NameTaken(Refused):
    """The account name is in use."""


@command
def create_user(username: str, *, name: str, password: str, company_id: int | None = None, phone: str = "") -> User:
    """Create a staff account. Refused when the account name is taken."""
    if User.objects.filter(username=username).exists():
        raise NameTaken(f"账号 {username} 已被使用,请换一个")
    user = User(username=username, name=name, company_id=company_id, phone=phone)
    user.set_password(password)
    user.save()
    return user


@command
def set_password(user: User, *, password: str) -> None:
    """Give the account a new password."""
    user.set_password(password)
    user.save(update_fields=["password"])


@command
def define_role(code: str, *, title: str, rights: Iterable[str]) -> Role:
    """Create the role, or give it these rights from now on."""
    role, _ = Role.objects.update_or_create(code=code, defaults={"title": title, "rights": sorted(set(rights))})
    return role


class ScopesDiffer(Refused):
    """One person has one scope in an estate: all of it, or the same buildings for every role."""


@command
def grant_role(
    user: User, role: Role, *, estate_id: int | None, at: datetime, building_ids: Iterable[int] = ()
) -> Grant:
    """Let the user hold the role in the estate (None: every estate of the company), or in some buildings of it.

    Repeating changes nothing. Refused when the user holds a role there in another scope.
    """
    buildings = sorted(set(building_ids))
    if buildings and estate_id is None:
        raise ScopesDiffer("按楼栋授权要先指定小区")
    here = Grant.objects.filter(user=user, until=None)
    if estate_id is not None:
        here = here.filter(Q(estate_id=estate_id) | Q(estate_id=None))
    if any(sorted(held) != buildings for held in here.values_list("building_ids", flat=True)):
        raise ScopesDiffer(f"{user.name}在这个小区已有别的管辖范围,请先收回原来的角色,再按新的楼栋授权")
    grant, _ = Grant.objects.get_or_create(
        user=user, role=role, estate_id=estate_id, until=None, defaults={"since": at, "building_ids": buildings}
    )
    return grant


@command
def revoke_roles(user: User, *, estate_id: int | None, at: datetime) -> int:
    """End every role of the user in the estate and return how many ended."""
    return Grant.objects.filter(user=user, estate_id=estate_id, until=None).update(until=at)


@command
def keep_user(user: User) -> bool:
    """Keep the account from being closed until the transaction ends; tell whether it was still open.

    Asked before something is given to a person: whoever lets them go waits, and then finds what they were given.
    """
    return User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).exists()


@command
def disable_user(user: User, *, at: datetime) -> None:
    """Close the account: no more sign-in, every role ended. What the person owed is re-homed by the areas above."""
    Grant.objects.filter(user=user, until=None).update(until=at)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
