"""Who looked at what, and who took what out of the house."""

from django.db.models import QuerySet

from huiyin.foundation.journal.models import Entry
from huiyin.foundation.privacy.operations import REVEALED, TAKEN_OUT


def lookings(estate_id: int) -> QuerySet[Entry]:
    """Return what was shown unmasked and what was taken out in this estate, latest first."""
    found = Entry.objects.filter(estate_id=estate_id, kind__in=(REVEALED, TAKEN_OUT))
    return found.select_related("actor").order_by("-at", "-id")
