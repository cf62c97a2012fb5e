"""Who may see work orders: a technician those given to him and, with the board's right, all of the estate."""

from django.db.models import Q, QuerySet

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import EVERYWHERE, access_of

BOARD = "repairs.see"


def visible_to(user: User) -> QuerySet[WorkOrder]:
    """Return the orders of the visible cases where the user has the board's right, elsewhere only his own."""
    orders = WorkOrder.objects.filter(case__in=visible_cases(user))
    rights = access_of(user).rights
    if BOARD in rights.get(EVERYWHERE, ()):
        return orders
    boards = [estate_id for estate_id, held in rights.items() if BOARD in held]
    return orders.filter(Q(technician=user) | Q(estate_id__in=boards))
