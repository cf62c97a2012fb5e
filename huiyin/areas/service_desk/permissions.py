"""Who may see the ledger: whoever may see its estate."""

from collections.abc import Iterable

from django.db.models import QuerySet

from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of


def visible_to(user: User) -> QuerySet[Contact]:
    return within(access_of(user).estate_ids, user.company_id)


def within(estate_ids: Iterable[int] | None, company_id: int | None) -> QuerySet[Contact]:
    """Return the lines of these estates, or of all of the company when none are named."""
    if estate_ids is None:
        return Contact.objects.filter(estate__company=company_id)
    return Contact.objects.filter(estate__pk__in=estate_ids)
