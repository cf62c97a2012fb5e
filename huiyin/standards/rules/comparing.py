"""Two states of a standard side by side: what was added, left out, changed, and which promises became looser.

Looser is said whenever the new words do not surely promise at least as much as the old ones: a limit in another unit
that may fall later, a condition that covers fewer matters. Pure; written rules in, answers out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from huiyin.standards.rules import escalation
from huiyin.standards.rules.escalation import Rung
from huiyin.standards.rules.limits import SAME_TIME, Within, within
from huiyin.standards.rules.periods import PERIODS
from huiyin.standards.rules.reading import texts

Spec = Mapping[str, Any]
LEFT_OUT = "left_out"
PUBLIC = "public"
_ORDER = (
    *("code", "kind", "clauses", "source", "opens", "gates", "counts", "records", "keeps", "when", "of", "members"),
    *("every", "on", "after", "shift", "per", "same", "reaches", "raises", "within", "not_before", "rate", "window"),
    *("stratum", "at_least", "each", "visit", "by", "by_when", "never_by", "joint", "exempt", "modes", "signature"),
    *("second_modes", "cap", "keep", "from", "hold", "steps", "needs", "forbids", "who", "does", "says", "because"),
    PUBLIC,
)
_PLACES = {key: place for place, key in enumerate(_ORDER)}
_DAY = 86_400
_SECONDS = {"min": 60, "h": 3600, "working min": 60, "working h": 3600}
_REACHES = re.compile(r"^(\d+) within (.+)$")


@dataclass(frozen=True)
class KeyChange:
    """One value of a rule before and after; None where it was not said."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True)
class RuleChange:
    """What another state of the standard says about one rule: added, left out, or changed in these values."""

    code: str
    old: Spec | None
    new: Spec | None
    values: tuple[KeyChange, ...] = ()


def difference(old: Mapping[str, Spec], new: Mapping[str, Spec]) -> list[RuleChange]:
    """Return what differs between two sets of rules by code, in the order of the new one; what was left out last."""
    found = []
    for code, spec in new.items():
        before = old.get(code)
        if before is None:
            found.append(RuleChange(code, None, spec))
        elif values := key_changes(before, spec):
            found.append(RuleChange(code, before, spec, values))
    return found + [RuleChange(code, spec, None) for code, spec in old.items() if code not in new]


def key_changes(old: Spec, new: Spec) -> tuple[KeyChange, ...]:
    """Return the values in which two written rules differ, in the order of the house."""
    keys = in_order({*old, *new})
    return tuple(KeyChange(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key))


def in_order(keys: Iterable[str]) -> list[str]:
    """Put the keys of a rule in the order of the house: a database need not keep the one in which they were written."""
    return sorted(keys, key=lambda key: (_PLACES.get(key, len(_PLACES)), key))


def composed(base: Mapping[str, Spec], changes: Mapping[str, Spec | None]) -> dict[str, Spec]:
    """Return the rules of the base with these changes: None leaves a rule out, a code the base lacks is added last."""
    kept = {code: changes.get(code, spec) for code, spec in base.items()}
    kept |= {code: spec for code, spec in changes.items() if code not in base}
    return {code: spec for code, spec in kept.items() if spec is not None}


@dataclass(frozen=True)
class Loosened:
    """A promise made in public that would bind less than before, and the values that make it so."""

    code: str
    says: str
    keys: tuple[str, ...]


def loosened_promises(old: Mapping[str, Spec], new: Mapping[str, Spec]) -> list[Loosened]:
    """Return the public promises of the old rules that the new ones do not surely keep up."""
    public = {code: spec for code, spec in old.items() if spec.get(PUBLIC)}
    found = ((code, spec, looser(spec, new.get(code))) for code, spec in public.items())
    return [Loosened(code, str(spec["says"]), keys) for code, spec, keys in found if keys]


def looser(old: Spec, new: Spec | None) -> tuple[str, ...]:
    """Name the values in which the new rule promises less, or may promise less, than the old one."""
    if new is None:
        return (LEFT_OUT,)
    if old["kind"] != new["kind"]:
        return ("kind",)
    common = ["when"] if not covers(new.get("when", ()), old.get("when", ())) else []
    if old.get(PUBLIC) and not new.get(PUBLIC):
        common.append(PUBLIC)
    return (*common, *dict.fromkeys(_BY_KIND[old["kind"]](old, new)))


def covers(new: Sequence[Spec], old: Sequence[Spec]) -> bool:
    """Tell whether conditions hold wherever the old ones did: each new one follows from an old one."""
    return all(any(_implies(before, condition) for before in old) for condition in new)


def _implies(given: Spec, wanted: Spec) -> bool:
    if given == wanted:
        return True
    if given["field"] != wanted["field"]:
        return False
    a, b = given.get("value"), wanted.get("value")
    match given["op"], wanted["op"]:
        case ("is", "in"):
            return a in b  # type: ignore[operator]  # `in` is written with a list
        case ("in", "in"):
            return set(a) <= set(b)  # type: ignore[arg-type]  # the operator says what stands on either side
        case ("is_not", "not_in"):
            return set(b) <= {a}  # type: ignore[arg-type]  # the operator says what stands on either side
        case ("not_in", "not_in"):
            return set(b) <= set(a)  # type: ignore[arg-type]  # the operator says what stands on either side
        case ("not_in", "is_not"):
            return b in a  # type: ignore[operator]  # the operator says what stands on either side
        case ("is", "is_not"):
            return bool(a != b)
        case ("at_least", "at_least"):
            return bool(a >= b)  # type: ignore[operator]  # the operator says what stands on either side
        case ("at_most", "at_most"):
            return bool(a <= b)  # type: ignore[operator]  # the operator says what stands on either side
    return False


def no_later(new: Within, old: Within) -> bool:
    """Tell whether the new limit surely never falls later than the old one, whatever the event and the calendar."""
    if new == old:
        return True
    if new.unit in _SECONDS and old.unit in _SECONDS and _works(new) == _works(old):
        return new.amount * _SECONDS[new.unit] <= old.amount * _SECONDS[old.unit]
    if new.unit == old.unit and new.unit not in ("at", "promised"):
        return new.amount <= old.amount
    if (new.unit, old.unit) == ("d", "working d"):
        return new.amount <= old.amount
    if {new.unit, old.unit} == {"working d", SAME_TIME}:
        # The one ends later on its day, the other begins a day later for what comes after hours.
        return new.amount < old.amount
    return _latest(new) <= _earliest(old)


def _works(limit: Within) -> bool:
    return limit.unit.startswith("working")


def _earliest(limit: Within) -> float:
    """How soon after an event the limit can fall, in seconds: days end at midnight, months have 28 days or more."""
    match limit.unit:
        case "d" | "working d" | "working d same time":
            return limit.amount * _DAY
        case "month":
            return limit.amount * 28 * _DAY
        case "at" | "promised":
            return 0
    return limit.amount * _SECONDS[limit.unit]


def _latest(limit: Within) -> float:
    match limit.unit:
        case "min" | "h":
            return limit.amount * _SECONDS[limit.unit]
        case "d":
            return (limit.amount + 1) * _DAY
        case "month":
            return (limit.amount * 31 + 1) * _DAY
        case "at":
            return _DAY
    return inf


def _begins_no_earlier(new: Within, old: Within) -> bool:
    if new == old or old.amount == 0:
        return True
    return new.unit == old.unit and new.amount >= old.amount


def _limit(spec: Spec, key: str) -> Within | None:
    return within(spec[key], key) if key in spec else None


def _later(old: Spec, new: Spec, key: str) -> Iterator[str]:
    """Name the key when its limit may fall later; one that is no longer said is later than any."""
    before, after = _limit(old, key), _limit(new, key)
    if before and (after is None or not no_later(after, before)):
        yield key


def _fewer(old: Spec, new: Spec, key: str) -> Iterator[str]:
    if not set(texts(old, key)) <= set(texts(new, key)):
        yield key


def _more(old: Spec, new: Spec, key: str) -> Iterator[str]:
    if not set(texts(new, key)) <= set(texts(old, key)):
        yield key


def _other(old: Spec, new: Spec, *keys: str) -> Iterator[str]:
    yield from (key for key in keys if old.get(key) != new.get(key))


def _deadline(old: Spec, new: Spec) -> Iterator[str]:
    yield from _other(old, new, "opens")
    yield from _later(old, new, "within")
    yield from _more(old, new, "keeps")


def _sampling(old: Spec, new: Spec) -> Iterator[str]:
    yield from _other(old, new, "opens", "visit")
    if _share(new["rate"]) < _share(old["rate"]):
        yield "rate"
    (begin, end), (new_begin, new_end) = _window(old), _window(new)
    if not (no_later(new_end, end) and _begins_no_earlier(new_begin, begin)):
        yield "window"
    yield from _fewer(old, new, "stratum")
    yield from _more(old, new, "exempt")
    yield from _more(old, new, "modes")
    for key in ("signature", "never_by", "joint"):
        if key in old and old[key] != new.get(key):
            yield key
    if "cap" in new and not _cap_no_lower(old, new):
        yield "cap"


def _cap_no_lower(old: Spec, new: Spec) -> bool:
    if "cap" not in old:
        return False
    (times, span), (new_times, new_span) = _count_within(old["cap"]), _count_within(new["cap"])
    return new_times >= times and no_later(new_span, span)


def _quota(old: Spec, new: Spec) -> Iterator[str]:
    yield from _other(old, new, "counts", "of")
    if not covers(new.get("members", ()), old.get("members", ())):
        yield "members"
    if not _no_rarer(new["every"], old["every"]):
        yield "every"
    for key in ("at_least", "each"):
        if key in old and (key not in new or not _no_less(new[key], old[key])):
            yield key
    yield from _fewer(old, new, "stratum")


def _periodic(old: Spec, new: Spec) -> Iterator[str]:
    if not _no_rarer(new["every"], old["every"]):
        yield "every"
    yield from _other(old, new, "on", "after", "shift", "keeps")
    if "by" in old and str(new.get("by", "24:00")) > str(old["by"]):
        yield "by"
    if old.get("per", "estate") not in ("estate", new.get("per", "estate")):
        yield "per"


def _threshold(old: Spec, new: Spec) -> Iterator[str]:
    yield from _other(old, new, "counts", "same", "raises")
    (times, span), (new_times, new_span) = _count_within(old["reaches"]), _count_within(new["reaches"])
    if new_times > times or not no_later(span, new_span):
        yield "reaches"
    yield from _later(old, new, "within")


def _escalation(old: Spec, new: Spec) -> Iterator[str]:
    yield from _fewer(old, new, "of")
    rungs = escalation.read(new).rungs
    for rung in escalation.read(old).rungs:
        if not any(one.who == rung.who and _rung_no_later(one, rung) for one in rungs):
            yield "steps"


def _requirement(old: Spec, new: Spec) -> Iterator[str]:
    yield from _other(old, new, "gates")
    yield from _fewer(old, new, "needs")
    yield from _fewer(old, new, "forbids")


def _retention(old: Spec, new: Spec) -> Iterator[str]:
    yield from _other(old, new, "records", "from")
    if not no_later(within(old["keep"], "keep"), within(new["keep"], "keep")):
        yield "keep"
    yield from _fewer(old, new, "hold")


_BY_KIND: dict[str, Callable[[Spec, Spec], Iterator[str]]] = {
    "deadline": _deadline,
    "sampling": _sampling,
    "quota": _quota,
    "periodic": _periodic,
    "threshold": _threshold,
    "escalation": _escalation,
    "requirement": _requirement,
    "retention": _retention,
}


def _share(text: Any) -> Fraction:
    return Fraction(str(text).rstrip("% ")) / 100


def _window(spec: Spec) -> tuple[Within, Within]:
    first, _, last = str(spec["window"]).partition("..")
    return within(first, "window"), within(last, "window")


def _count_within(text: Any) -> tuple[int, Within]:
    found = _REACHES.match(str(text).strip())
    assert found, text
    return int(found[1]), within(found[2], "within")


def _no_rarer(new: str, old: str) -> bool:
    """Tell whether every old period holds a whole new one. A week is part of no month."""
    if "week" in (new, old) and new != old:
        return new == "day"
    return PERIODS.index(new) <= PERIODS.index(old)


def _no_less(new: Any, old: Any) -> bool:
    shares = [str(one).strip().endswith("%") for one in (new, old)]
    if shares[0] != shares[1]:
        return False
    return _share(new) >= _share(old) if shares[0] else int(new) >= int(old)


def _rung_no_later(new: Rung, old: Rung) -> bool:
    if new.after != old.after:
        return False
    if new.limit.amount == 0 or old.limit.amount == 0:
        return _from_anchor(new) <= _from_anchor(old)
    in_days = {new.limit.unit, old.limit.unit} == {"working d"}
    comparable = in_days or (
        _works(new.limit) == _works(old.limit) and "working d" not in (new.limit.unit, old.limit.unit)
    )
    return comparable and _from_anchor(new) <= _from_anchor(old)


def _from_anchor(rung: Rung) -> int:
    """How far the rung lies after what it counts from, in seconds of its measure; before it: negative."""
    seconds = rung.limit.amount * _SECONDS.get(rung.limit.unit, _DAY)
    return -seconds if rung.before else seconds
