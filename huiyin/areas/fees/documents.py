"""The printed forms of money: 收据 in two copies, 有偿服务确认单 of a household and month."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from huiyin.areas.fees.models import ChargeItem, MonthlySlip, Receipt
from huiyin.areas.fees.permissions import SEE, visible_receipts, visible_slips
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import Form, Sheet, Values, in_order
from huiyin.foundation.documents.pictures import signature
from huiyin.foundation.documents.words import moment
from huiyin.foundation.money import capitals, figures


def receipts_with(user: User, ids: Sequence[int]) -> list[Receipt]:
    found = visible_receipts(user).filter(pk__in=ids).select_related("charge__estate", "cashier", "refunds")
    return in_order(found.prefetch_related("charge__items"), ids)


def receipts(form: Form, records: Sequence[Receipt]) -> Iterator[Sheet]:
    for one in records:
        path = reverse("fees:charge", args=[one.charge.number])
        yield Sheet(form, one.charge.estate.name, one.number, path, _receipt(one))


def _receipt(one: Receipt) -> Values:
    charge = one.charge
    voided = f"作废 {moment(one.voided_at)}:{one.void_reason}" if not one.is_valid else ""
    red = f"红字,退 {one.refunds.number}" if one.refunds else ""
    return {
        "payer": one.payer,
        "unit": charge.unit,
        "title": charge.title,
        "charge": charge.number,
        "day": moment(charge.opened_at)[:10],
        "rows": _rows(list(charge.items.all())),
        "whole": figures(charge.amount),
        "amount": figures(one.amount),
        "capitals": one.capitals,
        "mode": one.get_mode_display(),
        "reference": one.reference,
        "invoice": one.invoice,
        "cashier": one.cashier.name,
        "at": moment(one.at),
        "mark": voided or red,
    }


def slips_with(user: User, ids: Sequence[int]) -> list[MonthlySlip]:
    found = visible_slips(user).filter(pk__in=ids).select_related("estate", "signature", "issued_by")
    return in_order(found.prefetch_related("charges__items"), ids)


def slips(form: Form, records: Sequence[MonthlySlip]) -> Iterator[Sheet]:
    for one in records:
        yield Sheet(form, one.estate.name, one.number, reverse("fees:slip", args=[one.number]), _slip(one))


def _slip(one: MonthlySlip) -> Values:
    charges = sorted(one.charges.all(), key=lambda charge: charge.pk)
    drawn = signature(one.signature)
    on_paper = f"纸单 {one.paper_slip} 由{one.signer}签认" if one.paper_slip else ""
    return {
        "unit": one.unit,
        "payer": one.payer,
        "month": one.month,
        "issued": moment(one.issued_at),
        "rows": [
            [moment(charge.opened_at)[:10], charge.title, *row]
            for charge in charges
            for row in _rows(list(charge.items.all()))
        ],
        "amount": figures(one.amount),
        "capitals": capitals(one.amount),
        "issued_by": one.issued_by.name,
        "signer": one.signer,
        "signature": drawn,
        "signed_elsewhere": on_paper,
        "signed": moment(one.signed_at),
        "mark": f"作废:{one.void_reason}" if one.void_reason else "",
    }


def _rows(items: Sequence[ChargeItem]) -> list[list[str]]:
    return [[item.title, item.how_much, item.each, figures(item.amount)] for item in items]


RECEIPT = Form(
    "F-24",
    "收据",
    "/areas/fees/typst/receipt.typ",
    SEE,
    receipts_with,
    receipts,
    copies=("第一联 交付款人", "第二联 存根"),
)
MONTHLY = Form(
    "F-26",
    "有偿服务确认单",
    "/areas/fees/typst/monthly_slip.typ",
    SEE,
    slips_with,
    slips,
    copies=("第一联 住户留存", "第二联 服务中心存"),
    blank={},
    keyed_in="fees:slips",
)
RECEIPTS = {RECEIPT.code: RECEIPT}
SLIPS = {MONTHLY.code: MONTHLY}
FORMS = RECEIPTS | SLIPS
