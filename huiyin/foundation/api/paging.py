"""Lists page by page, by cursor: the next page begins behind the last row, whatever was added meanwhile."""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import BeforeValidator, Field, WithJsonSchema
from typing_extensions import TypedDict

from huiyin.foundation import rows
from huiyin.foundation.api.errors import Problem
from huiyin.foundation.api.values import LARGEST, Word, a_whole

USUAL, MOST = 50, 200
Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class Page(TypedDict, Generic[Item]):
    """Some rows of a list, the newest first, and the cursor of what comes after them (null at the end)."""

    items: list[Item]
    next: str | None


class Asked(Schema):
    """Which page of a list is wanted."""

    cursor: Word = ""
    limit: Annotated[
        int,
        BeforeValidator(lambda value: value if isinstance(value, int) else a_whole(value)),
        Field(ge=1, le=MOST),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
    ] = USUAL


def page_of(found: QuerySet[Row], asked: Asked, shown: Callable[[Row], Item]) -> Page[Item]:
    """Return the page that was asked for, the newest rows first."""
    return page_of_rows(page_rows(found, asked), asked, shown)


def page_rows(found: QuerySet[Row], asked: Asked) -> list[Row]:
    """Return the rows of the page and one more, by which it is known whether there is another."""
    behind = found.order_by("-pk")
    if asked.cursor:
        behind = behind.filter(pk__lt=read_cursor(asked.cursor))
    behind = behind[: asked.limit + 1]
    prefetching: Any = behind
    return list(behind) if prefetching._prefetch_related_lookups else rows.fetch(behind)


def page_of_rows(found: list[Row], asked: Asked, shown: Callable[[Row], Item]) -> Page[Item]:
    """Return the page made of rows that `page_rows` found."""
    more = len(found) > asked.limit
    kept = found[: asked.limit]
    return {"items": [shown(row) for row in kept], "next": cursor_of(kept[-1].pk) if more else None}


def cursor_of(pk: int) -> str:
    """Return the cursor behind a row. What is in it is nobody's business and may change."""
    return base64.urlsafe_b64encode(f"after:{pk}".encode()).decode().rstrip("=")


def read_cursor(said: str) -> int:
    """Return the row the cursor stands behind; 400 for one that was not given out."""
    try:
        text = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode()
    except (binascii.Error, ValueError):
        raise Problem(400, "bad_cursor", "游标不对,请从第一页重新取") from None
    name, _, number = text.partition(":")
    if name != "after" or not number.isascii() or not number.isdecimal() or not 0 < int(number[:20]) <= LARGEST:
        raise Problem(400, "bad_cursor", "游标不对,请从第一页重新取")
    return int(number)
