"""Who may see work orders: a technician those given to him and, with the board's right, all of the estate; besides
what lies open to him, and what a colleague asks him to take over.
"""

from django.db.models import Q, QuerySet

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.repairs.models import Offer, Transfer, WorkOrder
from huiyin.areas.staffing import queries as staffing
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


def open_to(user: User) -> QuerySet[Offer]:
    """Return the offers of orders of the visible cases where the user holds the technicians' post."""
    estates = [post.estate_id for post in staffing.held_posts(user) if post.code == "technician"]
    return Offer.objects.filter(order__estate_id__in=estates, order__case__in=visible_cases(user))


def passed_to(user: User) -> QuerySet[Transfer]:
    """Return what the user was asked to take over, or asked others to."""
    return Transfer.objects.filter(Q(receiver=user) | Q(giver=user), order__case__in=visible_cases(user))
