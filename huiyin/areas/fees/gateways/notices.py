"""The notice that a code was paid: signed with the secret of the gateway, so that nobody else can say it was paid."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.conf import settings

from huiyin.foundation.refusals import Refused

HEADER = "X-Huiyin-Signature"
_LONGEST = 4_096


class NoticeRefused(Refused):
    """Not signed by the gateway, or not to be understood."""


@dataclass(frozen=True)
class Notice:
    """So much came for our `reference`; `transaction` is how the gateway calls the payment."""

    reference: str
    transaction: str
    amount: Decimal


def signature_of(body: bytes) -> str:
    """Return the HMAC-SHA256 of the body with the secret of the gateway, in hexadecimal."""
    return hmac.new(settings.PAYMENT_SECRET.encode(), body, hashlib.sha256).hexdigest()


def read(body: bytes, headers: Mapping[str, str]) -> Notice:
    """Return the notice: a JSON object with `reference`, `transaction` and `amount` as text. Refused unsigned."""
    if len(body) > _LONGEST or not hmac.compare_digest(signature_of(body).encode(), _signature(headers)):
        raise NoticeRefused("签名不对,不予受理")
    try:
        said = json.loads(body)
        notice = Notice(str(said["reference"]), str(said["transaction"]), Decimal(str(said["amount"])))
    except (ValueError, KeyError, TypeError, InvalidOperation):
        raise NoticeRefused("通知看不懂:要有 reference、transaction、amount") from None
    if not notice.transaction or len(notice.transaction) > 64 or not notice.amount.is_finite() or notice.amount <= 0:
        raise NoticeRefused("通知里的流水号或金额不对")
    return notice


def _signature(headers: Mapping[str, str]) -> bytes:
    return headers.get(HEADER, "").strip().lower().encode("utf-8", "replace")
