"""The roles somebody holds in an estate, and those one may give."""

from dataclasses import dataclass

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.accounts.queries import access_of, open_grants_of, outranks


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
