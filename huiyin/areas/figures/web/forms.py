"""Which figures are wanted, as an address carries it: days, building, kind of fault, and how the days are cut."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from huiyin.areas.cases.models import Category
from huiyin.areas.estate.queries import BuildingRow
from huiyin.areas.figures import rules, words
from huiyin.areas.figures.rules import Period
from huiyin.areas.repairs.queries.figures import NO_CATEGORY
from huiyin.foundation.kit.forms import HouseForm

PERIODS = (
    (rules.THIS_MONTH, "本月"),
    (rules.LAST_MONTH, "上月"),
    (rules.QUARTER, "本季度"),
    (rules.YEAR, "今年"),
    (rules.DAYS, "自选日期"),
)
STEPS = (("", "自动"), (rules.WEEKS, "一周一行"), (rules.MONTHS, "一月一行"))


class FigureForm(HouseForm):
    """The conditions. Days count when they are chosen, or named without a period, as a link does that is passed on."""

    estate = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    period = forms.ChoiceField(label="日期", required=False, choices=PERIODS, initial=rules.THIS_MONTH)
    first = forms.DateField(label="自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    building = forms.ChoiceField(label="楼栋", required=False)
    fault = forms.ChoiceField(label="故障", required=False)
    step = forms.ChoiceField(label="分行", required=False, choices=STEPS)

    def __init__(
        self,
        *args: Any,
        buildings: Iterable[BuildingRow],
        faults: Iterable[Category],
        today: date,
        cut: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self._choose("building", [(str(one.building.pk), f"{one.building.code} 栋") for one in buildings])
        deep = [(one.code, one.title if "." not in one.code else f"　{one.title}") for one in faults]
        self._choose("fault", [*deep, (NO_CATEGORY, words.NO_CATEGORY)])
        if not cut:
            del self.fields["step"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *choices]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        wants_days = said.get("period") == rules.DAYS or (not said.get("period") and (first or last))
        if wants_days and not {"first", "last"} & set(self.errors):
            if not first:
                self.add_error("first", "请填从哪一天开始")
            elif not last:
                self.add_error("last", "请填到哪一天为止")
            elif wrong := rules.problem(first, last):
                self.add_error("last", wrong)
        return said

    def chosen(self) -> Period:
        """Return the days that were asked for."""
        said = self.cleaned_data
        if said["first"] and said["period"] in ("", rules.DAYS):
            return Period(said["first"], said["last"])
        return rules.period_of(said["period"] or rules.THIS_MONTH, self._today)
