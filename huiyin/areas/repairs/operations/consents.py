"""The resident's consent to a quote: signed, on paper, or by a code told on the telephone."""

import secrets
from datetime import datetime

from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from huiyin.areas.repairs import events, queries
from huiyin.areas.repairs.models import Consent, ConsentCode, ConsentMode, Quote, WorkOrder
from huiyin.areas.repairs.operations.charging import ENDED, money_turn
from huiyin.areas.repairs.operations.quotes import newest
from huiyin.areas.repairs.operations.shared import of, sent_before
from huiyin.areas.repairs.rules import quotes as rules
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.money import figures
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class ConsentRefused(Refused):
    """The consent does not hold: to another quote, without a name, without evidence."""


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
    made = newest(order)
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


def _to_be_agreed(order: WorkOrder, version: int, signer: str) -> Quote:
    money_turn(order)
    if not signer.strip():
        raise ConsentRefused("请写明同意人的姓名")
    made = newest(order)
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
