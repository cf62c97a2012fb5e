"""Reading charges."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from huiyin.areas.fees.models import Charge, ChargeItem, PaymentIntent, Receipt, Waiver
from huiyin.areas.fees.permissions import visible_to
from huiyin.areas.fees.rules import NOTHING
from huiyin.areas.fees.states import ChargeStatus, IntentStatus, SlipStatus, WaiverStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.money import rounded
from huiyin.foundation.rows import Prepared

_RELATED = ("estate", "collector", "opened_by", "slip")


@dataclass(frozen=True)
class Sums:
    """How many charges, what they come to, and what of it is still owed."""

    count: int
    amount: Decimal
    owed: Decimal


def charges_of(subject_type: str, subject_id: int) -> list[Charge]:
    """Return what was ever charged for the subject, oldest first."""
    found = Charge.objects.filter(subject_type=subject_type, subject_id=subject_id)
    return list(found.select_related(*_RELATED).order_by("id"))


_IN_THREAD = Prepared(lambda thread: Charge.objects.filter(thread=thread).select_related(*_RELATED).order_by("id"))


def charges_in(thread: str) -> list[Charge]:
    """Return what was ever charged in the matter, oldest first."""
    return _IN_THREAD.all(thread) if thread else []


def charge_for(user: User, number: str, *, to: str = "fees.see") -> Charge:
    """Return the charge by number; 404 out of sight, 403 without the right in its estate. Who is to collect it or
    opened it sees it with the right to collect alone.
    """
    charge = visible_to(user).select_related(*_RELATED).filter(number=number).first()
    if charge is None:
        raise Http404
    if to == "fees.see" and user.pk in (charge.collector_id, charge.opened_by_id):
        return charge
    require_right(user, to, charge.estate_id)
    return charge


def listed(
    user: User,
    estate_id: int,
    *,
    status: str = "",
    settlement: str = "",
    whose: str = "",
    since: date | None = None,
    until: date | None = None,
    q: str = "",
) -> QuerySet[Charge]:
    """Return the charges of the estate for the list; days are of the estate, the last one included."""
    found = visible_to(user).filter(estate=estate_id).select_related("collector")
    if status:
        found = found.filter(status=status)
    if settlement:
        found = found.filter(settlement=settlement)
    if whose == "mine":
        found = found.filter(collector=user)
    if since:
        found = found.filter(opened_at__date__gte=since)
    if until:
        found = found.filter(opened_at__date__lte=until)
    if q:
        found = found.filter(
            Q(number__icontains=q) | Q(unit__icontains=q) | Q(payer__icontains=q) | Q(title__icontains=q)
        )
    return found


def sums_of(charges: QuerySet[Charge]) -> Sums:
    """Add up the charges that were found, not only those on the page."""
    found = charges.order_by().aggregate(count=Count("id"), amount=Sum("amount"), owed=Sum("owed"))
    return Sums(found["count"], rounded(found["amount"] or NOTHING), rounded(found["owed"] or NOTHING))


def items_of(charge: Charge) -> list[ChargeItem]:
    return list(charge.items.order_by("id"))


def receipts_of(charge: Charge) -> list[Receipt]:
    """Return the receipts of the charge, voided ones among them, in the order of their numbers."""
    return list(charge.receipts.select_related("cashier", "voided_by", "handover", "refunds").order_by("id"))


def waivers_of(charge: Charge) -> list[Waiver]:
    return list(charge.waivers.select_related("asked_by", "decided_by", "receipt").order_by("id"))


def intents_of(charge: Charge) -> list[PaymentIntent]:
    return list(charge.intents.select_related("made_by").order_by("id"))


def waiting_intent(charge: Charge) -> PaymentIntent | None:
    """Return the code that waits to be paid, if there is one."""
    return charge.intents.filter(status=IntentStatus.PENDING).first()


def asked_waiver(charge: Charge) -> Waiver | None:
    return charge.waivers.filter(status=WaiverStatus.ASKED).select_related("asked_by").first()


def may_be_taken(charge: Charge) -> bool:
    """Tell whether money may be taken: open, and when it is settled monthly, its slip signed."""
    if not charge.is_open:
        return False
    return charge.settlement != "monthly" or (charge.slip is not None and charge.slip.status == SlipStatus.SIGNED)


def open_charges_of_household(household_id: int) -> list[Charge]:
    """Return what the household still owes, oldest first."""
    found = Charge.objects.filter(household=household_id, status=ChargeStatus.OPEN)
    return list(found.select_related(*_RELATED).order_by("id"))


def to_collect(user: User, estate_id: int) -> list[Charge]:
    """Return what the person is to collect in the estate and may collect now, oldest first."""
    found = visible_to(user).filter(collector=user, estate=estate_id, status=ChargeStatus.OPEN)
    return [charge for charge in found.select_related("slip").order_by("id") if may_be_taken(charge)]
