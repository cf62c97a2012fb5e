"""One fact and one row of a file: what the readers of vectors and tables share."""

import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from huiyin.foundation.calendar.engine import NoWorkingTime, WorkingCalendar
from huiyin.foundation.calendar.hours import MalformedCalendar
from huiyin.foundation.calendar.spec import from_spec
from huiyin.foundation.refusals import Refused

Answer = datetime | date | int | bool | str
Read = TypeVar("Read")
SECOND = timedelta(seconds=1)


class UnreadableFacts(Refused):
    """The file cannot be used; the sentence names the file, the row and the field."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One question with its expected answer."""

    id: str
    op: str
    expected: Answer
    ask: Callable[[], Answer]
    tolerance: int = 0
    skipped: str = ""

    def answer(self) -> Answer:
        """Ask our calendar; where it never opens, the sentence is the answer."""
        try:
            return self.ask()
        except NoWorkingTime as refusal:
            return str(refusal)

    def agrees(self, answer: Answer) -> bool:
        """Say whether an answer is the expected one, or as near as the rule allows."""
        if isinstance(answer, datetime) and isinstance(self.expected, datetime):
            return abs(answer - self.expected) <= self.tolerance * SECOND
        return type(answer) is type(self.expected) and answer == self.expected


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, which can say where it stands when something in it is wrong."""

    place: str
    values: Mapping[str, object]

    def read(self, name: str, reader: Callable[[str], Read]) -> Read:
        """Read a field that is written as text. Refused with its place and name."""
        value = self.values.get(name)
        if value is None or value == "":
            raise UnreadableFacts(f"{self.place}缺少字段 {name}")
        try:
            return reader(value if isinstance(value, str) else "")
        except ValueError as error:
            raise UnreadableFacts(f"{self.place}的字段 {name} 看不懂:{value!r}") from error

    def whole(self, name: str) -> int:
        """Read a whole number. Refused with its place and name."""
        value = self.values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return self.read(name, int)


def text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise UnreadableFacts(f"找不到文件 {path}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFacts(f"打不开文件 {path.name}") from error
    except UnicodeDecodeError as error:
        raise UnreadableFacts(f"{path.name} 不是 UTF-8 文本") from error


def json_of(name: str, text: str) -> dict[str, object]:
    try:
        document = json.loads(text)
    except ValueError as error:
        line = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableFacts(f"{name} {line}不是完整的 JSON") from error
    if not isinstance(document, dict):
        raise UnreadableFacts(f"{name} 要写成一组字段")
    return document


def calendar_of(place: str, spec: object) -> WorkingCalendar:
    try:
        return from_spec(spec)  # type: ignore[arg-type]  # from_spec refuses what is not a mapping
    except MalformedCalendar as error:
        raise UnreadableFacts(f"{place}:{error}") from error
