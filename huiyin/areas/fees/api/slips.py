"""收费 by API: monthly slips."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.api.values import ChargeLineListed, MoneyTaken, Month, charge_line
from huiyin.areas.fees.models import MonthlySlip
from huiyin.areas.fees.states import SlipStatus
from huiyin.foundation.accounts.permissions import require_right, signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Note, Number, Word

routes = Routes("fees", title="收费")


class SlipLine(TypedDict):
    """A monthly slip."""

    number: str
    month: str
    status: str
    unit: str
    payer: str
    amount: str
    signer: str


class SlipWhole(SlipLine):
    """A monthly slip with its charges."""

    charges: list[ChargeLineListed]


class SlipsAsked(Asked):
    """What the list is narrowed to."""

    estate: Number
    month: Month | None = None
    status: SlipStatus | None = None


class SlipsMade(Body):
    estate: Number
    month: Month


class SlipSigning(Body):
    """The drawn signature as `data:image/png;base64,…`, or the paper slip that was signed instead."""

    signer: Annotated[Word, Field(max_length=60)]
    drawing: Annotated[str, Field(max_length=300_000, pattern=r"^[A-Za-z0-9+/=:;,]*$")] = ""
    paper_slip: Annotated[Word, Field(max_length=40)] = ""


@routes.read("/fees/slips", right="fees.see", says="月结单,新的在前", of=Page[SlipLine])
def slips(request: HttpRequest, asked: Query[SlipsAsked]) -> Page[SlipLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="fees.see")
    return page_of(queries.slips(user, estate.pk, month=asked.month or "", status=asked.status or ""), asked, _slip)


@routes.act("/fees/slips/make", right="fees.charge", says="出一个月的月结单")
def slips_make(request: HttpRequest, said: SlipsMade) -> None:
    user = signed_in(request)
    estate = estates.estate_for(user, said.estate, to="fees.charge")
    require_right(user, "fees.charge", estate.pk)
    operations.make_slips(estate, month=said.month, **acting(request))


@routes.read("/fees/slips/{number}", right="fees.see", says="一张月结单", of=SlipWhole)
def slip(request: HttpRequest, number: Number) -> SlipWhole:
    one = queries.slip_for(signed_in(request), number)
    return {**_slip(one), "charges": [charge_line(each) for each in queries.charges_on(one)]}


@routes.act("/fees/slips/{number}/sign", right="fees.collect", says="客户签认月结单")
def slip_sign(request: HttpRequest, number: Number, said: SlipSigning) -> None:
    one = queries.slip_for(signed_in(request), number, to="fees.collect")
    operations.sign_slip(one, signer=said.signer, drawing=said.drawing, paper_slip=said.paper_slip, **acting(request))


@routes.act("/fees/slips/{number}/pay", right="fees.collect", says="收月结单的款")
def slip_pay(request: HttpRequest, number: Number, said: MoneyTaken) -> None:
    one = queries.slip_for(signed_in(request), number, to="fees.collect")
    operations.pay_slip(one, payment=said.payment(), **acting(request))


@routes.act("/fees/slips/{number}/void", right="fees.charge", says="作废月结单")
def slip_void(request: HttpRequest, number: Number, said: Note) -> None:
    operations.void_slip(
        queries.slip_for(signed_in(request), number, to="fees.charge"), reason=said.note, **acting(request)
    )


def _slip(one: MonthlySlip) -> SlipLine:
    return {
        "number": one.number,
        "month": one.month,
        "status": one.status,
        "unit": one.unit,
        "payer": one.payer,
        "amount": str(one.amount),
        "signer": one.signer,
    }
