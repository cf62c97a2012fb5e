"""Who may see the ledger: whoever may see its estate, and of it the building."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from huiyin.areas.estate.permissions import limited
from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of


def visible_to(user: User) -> QuerySet[Contact]:
    found = within(access_of(user).estate_ids, user.company_id)
    own = Q(unit=None) & (Q(receiver=user) | Q(promised_by=user))
    return limited(found, user, building="unit__entrance__building", own=own)


def within(estate_ids: Iterable[int] | None, company_id: int | None) -> QuerySet[Contact]:
    """Return the lines of these estates, or of all of the company when none are named."""
    if estate_ids is None:
        return Contact.objects.filter(estate__company=company_id)
    return Contact.objects.filter(estate__pk__in=estate_ids)
