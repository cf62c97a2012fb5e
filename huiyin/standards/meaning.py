"""Whether a written rule speaks of things there are: clauses, facts, gates, the values they carry, posts, other rules."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from huiyin.standards.shape import Path
from huiyin.standards.vocabulary import clauses, vocabulary

MANUALS = ("s0", "s1", "s2", "s3", "s4")
_EVENTS = "events:"
_POST = "post."
Doubt = tuple[Path, str]


def doubts(spec: Mapping[str, Any], *, standard: str, codes: Collection[str]) -> Iterator[Doubt]:
    """Return what the rule names that does not exist. Values of the wrong shape are passed over: the schema has them."""
    yield from _clauses(spec, standard)
    yield from _facts(spec)
    yield from _posts(spec)
    yield from _values(spec)
    yield from _names(spec)
    yield from _climbed(spec, codes)


def _clauses(spec: Mapping[str, Any], standard: str) -> Iterator[Doubt]:
    for place, one in enumerate(_texts(spec.get("clauses"))):
        if one not in clauses():
            yield ("clauses", place), f"没有条款「{one}」"
        elif standard in MANUALS and not one.lower().startswith(f"{standard}-"):
            yield ("clauses", place), f"「{one}」不是这本手册的条款"


def _facts(spec: Mapping[str, Any]) -> Iterator[Doubt]:
    words = vocabulary()
    for key in ("opens", "counts"):
        if isinstance(spec.get(key), str) and spec[key] not in words.facts:
            yield (key,), f"没有「{spec[key]}」这样的事实"
    for place, one in enumerate(_texts(spec.get("keeps"))):
        if one not in words.facts:
            yield ("keeps", place) if isinstance(spec["keeps"], list) else ("keeps",), f"没有「{one}」这样的事实"
    if isinstance(spec.get("gates"), str) and spec["gates"] not in words.gates:
        yield ("gates",), f"没有「{spec['gates']}」这样的关口"
    of = spec.get("of")
    if isinstance(of, str) and of.startswith(_EVENTS) and of.removeprefix(_EVENTS) not in words.facts:
        yield ("of",), f"没有「{of.removeprefix(_EVENTS)}」这样的事实"


def _posts(spec: Mapping[str, Any]) -> Iterator[Doubt]:
    named: list[tuple[Path, str]] = []
    if isinstance(spec.get("who"), str) and spec["who"].startswith(_POST):
        named.append((("who",), spec["who"].removeprefix(_POST)))
    if isinstance(spec.get("by"), list):
        named += [(("by", place), one) for place, one in enumerate(_texts(spec["by"]))]
    for number, row in enumerate(_rows(spec.get("by_when"))):
        named += [(("by_when", number, "by", place), one) for place, one in enumerate(_texts(row.get("by")))]
    for number, row in enumerate(_rows(spec.get("steps"))):
        if str(row.get("who", "")).startswith(_POST):
            named.append((("steps", number, "who"), str(row["who"]).removeprefix(_POST)))
    for path, post in named:
        if post not in vocabulary().posts:
            yield path, f"没有「{post}」这个岗位"


def _values(spec: Mapping[str, Any]) -> Iterator[Doubt]:
    """The values a rule asks for are those its fact or its gate carries."""
    words = vocabulary()
    asked_on = words.gates.get(str(spec.get("gates"))) or words.facts.get(str(spec.get("opens", spec.get("counts"))))
    if asked_on is None:
        return
    known = asked_on.values
    yield from _conditions(spec.get("when"), ("when",), known)
    for number, row in enumerate(_rows(spec.get("by_when"))):
        yield from _conditions(row.get("when"), ("by_when", number, "when"), known)
    listed = ["needs", "forbids", "exempt", "same"] + (["stratum"] if spec.get("kind") == "sampling" else [])
    for key in listed:
        for place, one in enumerate(_texts(spec.get(key))):
            if one not in known:
                yield (key, place), f"「{one}」不是它带的值"
    promised = str(spec.get("within", ""))
    if promised.startswith("promised:") and promised.removeprefix("promised:").strip() not in known:
        yield ("within",), f"「{promised.removeprefix('promised:').strip()}」不是它带的值"
    if spec.get("kind") == "quota":
        yield from _members(spec)


def _members(spec: Mapping[str, Any]) -> Iterator[Doubt]:
    words, of = vocabulary(), str(spec.get("of", ""))
    events = words.facts.get(of.removeprefix(_EVENTS)) if of.startswith(_EVENTS) else None
    known = events.values if events else words.members.get(of, frozenset())
    yield from _conditions(spec.get("members"), ("members",), known)
    for place, one in enumerate(_texts(spec.get("stratum"))):
        if one not in known:
            yield ("stratum", place), f"「{one}」不能用来分组"


def _conditions(rows: Any, path: Path, known: Collection[str]) -> Iterator[Doubt]:
    for number, row in enumerate(_rows(rows)):
        field, value = str(row.get("field", "")), row.get("value")
        if field and field not in known:
            yield (*path, number, "field"), f"「{field}」不是它带的值"
        choices = vocabulary().choices.get(field, {})
        for one in _texts(value):
            if choices and one not in choices:
                yield (*path, number, "value"), f"「{one}」不是 {'、'.join(choices)} 之一"


def _names(spec: Mapping[str, Any]) -> Iterator[Doubt]:
    words = vocabulary()
    if isinstance(spec.get("visit"), str) and spec["visit"] not in words.visits:
        yield ("visit",), f"没有「{spec['visit']}」这种回访"
    if isinstance(spec.get("records"), str) and spec["records"] not in words.records:
        yield ("records",), f"没有「{spec['records']}」这种记录"
    for place, one in enumerate(_texts(spec.get("hold"))):
        if one not in words.holds:
            yield ("hold", place), f"没有「{one}」这种不销毁的理由"


def _climbed(spec: Mapping[str, Any], codes: Collection[str]) -> Iterator[Doubt]:
    if spec.get("kind") != "escalation":
        return
    for place, one in enumerate(_texts(spec.get("of"))):
        if not one.endswith("*") and one not in codes:
            yield ("of", place), f"这个标准里没有规则「{one}」"


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
