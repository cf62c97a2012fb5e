"""Quotes and acceptances from plain values: amounts, the text that is signed, its hash, and when work may begin."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from huiyin.areas.repairs.rules.warranties import PAID
from huiyin.foundation.money import LARGEST, rounded

MOST_LINES = 20
CODE_LASTS = timedelta(minutes=30)
CODE_TRIES = 5
CODES_A_QUOTE = 5


@dataclass(frozen=True)
class Line:
    """One line of a quote, as it was posted and agreed."""

    code: str
    title: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        return rounded(self.quantity * self.unit_price) - rounded(self.discount)


@dataclass(frozen=True)
class Signed:
    """What was accepted, without what is about a person: that enters as a digest."""

    order: str
    work_done: str
    charge: str
    quote_hash: str
    total: Decimal
    precautions_explained: bool
    satisfaction: int | None
    mode: str
    accepted_at: datetime
    personal_digest: str


def total_of(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal("0.00"))


def lines_refused(lines: Sequence[Line]) -> str:
    """Say what is wrong with the lines of a quote; nothing when they can be quoted."""
    if not lines:
        return "报价至少要有一行"
    if len(lines) > MOST_LINES:
        return f"一张报价最多 {MOST_LINES} 行"
    for line in lines:
        if line.quantity <= 0:
            return f"「{line.title}」的数量要大于 0"
        if line.discount < 0 or line.amount < 0:
            return f"「{line.title}」的优惠不能是负数,也不能超过这一行的金额"
    total = total_of(lines)
    if total > LARGEST:
        return "金额太大,请核对数量"
    return "" if total > 0 else "报价合计是 0 元;不收费的请定为无偿"


def quote_text(
    *, estate_id: int, order: str, version: int, lines: Sequence[Line], total: Decimal, quoted_at: datetime
) -> str:
    """Return the quote as it is hashed: one text for one content, whatever database it went through."""
    said = [
        [one.code, one.title, one.unit, _two(one.quantity), _two(one.unit_price), _two(one.discount), _two(one.amount)]
        for one in lines
    ]
    return _canonical(
        {
            "estate": estate_id,
            "order": order,
            "version": version,
            "lines": said,
            "total": _two(total),
            "quoted_at": _moment(quoted_at),
        }
    )


def accepted_text(signed: Signed) -> str:
    """Return what was accepted as it is hashed."""
    return _canonical(
        {
            "order": signed.order,
            "work_done": signed.work_done,
            "charge": signed.charge,
            "quote": signed.quote_hash,
            "total": _two(signed.total),
            "precautions_explained": signed.precautions_explained,
            "satisfaction": signed.satisfaction,
            "mode": signed.mode,
            "accepted_at": _moment(signed.accepted_at),
            "personal": signed.personal_digest,
        }
    )


def personal_digest(*, secret: str, signer: str, opinion: str, contact_phone: str) -> str:
    """Return what stands in the hash for what is about a person; without the secret nobody can guess it back."""
    return hash_of(_canonical([secret, signer, opinion, contact_phone]))


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def start_refused(charge: str, *, quoted: bool, consented_at: datetime | None, at: datetime) -> str:
    """Say why chargeable work cannot begin; nothing when it can. Only the consent to the latest quote counts."""
    if not charge:
        return "先定收不收费,再开工"
    if charge != PAID:
        return "无偿的维修到场就能动手,不用另点开工"
    if not quoted:
        return "有偿维修要先按收费标准报价,客户同意了再动手"
    if consented_at is None:
        return "客户还没有同意这份报价,不能动手"
    return "开工不能早于客户同意的时间" if at < consented_at else ""


def _canonical(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _two(amount: Decimal) -> str:
    return f"{rounded(amount):.2f}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
