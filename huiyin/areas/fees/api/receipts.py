"""收费 by API: the register of receipts, and what is undone."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.api.values import ReceiptLine, receipt_line
from huiyin.areas.fees.models import Mode
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Day, Note, Number, Word

routes = Routes("fees", title="收费")


class ReceiptsAsked(Asked):
    """What the register is narrowed to."""

    estate: Number
    status: Literal["issued", "voided", "red"] | None = None
    mode: Mode | None = None
    cashier_id: AskedId | None = None
    since: Day | None = None
    until: Day | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


class InvoiceNoted(Body):
    invoice: Annotated[Word, Field(max_length=40)]


@routes.read("/fees/receipts", right="fees.see", says="收据登记,新的在前", of=Page[ReceiptLine])
def receipts(request: HttpRequest, asked: Query[ReceiptsAsked]) -> Page[ReceiptLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    found = queries.receipts(
        user,
        estate.pk,
        status=asked.status or "",
        mode=asked.mode or "",
        cashier=str(asked.cashier_id or ""),
        since=asked.since,
        until=asked.until,
        q=asked.text,
    )
    return page_of(found, asked, receipt_line)


@routes.act("/fees/receipts/{number}/void", right="fees.void", says="作废收据")
def void(request: HttpRequest, number: Number, said: Note) -> None:
    one = queries.receipt_for(signed_in(request), number, to="fees.void")
    operations.void_receipt(one, reason=said.note, **acting(request))


@routes.act("/fees/receipts/{number}/invoice", right="fees.collect", says="登记发票号码")
def invoice(request: HttpRequest, number: Number, said: InvoiceNoted) -> None:
    one = queries.receipt_for(signed_in(request), number, to="fees.collect")
    operations.note_invoice(one, invoice=said.invoice, **acting(request))
