"""A written rule in sentences: its times, people and events in the words of the house."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from huiyin.standards.operations.publishing import CATALOGUE

SUBJECTS = (
    ("contact", "前台接待"),
    ("case", "事项"),
    ("complaint", "投诉"),
    ("suggestion", "建议"),
    ("repair", "维修"),
    ("return_visit", "回访"),
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
FACTS = {
    "service_desk.contact.registered": "来电来访登记",
    "service_desk.contact.promised": "跟来电人约好时间",
    "service_desk.contact.callback_asked": "来电人要求回电",
    "service_desk.contact.answered": "答复来电人",
    "service_desk.contact.called_back": "回电",
    "service_desk.contact.passed_on": "转为事项",
    "cases.case.registered": "事项登记",
    "cases.case.promised": "跟客户约好时间",
    "cases.case.progress_told": "告知进展",
    "cases.case.answered": "答复客户",
    "cases.case.decided": "决定是否采纳",
    "cases.case.closed": "事项办结",
    "cases.case.reopened": "事项重开",
    "complaints.complaint.registered": "投诉登记",
    "complaints.complaint.acknowledged": "告知受理编号",
    "complaints.complaint.verified": "核实投诉",
    "complaints.complaint.decided": "决定处理办法",
    "complaints.complaint.replied": "答复投诉人",
    "complaints.complaint.resolve_promised": "约定解决日期",
    "complaints.complaint.closed": "投诉办结",
    "repairs.order.registered": "报修登记",
    "repairs.order.appointed": "约好上门时间",
    "repairs.order.dispatched": "派单",
    "repairs.order.accepted": "接单",
    "repairs.order.arrived": "到场",
    "repairs.order.held": "挂起",
    "repairs.order.resumed": "恢复",
    "repairs.order.finished": "完工",
    "repairs.order.closed": "维修验收",
    "return_visits.visit.opened": "定下要回访",
    "return_visits.visit.made": "回访",
    "return_visits.visit.failed": "回访不合格",
    "return_visits.visit.reviewed": "审阅回访记录",
    "return_visits.visit.rectification_sent": "发书面整改通知",
    "return_visits.visit.next_promised": "约好下次回访",
}
GATES = {
    "cases.case.close": "事项办结前",
    "complaints.complaint.decide": "投诉决定前",
    "complaints.complaint.close": "投诉办结前",
    "repairs.order.finish": "维修完工前",
    "repairs.order.accept_by_resident": "住户验收时",
    "return_visits.visit.record": "保存回访前",
    "service_desk.contact.close": "来电来访结束前",
}
MODES = {"phone": "电话", "door": "上门", "sms": "短信", "email": "邮件"}
EXEMPT = {"anonymous": "没留姓名的", "reply_letter_only": "上级只要求复函的"}
STRATA = {"severity": "轻重", "location_kind": "部位"}
FIELDS = {
    "anonymous": "匿名",
    "answered": "当场答复",
    "cases": "转为事项",
    "kind": "类别",
    "location_kind": "部位",
    "mode": "方式",
    "promised_at": "约定时间",
    "round": "第几次回访",
    "severity": "轻重",
    "size": "维修大小",
    "urgency": "紧急程度",
    "verdict": "结论",
}
VALUES = {
    "urgent": "紧急",
    "emergency": "急修",
    "normal": "一般",
    "minor": "一般",
    "important": "重要",
    "major": "重大",
    "large": "大型维修",
    "small": "普通维修",
    "in_unit": "户内",
    "common_part": "公共部位",
    "fail": "不合格",
    "pass": "合格",
    "suggestion": "建议",
    "enquiry": "咨询",
    "compliment": "表扬",
    **MODES,
}
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
}
_NUMBER = re.compile(
    r"(\d+(?:\.\d+)?\s*(?:%|个?工作日|个?工作小时|小时|分钟|个月|天|日|次|年)?(?:\s*到\s*\d+\s*(?:天|小时|分钟|个月))?|当天|当日|当场|全部)"
)
_SPAN = re.compile(r"^(\d+)\s*(min|h|d|month|working h|working d|working min)s?$")


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
        ("分组抽", "、".join(STRATA.get(one, one) for one in _listed(spec.get("stratum", ()))) or "不分组"),
        ("谁来回访", ";".join([post_words(_listed(spec.get("by", ())), titles), *special, *never])),
        ("方式", "、".join(MODES.get(one, one) for one in _listed(spec.get("modes", ()))) or "不限"),
        ("免回访", "、".join(EXEMPT.get(one, one) for one in _listed(spec.get("exempt", ()))) or "没有"),
    ]


def _requirement(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("何时检查", GATES.get(spec["gates"], spec["gates"])), ("不满足时", "不能往下办,并说这一句")]


def _standing(spec: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("谁来办", who_words(spec["who"], titles)), ("今日里写作", spec["does"])] if "who" in spec else []


def fact_words(code: str) -> str:
    return FACTS.get(code, code)


def who_words(who: str, titles: Mapping[str, str]) -> str:
    if who.startswith("post."):
        return post_words([who.removeprefix("post.")], titles)
    return {"subject": "事项的责任人,转办后跟着转", "receiver": "首问责任人"}.get(who, who)


def post_words(codes: Sequence[str], titles: Mapping[str, str]) -> str:
    return "、".join(titles.get(code, code) for code in codes)


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
    return f"{amount} {UNITS[unit]}"


def condition_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say conditions: 轻重是重大,且紧急程度不是紧急."""
    said = []
    for row in rows:
        name, op, value = FIELDS.get(row["field"], row["field"]), row["op"], row.get("value")
        if op in ("present", "absent"):
            said.append(f"{'有' if op == 'present' else '没有'}{name}")
        elif isinstance(value, bool):
            said.append(name if (op == "is") == value else f"不是{name}")
        else:
            values = value if isinstance(value, list) else [value]
            said.append(f"{name}{COMPARED[op]}{'或'.join(VALUES.get(str(one), str(one)) for one in values)}")
    return ",且".join(said)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]
