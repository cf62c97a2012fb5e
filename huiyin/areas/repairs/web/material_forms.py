"""What the technician fills in about material: what to fetch, what became of it, what came out of the bag."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from huiyin.areas.materials.models import Item, Place, RequisitionLine
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.rules import Want
from huiyin.areas.repairs.web.forms import StepForm
from huiyin.foundation.kit.forms import dress

ROWS = 4
NOTHING = Decimal(0)


def quantity(label: str) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    made = forms.DecimalField(
        label=label, max_digits=8, decimal_places=2, min_value=NOTHING, required=False, widget=widget
    )
    dress(made)
    return made


class MaterialForm(StepForm):
    """A form whose fields hang on what is there; the hidden ones are those of every step."""

    def add(self, name: str, field: forms.Field) -> None:
        dress(field)
        self.fields[name] = field


class AskMaterialsForm(MaterialForm):
    """A slip of a few lines; rows that are left empty are left out."""

    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, stores: Sequence[Place], items: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add("store", forms.TypedChoiceField(label="库房", coerce=int, choices=[(s.pk, s.title) for s in stores]))
        choices = [("", "—"), *((str(one.pk), f"{one.title} · 库存 {one.stock} {one.unit}") for one in items)]
        for n in range(ROWS):
            gone = {"invalid_choice": "这样材料已经停用,请换一样"}
            self.add(
                f"item_{n}",
                forms.ChoiceField(label=f"材料 {n + 1}", choices=choices, required=False, error_messages=gone),
            )
            self.add(f"quantity_{n}", quantity("数量"))

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


class AccountMaterialsForm(MaterialForm):
    """What was used and what goes back, by line; `everything` means all that is left was used."""

    everything = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lines: Sequence[RequisitionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = [line for line in lines if line.open > 0]
        for line in self._open:
            self.add(f"used_{line.pk}", quantity(f"用了:{line.item.title}"))
            self.add(f"returned_{line.pk}", quantity(f"退回:{line.item.title}"))

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


class UseOwnForm(MaterialForm):
    def __init__(self, *args: Any, bag: Sequence[tuple[Item, Decimal]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bag = {item.pk: item for item, _ in bag}
        choices = [(item.pk, f"{item.title} · 包里 {left} {item.unit}") for item, left in bag]
        gone = {"invalid_choice": "您包里现在没有这样材料了,请核对后再记"}
        self.add("item", forms.TypedChoiceField(label="材料", coerce=int, choices=choices, error_messages=gone))
        self.add("quantity", quantity("数量"))
        self.fields["quantity"].required = True

    def item(self) -> Item:
        return self._bag[self.cleaned_data["item"]]
