"""Who may see which cases, and which steps of one a person may take."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from huiyin.areas.cases import rules, states
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.permissions import limited
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.states.moves import available_moves


def visible_to(user: User, *, among: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Return the cases of the estates the user may see: of these, or of all."""
    found = within(access_of(user).estate_ids, user.company_id, among=among)
    return in_buildings_of(user, found)


def in_buildings_of(user: User, found: QuerySet[Case]) -> QuerySet[Case]:
    """Leave out what lies in others' buildings. What lies in none is for whoever took it or is to do it."""
    own = Q(unit=None) & (Q(responsible=user) | Q(first_contact_owner=user))
    return limited(found, user, building="unit__entrance__building", own=own)


def within(
    estate_ids: Iterable[int] | None, company_id: int | None, *, among: QuerySet[Case] | None = None
) -> QuerySet[Case]:
    """Return the cases of these estates, or of all of the company when none are named."""
    found = Case.objects.all() if among is None else among
    return found.filter(estate__company=company_id) if estate_ids is None else found.filter(estate__pk__in=estate_ids)


def steps_open_to(user: User, case: Case) -> list[str]:
    """Return the steps the person may take now: the moves of the status table, and what goes beside them."""
    moves = {move.code for move in available_moves(case, user, states.MOVES)}
    works = access_of(user).may("cases.work", case.estate_id)
    return rules.steps(
        case.kind,
        moves=moves,
        works=works,
        is_open=case.is_open,
        with_first_contact=case.responsible_id == case.first_contact_owner_id,
    )
