"""Reading receipts, the cash that is in somebody's hand, and payments by code."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from huiyin.areas.fees.models import CashHandover, Mode, PaymentIntent, Receipt
from huiyin.areas.fees.permissions import visible_handovers, visible_intents, visible_receipts
from huiyin.areas.fees.rules import NOTHING
from huiyin.areas.fees.states import HandoverStatus, IntentStatus, ReceiptStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.money import rounded

_RELATED = ("charge__estate", "cashier", "voided_by", "handover__receiver", "refunds")


@dataclass(frozen=True)
class Taken:
    """What came in: how many valid receipts, and how much by each way of paying."""

    count: int
    amount: Decimal
    by_mode: dict[str, Decimal]


@dataclass(frozen=True)
class InHand:
    """The cash one person holds: how many receipts, how much, and since when."""

    person: User
    count: int
    amount: Decimal


def receipt_for(user: User, number: str, *, to: str = "fees.see") -> Receipt:
    """Return the receipt by number; 404 out of sight, 403 without the right in its estate."""
    receipt = visible_receipts(user).select_related(*_RELATED).filter(number=number).first()
    if receipt is None:
        raise Http404
    if to == "fees.see" and user.pk in (receipt.cashier_id, receipt.charge.collector_id):
        return receipt
    require_right(user, to, receipt.estate_id)
    return receipt


def receipts(
    user: User,
    estate_id: int,
    *,
    status: str = "",
    mode: str = "",
    cashier: str = "",
    since: date | None = None,
    until: date | None = None,
    q: str = "",
) -> QuerySet[Receipt]:
    """Return the receipts of the estate for the register; days are of the estate, the last one included."""
    found = (
        visible_receipts(user).filter(estate_id=estate_id).select_related("charge", "cashier", "handover", "refunds")
    )
    if status == "red":
        found = found.filter(amount__lt=0)
    elif status:
        found = found.filter(status=status)
    if mode:
        found = found.filter(mode=mode)
    if cashier:
        found = found.filter(cashier=int(cashier))
    if since:
        found = found.filter(at__date__gte=since)
    if until:
        found = found.filter(at__date__lte=until)
    if q:
        found = found.filter(
            Q(number__icontains=q)
            | Q(payer__icontains=q)
            | Q(charge__unit__icontains=q)
            | Q(charge__number__icontains=q)
            | Q(invoice=q)
        )
    return found


def taken_in(found: QuerySet[Receipt]) -> Taken:
    """Add up the valid receipts that were found, those in red taken off."""
    sums = found.order_by().filter(status=ReceiptStatus.ISSUED).values_list("mode")
    by_mode = {mode: (count, rounded(amount)) for mode, count, amount in sums.annotate(n=Count("id"), s=Sum("amount"))}
    return Taken(
        sum(count for count, _ in by_mode.values()),
        sum((amount for _, amount in by_mode.values()), NOTHING),
        {mode: amount for mode, (_, amount) in by_mode.items()},
    )


def _loose() -> QuerySet[Receipt]:
    return Receipt.objects.filter(mode=Mode.CASH, status=ReceiptStatus.ISSUED, in_till=False, handover=None)


def cash_in_hand(user: User, estate_id: int) -> list[Receipt]:
    """Return the receipts in cash that the person has not handed over."""
    return list(_loose().filter(cashier=user, estate_id=estate_id).select_related("charge").order_by("id"))


def cash_out_there(estate_id: int) -> list[InHand]:
    """Return who in the estate holds how much cash that was not handed over, the largest sum first."""
    held: dict[int, list[Receipt]] = {}
    for receipt in _loose().filter(estate_id=estate_id).select_related("cashier").order_by("id"):
        held.setdefault(receipt.cashier_id, []).append(receipt)
    found = [InHand(mine[0].cashier, len(mine), sum((one.amount for one in mine), NOTHING)) for mine in held.values()]
    return sorted(found, key=lambda one: -one.amount)


def receipts_in(handover: CashHandover) -> list[Receipt]:
    """Return the receipts whose cash is in the handover."""
    return list(handover.receipts.select_related("charge", "cashier").order_by("id"))


def handover_for(user: User, number: str, *, to: str = "fees.see") -> CashHandover:
    """Return the handover by number; 404 out of sight, 403 without the right in its estate."""
    found = visible_handovers(user).select_related("estate", "giver", "receiver").filter(number=number).first()
    if found is None:
        raise Http404
    if to != "fees.see" or found.giver_id != user.pk:
        require_right(user, to, found.estate_id)
    return found


def handovers(user: User, estate_id: int, *, status: str = "") -> QuerySet[CashHandover]:
    """Return the handovers of the estate."""
    found = visible_handovers(user).filter(estate=estate_id).select_related("giver", "receiver")
    return found.filter(status=status) if status else found


def handovers_to_count(user: User, estate_id: int) -> list[CashHandover]:
    """Return what others have handed over and nobody has counted, oldest first."""
    found = handovers(user, estate_id, status=HandoverStatus.OFFERED).exclude(giver=user)
    return list(found.order_by("id"))


def intent_for(user: User, reference: str, *, to: str) -> PaymentIntent:
    """Return the payment by code by its reference; 404 out of sight, 403 without the right in its estate."""
    found = visible_intents(user).select_related("charge__estate", "made_by").filter(reference=reference).first()
    if found is None:
        raise Http404
    require_right(user, to, found.estate_id)
    return found


def surplus(user: User, estate_id: int) -> list[PaymentIntent]:
    """Return what came too much and was not given back, oldest first."""
    found = visible_intents(user).filter(estate_id=estate_id, status=IntentStatus.SURPLUS)
    return list(found.select_related("charge", "made_by").order_by("id"))


def handovers_given(user: User, estate_id: int) -> list[CashHandover]:
    """Return what the person handed over and nobody has counted yet."""
    found = CashHandover.objects.filter(giver=user, estate=estate_id, status=HandoverStatus.OFFERED)
    return list(found.order_by("id"))


def cashiers_of(estate_id: int) -> list[User]:
    """Return everybody who ever took money in the estate, by name."""
    wrote = Receipt.objects.filter(estate_id=estate_id).values("cashier")
    return list(User.objects.filter(pk__in=wrote).order_by("name", "id"))
