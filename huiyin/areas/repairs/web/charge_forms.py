"""What people fill in about prices, warranties, quotes and consents, cleaned."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms

from huiyin.areas.repairs.models import ChargeKind, LocationKind, Quote, QuoteLine, TariffItem
from huiyin.areas.repairs.operations import LineAsked, Opinion
from huiyin.areas.repairs.rules.quotes import MOST_LINES
from huiyin.areas.repairs.rules.warranties import part_choices
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField, PhoneField, dress
from huiyin.foundation.money import figures

SPARE_LINES = 3
FIRST_LINES = 4
STATES = (("", "现在有效"), ("coming", "将要执行"), ("all", "全部(含以前的)"))
SATISFACTION = ((5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意"))


class KeyedForm(HouseForm):
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class PriceFilters(HouseForm):
    state = forms.ChoiceField(label="哪些", required=False, choices=STATES)
    q = forms.CharField(label="编码、项目", required=False, max_length=40)


class PriceSheetForm(KeyedForm):
    sheet = UploadField(label="收费标准的表(Excel 或 CSV)", allowed=SHEETS)


class HandoverForm(KeyedForm):
    building = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    unit = forms.CharField(label="只是一户", required=False, max_length=40, help_text="例如 3-2-1501;整栋不用写")
    handed_over = forms.DateField(label="交付日期", widget=forms.DateInput(attrs={"type": "date"}))


class CheckForm(KeyedForm):
    location_kind = forms.ChoiceField(label="在哪里", choices=LocationKind, widget=forms.RadioSelect)
    part = forms.ChoiceField(label="哪个部件", choices=part_choices)
    basis = forms.CharField(
        label="没有交付日期时,怎么查到已过保",
        required=False,
        max_length=200,
        help_text="例如 看了住户的交房单,2012 年交付",
    )
    supplied = forms.CharField(
        label="客户自备的产品", required=False, max_length=200, help_text="品名、型号、数量,写在维修单上"
    )
    survey = forms.BooleanField(label="问题不明,要先上门查勘", required=False)


class DecideForm(KeyedForm):
    charge = forms.ChoiceField(label="收费", choices=ChargeKind)
    reason = forms.CharField(label="原因", required=False, max_length=200)
    over = forms.BooleanField(required=False, widget=forms.HiddenInput)


class QuoteForm(KeyedForm):
    """Lines to be chosen from what is posted; empty ones are left out. Some are spare, so that it works without a script."""

    note = forms.CharField(label="说明", required=False, max_length=200, help_text="改价的,写明为什么改")

    def __init__(self, *args: Any, items: Sequence[TariffItem], lines: Sequence[QuoteLine] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = min(max(FIRST_LINES, len(lines) + SPARE_LINES), MOST_LINES)
        if self.is_bound:
            sent = [int(name[5:]) for name in self.data if name.startswith("item_") and name[5:].isdecimal()]
            self.count = min(max([self.count, *(number + 1 for number in sent)]), MOST_LINES)
        choices = [("", "选收费项目"), *_by_category(items)]
        known = {item.code: item.pk for item in items}
        for number in range(self.count):
            line = lines[number] if number < len(lines) else None
            for name, field in _line_fields(number, choices).items():
                self.fields[name] = field
            if line and line.code in known and not self.is_bound:
                self.initial |= {
                    f"item_{number}": known[line.code],
                    f"quantity_{number}": line.quantity.normalize(),
                    f"discount_{number}": line.discount or None,
                }

    def rows(self) -> Iterator[tuple[Any, Any, Any]]:
        for number in range(self.count):
            yield tuple(self[f"{name}_{number}"] for name in ("item", "quantity", "discount"))

    def clean(self) -> dict[str, Any]:
        clean = super().clean() or self.cleaned_data
        lines = []
        for number in range(self.count):
            item, quantity = clean.get(f"item_{number}"), clean.get(f"quantity_{number}")
            if item and quantity is None and f"quantity_{number}" not in self.errors:
                self.add_error(f"quantity_{number}", "请填写数量")
            elif item and quantity is not None:
                lines.append(LineAsked(item, quantity, clean.get(f"discount_{number}") or Decimal(0)))
            elif quantity is not None:
                self.add_error(f"item_{number}", "请选收费项目")
        if not lines and not self.errors:
            self.add_error(None, "报价至少要有一行")
        clean["lines"] = lines
        return clean


def _by_category(items: Sequence[TariffItem]) -> list[tuple[str, list[tuple[int, str]]]]:
    return [
        (category or "其他", [(one.pk, f"{one.title} {figures(one.price)} 元/{one.unit}") for one in few])
        for category, few in groupby(items, key=lambda one: one.category)
    ]


def _line_fields(number: int, choices: list[Any]) -> dict[str, forms.Field]:
    said = f"第 {number + 1} 行"
    amount: dict[str, Any] = {"required": False, "decimal_places": 2, "max_digits": 8}
    fields: dict[str, forms.Field] = {
        f"item_{number}": forms.TypedChoiceField(
            label=f"{said}项目", required=False, choices=choices, coerce=int, empty_value=None
        ),
        f"quantity_{number}": forms.DecimalField(
            label=f"{said}数量",
            **amount,
            min_value=Decimal("0.01"),
            widget=_figures("数量"),
            error_messages={"min_value": "数量不能小于 0.01"},
        ),
        f"discount_{number}": forms.DecimalField(
            label=f"{said}优惠", **amount, min_value=Decimal(0), widget=_figures("优惠")
        ),
    }
    for field in fields.values():
        dress(field)
        field.widget.attrs["aria-label"] = field.label
    return fields


def _figures(hint: str) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": hint})


class ConsentForm(KeyedForm):
    """To exactly this version: when the price was changed meanwhile, it is refused."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    signer = forms.CharField(label="同意人", max_length=60)

    def __init__(self, *args: Any, quote: Quote | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if quote:
            self.initial.setdefault("version", quote.version)


class ConsentSignForm(ConsentForm):
    drawing = forms.CharField(label="客户签名", widget=forms.HiddenInput, error_messages={"required": "请先让客户签名"})


class ConsentCodeForm(ConsentForm):
    code = forms.CharField(
        label="同意码",
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text="前台打电话告诉客户的六位数",
    )


class ConsentPaperForm(ConsentForm):
    paper_slip = forms.CharField(label="纸单编号", max_length=40)
    written_at = PeopleDateTimeField(label="签字时间", help_text="按纸单上写的,例如 今天 10:20")


class OpinionFields(HouseForm):
    """What the resident says when accepting; all of it may be left out."""

    precautions_explained = forms.BooleanField(label="已向客户说明注意事项", required=False)
    satisfaction = forms.TypedChoiceField(
        label="满意程度",
        required=False,
        choices=[("", "没有问"), *SATISFACTION],
        coerce=int,
        empty_value=None,
    )
    opinion = forms.CharField(
        label="维修意见", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    contact_phone = PhoneField(label="联系电话(回访用)", required=False)

    def said(self) -> Opinion:
        clean = self.cleaned_data
        return Opinion(
            precautions_explained=clean["precautions_explained"],
            satisfaction=clean["satisfaction"],
            opinion=clean["opinion"],
            contact_phone=clean["contact_phone"],
        )
