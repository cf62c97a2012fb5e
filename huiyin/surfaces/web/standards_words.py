"""A written rule in sentences: its times, people and events in the words of the house."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from huiyin.standards.vocabulary import CATALOGUE, vocabulary

SUBJECTS = (
    ("contact", "前台接待"),
    ("desk", "前台接待"),
    ("call", "前台接待"),
    ("log", "前台接待"),
    ("case", "事项"),
    ("complaint", "投诉"),
    ("suggestion", "建议"),
    ("repair", "维修"),
    ("return_visit", "回访"),
    ("household_visit", "走访"),
    ("survey", "调查"),
    ("fee", "收费"),
    ("material", "材料"),
    ("fund", "维修资金"),
    ("publication", "公示"),
    ("move_in", "入住"),
    ("renovation", "装修"),
    ("notice", "通知与活动"),
    ("archive", "档案"),
    ("retention", "保存期限"),
    ("inspection", "检查与品质"),
    ("nonconformity", "检查与品质"),
    ("incident", "检查与品质"),
    ("violation", "检查与品质"),
    ("conduct", "检查与品质"),
    ("maintenance", "检查与品质"),
    ("cleaning", "保洁绿化"),
    ("greening", "保洁绿化"),
    ("appraisal", "考核"),
    ("report", "报告"),
    ("staffing", "人员"),
)
KINDS = {
    "deadline": "时限",
    "sampling": "回访",
    "requirement": "要求",
    "quota": "覆盖",
    "periodic": "定期",
    "threshold": "警戒",
    "escalation": "催办",
    "retention": "保存",
}
MANUALS = "一二三四五"
MODES = {"phone": "电话", "door": "上门", "sms": "短信", "email": "邮件"}
EXEMPT = {"anonymous": "没留姓名的", "reply_letter_only": "上级只要求复函的"}
COMPARED = {
    "is": "是",
    "is_not": "不是",
    "in": "是",
    "not_in": "不是",
    "at_least": "至少",
    "at_most": "至多",
}
UNITS = {
    "min": "分钟",
    "h": "小时",
    "d": "天",
    "month": "个月",
    "working h": "个工作小时",
    "working d": "个工作日",
    "working min": "分钟(工作时间)",
    "working d same time": "个工作日",
}
_NUMBER = re.compile(
    r"(\d+(?:\.\d+)?\s*(?:%|个?工作日|个?工作小时|小时|分钟|个月|天|日|次|年)?(?:\s*到\s*\d+\s*(?:天|小时|分钟|个月))?|当天|当日|当场|全部)"
)
_SPAN = re.compile(r"^(\d+)\s*(min|h|d|month|working h|working d(?: same time)?|working min)s?$")


@dataclass(frozen=True)
class Clause:
    """A clause of a manual, as the catalogue lists it."""

    id: str
    manual: str
    line: str
    says: str


@lru_cache(maxsize=1)
def clauses() -> Mapping[str, Clause]:
    """Return every clause of the five manuals by its id."""
    with (CATALOGUE / "clauses.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: Clause(row["id"], f"手册{MANUALS[int(row['manual'])]}", row["line"], row["paraphrase_en"])
            for row in csv.DictReader(file)
        }


def sources(spec: Mapping[str, Any]) -> list[Clause]:
    """Return the clauses a rule stands on."""
    known = clauses()
    return [known.get(one, Clause(one, one, "", "")) for one in spec.get("clauses", ())]


def subject_of(code: str) -> str:
    """Return what a rule is about, from the first word of its code."""
    first = code.partition(".")[0]
    return dict(SUBJECTS).get(first, "其他")


def emphasised(says: str) -> list[tuple[str, bool]]:
    """Cut a sentence into its pieces; those that are numbers are marked."""
    return [(piece, index % 2 == 1) for index, piece in enumerate(_NUMBER.split(says)) if piece]


def facts_of(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the values of a rule as pairs of name and words; `titles` are the estate's own names of posts."""
    build = {"deadline": _deadline, "sampling": _sampling, "requirement": _requirement}.get(spec["kind"], _standing)
    when = condition_words(spec.get("when", ()))
    return [("种类", KINDS[spec["kind"]]), *([("只用于", when)] if when else []), *build(spec, titles)]


def _deadline(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    keeps = spec.get("keeps", ())
    return [
        ("从何时起", fact_words(spec["opens"])),
        ("时限", within_words(spec["within"])),
        *([("不早于", within_words(spec["not_before"]))] if "not_before" in spec else []),
        ("做到了", "、或".join(fact_words(one) for one in ([keeps] if isinstance(keeps, str) else keeps))),
        ("谁来办", who_words(spec.get("who", "subject"), titles)),
        ("今日里写作", spec["does"]),
    ]


def _sampling(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    first, _, last = str(spec["window"]).partition("..")
    special = [
        f"{condition_words(row['when'])}:{post_words(_listed(row['by']), titles)}" for row in spec.get("by_when", ())
    ]
    never = ["经办人不回访"] if spec.get("never_by") == "doer" else []
    return [
        ("从何时起", fact_words(spec["opens"])),
        ("比例", str(spec["rate"]).replace(" ", "")),
        ("窗口", f"{within_words(first.strip(), start=True)}到{within_words(last.strip())}"),
        ("分组抽", "、".join(field_words(one) for one in _listed(spec.get("stratum", ()))) or "不分组"),
        ("谁来回访", ";".join([post_words(_listed(spec.get("by", ())), titles), *special, *never])),
        ("方式", "、".join(MODES.get(one, one) for one in _listed(spec.get("modes", ()))) or "不限"),
        ("免回访", "、".join(EXEMPT.get(one, one) for one in _listed(spec.get("exempt", ()))) or "没有"),
    ]


def _requirement(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("何时检查", gate_words(spec["gates"])), ("不满足时", "不能往下办,并说这一句")]


def _standing(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("谁来办", who_words(spec["who"], titles)), ("今日里写作", spec["does"])] if "who" in spec else []


def fact_words(code: str) -> str:
    word = vocabulary().facts.get(code)
    return word.says if word else code


def gate_words(code: str) -> str:
    word = vocabulary().gates.get(code)
    return word.says if word else code


def field_words(name: str) -> str:
    return vocabulary().fields.get(name, name)


def value_words(name: str, value: Any) -> str:
    """Say one value of a field: severity, major → 重大."""
    return vocabulary().choices.get(name, vocabulary().posts if name == "post" else {}).get(str(value), str(value))


def who_words(who: str, titles: Mapping[str, str]) -> str:
    if who.startswith("post."):
        return post_words([who.removeprefix("post.")], titles)
    return {"subject": "事项的责任人,转办后跟着转", "receiver": "首问责任人"}.get(who, who)


def post_words(codes: Sequence[str], titles: Mapping[str, str]) -> str:
    return "、".join(titles.get(code) or vocabulary().posts.get(code, code) for code in codes)


def within_words(text: str, *, start: bool = False) -> str:
    """Say a time limit: 24 小时, 第 3 个工作日结束前, 当天结束前, 16:00 前, 约好的时间."""
    text = str(text).strip()
    if text == "end of day":
        return "当天结束前"
    if text.startswith("at "):
        return f"{text[3:]} 前"
    if text.startswith("promised:"):
        return "约好的时间"
    found = _SPAN.match(text)
    if not found:
        return text
    amount, unit = int(found[1]), found[2]
    if amount == 0:
        return "当天" if not start else "事后当时"
    if unit == "working d":
        return f"之后第 {amount} 个工作日结束前"
    if unit == "working d same time":
        return f"之后第 {amount} 个工作日的同一时刻前"
    return f"{amount} {UNITS[unit]}"


def condition_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say conditions: 轻重是重大,且紧急程度不是紧急."""
    said = []
    for row in rows:
        name, op, value = field_words(row["field"]), row["op"], row.get("value")
        if op in ("present", "absent"):
            said.append(f"{'有' if op == 'present' else '没有'}{name}")
        elif isinstance(value, bool):
            said.append(name if (op == "is") == value else f"不是{name}")
        else:
            values = value if isinstance(value, list) else [value]
            said.append(f"{name}{COMPARED[op]}{'或'.join(value_words(row['field'], one) for one in values)}")
    return ",且".join(said)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]
