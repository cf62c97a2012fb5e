"""What people fill in on the pages about money, cleaned."""

from decimal import Decimal
from typing import Any

from django import forms

from huiyin.areas.fees.models import Mode, Settlement
from huiyin.areas.fees.operations import Payment
from huiyin.areas.fees.states import ChargeStatus, ReceiptStatus, SlipStatus, WaiverStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.forms import HouseForm

_DAY = {"type": "date"}


def amount(label: str, **options: Any) -> forms.DecimalField:
    """Return a field for an amount in yuan; figures are typed on the number keys of a phone."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, max_digits=12, decimal_places=2, **({"widget": widget, "min_value": Decimal("0.01")} | options)
    )


class ChargeFilters(HouseForm):
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *ChargeStatus.choices])
    settlement = forms.ChoiceField(label="结算", required=False, choices=[("", "全部"), *Settlement.choices])
    since = forms.DateField(label="开单自", required=False, widget=forms.DateInput(attrs=_DAY))
    until = forms.DateField(label="开单至", required=False, widget=forms.DateInput(attrs=_DAY))
    q = forms.CharField(label="房号、付款人、单号、内容", required=False, max_length=40)


class ReceiptFilters(HouseForm):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *ReceiptStatus.choices, ("red", "红字")]
    )
    mode = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *Mode.choices])
    cashier = forms.ChoiceField(label="收款人", required=False)
    since = forms.DateField(label="收款自", required=False, widget=forms.DateInput(attrs=_DAY))
    until = forms.DateField(label="收款至", required=False, widget=forms.DateInput(attrs=_DAY))
    q = forms.CharField(label="收据号、付款人、房号、发票号", required=False, max_length=40)

    def __init__(self, *args: Any, cashiers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cashier"].choices = [("", "全部"), *((str(one.pk), one.name) for one in cashiers)]


class SlipFilters(HouseForm):
    month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$", label="月份", required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *SlipStatus.choices])


class WaiverFilters(HouseForm):
    status = forms.ChoiceField(label="状态", required=False, choices=WaiverStatus.choices, initial="asked")


class PayForm(HouseForm):
    """Money taken at the door or the desk. The key makes a second press do nothing twice."""

    mode = forms.ChoiceField(label="怎么付", choices=[("cash", "现金"), ("transfer", "转账")], initial="cash")
    amount = amount("收多少")
    payer = forms.CharField(label="付款人", required=False, max_length=60)
    reference = forms.CharField(
        label="转账凭证号", required=False, max_length=64, help_text="转账才填:银行回单号或流水号"
    )
    invoice_asked = forms.BooleanField(label="客户要发票", required=False)
    invoice = forms.CharField(label="发票号码", required=False, max_length=40)
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def payment(self) -> Payment:
        said = self.cleaned_data
        return Payment(
            mode=said["mode"],
            payer=said["payer"],
            reference=said["reference"],
            invoice=said["invoice"],
            invoice_asked=said["invoice_asked"],
        )


class SlipPayForm(PayForm):
    """A slip is paid whole."""

    amount = None  # type: ignore[assignment]  # what is owed on the slip, all of it


class ReasonForm(HouseForm):
    note = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RemarkForm(HouseForm):
    note = forms.CharField(label="说明", max_length=300, required=False)


class WaiverForm(ReasonForm):
    amount = amount("减免多少")


class RefundForm(ReasonForm):
    amount = amount("退多少")
    owed_again = forms.BooleanField(label="退完还要重新收", required=False)


class CodeForm(HouseForm):
    amount = amount("收多少")


class InvoiceForm(HouseForm):
    invoice = forms.CharField(label="发票号码", max_length=40)


class SettlementForm(HouseForm):
    settlement = forms.ChoiceField(label="结算", choices=Settlement.choices)


class CountForm(HouseForm):
    counted = amount("实点多少", min_value=Decimal(0))
    note = forms.CharField(
        label="差额的原因",
        required=False,
        max_length=300,
        help_text="和应交的一样就不用写",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MonthForm(HouseForm):
    month = forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", label="月份", widget=forms.TextInput(attrs={"type": "month"}))


class SignForm(HouseForm):
    """A drawn signature, or the number of the paper slip that was signed."""

    signer = forms.CharField(label="签认人", max_length=60)
    drawing = forms.CharField(label="客户签名", required=False, max_length=300_000, widget=forms.HiddenInput)
    paper_slip = forms.CharField(label="纸单编号", required=False, max_length=40, help_text="签在纸上的,写纸单编号")
