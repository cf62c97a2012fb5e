"""Which number of a figure a list of orders is about, as a program names it."""

from typing import Annotated

from django.db.models import QuerySet
from django.utils.timezone import now
from pydantic import Field

from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries import figures
from huiyin.foundation.accounts.models import User
from huiyin.foundation.api.paging import Asked
from huiyin.foundation.api.values import AskedId, Day, ValueRefused, Word


class NumberAsked(Asked):
    """The orders behind a number of a figure: `figure` and the key of its row as `/figures/…` tells them, `col` as `behind`."""

    figure: Annotated[Word, Field(max_length=20)] = ""
    row: Annotated[Word, Field(max_length=100)] = ""
    col: Annotated[Word, Field(max_length=20)] = ""
    first: Day | None = None
    last: Day | None = None
    building_id: AskedId | None = None
    fault: Annotated[Word, Field(max_length=60)] = ""

    def orders(self, user: User, estate_id: int) -> QuerySet[WorkOrder] | None:
        """Return the orders; nothing when no number is named. Refused when there is no such number."""
        if not self.figure:
            return None
        place = figures.Place(self.figure, self.row, self.col)
        number = figures.Number(place, self.first, self.last, self.building_id, self.fault)
        if not number.known:
            raise ValueRefused("统计里没有这个数")
        return figures.orders_of_number(user, estate_id, number, at=now())
