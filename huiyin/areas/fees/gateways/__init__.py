"""收款通道: how a code for the company's account is made, and how the notice of its payment is believed.

Which one is used is set by `HUIYIN_PAYMENT_GATEWAY`. There is no gateway to a person's account.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from django.conf import settings

from huiyin.areas.fees.gateways import fake, signed
from huiyin.areas.fees.gateways.notices import Notice, NoticeRefused, signature_of

__all__ = ["Gateway", "Notice", "NoticeRefused", "chosen", "named", "signature_of"]


class Gateway(Protocol):
    """A way to be paid by code. `rehearsal`: no money moves, and a button plays the payer."""

    code: str
    title: str
    rehearsal: bool

    def payload(self, reference: str, amount: Decimal, title: str) -> str:
        """Return what the code holds: an address at which the company is paid."""
        ...

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """Return what the gateway tells us. Refused when it is not signed by the gateway, or says nothing we understand."""
        ...


_GATEWAYS: dict[str, Gateway] = {one.code: one for one in (fake.Fake(), signed.Signed())}


def chosen() -> Gateway | None:
    """Return the gateway of this house; none when codes are switched off."""
    return _GATEWAYS.get(settings.PAYMENT_GATEWAY)


def named(code: str) -> Gateway | None:
    """Return the gateway of that name while it is the one in use: notices of any other are not believed."""
    return _GATEWAYS.get(code) if code == settings.PAYMENT_GATEWAY else None
