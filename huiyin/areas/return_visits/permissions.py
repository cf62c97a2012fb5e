"""Who may see return visits: whoever may see their cases. The doer sees none before the work is closed: none exists."""

from django.db.models import QuerySet

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.foundation.accounts.models import User


def visible_to(user: User) -> QuerySet[ReturnVisit]:
    return ReturnVisit.objects.filter(case__in=visible_cases(user))
