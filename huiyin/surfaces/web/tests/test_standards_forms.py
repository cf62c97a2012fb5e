"""Rules edited by form: sent back untouched every shipped rule is itself; a new number also stands in the sentence."""

from typing import Any

import pytest
from django.http import QueryDict

from huiyin.standards.rules import compile_rule
from huiyin.standards.written import read_catalogue
from huiyin.surfaces.web import standards_kinds as kinds
from huiyin.surfaces.web.standards_forms import RuleForm

BY_KIND: dict[str, list[dict[str, Any]]] = {}
for written in read_catalogue():
    for rule in written.rules:
        BY_KIND.setdefault(rule["kind"], []).append(dict(rule))


def sent(spec: dict[str, Any], **changed: Any) -> RuleForm:
    """The form as the browser sends it, with these fields changed; a list is several values, None an empty field."""
    shown = RuleForm(None, rule=spec, titles={}, seen="x")
    data = QueryDict(mutable=True)
    for name in shown.fields:
        value = changed.get(name, shown[name].value())
        if isinstance(value, list | tuple):
            data.setlist(name, [str(one) for one in value])
        elif value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = str(value)
    return RuleForm(data, rule=spec, titles={}, seen="x")


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_what_is_not_touched_stays_as_it_is(kind: str) -> None:
    for spec in BY_KIND[kind]:
        form = sent(spec)
        assert form.is_valid(), (spec["code"], form.errors)
        assert form.written() == spec


def test_every_kind_is_shipped_and_may_be_edited() -> None:
    assert set(BY_KIND) == set(kinds.words.KINDS)


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_every_value_of_every_rule_is_said_in_chinese(kind: str) -> None:
    for spec in BY_KIND[kind]:
        for name, said in kinds.facts_of(spec, {}):
            left = [piece for piece in said.replace(":", " ").replace(";", " ").split() if piece.isascii()]
            assert [one for one in left if one[0].isalpha()] == [], (spec["code"], name, said)


REPLY = next(spec for spec in BY_KIND["deadline"] if spec["code"] == "complaint.reply" and "24 小时" in spec["says"])
REPAIR = next(spec for spec in BY_KIND["sampling"] if spec["says"].startswith("报修完工 3 天内全部回访"))
LADDER = next(spec for spec in BY_KIND["escalation"] if spec["steps"][-1]["at"] == "24 h after due")
MONTHLY = next(
    spec
    for spec in BY_KIND["periodic"]
    if "每月" in spec["says"] and spec.get("on") == "last day" and "after" not in spec
)
KEPT = next(spec for spec in BY_KIND["retention"] if "36 个月" in spec["says"])


@pytest.mark.parametrize(
    ("spec", "changed", "value", "says"),
    [
        (REPLY, {"within_amount": 12}, {"within": "12 h"}, "投诉 12 小时内答复"),
        (REPLY, {"within_amount": 2, "within_unit": "working d"}, {"within": "2 working d"}, "投诉 2 个工作日内答复"),
        (REPLY, {"within_unit": "end of day", "within_amount": None}, {"within": "end of day"}, "投诉 当天内答复"),
        (REPLY, {"who": "post.cs_manager"}, {"who": "post.cs_manager"}, REPLY["says"]),
        (REPLY, {"public": True}, {"public": True}, REPLY["says"]),
        (REPLY, {"within_amount": 12, "says": "投诉半天内答复"}, {"within": "12 h"}, "投诉半天内答复"),
        (REPAIR, {"rate": 30}, {"rate": "30 %"}, REPAIR["says"].replace("全部", "30%")),
        (REPAIR, {"to_amount": 7}, {"window": "0 d .. 7 d"}, REPAIR["says"].replace("3 天", "7 天")),
        (REPAIR, {"cap_times": 2, "cap_days": 30}, {"cap": "2 within 30 d"}, REPAIR["says"]),
        (MONTHLY, {"every": "week"}, {"every": "week"}, MONTHLY["says"].replace("每月", "每周")),
        (MONTHLY, {"by_time": "16:00"}, {"by": "16:00"}, MONTHLY["says"]),
        (KEPT, {"keep": 60}, {"keep": "60 month"}, KEPT["says"].replace("36 个月", "60 个月")),
    ],
)
def test_a_changed_value_is_written_and_stands_in_the_sentence(
    spec: dict[str, Any], changed: dict[str, Any], value: dict[str, Any], says: str
) -> None:
    form = sent(spec, **changed)
    assert form.is_valid(), form.errors
    new = form.written()
    assert {key: new[key] for key in value} == value
    assert new["says"] == says
    assert {key for key in new if new[key] != spec.get(key)} <= {*value, "says"}
    compile_rule(new)


@pytest.mark.parametrize(
    ("spec", "changed", "field"),
    [
        ({**REPLY, "says": "投诉尽快答复"}, {"within_amount": 12}, "says"),
        (REPLY, {"within_amount": None}, "within_amount"),
        (REPLY, {"within_amount": 0}, "within_amount"),
        (REPLY, {"within_unit": "at", "says": "改了"}, "within_at"),
        (REPLY, {"says": ""}, "says"),
        (REPLY, {"who": "post.nobody"}, "who"),
        (REPAIR, {"rate": 101}, "rate"),
        (REPAIR, {"rate": 0}, "rate"),
        (REPAIR, {"from_amount": 9}, "to_amount"),
        (REPAIR, {"by": []}, "by"),
        (REPAIR, {"cap_times": 2}, "cap_days"),
        (LADDER, {"step_0_who": "", "step_1_who": "", "step_2_who": ""}, "step_0_who"),
        (LADDER, {"step_2_amount": None}, "step_2_amount"),
        (LADDER, {"step_2_amount": 48}, "says"),
        (MONTHLY, {"on_sort": "day", "on_number": None}, "on_number"),
        (MONTHLY, {"on_sort": "date", "on_date": "3月"}, "on_date"),
    ],
)
def test_what_is_lacking_is_said_at_its_field(spec: dict[str, Any], changed: dict[str, Any], field: str) -> None:
    form = sent(spec, **changed)
    assert not form.is_valid()
    assert field in form.errors


def test_a_rung_is_added_changed_and_taken_away() -> None:
    form = sent(
        LADDER,
        says="改了阶梯",
        step_0_who="",
        step_2_amount=48,
        step_3_when="after opened",
        step_3_amount=10,
        step_3_unit="min",
        step_3_who="post.cs_manager",
    )
    assert form.is_valid(), form.errors
    assert form.written()["steps"] == [
        LADDER["steps"][1],
        {**LADDER["steps"][2], "at": str(LADDER["steps"][2]["at"]).replace("24", "48")},
        {"at": "10 min after opened", "who": "post.cs_manager"},
    ]


def test_the_value_of_a_condition_is_chosen_from_the_known_ones() -> None:
    spec = next(one for one in BY_KIND["deadline"] if any(row.get("value") == "major" for row in one.get("when", ())))
    form = sent(spec, when_0="important", says="改了")
    assert form.is_valid(), form.errors
    assert form.written()["when"] == [{**spec["when"][0], "value": "important"}, *spec["when"][1:]]
