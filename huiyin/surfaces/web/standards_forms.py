"""The forms of the standards room: one rule by its kind, proposing, publishing, trying."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from huiyin.foundation.kit.forms import HouseForm, dress
from huiyin.standards.rules.comparing import Loosened
from huiyin.standards.vocabulary import vocabulary
from huiyin.surfaces.web import standards_kinds as kinds
from huiyin.surfaces.web import standards_words as words
from huiyin.surfaces.web.standards_parts import (
    Amount,
    Asked,
    Choice,
    Choices,
    Flag,
    Limit,
    OnDay,
    Part,
    Several,
    Steps,
    TimeOfDay,
    TimesWithin,
    Window,
    Words,
)

SPOKEN = {
    "min": "{} 分钟",
    "h": "{} 小时",
    "working min": "{} 分钟",
    "working h": "{} 个工作小时",
    "d": "{} 天",
    "working d": "{} 个工作日",
    "working d same time": "{} 个工作日",
    "month": "{} 个月",
}
_TOLD = ("within", "rate", "window", "at_least", "each", "every", "reaches", "keep", "on", "by", "steps")


def posts_to_choose(spec: Mapping[str, Any], titles: Mapping[str, str]) -> Choices:
    """Return the estate's posts, and those the rule names though the estate has none of that code."""
    known = dict(titles) or dict(vocabulary().posts)
    named = [*_named(spec.get("who")), *(spec.get("by", ()) if spec["kind"] == "sampling" else ())]
    named += [one for row in spec.get("steps", ()) for one in _named(row["who"])]
    return [*known.items(), *((one, words.post_words([one], titles)) for one in named if one not in known)]


def _named(who: Any) -> list[str]:
    return [str(who).removeprefix("post.")] if str(who or "").startswith("post.") else []


def parts_of(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[Part]:
    """Return what of a rule may be edited, by its kind; what only another rule could say is not there."""
    posts = posts_to_choose(spec, titles)
    owners = [(f"post.{code}", title) for code, title in posts]
    parts: list[Part] = []
    match spec["kind"]:
        case "deadline":
            parts += [] if str(spec["within"]).startswith("promised") else [Limit("within", "时限")]
            subject = [("subject", "事项的责任人"), ("receiver", "首问责任人")]
            parts.append(Choice("who", "谁来办", (*subject, *owners), "subject"))
        case "sampling":
            parts += [
                Amount("rate", "比例", after=" %", most=100),
                Window("window", "窗口"),
                Several("by", "谁来回访", posts),
                Several("modes", "方式", tuple(words.MODES.items()), needed=False),
                TimesWithin("cap", "每户最多", needed=False),
            ]
        case "quota":
            shared = str(spec.get("at_least", "")).endswith("%")
            least = Amount("at_least", "至少", after=" %" if shared else "", most=100 if shared else 9999)
            parts += [least if "at_least" in spec else Amount("each", "每一个至少几次")]
            parts += [Choice("every", "多久一次", tuple(kinds.EVERY.items())), Choice("who", "谁来办", owners)]
        case "periodic":
            # A day in the period after another is written for that pair of periods.
            parts += [] if "after" in spec else [Choice("every", "多久一次", tuple(kinds.EVERY.items()))]
            parts += [
                OnDay("on", "哪一天"),
                TimeOfDay("by", "几点前"),
                Choice("shift", "遇休息日", tuple(kinds.SHIFTS.items()), "none"),
                Choice("per", "分别办", tuple(kinds.PER.items()), "estate"),
                Choice("who", "谁来办", owners),
            ]
        case "threshold":
            parts += [
                TimesWithin("reaches", "多少算多"),
                Choice("raises", "引出", tuple(kinds.RAISES.items())),
                Limit("within", "多久内处理"),
                Choice("who", "谁来办", owners),
            ]
        case "escalation":
            parts.append(Steps("steps", "一级一级", (("subject", "责任人"), *owners)))
        case "retention":
            parts += [
                Amount("keep", "保存多少个月", after=" month"),
                Choice("from", "从何时算", tuple(kinds.FROM.items())),
            ]
    parts += _asked(spec)
    parts += [Words("does", "今日里写作", most=40, rows=1)] if "does" in spec else []
    return [
        *parts,
        Words("says", "写给人看的话"),
        Words("because", "为什么这样定", most=200, needed=False),
        Flag("public", "向住户公开的承诺"),
    ]


def _asked(spec: Mapping[str, Any]) -> list[Part]:
    """Return the conditions whose value is one of a known list."""
    found: list[Part] = []
    for place, row in enumerate(spec.get("when", ())):
        choices = tuple(vocabulary().choices.get(row["field"], {}).items())
        wanted = row.get("value")
        several = isinstance(wanted, list)
        known = {value for value, _ in choices}
        if choices and known >= set(wanted if several else [wanted]):
            label = f"{words.field_words(row['field'])}{words.COMPARED[row['op']]}"
            found.append(Asked("when", label, place=place, choices=choices, several=several))
    return found


class RuleForm(HouseForm):
    """One rule. `seen` is the digest of the rule as shown, so that nobody overwrites what another wrote meanwhile."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    use_required_attribute = False  # the end of the day needs no number

    def __init__(self, data: Any, *, rule: Mapping[str, Any], titles: Mapping[str, str], seen: str) -> None:
        self.rule, self.titles = rule, titles
        self.parts = parts_of(rule, titles)
        shown = {name: value for part in self.parts for name, value in part.read(rule).items()}
        super().__init__(data, initial={**shown, "seen": seen})
        self._names: dict[int, list[str]] = {}
        for place, part in enumerate(self.parts):
            made = part.fields(rule)
            for name, one in made.items():
                dress(one)
                self.fields[name] = one
            self._names[place] = list(made)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each part, for the page."""
        return [(part.label, [self[name] for name in self._names[place]]) for place, part in enumerate(self.parts)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for part in self.parts:
            for name in part.needless(given):
                self.errors.pop(name, None)
                given.setdefault(name, None)
            for name, sentence in part.missing(given).items():
                if name not in self.errors:
                    self.add_error(name, sentence)
        if not self.errors:
            self._say_the_new_number()
        return given

    def _say_the_new_number(self) -> None:
        """Put the new number into a sentence that was left as it was; ask for it where that cannot be done."""
        if self.cleaned_data["says"].strip() != self.rule["says"]:
            return
        new = self.written()
        changed = [key for key in _TOLD if key in self.rule and self.rule[key] != new.get(key)]
        says = str(self.rule["says"])
        for key in changed:
            before, after = spoken(key, self.rule[key]), spoken(key, new.get(key))
            old = next((one for one in before if one in says), "")
            if not (old and after):
                self.add_error("says", f"{kinds.NAMES[key]}改了,请把这句话也改过来")
                return
            says = says.replace(old, after[0])
        self.cleaned_data["says"] = says

    def written(self) -> dict[str, Any]:
        """Return the rule as the form has it."""
        spec = dict(self.rule)
        for part in self.parts:
            part.set(spec, self.cleaned_data)
        for part in self.parts:  # what was not written and is as usual stays unwritten
            usual = getattr(part, "otherwise", "")
            if part.key not in self.rule and usual and spec.get(part.key) == usual:
                del spec[part.key]
        return spec


def spoken(key: str, value: Any) -> list[str]:
    """Return how a value may stand in a sentence; the first is how a new one is put."""
    text = str(value)
    if key == "rate":
        share = text.replace(" ", "")
        return ["全部", share] if share == "100%" else [share]
    if key == "within" or key == "keep":
        if text == "end of day":
            return ["当天", "当日"]
        if text.startswith("at "):
            return [text[3:]]
        amount, _, unit = text.partition(" ")
        said = SPOKEN.get(unit, "").format(amount)
        return [said, said.replace(" ", "")] if said else []
    if key == "window":
        return spoken("within", text.partition("..")[2].strip())
    if key == "at_least":
        return [text.replace(" ", "")] if text.endswith("%") else [f"{text} 次"]
    if key == "each":
        return [f"{text} 次"]
    if key == "reaches":
        times, _, span = text.partition(" within ")
        return [f"{span.split()[0]} 天内 {times} 次"]
    if key == "every":
        return [kinds.EVERY[text]] if text in kinds.EVERY else []
    if key == "on" and text.startswith("day "):
        return [f"{text[4:]} 日"]
    return [text] if key == "by" else []


class ProposeForm(HouseForm):
    effective_from = forms.DateField(
        label="从哪天起生效", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label="为什么这样改", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def moment(self) -> datetime:
        """Return the first moment of the day."""
        return midnight(self.cleaned_data["effective_from"])


class PublishForm(HouseForm):
    """A tick and a reason for every public promise that would bind less."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, loosened: list[Loosened], seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        self._codes = [one.code for one in loosened]
        for place, one in enumerate(loosened):
            self.fields[f"tick_{place}"] = forms.BooleanField(
                label=f"放宽「{one.says}」", error_messages={"required": "放宽公开承诺要勾选"}
            )
            self.fields[f"reason_{place}"] = forms.CharField(
                label="理由", max_length=200, error_messages={"required": "请写明放宽的理由"}
            )
            dress(self.fields[f"tick_{place}"])
            dress(self.fields[f"reason_{place}"])

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"tick_{place}"], self[f"reason_{place}"]) for place in range(len(self._codes))]

    def reasons(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"reason_{place}"] for place, code in enumerate(self._codes)}


class TryForm(HouseForm):
    """The span to go through: whole days, both included, not longer than two years."""

    start = forms.DateField(label="从", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(label="到", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("start"), given.get("end")
        if start and end and end < start:
            self.add_error("end", "结束日期早于开始日期")
        if start and end and end - start > timedelta(days=731):
            self.add_error("start", "一次最多试两年")
        return given

    def span(self, *, at: datetime) -> tuple[datetime, datetime]:
        return midnight(self.cleaned_data["start"]), min(midnight(self.cleaned_data["end"] + timedelta(days=1)), at)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())
