"""Who may see materials: those who may see their estate. What is in somebody's bag is also its holder's."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from huiyin.areas.estate.permissions import visible_to as visible_estates
from huiyin.areas.materials.models import Requisition
from huiyin.foundation.accounts.models import User

SEE, ASK, ISSUE, COUNT, EDIT = (
    "materials.see",
    "materials.ask",
    "materials.issue",
    "materials.count",
    "materials.edit",
)
Row = TypeVar("Row", bound=Model)


def visible_to(user: User, model: type[Row]) -> QuerySet[Row]:
    """Return the rows of a table of this area that lie in the user's estates."""
    return model._default_manager.filter(estate__in=visible_estates(user))


def is_theirs(requisition: Requisition, user: User) -> bool:
    return requisition.technician_id == user.pk
