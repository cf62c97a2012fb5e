"""Who may see which estates."""

from collections.abc import Iterable

from django.db.models import QuerySet

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of


def visible_to(user: User) -> QuerySet[Estate]:
    """Return the estates the user may see: those granted, or all of the company."""
    return within(access_of(user).estate_ids, user.company_id)


def within(estate_ids: Iterable[int] | None, company_id: int | None) -> QuerySet[Estate]:
    """Return these estates, or all of the company when none are named."""
    if estate_ids is None:
        return Estate.objects.filter(company=company_id)
    return Estate.objects.filter(pk__in=estate_ids)
