"""演示通道: no money moves. The code says so, and a button plays the payer by sending a notice as a real gateway would."""

import json
from collections.abc import Mapping
from decimal import Decimal

from huiyin.areas.fees.gateways import notices
from huiyin.areas.fees.gateways.notices import Notice


class Fake:
    code = "fake"
    title = "演示通道(不收真钱)"
    rehearsal = True

    def payload(self, reference: str, amount: Decimal, title: str) -> str:
        return f"huiyin-rehearsal:{reference}?amount={amount}"

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        return notices.read(body, headers)


def paid(reference: str, amount: Decimal) -> tuple[bytes, dict[str, str]]:
    """Return the notice a real gateway would send when this was paid, and its headers."""
    said = {"reference": reference, "transaction": f"演示-{reference}", "amount": str(amount)}
    body = json.dumps(said, ensure_ascii=False).encode()
    return body, {notices.HEADER: notices.signature_of(body)}
