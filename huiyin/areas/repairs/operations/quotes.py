"""The quote of a paid order, by the posted tariff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.timezone import localdate

from huiyin.areas.repairs import events, queries
from huiyin.areas.repairs.models import Quote, QuoteLine, WorkOrder
from huiyin.areas.repairs.operations.charging import ENDED, money_turn
from huiyin.areas.repairs.operations.shared import of, sent_before
from huiyin.areas.repairs.rules import quotes as rules
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class QuoteRefused(Refused):
    """The order cannot be quoted so, or the quote is not the one that counts."""


@dataclass(frozen=True)
class LineAsked:
    """What a line of a quote charges: a posted item by its id, how much of it, and what is taken off."""

    item_id: int
    quantity: Decimal
    discount: Decimal = Decimal(0)


@command
def quote(
    order: WorkOrder, *, lines: Sequence[LineAsked], actor: User, at: datetime, note: str = "", key: str = ""
) -> Quote:
    """Quote the order by the posted tariff; a later quote takes the place of the one before, and asks for consent anew.

    Refused unless the order was decided to be paid, when its work is over, for an item that is not posted or not in force
    today, and for a quote that says the same as the one there is.
    """
    if sent_before(key, "quote", order=order, actor=actor, at=at):
        return newest(order)
    money_turn(order)
    terms, last = queries.latest_terms(order), queries.latest_quote(order)
    if terms is None or not terms.is_paid:
        raise QuoteRefused("先定为有偿,再报价")
    if order.status in ENDED:
        raise QuoteRefused("已经完工或作废,不能再报价")
    items = {one.pk: one for one in queries.items_in_force(order.estate_id, day=localdate(at))}
    if missing := [one for one in lines if one.item_id not in items]:
        raise QuoteRefused(f"有 {len(missing)} 行不在公示的收费标准里,没有公示的不能收费")
    said = [
        rules.Line(item.code, item.title, item.unit, one.quantity, item.price, one.discount)
        for one in lines
        for item in [items[one.item_id]]
    ]
    if wrong := rules.lines_refused(said):
        raise QuoteRefused(wrong)
    if last and last.terms_id == terms.pk and queries.lines_of(last) == said:
        raise QuoteRefused("和现在的报价一样,不用再报")
    version, total = (last.version + 1 if last else 1), rules.total_of(said)
    content = rules.quote_text(
        estate_id=order.estate_id, order=order.number, version=version, lines=said, total=total, quoted_at=at
    )
    made = Quote.objects.create(
        order=order,
        version=version,
        terms=terms,
        total=total,
        note=note.strip(),
        quoted_at=at,
        quoted_by=actor,
        content_hash=rules.hash_of(content),
    )
    _keep_lines(made, said, [one.item_id for one in lines])
    values = {"version": version, "total": str(total), "content_hash": made.content_hash}
    journal.announce(of(order, events.OrderQuoted, **values), actor=actor, at=at, note=made.note)
    return made


def _keep_lines(made: Quote, said: Sequence[rules.Line], items: Sequence[int]) -> None:
    QuoteLine.objects.bulk_create(
        QuoteLine(
            quote=made,
            position=position,
            item_id=item_id,
            code=line.code,
            title=line.title,
            unit=line.unit,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            amount=line.amount,
        )
        for position, (line, item_id) in enumerate(zip(said, items, strict=True), start=1)
    )


def newest(order: WorkOrder) -> Quote:
    """Return the newest quote. Refused when there is none."""
    found = queries.latest_quote(order)
    if found is None:
        raise QuoteRefused("还没有报价")
    return found
