"""Two standards side by side by the code of the rule, and all of them by the questions on which the manuals disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.foundation.accounts.permissions import needs
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import page
from huiyin.standards import queries as promises
from huiyin.standards.contradictions import Contradiction, Pair, Side, Topic, contradictions, side_by_side, topics
from huiyin.standards.written import shipped
from huiyin.surfaces.web import standards_kinds as kinds
from huiyin.surfaces.web import standards_words as words

SHOWN = (("differing", "说法不一的"), ("both", "两边都有的"), ("all", "全部"))


class CompareFilter(HouseForm):
    """Which two, and how much of them."""

    left = forms.ChoiceField(label="左边", required=False)
    right = forms.ChoiceField(label="右边", required=False)
    show = forms.ChoiceField(label="看", required=False, choices=SHOWN)

    def __init__(self, *args: Any, standards: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("left", "right"):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = standards


@dataclass(frozen=True)
class Compared:
    """One question with what either side says; `values` are those that differ: their name, left and right."""

    pair: Pair
    values: tuple[tuple[str, str, str], ...]

    @property
    def topics(self) -> list[Topic]:
        """The questions on which the manuals disagree and to which this rule belongs."""
        return [topic for topic in topics() if self.pair.code in topic.codes]

    @property
    def differs(self) -> bool:
        return bool(self.values)


@dataclass(frozen=True)
class Answer:
    """What one side says to a question, with the values by which it says it."""

    side: Side
    pieces: list[tuple[str, bool]]
    asked: tuple[tuple[str, str], ...]

    @property
    def because(self) -> str:
        return str(self.side.spec.get("because", ""))

    @property
    def origin(self) -> str:
        return origin(self.side.spec)


@require_GET
@needs("standards.see")
def compare(request: HttpRequest) -> HttpResponse:
    titles = {one.code: one.title for one in shipped()} | {one.code: one.title for one in promises.standards()}
    data = request.GET.copy()
    for name, otherwise in (("left", "s0"), ("right", "s4"), ("show", "differing")):
        data.setdefault(name, otherwise)
    form = CompareFilter(data, standards=list(titles.items()))
    if any(data[name] not in titles for name in ("left", "right")):
        raise Http404
    form.is_valid()
    at = now()
    left, right = (_written(data[name], at=at) for name in ("left", "right"))
    compared = [Compared(pair, _values(pair)) for pair in side_by_side(left, right)]
    shown = [one for one in compared if _is_shown(one, data["show"])]
    return page(
        request,
        "web/compare.html",
        form=form,
        left=titles[data["left"]],
        right=titles[data["right"]],
        groups=_by_subject(shown),
        both=sum(one.pair.left is not None and one.pair.right is not None for one in compared),
        differing=sum(one.differs for one in compared),
        whole=len(compared),
        sentence=words.emphasised,
        kinds=words.KINDS,
        origin=origin,
    )


def origin(spec: Mapping[str, Any]) -> str:
    """Name where a rule comes from: clauses of a manual, or a law with its article."""
    source = spec.get("source")
    return f"《{source['law']}》{source['article']}" if source else "、".join(spec["clauses"])


@require_GET
@needs("standards.see")
def all_contradictions(request: HttpRequest) -> HttpResponse:
    found = contradictions(shipped())
    return page(
        request,
        "web/contradictions.html",
        topics=[(one, _answers(one, one.sides), _answers(one, one.settled)) for one in found],
        differing=sum(one.found for one in found),
    )


def _written(code: str, *, at: datetime) -> list[Mapping[str, Any]]:
    """Return the rules in effect, or as shipped while the standard has not been loaded."""
    version = promises.version_of(code, at=at)
    if version:
        return [rule.spec for rule in promises.rules_of(version)]
    return [spec for standard in shipped() if standard.code == code for spec in standard.rules]


def _values(pair: Pair) -> tuple[tuple[str, str, str], ...]:
    if pair.left is None or pair.right is None:
        return ()
    kind = str(pair.left["kind"])
    said = [
        (kinds.NAMES.get(key, key), _said(kind, key, pair.left), _said(kind, key, pair.right)) for key in pair.differing
    ]
    return tuple(said)


def _said(kind: str, key: str, spec: Mapping[str, Any]) -> str:
    return kinds.said(kind, key, spec.get(key), {})


def _is_shown(one: Compared, show: str) -> bool:
    both = one.pair.left is not None and one.pair.right is not None
    return one.differs if show == "differing" else both if show == "both" else True


def _by_subject(compared: Sequence[Compared]) -> list[tuple[str, list[Compared]]]:
    groups: dict[str, list[Compared]] = {title: [] for _, title in words.SUBJECTS} | {"其他": []}
    for one in compared:
        groups[words.subject_of(one.pair.code)].append(one)
    return [(title, found) for title, found in groups.items() if found]


def _answers(one: Contradiction, sides: Sequence[Side]) -> list[Answer]:
    return [
        Answer(
            side,
            words.emphasised(str(side.spec["says"])),
            tuple(
                (kinds.NAMES.get(key, key), _said(str(side.spec["kind"]), key, side.spec))
                for key in one.topic.keys
                if key in side.answer
            ),
        )
        for side in sides
    ]
