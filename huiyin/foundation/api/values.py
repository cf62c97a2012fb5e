"""Plain values as they are sent: nothing is guessed from something else, and nothing a database cannot keep gets in."""

import base64
import binascii
import re
from datetime import date, datetime
from typing import Annotated, Any

from django.core.files.base import ContentFile
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from huiyin.foundation.refusals import Refused

_NO_NUL = r"^[^\u0000]*$"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LARGEST = 2**53 - 1
YEARS = range(2000, 2200)


class ValueRefused(Refused):
    """The value is of the right form, but nothing that can happen here."""


class Body(Schema):
    """What is sent with a command. A name that is not known is refused: a misspelt one would be lost."""

    model_config = ConfigDict(extra="forbid")


def a_whole(value: Any) -> Any:
    """Read a whole number from an address."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,16}", value):
        return int(value)
    raise ValueError


def a_number(value: Any) -> Any:
    """Take a whole number as it is (1.0 is one, says JSON Schema), and nothing that only looks like one."""
    if type(value) is int or (type(value) is float and value.is_integer()):
        return int(value)
    raise ValueError


def whole_between(least: int, most: int) -> WithJsonSchema:
    """Say in the schema what the number may be; a value that is looked at before loses its own."""
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


def _flag(value: Any) -> Any:
    if type(value) is bool:
        return value
    raise ValueError


def _moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueRefused("没有这个时间") from None
    if moment.year not in YEARS:
        raise ValueRefused("年份不对,请核对")
    return moment


def _day(value: Any) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError
    day = date.fromisoformat(value)
    if day.year not in YEARS:
        raise ValueRefused("年份不对,请核对")
    return day


Number = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_NO_NUL)]
Word = Annotated[str, StringConstraints(max_length=80, pattern=_NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=_NO_NUL)]
Id = Annotated[int, Field(ge=1, le=LARGEST), BeforeValidator(a_number), whole_between(1, LARGEST)]
AskedId = Annotated[int, Field(ge=1, le=LARGEST), BeforeValidator(a_whole), whole_between(1, LARGEST)]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class Note(Body):
    """Why."""

    note: Text


class Upload(Body):
    """A file: its name, and its bytes in base64."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_NUL)]
    content: Annotated[str, StringConstraints(max_length=21_000_000, pattern=r"^[A-Za-z0-9+/]*={0,2}$")]

    def file(self) -> "ContentFile[bytes]":
        """Return the file. Refused when the bytes are not base64."""
        try:
            return ContentFile(base64.b64decode(self.content, validate=True), self.name)
        except binascii.Error:
            raise ValueRefused("文件内容不是完整的 base64") from None
