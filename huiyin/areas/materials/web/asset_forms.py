"""What people fill in about fixed assets, cleaned."""

from collections.abc import Sequence
from typing import Any

from django import forms

from huiyin.areas.materials.queries.assets import EVERYTHING, LEFT
from huiyin.areas.materials.states import AssetStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.forms import HouseForm


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs})


class KeeperField(forms.TypedChoiceField):
    """A colleague of the estate, chosen by id and cleaned to the person."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "保管人", "coerce": int, **kwargs})

    def offer(self, people: Sequence[User]) -> None:
        self._people = {one.pk: one for one in people}
        self.choices = [("", "请选择"), *((one.pk, one.name) for one in people)]

    def clean(self, value: Any) -> User:
        return self._people[super().clean(value)]


class AssetFilters(HouseForm):
    q = forms.CharField(label="编号、名称、型号、地点", required=False, max_length=40)
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "没报废、没遗失的"), (EVERYTHING, "全部"), *AssetStatus.choices],
    )
    keeper = forms.ChoiceField(label="保管人", required=False)

    def __init__(self, *args: Any, keepers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [(str(one.pk), one.name if one.is_active else f"{one.name}(已离职)") for one in keepers]
        self.fields["keeper"].choices = [("", "全部"), (LEFT, "已离职的"), *here]


class ChangeAssetForm(HouseForm):
    name = forms.CharField(label="名称", max_length=60)
    model = forms.CharField(label="型号", max_length=60, required=False)
    value = forms.DecimalField(
        label="价值(元)",
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="买来时的价钱,不清楚可以不写",
    )
    bought_date = DayField(label="购置日期", required=False)
    location = forms.CharField(label="存放地点", max_length=80)


class AssetForm(ChangeAssetForm):
    number = forms.CharField(
        label="资产编号", max_length=40, required=False, help_text="标签上的编号;不写就自动编,定了不能改"
    )
    keeper = KeeperField()

    field_order = ("number", "name", "model", "value", "bought_date", "location", "keeper")

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"].offer(people)  # type: ignore[attr-defined]  # its own kind of field


class HandOverForm(HouseForm):
    keeper = KeeperField(label="交给")
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="如:配件齐全,有一处划痕")

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"].offer(people)  # type: ignore[attr-defined]  # its own kind of field


class CheckForm(HouseForm):
    found = forms.TypedChoiceField(
        label="结果",
        choices=[("yes", "在,和台账一样"), ("no", "没找到,按遗失处理")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="没找到要写明情况")


class WordsForm(HouseForm):
    note = forms.CharField(label="说明", max_length=200, required=False)
