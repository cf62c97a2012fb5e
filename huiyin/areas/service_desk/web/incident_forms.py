"""What is typed about incidents, cleaned."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from huiyin.areas.cases.models import Category
from huiyin.areas.estate.models import Building
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField

WAYS = ("电话", "短信", "微信群", "单元门口张贴", "当面")


class ReviseForm(HouseForm):
    """What callers are told, and by when it should be over."""

    sentence = forms.CharField(
        label="怎么跟来电人说",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="原话念给来电人听,例如:3 号楼水泵故障,正在抢修,今天 18:00 前恢复供水",
    )
    expected_end = PeopleDateTimeField(label="预计什么时候好")


class IncidentForm(ReviseForm):
    """A new incident."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label="什么事", max_length=60, help_text="例如:3 号楼停水")
    buildings = forms.MultipleChoiceField(
        label="哪些楼", required=False, widget=forms.CheckboxSelectMultiple, help_text="都不选就是全小区"
    )
    category = forms.ChoiceField(label="归类", required=False)
    order = forms.CharField(label="牵头的维修单", required=False, max_length=44)
    field_order = ("title", "buildings", "sentence", "expected_end", "category", "order")

    def __init__(
        self,
        *args: Any,
        buildings: Sequence[Building],
        categories: Callable[[], Sequence[Category]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {str(one.pk): one for one in buildings}
        self.named = {str(one.pk): one for one in categories() if one.kind == "repair"}
        self.fields["buildings"].choices = [(key, str(one)) for key, one in self.by_id.items()]
        shown = [(key, f"　{one.title}" if one.parent_id else one.title) for key, one in self.named.items()]
        self.fields["category"].choices = [("", "没说"), *shown]

    def clean_buildings(self) -> list[Building]:
        return [self.by_id[key] for key in self.cleaned_data["buildings"]]

    def clean_category(self) -> Category | None:
        return self.named.get(self.cleaned_data["category"])


class LeadForm(HouseForm):
    order = forms.CharField(label="牵头的维修单", max_length=44)


class EndForm(HouseForm):
    """How it ended, as callers hear it."""

    over_sentence = forms.CharField(
        label="结束了怎么说",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="问过、要听结果的人会进「要告诉的」名单",
    )


class ToldForm(HouseForm):
    """Who was told how. Nobody ticked: everybody who still waits."""

    how = forms.CharField(label="怎么告诉的", max_length=40)


class IncidentFilter(HouseForm):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("open", "进行中"), ("over", "已结束")]
    )


class CallerFilter(HouseForm):
    show = forms.ChoiceField(
        label="谁",
        required=False,
        choices=[("", "全部"), ("waiting", "还要告诉的"), ("told", "告诉过的"), ("cases", "另开了事项的")],
    )
