"""Which roles a colleague holds in the estate, until when, and in which buildings: given and taken on the record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.staffing import events, queries
from huiyin.areas.staffing.operations.accounts import OutOfReach, check_reach
from huiyin.areas.staffing.operations.lines import about
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.transactions import command


@command
def give_role(
    user: User,
    role: Role,
    *,
    estate: Estate,
    lapses_at: datetime | None = None,
    buildings: Sequence[Building] = (),
    actor: User,
    at: datetime,
) -> Grant:
    """Let a colleague hold one more role here, for good or until a time, in the whole estate or in some buildings.

    Giving it again changes only when it lapses. Refused to oneself, for who may do more than the actor, for a role the
    actor may not give, with an end that has passed, and when the other roles here reach over other buildings.
    """
    if not actor.is_system:
        _check(user, role, estate=estate, actor=actor)
    if lapses_at is not None and lapses_at <= at:
        raise OutOfReach("到期的时间要晚于现在")
    if not accounts.keep_user(user):
        raise OutOfReach(f"{user.name}的账号已停用")
    grant = accounts.grant_role(
        user, role, estate_id=estate.pk, at=at, lapses_at=lapses_at, building_ids=[one.pk for one in buildings]
    )
    told = {"until": lapses_at.isoformat()} if lapses_at else {}
    if buildings:
        told["buildings"] = "、".join(one.name for one in buildings)
    _line(events.ROLE_GIVEN, grant, estate=estate, actor=actor, at=at, values=told)
    return grant


@command
def take_role(grant: Grant, *, estate: Estate, actor: User, at: datetime) -> None:
    """End a role of a colleague at once. Refused for one's own, for who may do more, and when it has ended already."""
    if not actor.is_system:
        _check(grant.user, grant.role, estate=estate, actor=actor)
    if grant.estate_id != estate.pk:
        raise OutOfReach(f"「{grant.role.title}」是全公司的角色,不能在一个小区里收回")
    if not accounts.revoke_grant(grant, at=at):
        raise OutOfReach(f"{grant.user.name}的「{grant.role.title}」已经收回了")
    _line(events.ROLE_TAKEN, grant, estate=estate, actor=actor, at=at, values={})


def _check(user: User, role: Role, *, estate: Estate, actor: User) -> None:
    check_reach(user, actor)
    if user.pk == actor.pk:
        raise OutOfReach("自己的角色请别人来给、来收")
    if role not in queries.roles_to_give(actor, estate.pk):
        raise OutOfReach(f"「{role.title}」能管人员,您自己没有它的全部权限,不能给别人,也不能收回")


def _line(kind: str, grant: Grant, *, estate: Estate, actor: User, at: datetime, values: dict[str, Any]) -> None:
    told = {"person": grant.user.name, "role": grant.role.title} | values
    about(kind, ("accounts.user", grant.user_id), estate_id=estate.pk, actor=actor, at=at, values=told)
