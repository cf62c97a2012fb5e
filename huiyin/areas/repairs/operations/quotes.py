"""The quote, the resident's consent, the start of chargeable work; each on what the ones before have laid down."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import localdate

from huiyin.areas.repairs import events, queries
from huiyin.areas.repairs.models import Consent, ConsentCode, ConsentMode, Quote, QuoteLine, WorkOrder, WorkStart
from huiyin.areas.repairs.operations.charging import ENDED, money_turn
from huiyin.areas.repairs.operations.shared import in_time, mine, of, sent_before
from huiyin.areas.repairs.rules import quotes as rules
from huiyin.areas.repairs.states import OrderStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import figures
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards


class QuoteRefused(Refused):
    """The order cannot be quoted so, or the quote is not the one that counts."""


class ConsentRefused(Refused):
    """The consent does not hold: to another quote, without a name, without evidence."""


class NotStarted(Refused):
    """Chargeable work has not been agreed to, or has not begun."""


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
        return _newest(order)
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


@command
def consent_by_signature(
    order: WorkOrder, *, version: int, drawing: str, signer: str, actor: User, at: datetime, key: str = ""
) -> None:
    """Record that the resident signed for this version of the quote. Refused when it is not the newest, or unsigned."""
    if sent_before(key, "consent", order=order, actor=actor, at=at):
        return
    made = _to_be_agreed(order, version, signer)
    signature = files.store_signature(
        drawing,
        actor=actor,
        at=at,
        estate_id=order.estate_id,
        subject_type=order.journal_name,
        subject_id=order.pk,
    )
    _agree(order, made, ConsentMode.SIGNATURE, signer, actor=actor, at=at, signature=signature)


@command
def consent_on_paper(
    order: WorkOrder,
    *,
    version: int,
    paper_slip: str,
    signer: str,
    written_at: datetime,
    actor: User,
    at: datetime,
    key: str = "",
) -> None:
    """Record that the resident signed for this quote on paper, at the paper's time.

    Refused without the slip's number, for a time before the quote or to come, or when it is not the newest.
    """
    if sent_before(key, "consent", order=order, actor=actor, at=at):
        return
    made = _to_be_agreed(order, version, signer)
    if not paper_slip.strip():
        raise ConsentRefused("请填写纸单编号")
    if written_at > at:
        raise ConsentRefused("签字时间不能晚于现在")
    # Paper tells the time to the minute.
    if written_at < made.quoted_at.replace(second=0, microsecond=0):
        raise ConsentRefused("签字时间不能早于报价时间")
    given_at = max(written_at, made.quoted_at)
    slip = paper_slip.strip()
    _agree(order, made, ConsentMode.PAPER, signer, actor=actor, at=given_at, paper_slip=slip, keyed_at=at)


@command
def tell_code(order: WorkOrder, *, actor: User, at: datetime) -> str:
    """Make a code for the newest quote and return it, to be told to the resident by telephone; it is not shown again.

    An earlier one no longer counts. Refused for whoever holds the order, when there is nothing to agree to, and after five.
    """
    money_turn(order)
    if order.technician_id == actor.pk:
        raise ConsentRefused("同意码由前台打电话告诉客户,上门的维修工不能自己取")
    made = _newest(order)
    _agreeable(order, made)
    if ConsentCode.objects.filter(quote=made).count() >= rules.CODES_A_QUOTE:
        raise ConsentRefused("这份报价发过太多次同意码,请客户签字同意")
    code = f"{secrets.randbelow(1_000_000):06d}"
    ConsentCode.objects.create(
        quote=made, digest=_digest(made, code), made_at=at, made_by=actor, expires_at=at + rules.CODE_LASTS
    )
    _note(order, events.CODE_TOLD, actor=actor, at=at)
    return code


@command
def consent_by_code(order: WorkOrder, *, version: int, code: str, signer: str, actor: User, at: datetime) -> bool:
    """Take the code the resident read out as consent to this quote; tell whether it was right.

    A wrong one is counted, so it is an answer and no refusal. Refused when no code runs, after five tries, after half an
    hour, or when the quote is not the newest.
    """
    made = _to_be_agreed(order, version, signer)
    told = queries.latest_code(made)
    if told is None:
        raise ConsentRefused("还没有同意码,请前台打电话告诉客户")
    if at > told.expires_at:
        raise ConsentRefused("同意码过期了,请前台重新告诉客户一个")
    if not ConsentCode.objects.filter(pk=told.pk, tries__lt=rules.CODE_TRIES).update(tries=F("tries") + 1):
        raise ConsentRefused("输错太多次,请前台重新告诉客户一个")
    if not constant_time_compare(told.digest, _digest(made, code.strip())):
        _note(order, events.CODE_WRONG, actor=actor, at=at)
        return False
    _agree(order, made, ConsentMode.CODE, signer, actor=actor, at=at, code=told)
    return True


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


def _newest(order: WorkOrder) -> Quote:
    found = queries.latest_quote(order)
    if found is None:
        raise QuoteRefused("还没有报价")
    return found


def _to_be_agreed(order: WorkOrder, version: int, signer: str) -> Quote:
    money_turn(order)
    if not signer.strip():
        raise ConsentRefused("请写明同意人的姓名")
    made = _newest(order)
    if made.version != version:
        raise ConsentRefused(f"价格刚改过,现在是第 {made.version} 版,{figures(made.total)} 元;请客户重新看")
    _agreeable(order, made)
    return made


def _agreeable(order: WorkOrder, made: Quote) -> None:
    terms = queries.latest_terms(order)
    if terms is None or made.terms_id != terms.pk or not terms.is_paid:
        raise ConsentRefused("收费决定变了,请重新报价")
    if order.status in ENDED:
        raise ConsentRefused("已经完工或作废,不能再补同意")
    if hasattr(made, "consent"):
        raise ConsentRefused("客户已经同意这份报价,不用再同意一次")


def _agree(
    order: WorkOrder,
    made: Quote,
    mode: str,
    signer: str,
    *,
    actor: User,
    at: datetime,
    signature: StoredFile | None = None,
    code: ConsentCode | None = None,
    paper_slip: str = "",
    keyed_at: datetime | None = None,
) -> None:
    Consent.objects.create(
        quote=made,
        mode=mode,
        signer=signer.strip(),
        content_hash=made.content_hash,
        signature=signature,
        code=code,
        paper_slip=paper_slip,
        given_at=at,
        keyed_at=keyed_at,
        recorded_by=actor,
    )
    values = {"version": made.version, "mode": mode, "content_hash": made.content_hash, "keyed_at": keyed_at}
    journal.announce(of(order, events.OrderConsented, **values), actor=actor, at=at)


def _note(order: WorkOrder, kind: str, *, actor: User, at: datetime) -> None:
    subject = (order.journal_name, order.pk)
    journal.record(kind, subject=subject, estate_id=order.estate_id, actor=actor, at=at, thread=order.thread)


def _digest(made: Quote, code: str) -> str:
    """Return what is kept of a code. Six figures are guessed from a plain digest in no time: it takes the house's key."""
    return salted_hmac("repairs.consent", f"{made.pk}:{made.content_hash}:{code}", algorithm="sha256").hexdigest()
