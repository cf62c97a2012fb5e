"""What people fill in about materials, cleaned."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from huiyin.areas.materials.models import CountLine, Item, Place, RequisitionLine
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.operations.counting import Counted
from huiyin.areas.materials.rules import Band, Want
from huiyin.areas.materials.states import RequisitionStatus
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.kit.forms import HouseForm

BANDS, ROWS = 3, 4
NOTHING = Decimal(0)


class QuantityInput(forms.DecimalField):
    """A quantity: two places, the figures' keyboard on a phone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        limits = {"max_digits": 8, "decimal_places": 2, "min_value": NOTHING}
        super().__init__(**{"widget": widget, **limits, **kwargs})


class MoneyInput(QuantityInput):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 10, **kwargs})


class KeyedForm(HouseForm):
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def of_places(places: Iterable[Place]) -> list[tuple[str, str]]:
    return [(str(one.pk), one.title) for one in places]


def of_items(items: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the choice of items with what the stores hold."""
    return [("", "—"), *((str(one.pk), f"{one.title} · 库存 {one.stock} {one.unit}") for one in items)]


class StockFilters(HouseForm):
    q = forms.CharField(label="编码、品名、规格", required=False, max_length=40)
    store = forms.ChoiceField(label="库房", required=False)
    low = forms.BooleanField(label="只看低于最低库存的", required=False)
    state = forms.ChoiceField(label="目录", required=False, choices=[("", "在用的"), ("inactive", "停用的")])

    def __init__(self, *args: Any, stores: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = [("", "全部"), *of_places(stores)]


class SlipFilters(HouseForm):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("open", "没结清的"), *RequisitionStatus.choices]
    )
    q = forms.CharField(label="领料单、维修单", required=False, max_length=40)


class ItemForm(HouseForm):
    name = forms.CharField(label="品名", max_length=60)
    spec = forms.CharField(label="规格", max_length=60, required=False)
    least = QuantityInput(label="最低库存", required=False, help_text="少于它就进采购计划;0 是不管")
    up_to = QuantityInput(label="补到", required=False, help_text="不写就补到最低库存的两倍")

    def clean_least(self) -> Decimal:
        return self.cleaned_data["least"] or NOTHING


class NewItemForm(ItemForm):
    code = forms.CharField(label="编码", max_length=30)
    unit = forms.CharField(label="单位", max_length=10, help_text="个、米、卷;定了就不能改")

    field_order = ("code", "name", "spec", "unit", "least", "up_to")


class ChangeItemForm(ItemForm):
    active = forms.BooleanField(label="在用", required=False)


class StoreForm(HouseForm):
    name = forms.CharField(label="库房名称", max_length=40)


class PricesForm(HouseForm):
    """A price list of up to three bands; the first begins at nought."""

    valid_from = forms.DateField(label="从哪天起", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(BANDS):
            made = {
                f"from_{n}": QuantityInput(label="数量起", required=False, disabled=n == 0, initial=None if n else 0),
                f"cost_{n}": MoneyInput(label="进价(元)", required=n == 0),
                f"charge_{n}": MoneyInput(label="收费价(元)", required=n == 0),
            }
            for name, field in made.items():
                field.widget.attrs["class"] = "form-control"
                self.fields[name] = field

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"from_{n}"], self[f"cost_{n}"], self[f"charge_{n}"]) for n in range(BANDS)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(1, BANDS):
            band = [said.get(f"{name}_{n}") for name in ("from", "cost", "charge")]
            if any(one is not None for one in band) and None in band:
                self.add_error(f"from_{n}", "这一档的数量起、进价和收费价要一起写")
        return said

    def bands(self) -> list[Band]:
        said = self.cleaned_data
        filled = [n for n in range(BANDS) if said.get(f"cost_{n}") is not None]
        return [Band(said[f"from_{n}"] or NOTHING, said[f"cost_{n}"], said[f"charge_{n}"]) for n in filled]


class MoveForm(KeyedForm):
    """So much of the item at hand, in or out of a place."""

    place = forms.TypedChoiceField(label="库房", coerce=int)
    quantity = QuantityInput(label="数量")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {one.pk: one for one in places}
        for name in ("place", "to"):
            if name in self.fields:
                self.fields[name].choices = of_places(places)

    def place_in(self, name: str = "place") -> Place:
        return self._places[self.cleaned_data[name]]


class ReceiveForm(MoveForm):
    cost = MoneyInput(label="单价(元)", required=False)

    field_order = ("place", "quantity", "cost", "note")


class HandOutForm(MoveForm):
    taker = forms.CharField(label="领用人", max_length=60, help_text="如:保洁 刘姐")

    field_order = ("taker", "place", "quantity", "note")


class TransferForm(MoveForm):
    to = forms.TypedChoiceField(label="调到", coerce=int)

    field_order = ("place", "to", "quantity", "note")


class WriteOffForm(MoveForm):
    note = forms.CharField(label="原因", max_length=200)


class AskForm(KeyedForm):
    """A slip of a few lines; rows that are left empty are left out."""

    store = forms.TypedChoiceField(label="库房", coerce=int)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, stores: Sequence[Place], items: Sequence[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = of_places(stores)
        choices = of_items(items)
        for n in range(ROWS):
            item = forms.ChoiceField(label="材料", choices=choices, required=False)
            item.widget.attrs["class"] = "form-select"
            quantity = QuantityInput(label="数量", required=False)
            quantity.widget.attrs["class"] = "form-control"
            self.fields[f"item_{n}"], self.fields[f"quantity_{n}"] = item, quantity

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"item_{n}"], self[f"quantity_{n}"]) for n in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(ROWS):
            if bool(said.get(f"item_{n}")) != bool(said.get(f"quantity_{n}")) and not self.errors:
                self.add_error(f"quantity_{n}", "材料和数量要一起写")
        return said

    def wants(self) -> list[Want]:
        said = self.cleaned_data
        return [Want(int(said[f"item_{n}"]), said[f"quantity_{n}"]) for n in range(ROWS) if said[f"item_{n}"]]


class LinesForm(KeyedForm):
    """Some quantities for each line of something, in fields named after it."""

    def fill(self, name: str, **kwargs: Any) -> None:
        field = QuantityInput(required=False, **kwargs)
        field.widget.attrs["class"] = "form-control"
        self.fields[name] = field


class IssueForm(LinesForm):
    def __init__(self, *args: Any, lines: Sequence[RequisitionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines = lines
        for line in lines:
            self.fill(f"line_{line.pk}", label=f"实发:{line.item.title}", initial=line.asked)

    def issued(self) -> dict[int, Decimal]:
        return {line.pk: self.cleaned_data[f"line_{line.pk}"] or NOTHING for line in self._lines}


class AccountForm(LinesForm):
    """What was used and what went back, by line; `everything` means all that is left was used."""

    everything = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[RequisitionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = [line for line in lines if line.open > 0]
        for line in self._open:
            self.fill(f"used_{line.pk}", label=f"用了:{line.item.title}")
            self.fill(f"returned_{line.pk}", label=f"退回:{line.item.title}")

    @property
    def rows(self) -> list[tuple[RequisitionLine, Any, Any]]:
        return [(line, self[f"used_{line.pk}"], self[f"returned_{line.pk}"]) for line in self._open]

    def accounted(self) -> dict[int, Accounted]:
        said = self.cleaned_data
        if said["everything"]:
            return {line.pk: Accounted(used=line.open) for line in self._open}
        return {
            line.pk: Accounted(said[f"used_{line.pk}"] or NOTHING, said[f"returned_{line.pk}"] or NOTHING)
            for line in self._open
        }


class CountForm(HouseForm):
    """The sheet: what was counted of each line and, where it differs, why."""

    def __init__(self, *args: Any, lines: Sequence[CountLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines = lines
        for line in lines:
            counted = QuantityInput(label=f"实盘:{line.item.title}", required=False, initial=line.counted)
            reason = forms.CharField(
                label=f"原因:{line.item.title}", required=False, max_length=200, initial=line.reason
            )
            for field in (counted, reason):
                field.widget.attrs["class"] = "form-control"
            self.fields[f"counted_{line.pk}"], self.fields[f"reason_{line.pk}"] = counted, reason

    @property
    def rows(self) -> list[tuple[CountLine, Any, Any]]:
        return [(line, self[f"counted_{line.pk}"], self[f"reason_{line.pk}"]) for line in self._lines]

    def counted(self) -> dict[int, Counted]:
        said = self.cleaned_data
        return {line.pk: Counted(said[f"counted_{line.pk}"], said[f"reason_{line.pk}"] or "") for line in self._lines}


class PlanForm(LinesForm):
    def __init__(self, *args: Any, suggested: Sequence[tuple[Item, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items = [item for item, _ in suggested]
        for item, quantity in suggested:
            self.fill(f"item_{item.pk}", label=f"采购:{item.title}", initial=quantity)

    def wants(self) -> list[Want]:
        said = self.cleaned_data
        return [Want(item.pk, said[f"item_{item.pk}"]) for item in self._items if said[f"item_{item.pk}"]]


class PutBackForm(KeyedForm):
    item = forms.IntegerField(widget=forms.HiddenInput)
    store = forms.TypedChoiceField(label="库房", coerce=int)
    quantity = QuantityInput(label="数量")

    def __init__(self, *args: Any, stores: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = of_places(stores)


class ReasonForm(HouseForm):
    note = forms.CharField(label="原因", max_length=200)


class PlaceForm(HouseForm):
    place = forms.IntegerField(label="存放处", error_messages={"required": "请选择清点哪里"})


class SheetForm(HouseForm):
    sheet = UploadField(label="表格", allowed=SHEETS)
