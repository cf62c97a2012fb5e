"""What the desk decides from plain values: what was typed into the one box, who is calling, and what the caller is told."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from math import ceil

from huiyin.foundation.kit import times

NUMBER = re.compile(r"(?:(?P<estate>[A-Z0-9]{1,12})-)?(?P<rest>[LZWTJBF]\d{2,6}(?:-\d{1,3}){0,2})")
UNIT_LIKE = re.compile(r"[\dA-Z一二三四五六七八九十]+(?:[-#栋幢座单元室号楼][\dA-Z一二三四五六七八九十]*)*")
AT_MOST = 3
FOR_THE_CALLER = (
    ("按约定时间答复", "答复您"),
    ("按约定时间上门", "上门"),
    ("来电来访人", "您"),
    ("投诉人", "您"),
    ("来电人", "您"),
    ("住户", "您"),
)


@dataclass(frozen=True)
class Promise:
    """One thing somebody owes in a matter, as the standards keep it."""

    does: str
    who: str
    due_at: datetime
    number: str = ""

    @property
    def concerns_caller(self) -> bool:
        return "您" in for_the_caller(self.does)


@dataclass(frozen=True)
class Typed:
    """A caller who is in no roster, as far as what was typed into the box tells."""

    name: str = ""
    phone: str = ""
    unit: str = ""


def number_prefix(text: str, estate_code: str) -> str:
    """Return how a number of this estate begins that was typed in full or in part; "" when it is none."""
    said = unicodedata.normalize("NFKC", text).strip().upper()
    found = NUMBER.fullmatch(said)
    if not found:
        return ""
    return f"{found['estate'] or estate_code}-{found['rest']}"


def stranger(text: str) -> Typed:
    """Guess which field of an unknown caller was typed: seven digits or more are a phone, 3-2-1501 is a unit."""
    said = unicodedata.normalize("NFKC", text).strip()
    if len(re.sub(r"\D", "", said)) >= 7 and re.fullmatch(r"[\d\s+\-()转]+", said) and said.count("-") < 3:
        return Typed(phone=said[:24])
    if re.search(r"\d", said) and UNIT_LIKE.fullmatch(said.upper()):
        return Typed(unit=said[:40])
    return Typed(name=said[:60])


def who_called(text: str, people: Sequence[tuple[int, str, Sequence[str]]]) -> int | None:
    """Return which of (id, name, phones) was searched for: by phone, its end, or name; else the first of them."""
    said = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"\D", "", said)
    for person, name, phones in people:
        if said and said in name:
            return person
        if len(digits) >= 4 and any(re.sub(r"\D", "", phone).endswith(digits) for phone in phones):
            return person
    return people[0][0] if people else None


def for_the_caller(does: str) -> str:
    """Turn what is owed into how one says it to the caller: 答复投诉人 becomes 答复您."""
    for inside, said in FOR_THE_CALLER:
        does = does.replace(inside, said)
    return does


def to_tell(promises: Iterable[Promise], *, at_most: int = AT_MOST) -> list[Promise]:
    """Choose what the caller should hear: all that concerns them, filled up with what is due first; earliest first."""
    waiting = sorted(promises, key=lambda promise: promise.due_at)
    told = [promise for promise in waiting if promise.concerns_caller][:at_most]
    told += [promise for promise in waiting if promise not in told][: at_most - len(told)]
    return sorted(told, key=lambda promise: promise.due_at)


def by_when(due: datetime, *, now: datetime, zone: tzinfo) -> str:
    """Say by when: 30 分钟内, 今天 15:30 前, and 今天内 for the midnight that ends today."""
    left = due - now
    if left <= timedelta(0):
        return "马上"
    if left <= timedelta(hours=1):
        return f"{max(1, ceil((left.total_seconds() - 30) / 60))} 分钟内"
    there, today = due.astimezone(zone), now.astimezone(zone).date()
    if there.time() == time.min:
        return f"{times.people_date(there.date() - timedelta(days=1), today)}内"
    return f"{times.people_date(there.date(), today)} {there:%H:%M} 前"


def sentence(promises: Iterable[Promise], *, now: datetime, zone: tzinfo) -> str:
    """Say the promises in one breath: 维修班长今天 10:30 前派单,今天 16:00 前告知您办理进度. "" without any."""
    said: list[str] = []
    before = ("", "")
    for promise in to_tell(promises):
        when, does = by_when(promise.due_at, now=now, zone=zone), for_the_caller(promise.does)
        if said and before == (promise.who, when):
            said[-1] += f"、{does}"
            continue
        who = promise.who if promise.who != before[0] else ""
        said.append(f"{who}{' ' if who and who[-1].isascii() else ''}{when}{does}")
        before = (promise.who, when)
    return ",".join(said)
