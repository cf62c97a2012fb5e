"""Who may see return visits: whoever may see their cases, or the homes of their projects."""

from django.db.models import Q, QuerySet

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.estate.permissions import visible_to as visible_estates
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.upkeep.permissions import visible_homes
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of


def visible_to(user: User) -> QuerySet[ReturnVisit]:
    """Return the visits the user may see. The doer sees none before the work is closed: none exists."""
    found = ReturnVisit.objects.filter(estate_id__in=visible_estates(user).values("pk"))
    # Only who has a part of an estate is asked matter by matter: it costs a look at every one of them.
    if not access_of(user).buildings:
        return found
    return found.filter(Q(case__in=visible_cases(user)) | Q(home__in=visible_homes(user)))
