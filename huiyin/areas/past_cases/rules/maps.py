"""How a row of another book becomes a matter of ours, as a map says. Values in, values out; no database.

A map names, for each of our fields, a column, a text with columns in braces, or a constant; a table of values may
translate what stands there (see docs/import-maps/).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyin.areas.cases.rules import Caller, PastCase, Promised
from huiyin.areas.repairs.rules import PastOrderTold
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.refusals import Refused
from huiyin.standards.rules import RuleInvalid, Within, within

KINDS = ("enquiry", "complaint", "repair", "suggestion", "compliment", "special_service")
CHANNELS = ("call", "visit", "letter", "mail", "online", "mailbox", "heard")
URGENCIES = ("normal", "urgent", "emergency")
FLAGS = ("on_time", "overdue", "")
NEEDED = ("source", "title", "timezone", "times", "key", "opened_at", "text", "kind", "promise")
FIELDS = (
    "key", "opened_at", "closed_at", "due_at", "text", "kind", "channel", "urgency", "place", "answer", "label",
    "flag", "caller_name", "caller_phone", "caller_unit",
)  # fmt: skip
SETTINGS = ("source", "title", "timezone", "times", "as_of", "promise", "open_to")
_LONGEST = {"place": 80, "caller_name": 60, "caller_phone": 24, "caller_unit": 40, "key": 80, "label": 120}
_CODES = {"kind": KINDS, "channel": (*CHANNELS, ""), "urgency": URGENCIES, "flag": FLAGS}


class MapInvalid(Refused):
    """The map cannot be read; the sentence names the key."""


class RowUnreadable(Refused):
    """A row does not say what is needed; the sentence names the column."""


@dataclass(frozen=True)
class Told:
    """One matter of the other book: its key, what it was called, how it was judged there, and the order it had."""

    key: str
    matter: PastCase
    label: str = ""
    flag: str = ""
    order: PastOrderTold | None = None


@dataclass(frozen=True)
class Cell:
    """Where the value of a field stands: a text in which {column} is filled in, then translated by a table."""

    parts: tuple[tuple[str, str], ...]  # (text before, column) …; the last has no column
    values: Mapping[str, str] | None = None
    default: str | None = None

    def of(self, row: Mapping[str, str]) -> str:
        """Return the value. Refused when a table has no line for it and no default."""
        found = "".join(before + (row[column].strip() if column else "") for before, column in self.parts).strip()
        if self.values is None:
            return found or (self.default or "")
        if found in self.values:
            return self.values[found]
        if self.default is None:
            raise RowUnreadable(f"「{self.name}」写的是「{found}」,对照表里没有")
        return self.default

    @property
    def name(self) -> str:
        return "、".join(column for _, column in self.parts if column)


@dataclass(frozen=True)
class CaseMap:
    """A map as written, ready for use."""

    source: str
    title: str
    timezone: ZoneInfo
    times: tuple[str, ...]
    as_of: datetime | None
    promise: Promised
    within: Within | None
    open_to: str
    cells: Mapping[str, Cell]

    @property
    def columns(self) -> list[str]:
        """Return every column the map speaks of, once."""
        named = (column for cell in self.cells.values() for _, column in cell.parts if column)
        return list(dict.fromkeys(named))

    def told(self, row: Mapping[str, str], *, now: datetime, calendar: WorkingCalendar) -> Told:
        """Read one row. Refused without key, time or text, with a time that cannot be read or lies in the future."""
        said = {name: cell.of(row) for name, cell in self.cells.items()}
        for name in ("key", "opened_at", "text"):
            if not said[name]:
                raise RowUnreadable(f"「{self.cells[name].name}」是空的")
        for name, allowed in _CODES.items():
            if name in said and said[name] not in allowed:
                raise RowUnreadable(f"{name} 得到「{said[name]}」,只能是 {'、'.join(filter(None, allowed))}")
        opened_at = self._moment(said, "opened_at")
        assert opened_at is not None
        closed_at = self._moment(said, "closed_at")
        due_at = self._moment(said, "due_at")
        if due_at is None and self.within is not None:
            due_at = self.within.due(opened_at, {}, calendar)
        for name, moment in (("opened_at", opened_at), ("closed_at", closed_at)):
            if moment is not None and moment > now:
                raise RowUnreadable(f"「{self.cells[name].name}」是将来的时间 {said[name]}")
        fitted = {name: said.get(name, "")[:length] for name, length in _LONGEST.items()}
        return Told(
            key=said["key"],
            label=fitted["label"],
            flag=said.get("flag", ""),
            matter=PastCase(
                kind=said["kind"],
                text=said["text"],
                opened_at=opened_at,
                caller=Caller(fitted["caller_name"], fitted["caller_phone"], fitted["caller_unit"]),
                channel=said.get("channel", ""),
                place=fitted["place"],
                urgency=said.get("urgency") or "normal",
                answer=said.get("answer", ""),
                closed_at=closed_at,
                due_at=due_at,
            ),
        )

    def _moment(self, said: Mapping[str, str], name: str) -> datetime | None:
        written = said.get(name, "")
        if not written:
            return None
        for form in self.times:
            try:
                return datetime.strptime(written, form).replace(tzinfo=self.timezone)
            except ValueError:
                continue
        raise RowUnreadable(f"「{self.cells[name].name}」写的是「{written}」,不是 {'、'.join(self.times)} 这样的时间")


def read_map(content: Any) -> CaseMap:
    """Read a map from its written form. Refused with the first key that is missing, unknown or wrong."""
    if not isinstance(content, Mapping):
        raise MapInvalid("对照文件应是「字段: 列名」一行一行的 YAML")
    for key in NEEDED:
        if key not in content:
            raise MapInvalid(f"对照文件缺少 {key}")
    for key in content:
        if key not in FIELDS and key not in SETTINGS:
            raise MapInvalid(f"对照文件里的 {key} 不认识,可写 {'、'.join((*SETTINGS, *FIELDS))}")
    try:
        zone = ZoneInfo(str(content["timezone"]))
    except (ZoneInfoNotFoundError, ValueError):
        raise MapInvalid(f"timezone: 没有时区「{content['timezone']}」,可写 Asia/Shanghai") from None
    promise = content["promise"]
    if not isinstance(promise, Mapping) or "code" not in promise or "does" not in promise:
        raise MapInvalid("promise: 要写 code(计数用的代码)和 does(要做什么)")
    limit = promise.get("within")
    try:
        read_limit = within(str(limit), "within") if limit else None
    except RuleInvalid as error:
        raise MapInvalid(f"promise.{error}") from None
    if (read_limit is None) == ("due_at" not in content):
        raise MapInvalid("时限写一处:due_at(列)或 promise.within(时长),不能都写,也不能都不写")
    times = content["times"]
    return CaseMap(
        source=str(content["source"]),
        title=str(content["title"]),
        timezone=zone,
        times=tuple(str(one) for one in times)
        if isinstance(times, Sequence) and not isinstance(times, str)
        else (times,),
        as_of=_as_of(content.get("as_of"), zone),
        promise=Promised(str(promise["code"])[:80], str(promise["does"])[:40]),
        within=read_limit,
        open_to=str(content.get("open_to", "cs_supervisor")),
        cells={name: _cell(name, content[name]) for name in FIELDS if name in content},
    )


def _as_of(written: Any, zone: ZoneInfo) -> datetime | None:
    if written in (None, ""):
        return None
    if isinstance(written, datetime):
        return written.replace(tzinfo=zone)
    try:
        return datetime.fromisoformat(str(written)).replace(tzinfo=zone)
    except ValueError:
        raise MapInvalid(f"as_of: 读不懂「{written}」,写成 2016-01-13 00:00:00") from None


def _cell(name: str, written: Any) -> Cell:
    if isinstance(written, str):
        return Cell((("", written), ("", "")))
    if not isinstance(written, Mapping) or not {"column", "text", "value"} & set(written):
        raise MapInvalid(f"{name}: 写列名,或写 column、text、value 之一")
    values = written.get("values")
    default = written.get("default")
    if values is not None and not isinstance(values, Mapping):
        raise MapInvalid(f"{name}.values: 应是「文件里的值: 我们的值」")
    table = {str(key): str(value) for key, value in values.items()} if values is not None else None
    parts: tuple[tuple[str, str], ...]
    if "column" in written:
        parts = (("", str(written["column"])), ("", ""))
    elif "text" in written:
        parts = _parts(name, str(written["text"]))
    else:
        parts = ((str(written["value"]), ""),)
    return Cell(parts, table, None if default is None else str(default))


def _parts(name: str, text: str) -> tuple[tuple[str, str], ...]:
    parts = []
    rest = text
    while "{" in rest:
        before, _, rest = rest.partition("{")
        column, closed, rest = rest.partition("}")
        if not closed:
            raise MapInvalid(f"{name}.text: 花括号没有成对")
        parts.append((before, column))
    return (*parts, (rest, ""))
