"""The start of chargeable work under the consent, and what the finish asks of it."""

from datetime import datetime

from huiyin.areas.repairs import events, queries
from huiyin.areas.repairs.models import Consent, WorkOrder, WorkStart
from huiyin.areas.repairs.operations.charging import money_turn
from huiyin.areas.repairs.operations.shared import in_time, mine, of, sent_before
from huiyin.areas.repairs.rules import quotes as rules
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards


class NotStarted(Refused):
    """Chargeable work has not been agreed to, or has not begun."""


@command
def start_work(order: WorkOrder, *, actor: User, at: datetime, keyed_at: datetime | None = None, key: str = "") -> None:
    """Record that chargeable work begins, under the consent to the newest quote.

    Refused without that consent, before it, for a free repair, for somebody else's order, or before the arrival.
    """
    if sent_before(key, "start_work", order=order, actor=actor, at=at):
        return
    mine(order, actor)
    in_time(order, "开工", at=at, keyed_at=keyed_at)
    if order.status != OrderStatus.WORKING:
        raise NotStarted("到场以后才能开工")
    begin_work(order, actor=actor, at=at, keyed_at=keyed_at)


def begin_work(order: WorkOrder, *, actor: User, at: datetime, keyed_at: datetime | None = None) -> None:
    """Lay down the start of chargeable work for whoever may write it down; once under one consent."""
    money_turn(order)
    terms = queries.latest_terms(order)
    made = queries.latest_quote(order)
    counts = made if made and terms and made.terms_id == terms.pk else None
    agreed: Consent | None = getattr(counts, "consent", None)
    given_at = agreed.given_at if agreed else None
    charge = terms.charge if terms else ""
    if wrong := rules.start_refused(charge, quoted=counts is not None, consented_at=given_at, at=at):
        raise NotStarted(wrong)
    standards.require(
        "fees.service.begin", estate_id=order.estate_id, values={"quote": True, "consent": agreed is not None}, at=at
    )
    if counts is None or agreed is None or hasattr(agreed, "start"):
        return
    WorkStart.objects.create(order=order, consent=agreed, started_at=at, started_by=actor)
    journal.announce(of(order, events.OrderStarted, version=counts.version, keyed_at=keyed_at), actor=actor, at=at)


def begin_by_slip(
    order: WorkOrder, *, arrived_at: datetime, finished_at: datetime, actor: User, keyed_at: datetime
) -> None:
    """Lay down the start of a paid order whose whole slip is keyed in: on arrival, or on the consent given there.

    Nothing for a free one, or one begun already. Refused when the consent is missing, or later than the finish.
    """
    terms, made = queries.latest_terms(order), queries.latest_quote(order)
    if terms is None or not terms.is_paid or queries.started_under(order, terms):
        return
    agreed = getattr(made, "consent", None) if made and made.terms_id == terms.pk else None
    given_at = agreed.given_at if agreed else arrived_at
    # The paper tells times to the minute.
    if given_at.replace(second=0, microsecond=0) > finished_at:
        raise NotStarted("纸单上的完工时间早于客户同意报价的时间,请核对")
    begin_work(order, actor=actor, at=max(arrived_at, given_at), keyed_at=keyed_at)


def may_finish(order: WorkOrder) -> str:
    """Return what the order is charged, for the finish. Refused for a paid one that was not begun under its consent."""
    money_turn(order)
    terms = queries.latest_terms(order)
    if terms and terms.is_paid and queries.started_under(order, terms) is None:
        raise NotStarted("有偿维修要客户同意现在的报价、开工以后才能报完工")
    return terms.charge if terms else ""
