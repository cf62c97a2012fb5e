"""Reading monthly slips, and waivers that wait."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from huiyin.areas.fees.models import Charge, MonthlySlip, Receipt, Settlement, Waiver
from huiyin.areas.fees.permissions import visible_slips, visible_waivers
from huiyin.areas.fees.states import ChargeStatus, WaiverStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right


def slip_for(user: User, number: str, *, to: str = "fees.see") -> MonthlySlip:
    """Return the slip by number; 404 out of sight, 403 without the right in its estate."""
    found = visible_slips(user).select_related("estate", "signature", "issued_by").filter(number=number).first()
    if found is None:
        raise Http404
    require_right(user, to, found.estate_id)
    return found


def slips(user: User, estate_id: int, *, month: str = "", status: str = "") -> QuerySet[MonthlySlip]:
    """Return the slips of the estate for the list."""
    found = visible_slips(user).filter(estate=estate_id)
    if month:
        found = found.filter(month=month)
    return found.filter(status=status) if status else found


def charges_without_slip(estate_id: int, *, before: date) -> list[Charge]:
    """Return the charges to be settled monthly that are on no slip, of the days before this one, by household."""
    found = Charge.objects.filter(
        estate=estate_id,
        status=ChargeStatus.OPEN,
        settlement=Settlement.MONTHLY,
        slip=None,
        opened_at__date__lt=before,
    )
    return list(found.order_by("household_id", "id"))


def charges_on(slip: MonthlySlip) -> list[Charge]:
    """Return the charges on the slip with their lines, in the order they were opened."""
    found = slip.charges.select_related("estate", "slip", "collector").prefetch_related("items")
    return list(found.order_by("opened_at", "id"))


def receipts_of_slip(slip: MonthlySlip) -> list[Receipt]:
    """Return the receipts for what is on the slip."""
    return list(Receipt.objects.filter(charge__slip=slip).select_related("charge", "cashier").order_by("id"))


def waiver_for(user: User, pk: int, *, to: str) -> Waiver:
    """Return the waiver or refund; 404 out of sight, 403 without the right in its estate."""
    found = visible_waivers(user).filter(pk=pk)
    waiver = found.select_related("charge__estate", "receipt__charge", "receipt__handover", "asked_by").first()
    if waiver is None:
        raise Http404
    require_right(user, to, waiver.estate_id)
    return waiver


def waivers(user: User, estate_id: int, *, status: str = "") -> QuerySet[Waiver]:
    """Return the waivers and refunds of the estate, those that wait unless another status is asked for."""
    found = visible_waivers(user).filter(estate_id=estate_id, status=status or WaiverStatus.ASKED)
    return found.select_related("charge", "receipt", "asked_by", "decided_by")
