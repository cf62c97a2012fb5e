"""Who may see the ledger: whoever may see its estate."""

from django.db.models import QuerySet

from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of


def visible_to(user: User) -> QuerySet[Contact]:
    estate_ids = access_of(user).estate_ids
    if estate_ids is None:
        return Contact.objects.filter(estate__company=user.company_id)
    return Contact.objects.filter(estate__in=estate_ids)
