"""Who may see upkeep: those who may see the estate as a whole. The right itself is asked by the page."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from huiyin.areas.estate.permissions import limited
from huiyin.areas.estate.permissions import visible_to as visible_estates
from huiyin.areas.upkeep.models import ProjectHome
from huiyin.foundation.accounts.models import User

Row = TypeVar("Row", bound=Model)


def visible_to(user: User, model: type[Row]) -> QuerySet[Row]:
    """Return the rows of a table of this area that lie in the user's estates."""
    return model._default_manager.filter(estate__in=visible_estates(user))


def visible_homes(user: User) -> QuerySet[ProjectHome]:
    """Return the homes of projects that lie in the user's estates, and in the user's buildings if only some are."""
    found = ProjectHome.objects.filter(project__estate__in=visible_estates(user))
    return limited(found, user, building="unit__entrance__building", estate="project__estate")
