"""公司收款页: the code leads to the page of the company's bank or acquirer, which tells us with a signed notice."""

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings

from huiyin.areas.fees.gateways import notices
from huiyin.areas.fees.gateways.notices import Notice


class Signed:
    code = "signed"
    title = "公司收款码"
    rehearsal = False

    def payload(self, reference: str, amount: Decimal, title: str) -> str:
        page = settings.PAYMENT_PAGE
        asked = urlencode({"reference": reference, "amount": str(amount), "title": title})
        return f"{page}{'&' if '?' in page else '?'}{asked}"

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        return notices.read(body, headers)
