"""Who may see which estates."""

from django.db.models import QuerySet

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of


def visible_to(user: User) -> QuerySet[Estate]:
    """Return the estates the user may see: those granted, or all of the company."""
    estate_ids = access_of(user).estate_ids
    if estate_ids is None:
        return Estate.objects.filter(company=user.company_id)
    return Estate.objects.filter(pk__in=estate_ids)
