"""Every value of every kind of rule in words: for the values of a rule, and for what a draft changes in them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from huiyin.standards.vocabulary import vocabulary
from huiyin.surfaces.web import standards_words as words

Titles = Mapping[str, str]
Pairs = list[tuple[str, str]]
NAMES = {
    "says": "写给人看的话",
    "because": "为什么这样定",
    "public": "向住户公开",
    "when": "只用于",
    "opens": "从何时起",
    "keeps": "做到了",
    "within": "时限",
    "not_before": "不早于",
    "who": "谁来办",
    "does": "今日里写作",
    "rate": "比例",
    "window": "窗口",
    "stratum": "分组",
    "visit": "回访什么",
    "by": "谁来回访",
    "by_when": "另有规定",
    "never_by": "回避",
    "joint": "一同回访",
    "exempt": "免回访",
    "modes": "方式",
    "second_modes": "再次回访的方式",
    "signature": "签名",
    "cap": "每户最多",
    "counts": "数什么",
    "of": "对谁",
    "members": "其中",
    "every": "多久一次",
    "at_least": "至少",
    "each": "每一个至少",
    "on": "哪一天",
    "after": "在之后",
    "shift": "遇休息日",
    "per": "分别办",
    "same": "什么相同",
    "reaches": "多少算多",
    "raises": "引出",
    "steps": "一级一级",
    "gates": "何时检查",
    "needs": "要有",
    "forbids": "不能有",
    "records": "什么记录",
    "keep": "保存多久",
    "from": "从何时算",
    "hold": "先不销毁的",
    "clauses": "出自",
    "source": "法条",
    "left_out": "整条删去",
    "kind": "种类",
}
AREAS = {
    "estate": "小区",
    "staffing": "人员",
    "cases": "事项",
    "fees": "收费",
    "notices": "通知",
    "archives": "档案",
    "materials": "材料",
    "repairs": "维修",
    "repairs_follow": "维修后续",
    "complaints": "投诉",
    "renovations": "装修",
    "move_in": "入住",
    "maintenance_fund": "维修资金",
    "service_desk": "前台",
    "upkeep": "设备和工程",
    "return_visits": "回访",
    "household_visits": "走访",
    "surveys": "调查",
    "quality": "品质检查",
    "appraisals": "考核",
    "reports": "报告",
    "fees.bills": "账单和催缴",
    "repairs.quotes": "维修报价",
    "service_desk.special_services": "特约服务",
}
EVERY = {"day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}
SPANS = {"day": "天", "week": "周", "month": "个月", "quarter": "个季度", "half_year": "个半年", "year": "年"}
WEEKDAYS = {
    "monday": "周一",
    "tuesday": "周二",
    "wednesday": "周三",
    "thursday": "周四",
    "friday": "周五",
    "saturday": "周六",
    "sunday": "周日",
}
PER = {"estate": "全小区一次", "zone": "每个责任区一次", "post": "每个岗位一次", "household_class": "每类住户一次"}
SHIFTS = {"none": "不变", "next_workday": "顺延到下一个工作日", "previous_workday": "提前到上一个工作日"}
POPULATIONS = {"households": "住户", "units": "房屋", "staff": "员工"}
RAISES = {"nonconformity": "按不合格处理", "attention": "提请注意", "analysis": "专题分析"}
FROM = {"closed": "办结时", "created": "建立时", "period_end": "期末"}
WHERE = {"before due": "到期前", "after due": "逾期", "after opened": "定下后"}
_REACHES = re.compile(r"^(\d+) within (.+)$")
_STEP = re.compile(r"^(.+) (before due|after due|after opened)$")
_SHOWN = {
    "quota": ("counts", "of", "members", "stratum", "every", "at_least", "each", "who", "does"),
    "periodic": ("every", "on", "by", "after", "shift", "per", "keeps", "who", "does"),
    "threshold": ("counts", "same", "reaches", "raises", "within", "who", "does"),
    "escalation": ("of", "steps"),
    "retention": ("records", "keep", "from", "hold"),
}


def facts_of(spec: Mapping[str, Any], titles: Titles) -> Pairs:
    """Return the values of a rule of any kind as pairs of name and words; `titles` are the estate's names of posts."""
    kind = spec["kind"]
    public = [("向住户公开", "是公开承诺")] if spec.get("public") else []
    if kind not in _SHOWN:
        extra = [key for key in ("cap", "needs", "forbids") if key in spec]
        return [
            *words.facts_of(spec, titles),
            *((NAMES[key], said(kind, key, spec[key], titles)) for key in extra),
            *public,
        ]
    shown = [key for key in ("when", *_SHOWN[kind]) if key in spec]
    return [
        ("种类", words.KINDS[kind]),
        *((NAMES[key], said(kind, key, spec[key], titles)) for key in shown),
        *public,
    ]


def area_words(area: str) -> str:
    """Name the area a rule waits for."""
    return AREAS.get(area, area)


def said(kind: str, key: str, value: Any, titles: Titles) -> str:
    """Say one value of a rule; what is not written is said to be so."""
    if value in (None, "", [], ()):
        return "全小区一起数" if key == "same" else "没有写"
    say = _SAY_BY_KIND.get((kind, key)) or _SAY.get(key)
    return say(value, titles) if say else str(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _facts(value: Any, titles: Titles) -> str:
    return "、或".join(words.fact_words(one) for one in _listed(value))


def _fields(value: Any, titles: Titles) -> str:
    return "、".join(words.field_words(one) for one in _listed(value))


def _posts(value: Any, titles: Titles) -> str:
    return words.post_words(_listed(value), titles)


def _window(value: Any, titles: Titles) -> str:
    first, _, last = str(value).partition("..")
    return f"{words.within_words(first.strip(), start=True)}到{words.within_words(last.strip())}"


def _by_when(value: Any, titles: Titles) -> str:
    return ";".join(f"{words.condition_words(row['when'])}:{_posts(row['by'], titles)}" for row in value)


def _times(value: Any, titles: Titles) -> str:
    found = _REACHES.match(str(value))
    return f"{words.within_words(found[2])}内 {found[1]} 次" if found else str(value)


def _on(value: Any, titles: Titles) -> str:
    text = str(value)
    if text in WEEKDAYS:
        return WEEKDAYS[text]
    if found := re.match(r"^(day|workday) (\d+)$", text):
        return f"第 {found[2]} {'天' if found[1] == 'day' else '个工作日'}"
    if found := re.match(r"^(\d{2})-(\d{2})$", text):
        return f"{int(found[1])} 月 {int(found[2])} 日"
    return {"last day": "最后一天", "last workday": "最后一个工作日"}.get(text, text)


def _after(value: Any, titles: Titles) -> str:
    amount, _, span = str(value).partition(" ")
    return f"该期过后 {amount} {SPANS.get(span.rstrip('s'), span)}内"


def _of_quota(value: Any, titles: Titles) -> str:
    text = str(value)
    return words.fact_words(text.removeprefix("events:")) if text.startswith("events:") else POPULATIONS.get(text, text)


def _of_ladder(value: Any, titles: Titles) -> str:
    """Promises are named by what they are about: 投诉的 5 项承诺, 维修的各项承诺."""
    counts: dict[str, int] = {}
    for code in _listed(value):
        subject = words.subject_of(code)
        counts[subject] = 0 if str(code).endswith("*") or counts.get(subject) == 0 else counts.get(subject, 0) + 1
    return "、".join(f"{name}的{f' {count} 项' if count else '各项'}承诺" for name, count in counts.items())


def _at_least(value: Any, titles: Titles) -> str:
    text = str(value)
    return text.replace(" ", "") if text.endswith("%") else f"{text} 次"


def step_words(at: str) -> str:
    """Say when a rung is reached: 到期前 2 小时, 到期时, 逾期 24 小时, 定下后 10 分钟."""
    if found := _STEP.match(at):
        return f"{WHERE[found[2]]} {_span(found[1])}"
    return {"due": "到期时", "opened": "定下时"}.get(at, at)


def _span(text: str) -> str:
    amount, _, unit = text.partition(" ")
    return f"{amount} {words.UNITS.get(unit, unit)}"


def _steps(value: Any, titles: Titles) -> str:
    return ";".join(f"{step_words(str(row['at']))}告诉{_told(row['who'], titles)}" for row in value)


def _told(who: str, titles: Titles) -> str:
    return "责任人" if who == "subject" else words.who_words(who, titles)


_SAY: dict[str, Callable[[Any, Titles], str]] = {
    "public": lambda value, titles: "是" if value else "否",
    "when": lambda value, titles: words.condition_words(value),
    "opens": _facts,
    "keeps": _facts,
    "counts": _facts,
    "within": lambda value, titles: words.within_words(value),
    "not_before": lambda value, titles: words.within_words(value),
    "who": lambda value, titles: words.who_words(value, titles),
    "rate": lambda value, titles: str(value).replace(" ", ""),
    "window": _window,
    "stratum": _fields,
    "same": _fields,
    "needs": _fields,
    "forbids": _fields,
    "visit": lambda value, titles: vocabulary().visits.get(value, str(value)),
    "by": _posts,
    "by_when": _by_when,
    "never_by": lambda value, titles: "经办人不回访",
    "joint": lambda value, titles: "几个岗位一同去",
    "exempt": lambda value, titles: "、".join(words.EXEMPT.get(one, one) for one in _listed(value)),
    "modes": lambda value, titles: "、".join(words.MODES.get(one, one) for one in _listed(value)),
    "second_modes": lambda value, titles: "、".join(words.MODES.get(one, one) for one in _listed(value)),
    "signature": lambda value, titles: f"{words.MODES.get(value, value)}时要签",
    "cap": _times,
    "reaches": _times,
    "members": lambda value, titles: words.condition_words(value),
    "every": lambda value, titles: EVERY.get(value, str(value)),
    "at_least": _at_least,
    "each": lambda value, titles: f"{value} 次",
    "on": _on,
    "after": _after,
    "shift": lambda value, titles: SHIFTS.get(value, str(value)),
    "per": lambda value, titles: PER.get(value, str(value)),
    "raises": lambda value, titles: RAISES.get(value, str(value)),
    "steps": _steps,
    "gates": lambda value, titles: words.gate_words(value),
    "records": lambda value, titles: vocabulary().records.get(value, str(value)),
    "keep": lambda value, titles: words.within_words(value),
    "from": lambda value, titles: FROM.get(value, str(value)),
    "hold": lambda value, titles: "、".join(vocabulary().holds.get(one, one) for one in _listed(value)),
    "clauses": lambda value, titles: "、".join(value),
    "kind": lambda value, titles: words.KINDS.get(value, str(value)),
}
_SAY_BY_KIND: dict[tuple[str, str], Callable[[Any, Titles], str]] = {
    ("quota", "of"): _of_quota,
    ("escalation", "of"): _of_ladder,
    ("periodic", "by"): lambda value, titles: f"{value} 前",
}
