"""What several routes of upkeep read and answer."""

from typing import Annotated

from pydantic import StringConstraints

from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.api.values import ValueRefused

Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$")]


def colleague(estate_id: int, person_id: int) -> User:
    """Return the colleague of the estate with this id."""
    found = next((one for one in staffing.colleagues(estate_id) if one.pk == person_id), None)
    if found is None:
        raise ValueRefused("本小区没有这位同事")
    return found
