"""Who may see money: with `fees.see` all of the estate, else what one opened or is to collect oneself."""

from django.db.models import Q, QuerySet

from huiyin.areas.estate.permissions import limited
from huiyin.areas.fees.models import CashHandover, Charge, MonthlySlip, PaymentIntent, Receipt, Waiver
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import EVERYWHERE, access_of

SEE, COLLECT, RECEIVE = "fees.see", "fees.collect", "fees.receive_cash"
_BUILDING = "unit__entrance__building"


def visible_to(user: User) -> QuerySet[Charge]:
    """Return the charges of the estates and buildings the user may see, elsewhere only their own."""
    found = _of_company(Charge.objects.all(), user, "estate")
    own = Q(collector=user) | Q(opened_by=user)
    found = limited(found, user, building=f"household__{_BUILDING}", own=own)
    boards = _estates_with(user, SEE)
    return found if boards is None else found.filter(own | Q(estate__in=boards))


def visible_receipts(user: User) -> QuerySet[Receipt]:
    """Return the receipts of the visible charges, and those the user wrote."""
    return Receipt.objects.filter(Q(charge__in=visible_to(user)) | Q(cashier=user))


def visible_intents(user: User) -> QuerySet[PaymentIntent]:
    return PaymentIntent.objects.filter(charge__in=visible_to(user))


def visible_waivers(user: User) -> QuerySet[Waiver]:
    return Waiver.objects.filter(charge__in=visible_to(user))


def visible_handovers(user: User) -> QuerySet[CashHandover]:
    """Return the handovers of the estates whose money the user sees whole, elsewhere only those the user gave."""
    found = _of_company(CashHandover.objects.all(), user, "estate")
    found = found.filter(Q(giver=user) | ~Q(estate__in=list(access_of(user).buildings)))
    boards = _estates_with(user, SEE)
    return found if boards is None else found.filter(Q(giver=user) | Q(estate__in=boards))


def visible_slips(user: User) -> QuerySet[MonthlySlip]:
    found = limited(_of_company(MonthlySlip.objects.all(), user, "estate"), user, building=f"household__{_BUILDING}")
    boards = _estates_with(user, SEE)
    return found if boards is None else found.filter(estate__in=boards)


def holds_till(user: User, estate_id: int) -> bool:
    """Tell whether cash this person takes is in the till at once."""
    return access_of(user).may(RECEIVE, estate_id)


def _of_company(found: QuerySet, user: User, estate: str) -> QuerySet:  # type: ignore[type-arg]  # of whatever table
    """Leave only the estates the user may see."""
    seen = access_of(user).estate_ids
    if seen is None:
        return found.filter(**{f"{estate}__company": user.company_id})
    return found.filter(**{f"{estate}__in": seen})


def _estates_with(user: User, right: str) -> list[int] | None:
    """Return the estates in which the right is held; None: in all."""
    rights = access_of(user).rights
    if right in rights.get(EVERYWHERE, ()):
        return None
    return [estate_id for estate_id, held in rights.items() if estate_id is not None and right in held]
