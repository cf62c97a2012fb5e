"""The parts of which the forms for rules are made: each reads one value of a written rule into fields and writes it back.

Nobody who edits a standard sees its written form: a limit is a number and a unit, a rung of a ladder a line of fields.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms

from huiyin.standards.rules.escalation import Ladder
from huiyin.standards.rules.escalation import read as read_ladder
from huiyin.surfaces.web import standards_kinds as kinds

Choices = Sequence[tuple[str, str]]
Fields = dict[str, forms.Field]
Spec = Mapping[str, Any]
LIMITS: Choices = (
    ("min", "分钟"),
    ("h", "小时"),
    ("working min", "分钟(工作时间)"),
    ("working h", "小时(工作时间)"),
    ("d", "天后当天结束前"),
    ("working d", "个工作日后当天结束前"),
    ("working d same time", "个工作日后同一时刻前"),
    ("month", "个月后当天结束前"),
    ("end of day", "当天结束前"),
    ("at", "每天这一时刻前"),
)
DAYS: Choices = (("d", "天"), ("month", "个月"))
STEP_UNITS: Choices = tuple(pair for pair in LIMITS[:4]) + (("d", "天"), ("working d", "个工作日"))
WHEN: Choices = (
    ("before due", "到期前"),
    ("due", "到期时"),
    ("after due", "逾期"),
    ("opened", "定下时"),
    ("after opened", "定下后"),
)


def number(label: str, *, least: int = 0, most: int = 9999, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=required)


def choice(label: str, choices: Choices, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required)


@dataclass(frozen=True)
class Part:
    """One value of a rule in a form. `tells` are the words its number has in the sentence, before and after."""

    key: str
    label: str

    def fields(self, spec: Spec) -> Fields:
        raise NotImplementedError

    def read(self, spec: Spec) -> dict[str, Any]:
        """Return what the fields show."""
        raise NotImplementedError

    def write(self, given: Mapping[str, Any]) -> Any:
        """Return the written value; None when it is not said."""
        raise NotImplementedError

    def missing(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Return what is lacking, by field."""
        return {}

    def needless(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the fields that may stay empty after all."""
        return ()

    def set(self, spec: MutableMapping[str, Any], given: Mapping[str, Any]) -> None:
        value = self.write(given)
        if value is None:
            spec.pop(self.key, None)
        else:
            spec[self.key] = value


@dataclass(frozen=True)
class Limit(Part):
    """A time limit: a number and a unit, the end of the day, or a time of the day."""

    units: Choices = LIMITS

    def fields(self, spec: Spec) -> Fields:
        made: Fields = {
            f"{self.key}_amount": number("多少", required=True),
            f"{self.key}_unit": choice("单位", self.units),
        }
        if any(unit == "at" for unit, _ in self.units):
            made[f"{self.key}_at"] = forms.TimeField(
                label="几点", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            )
        return made

    def read(self, spec: Spec) -> dict[str, Any]:
        text = str(spec.get(self.key, ""))
        if text == "end of day":
            return {f"{self.key}_unit": "end of day"}
        if text.startswith("at "):
            return {f"{self.key}_unit": "at", f"{self.key}_at": text[3:]}
        amount, _, unit = text.partition(" ")
        return {f"{self.key}_amount": amount, f"{self.key}_unit": unit.replace("months", "month")}

    def write(self, given: Mapping[str, Any]) -> Any:
        unit = given[f"{self.key}_unit"]
        if unit == "end of day":
            return unit
        if unit == "at":
            return f"at {given[f'{self.key}_at']:%H:%M}"
        return f"{given[f'{self.key}_amount']} {unit}"

    def missing(self, given: Mapping[str, Any]) -> dict[str, str]:
        unit = given.get(f"{self.key}_unit")
        if unit == "at" and not given.get(f"{self.key}_at"):
            return {f"{self.key}_at": "请填几点"}
        if unit not in ("at", "end of day") and given.get(f"{self.key}_amount") == 0:
            return {f"{self.key}_amount": "至少是 1"}
        return {}

    def needless(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        return (f"{self.key}_amount",) if given.get(f"{self.key}_unit") in ("at", "end of day") else ()


@dataclass(frozen=True)
class Amount(Part):
    """A number: of percent, of months, of times."""

    before: str = ""
    after: str = ""
    least: int = 1
    most: int = 9999

    def fields(self, spec: Spec) -> Fields:
        return {self.key: number(self.label, least=self.least, most=self.most, required=True)}

    def read(self, spec: Spec) -> dict[str, Any]:
        return {self.key: str(spec.get(self.key, "")).removesuffix(self.after).strip()}

    def write(self, given: Mapping[str, Any]) -> Any:
        return f"{given[self.key]}{self.after}" if self.after else given[self.key]


@dataclass(frozen=True)
class Choice(Part):
    """One of a list."""

    choices: Choices = ()
    otherwise: str = ""

    def fields(self, spec: Spec) -> Fields:
        return {self.key: choice(self.label, self.choices)}

    def read(self, spec: Spec) -> dict[str, Any]:
        return {self.key: spec.get(self.key, self.otherwise)}

    def write(self, given: Mapping[str, Any]) -> Any:
        return given[self.key]


@dataclass(frozen=True)
class Several(Part):
    """Some of a list, in the order in which the rule had them."""

    choices: Choices = ()
    needed: bool = True

    def fields(self, spec: Spec) -> Fields:
        had = [str(one) for one in _listed(spec.get(self.key, ()))]
        ranked = sorted(self.choices, key=lambda pair: had.index(pair[0]) if pair[0] in had else len(had))
        return {
            self.key: forms.MultipleChoiceField(
                label=self.label, choices=ranked, required=self.needed, widget=forms.CheckboxSelectMultiple
            )
        }

    def read(self, spec: Spec) -> dict[str, Any]:
        return {self.key: _listed(spec.get(self.key, ()))}

    def write(self, given: Mapping[str, Any]) -> Any:
        return list(given[self.key])


@dataclass(frozen=True)
class Words(Part):
    """A sentence."""

    most: int = 120
    needed: bool = True
    rows: int = 2

    def fields(self, spec: Spec) -> Fields:
        widget = forms.Textarea(attrs={"rows": self.rows}) if self.rows > 1 else forms.TextInput()
        return {self.key: forms.CharField(label=self.label, max_length=self.most, required=self.needed, widget=widget)}

    def read(self, spec: Spec) -> dict[str, Any]:
        return {self.key: spec.get(self.key, "")}

    def write(self, given: Mapping[str, Any]) -> Any:
        return given[self.key].strip() or None


@dataclass(frozen=True)
class Flag(Part):
    """Said or not."""

    def fields(self, spec: Spec) -> Fields:
        return {self.key: forms.BooleanField(label=self.label, required=False)}

    def read(self, spec: Spec) -> dict[str, Any]:
        return {self.key: bool(spec.get(self.key))}

    def write(self, given: Mapping[str, Any]) -> Any:
        return True if given[self.key] else None


@dataclass(frozen=True)
class TimeOfDay(Part):
    """A time of the day, or its end."""

    def fields(self, spec: Spec) -> Fields:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return {
            "by_time": forms.TimeField(label=self.label, required=False, widget=widget, help_text="空着是当天结束前")
        }

    def read(self, spec: Spec) -> dict[str, Any]:
        return {"by_time": spec.get(self.key)}

    def write(self, given: Mapping[str, Any]) -> Any:
        return f"{given['by_time']:%H:%M}" if given["by_time"] else None


@dataclass(frozen=True)
class Window(Part):
    """From when to when something is to be done."""

    def fields(self, spec: Spec) -> Fields:
        return {
            "from_amount": number("最早", required=True),
            "from_unit": choice("单位", DAYS),
            "to_amount": number("最晚", required=True),
            "to_unit": choice("单位", DAYS),
        }

    def read(self, spec: Spec) -> dict[str, Any]:
        first, _, last = str(spec[self.key]).partition("..")
        begin, end = first.split(), last.split()
        return {
            "from_amount": begin[0],
            "from_unit": begin[1].rstrip("s"),
            "to_amount": end[0],
            "to_unit": end[1].rstrip("s"),
        }

    def write(self, given: Mapping[str, Any]) -> Any:
        first, last = (
            f"{given[f'{end}_amount']} {given[f'{end}_unit']}{'s' if _is_plural(given, end) else ''}"
            for end in ("from", "to")
        )
        return f"{first} .. {last}"

    def missing(self, given: Mapping[str, Any]) -> dict[str, str]:
        days = {unit: count for unit, count in (("d", 1), ("month", 31))}
        begin, end = given.get("from_amount"), given.get("to_amount")
        if begin is None or end is None:
            return {}
        late = begin * days[given["from_unit"]] > end * days[given["to_unit"]]
        return {"to_amount": "最晚的要在最早的之后"} if late else {}


@dataclass(frozen=True)
class TimesWithin(Part):
    """So many times within a span; left empty it is not said, where it need not be."""

    needed: bool = True

    def fields(self, spec: Spec) -> Fields:
        return {
            f"{self.key}_times": number("次数", least=1, required=self.needed),
            f"{self.key}_days": number("多少天内", least=1, required=self.needed),
        }

    def read(self, spec: Spec) -> dict[str, Any]:
        if self.key not in spec:
            return {}
        times, _, span = str(spec[self.key]).partition(" within ")
        return {f"{self.key}_times": times, f"{self.key}_days": span.split()[0]}

    def write(self, given: Mapping[str, Any]) -> Any:
        times, days = given[f"{self.key}_times"], given[f"{self.key}_days"]
        return f"{times} within {days} d" if times and days else None

    def missing(self, given: Mapping[str, Any]) -> dict[str, str]:
        pair = {name: given.get(f"{self.key}_{name}") for name in ("times", "days")}
        return {
            f"{self.key}_{name}": "两项要一起填" for name, value in pair.items() if not value and any(pair.values())
        }


@dataclass(frozen=True)
class OnDay(Part):
    """The day of a period: the n-th, the last, a weekday, a working day, a date of the year."""

    otherwise: str = "last day"
    SORTS: Choices = field(
        default=(
            ("day", "第几天"),
            ("workday", "第几个工作日"),
            ("last day", "最后一天"),
            ("last workday", "最后一个工作日"),
            *kinds.WEEKDAYS.items(),
            ("date", "某月某日"),
        ),
        init=False,
        repr=False,
    )

    def fields(self, spec: Spec) -> Fields:
        return {
            "on_sort": choice(self.label, self.SORTS),
            "on_number": number("第几", least=1, most=31),
            "on_date": forms.RegexField(
                label="某月某日", regex=r"^\d{2}-\d{2}$", required=False, error_messages={"invalid": "写成 03-15 这样"}
            ),
        }

    def read(self, spec: Spec) -> dict[str, Any]:
        text = str(spec.get("on", "last day"))
        first, _, rest = text.partition(" ")
        if first in ("day", "workday"):
            return {"on_sort": first, "on_number": rest}
        return {"on_sort": "date", "on_date": text} if text[:1].isdigit() else {"on_sort": text}

    def write(self, given: Mapping[str, Any]) -> Any:
        sort = given["on_sort"]
        if sort in ("day", "workday"):
            return f"{sort} {given['on_number']}"
        return given["on_date"] if sort == "date" else sort

    def missing(self, given: Mapping[str, Any]) -> dict[str, str]:
        sort = given.get("on_sort")
        if sort in ("day", "workday") and not given.get("on_number"):
            return {"on_number": "请填第几"}
        return {"on_date": "请填日期"} if sort == "date" and not given.get("on_date") else {}


@dataclass(frozen=True)
class Steps(Part):
    """The rungs of a ladder, each a line; a line without anybody to tell is taken away, an empty one may be added."""

    posts: Choices = ()

    def _count(self, spec: Spec) -> int:
        return len(spec.get(self.key, ())) + 1

    def fields(self, spec: Spec) -> Fields:
        made: Fields = {}
        for place in range(self._count(spec)):
            made |= {
                f"step_{place}_when": choice(f"第 {place + 1} 级", WHEN),
                f"step_{place}_amount": number("多久"),
                f"step_{place}_unit": choice("单位", STEP_UNITS),
                f"step_{place}_who": choice("告诉谁", (("", "(不设这一级)"), *self.posts), required=False),
            }
        return made

    def read(self, spec: Spec) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for place in range(self._count(spec)):
            shown |= {f"step_{place}_when": "after due", f"step_{place}_unit": "h"}
        ladder: Ladder = read_ladder(spec)
        for place, (row, rung) in enumerate(zip(spec[self.key], ladder.rungs, strict=True)):
            text = str(row["at"])
            when = text if text in ("due", "opened") else " ".join(text.split()[-2:])
            shown |= {f"step_{place}_when": when, f"step_{place}_who": row["who"]}
            if rung.limit.amount:
                shown |= {f"step_{place}_amount": rung.limit.amount, f"step_{place}_unit": rung.limit.unit}
        return shown

    def write(self, given: Mapping[str, Any]) -> Any:
        rungs = []
        for place in range(sum(1 for name in given if name.startswith("step_") and name.endswith("_who"))):
            if who := given[f"step_{place}_who"]:
                when = given[f"step_{place}_when"]
                amount = f"{given[f'step_{place}_amount']} {given[f'step_{place}_unit']} "
                rungs.append({"at": when if when in ("due", "opened") else amount + when, "who": who})
        return rungs

    def missing(self, given: Mapping[str, Any]) -> dict[str, str]:
        lacking: dict[str, str] = {}
        people = [name for name in given if name.startswith("step_") and name.endswith("_who")]
        for place in range(len(people)):
            when = given.get(f"step_{place}_when")
            counted = when not in ("due", "opened")
            if given.get(f"step_{place}_who") and counted and not given.get(f"step_{place}_amount"):
                lacking[f"step_{place}_amount"] = "请填多久"
        if not any(given[name] for name in people):
            lacking[people[0]] = "至少要有一级"
        return lacking


@dataclass(frozen=True)
class Asked(Part):
    """The value one condition asks for; the condition itself stays."""

    place: int = 0
    choices: Choices = ()
    several: bool = False

    @property
    def name(self) -> str:
        return f"when_{self.place}"

    def fields(self, spec: Spec) -> Fields:
        if self.several:
            return {
                self.name: forms.MultipleChoiceField(
                    label=self.label, choices=self.choices, widget=forms.CheckboxSelectMultiple
                )
            }
        return {self.name: choice(self.label, self.choices)}

    def read(self, spec: Spec) -> dict[str, Any]:
        return {self.name: spec["when"][self.place]["value"]}

    def set(self, spec: MutableMapping[str, Any], given: Mapping[str, Any]) -> None:
        rows = [dict(row) for row in spec["when"]]
        rows[self.place]["value"] = given[self.name]
        spec["when"] = rows


def _is_plural(given: Mapping[str, Any], end: str) -> bool:
    return given[f"{end}_unit"] == "month" and given[f"{end}_amount"] > 1


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value)
