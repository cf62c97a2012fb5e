"""收费 by API: charges, what is mine to collect, and what is asked about a charge. Amounts are texts: 80.00."""

from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.api.values import Amount, ChargeLineListed, MoneyTaken, ReceiptLine, charge_line, receipt_line
from huiyin.areas.fees.models import Settlement
from huiyin.areas.fees.states import ChargeStatus
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Day, Note, Number, Word

routes = Routes("fees", title="收费")


class ChargeLineShown(TypedDict):
    """One line of a charge."""

    title: str
    quantity: str
    unit: str
    unit_price: str
    amount: str


class ChargeWhole(ChargeLineListed):
    """A charge with its lines and receipts."""

    lines: list[ChargeLineShown]
    receipts: list[ReceiptLine]


class Collecting(TypedDict):
    """What is mine to collect, and the cash in my hand."""

    charges: list[ChargeLineListed]
    in_hand: list[ReceiptLine]


class ChargesAsked(Asked):
    """What the list is narrowed to. `text` is a part of a number, a unit, a payer or what it is for."""

    estate: Number
    status: ChargeStatus | None = None
    settlement: Settlement | None = None
    since: Day | None = None
    until: Day | None = None
    text: Annotated[Word, Field(max_length=40)] = ""


class ChargePaid(MoneyTaken):
    amount: Amount


class SettlementChosen(Body):
    settlement: Settlement


@routes.read("/fees/charges", right="fees.see", says="收费单列表,新的在前", of=Page[ChargeLineListed])
def charges(request: HttpRequest, asked: Query[ChargesAsked]) -> Page[ChargeLineListed]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    found = queries.listed(
        user,
        estate.pk,
        status=asked.status or "",
        settlement=asked.settlement or "",
        since=asked.since,
        until=asked.until,
        q=asked.text,
    )
    return page_of(found.select_related("collector", "slip"), asked, charge_line)


@routes.read("/fees/charges/{number}", right="fees.see", says="一张收费单", of=ChargeWhole)
def charge(request: HttpRequest, number: Number) -> ChargeWhole:
    one = queries.charge_for(signed_in(request), number)
    lines: list[ChargeLineShown] = [
        {
            "title": item.title,
            "quantity": str(item.quantity),
            "unit": item.unit,
            "unit_price": str(item.unit_price),
            "amount": str(item.amount),
        }
        for item in queries.items_of(one)
    ]
    return {**charge_line(one), "lines": lines, "receipts": [receipt_line(each) for each in queries.receipts_of(one)]}


@routes.read("/fees/mine", right="fees.collect", says="我要收的款和手里的现金", of=Collecting)
def mine(request: HttpRequest, estate: Number) -> Collecting:
    user = signed_in(request)
    place = estates.estate_for(user, estate, to="fees.collect")
    return {
        "charges": [charge_line(one) for one in queries.to_collect(user, place.pk)],
        "in_hand": [receipt_line(one) for one in queries.cash_in_hand(user, place.pk)],
    }


@routes.act("/fees/charges/{number}/pay", right="fees.collect", says="收款,开收据")
def pay(request: HttpRequest, number: Number, said: ChargePaid) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.collect")
    operations.take_payment(one, payment=said.payment(), amount=Decimal(said.amount), **acting(request))


@routes.act("/fees/charges/{number}/withdraw", right="fees.charge", says="撤销收费单")
def withdraw(request: HttpRequest, number: Number, said: Note) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.charge")
    operations.drop_charge(one, reason=said.note, **acting(request))


@routes.act("/fees/charges/{number}/settlement", right="fees.charge", says="改结算方式")
def settlement(request: HttpRequest, number: Number, said: SettlementChosen) -> None:
    one = queries.charge_for(signed_in(request), number, to="fees.charge")
    operations.settle_by(one, settlement=said.settlement, **acting(request))
