"""What an address of the list may carry besides its filters: the number of a figure whose orders it shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Urgency
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import words
from huiyin.areas.repairs.queries.figures import COHORTS, LOAD, NO_CATEGORY, ON_TIME, Number, Place
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.kit.forms import HouseForm
from huiyin.standards import queries as promises

LARGEST = 2**31 - 1


class FigureFields(HouseForm):
    """The number of a figure, and what the figure was narrowed to. Nobody types this: a figure links here with it."""

    estate = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    figure = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    row = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    col = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    first = forms.DateField(required=False, widget=forms.HiddenInput)
    last = forms.DateField(required=False, widget=forms.HiddenInput)
    building = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    fault = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Shown:
    """The number of a figure that a list shows, in words; `url` is the list without it."""

    title: str
    row: str
    col: str
    first: date
    last: date


def number_asked(asked: dict[str, Any]) -> Number | None:
    """Return the number an address names; nothing when it names none."""
    if not asked.get("figure"):
        return None
    place = Place(str(asked["figure"]), asked.get("row") or "", asked.get("col") or "")
    return Number(place, asked.get("first"), asked.get("last"), asked.get("building"), asked.get("fault") or "")


def shown(estate: Estate, number: Number, *, at: datetime) -> Shown:
    """Say which number of which figure is shown."""
    place = number.place
    assert number.first and number.last
    title, col = words.FIGURES[place.figure], words.FIGURE_COLUMNS[place.figure][place.col]
    return Shown(title, _row(estate, place, at=at), col, number.first, number.last)


def _row(estate: Estate, place: Place, *, at: datetime) -> str:
    if place.figure == ON_TIME:
        urgency, _, code = place.row.partition(":")
        rules = {rule.code: rule.spec.get("does", code) for rule in promises.rules_in_force(estate.pk, at=at)}
        return f"{Urgency(urgency).label} · {rules.get(code, code)}"
    if place.figure == LOAD:
        return staffing.team_of(estate.pk).people.get(int(place.row), "不在岗的人")
    if place.figure == COHORTS or not place.row:
        return ""
    titles = {one.code: one.title for one in cases.categories_of("repair", estate.pk)}
    return "没有分类" if place.row == NO_CATEGORY else titles.get(place.row, place.row)
