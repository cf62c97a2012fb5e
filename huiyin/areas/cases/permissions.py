"""Who may see which cases, and which steps of one a person may take."""

from django.db.models import QuerySet

from huiyin.areas.cases import rules, states
from huiyin.areas.cases.models import Case
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.states.moves import available_moves


def visible_to(user: User) -> QuerySet[Case]:
    """Return the cases of the estates the user may see."""
    estate_ids = access_of(user).estate_ids
    if estate_ids is None:
        return Case.objects.filter(estate__company=user.company_id)
    return Case.objects.filter(estate__in=estate_ids)


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
