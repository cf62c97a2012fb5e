"""Reading quotes, consents, starts and what was accepted."""

from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.areas.repairs.models import (
    Accepted,
    Consent,
    ConsentCode,
    Quote,
    QuoteLine,
    Terms,
    WorkOrder,
    WorkStart,
)
from huiyin.areas.repairs.rules.quotes import Line
from huiyin.foundation.rows import Prepared


@dataclass(frozen=True)
class Money:
    """What an order costs and how far that is: its terms, its quotes (newest first), and what counts of them now."""

    terms: Terms | None = None
    quotes: tuple[Quote, ...] = ()
    lines: tuple[QuoteLine, ...] = ()
    accepted: Accepted | None = None

    @property
    def is_paid(self) -> bool:
        return self.terms is not None and self.terms.is_paid

    @property
    def quote(self) -> Quote | None:
        """The quote that counts: the newest, while the terms it was made under are still those of the order."""
        newest = self.quotes[0] if self.quotes else None
        return newest if newest and self.terms and self.is_paid and newest.terms_id == self.terms.pk else None

    @property
    def consent(self) -> Consent | None:
        return getattr(self.quote, "consent", None)

    @property
    def start(self) -> WorkStart | None:
        return getattr(self.consent, "start", None)

    @property
    def waits_for(self) -> str:
        """Return what the order waits for before its work may begin: terms, quote, consent, start; nothing when free."""
        if self.terms is None or not self.terms.charge:
            return "terms"
        if not self.is_paid:
            return ""
        if self.quote is None:
            return "quote"
        if self.consent is None:
            return "consent"
        return "" if self.start else "start"


def money_of(order: WorkOrder) -> Money:
    return money_of_each([order])[order.pk]


_TERMS_OF = Prepared(
    lambda orders: (
        Terms.objects.filter(order__id__in=orders).select_related("warranty__order", "decided_by").order_by("id")
    )
)


def money_of_each(orders: Iterable[WorkOrder]) -> dict[int, Money]:
    """Return by order what it costs, in four statements whatever their number; fewer when nothing is charged."""
    found_orders = list(orders)
    ids = [order.pk for order in found_orders]
    terms: dict[int, Terms] = {}
    for one in _TERMS_OF.all(ids):
        terms[one.order_id] = one
    quotes: dict[int, list[Quote]] = {}
    lines: dict[int, list[QuoteLine]] = {}
    if terms:
        found = Quote.objects.filter(order__in=ids).select_related("quoted_by", "consent__signature", "consent__start")
        for quote in found.order_by("-version"):
            quotes.setdefault(quote.order_id, []).append(quote)
    if quotes:
        for line in QuoteLine.objects.filter(quote__in=[newest[0].pk for newest in quotes.values()]):
            lines.setdefault(line.quote_id, []).append(line)
    over = [order.pk for order in found_orders if order.closed_at]
    accepted = {one.order_id: one for one in Accepted.objects.filter(order__in=over)} if over else {}
    return {
        pk: Money(
            terms.get(pk),
            tuple(quotes.get(pk, ())),
            tuple(lines.get(quotes[pk][0].pk, ())) if pk in quotes else (),
            accepted.get(pk),
        )
        for pk in ids
    }


def latest_quote(order: WorkOrder) -> Quote | None:
    """Return the newest quote of the order, with the consent to it if there is one."""
    found = Quote.objects.filter(order=order).select_related("consent__start", "terms").order_by("-version")
    return found.first()


def lines_of(quote: Quote) -> list[Line]:
    """Return the lines of a quote as plain values, in their order."""
    return [
        Line(one.code, one.title, one.unit, one.quantity, one.unit_price, one.discount)
        for one in QuoteLine.objects.filter(quote=quote)
    ]


def latest_code(quote: Quote) -> ConsentCode | None:
    return ConsentCode.objects.filter(quote=quote).order_by("-id").first()


def started_under(order: WorkOrder, terms: Terms | None) -> WorkStart | None:
    """Return the start of the work that counts: under the consent to the newest quote under these terms."""
    quote = latest_quote(order)
    if terms is None or quote is None or quote.terms_id != terms.pk:
        return None
    return getattr(getattr(quote, "consent", None), "start", None)
