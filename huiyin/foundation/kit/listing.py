"""List pages: filters and sorting kept in the address, pages of fifty, an honest count, and the way out to Excel.

A list is described once by the view; templates draw it with the macros of `kit/table.html`.
"""

import tempfile
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import FileResponse, QueryDict
from django.utils import timezone

from huiyin.foundation import rows
from huiyin.foundation.kit.words import mask_phone
from huiyin.foundation.privacy.asked import sealed_query
from huiyin.foundation.refusals import Refused

PAGE_SIZE = 50
COUNT_CAP = 1_000
DEEPEST = 10_000
SHEET_ROWS = 1_048_575
# Some programs read the wide forms of an East Asian keyboard as the narrow ones.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Row = TypeVar("Row", bound=Model)


class TooManyRows(Refused):
    """The list is longer than a sheet can hold."""


@dataclass(frozen=True)
class Column:
    """One column of a list page: its heading, the key it sorts by, and how it stands."""

    label: str
    sort: str = ""
    figures: bool = False
    quiet: bool = False


def column(label: str, sort: str = "", figures: bool = False, quiet: bool = False) -> Column:
    """Describe a column of a list page; quiet ones are left out on phones, figures stand to the right."""
    return Column(label, sort, figures, quiet)


@dataclass(frozen=True)
class Filter:
    """A filter in force, in words, and the address of the list without it."""

    label: str
    value: str
    url: str


def count_up_to(found: QuerySet[Any], cap: int = COUNT_CAP) -> tuple[int, bool]:
    """Count rows, but never past the cap: (how many, whether that is all)."""
    sql, values = found.order_by().values("pk")[: cap + 1].query.sql_with_params()
    seen = int(rows.read(f"SELECT count(*) FROM ({sql}) AS found", values)[0][0])
    return min(seen, cap), seen <= cap


@dataclass(frozen=True)
class Opening(Generic[Row]):
    """How a busy list opens, with nothing asked: its first rows and its count, each by a prepared statement.

    Both take how many at most, and answer what `find` would in the list's first order. `offered` is what the choices
    of its filters are made of.
    """

    rows: Callable[[int], list[Row]]
    count: Callable[[int], int]
    offered: Hashable


class Listing(Generic[Row]):
    """One page of a list, as the address asks for it.

    `find` is called with the cleaned values of the filter form and answers the rows this person may see. `sorts` is
    the closed list of sort keys; a key that is not on it is ignored. Ties are broken by the primary key, so that
    turning pages neither repeats nor skips a row.
    """

    def __init__(
        self,
        asked: QueryDict,
        *,
        find: Callable[..., QuerySet[Row]],
        sorts: Mapping[str, str | Sequence[str]],
        first: str,
        filters: type[forms.Form] | None = None,
        page_size: int = PAGE_SIZE,
        cap: int = COUNT_CAP,
        deepest: int = DEEPEST,
        opening: Opening[Row] | None = None,
    ) -> None:
        self.asked = asked
        self.opening = None if any(asked.values()) else opening
        self._filters, self._find = filters, find
        self.sorts = sorts
        self.page_size = page_size
        self.cap = cap
        self.deepest = deepest
        wanted = asked.get("sort", "")
        self.sort = wanted if wanted.removeprefix("-") in sorts else first
        self.page = self._page(asked.get("page", ""))
        if self.opening is None:
            self.found  # noqa: B018 - what cannot be found says so here, not in the middle of the page

    @property
    def has_filters(self) -> bool:
        return self._filters is not None

    @cached_property
    def form(self) -> forms.Form | None:
        return self._filters(self.asked) if self._filters else None

    @cached_property
    def found(self) -> QuerySet[Row]:
        return self._find(**self._values())

    def _values(self) -> dict[str, Any]:
        if self.form is None:
            return {}
        valid = self.form.is_valid()
        return {
            name: self.form.cleaned_data.get(name) if not valid else self.form.cleaned_data[name]
            for name in self.form.fields
        }

    def _page(self, said: str) -> int:
        last = max(1, -(-self.deepest // self.page_size))
        return min(max(1, int(said)), last) if said.isdecimal() and len(said) < 9 else 1

    @cached_property
    def sorted(self) -> QuerySet[Row]:
        """Answer every row of the list, in the order asked for, for the export and for bulk work."""
        down = self.sort.startswith("-")
        keys = self.sorts[self.sort.removeprefix("-")]
        listed = [keys] if isinstance(keys, str) else list(keys)
        turned = [key[1:] if key.startswith("-") else f"-{key}" for key in listed] if down else listed
        return self.found.order_by(*turned, "-pk" if down else "pk")

    @cached_property
    def _window(self) -> list[Row]:
        start = (self.page - 1) * self.page_size
        window = self._from(start)
        if not window and self.page > 1:
            self.page = max(1, -(-self._counted[0] // self.page_size))
            window = self._from((self.page - 1) * self.page_size)
        return window

    def _from(self, start: int) -> list[Row]:
        if self.opening:
            return self.opening.rows(self.page_size + 1)
        found = self.sorted[start : start + self.page_size + 1]
        return list(found) if found._prefetch_related_lookups else rows.fetch(found)  # type: ignore[attr-defined]  # carries no types

    @cached_property
    def rows(self) -> list[Row]:
        return self._window[: self.page_size]

    @cached_property
    def has_next(self) -> bool:
        return len(self._window) > self.page_size and self.page * self.page_size < self.deepest

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        if self.opening:
            seen = self.opening.count(self.cap + 1)
            return min(seen, self.cap), seen <= self.cap
        return count_up_to(self.found, self.cap)

    @cached_property
    def count(self) -> int:
        """Count the rows, up to the cap. A short page tells the count by itself."""
        if self.rows and len(self._window) <= self.page_size:
            return (self.page - 1) * self.page_size + len(self.rows)
        return self._counted[0] if self._window else 0

    @cached_property
    def count_words(self) -> str:
        """Say the count; past the cap it says 10,000+ rather than a guess."""
        capped = len(self._window) > self.page_size and not self._counted[1]
        return f"{self.count:,}{'+' if capped else ''}"

    @property
    def first_row(self) -> int:
        return (self.page - 1) * self.page_size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        return (self.page - 1) * self.page_size + len(self.rows)

    def url(self, **changes: object) -> str:
        """Return the address of this list with some of its state changed; None takes a key away.

        Any change but that of the page goes back to the first page.
        """
        query = self.asked.copy()
        for key in [key for key in query if key == "page" or not any(query.getlist(key))]:
            del query[key]
        for key, value in changes.items():
            query.pop(key, None)
            if isinstance(value, (list, tuple)):
                query.setlist(key, [str(one) for one in value])
            elif value is not None and value != "":
                query[key] = str(value)
        return f"?{sealed_query(query)}" if query else "?"

    def sort_url(self, key: str) -> str:
        """Return the address sorted by this key; the other way round when it is sorted by it already."""
        return self.url(sort=f"-{key}" if self.sort == key else key)

    def direction(self, key: str) -> str:
        """Tell how the list is sorted by this key, in the words of ARIA."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "none")

    @cached_property
    def active(self) -> list[Filter]:
        """Return the filters in force, in words, each with the address without it."""
        if self.opening or self.form is None:
            return []
        return [
            Filter(str(bound.label), _said(bound), self.url(**{bound.html_name: None}))
            for bound in self.form
            if bound.name in self.form.cleaned_data
            and self.form.cleaned_data[bound.name] not in (None, "", [], False)
            and not bound.is_hidden
        ]

    @property
    def drawn_as(self) -> Hashable:
        """Tell what the drawn filters depend on while nothing is filtered; None otherwise: what is typed is not kept."""
        if self.opening:
            return (getattr(self._filters, "func", self._filters), self.opening.offered)
        if self.form is None or any(self.asked.get(name) for name in self.form.fields):
            return None
        offered = tuple(repr(list(getattr(field, "choices", ()))) for field in self.form.fields.values())
        return (type(self.form), self.asked.get("sort", ""), offered)

    @property
    def clear_url(self) -> str:
        """Return the address of the list without filters, sorted as it is."""
        return f"?sort={self.asked['sort']}" if self.asked.get("sort") else "?"


def _said(bound: forms.BoundField) -> str:
    """Say the value of a filter as the person chose it, not as the program keeps it."""
    value = bound.value()
    chosen = value if isinstance(value, list) else [value]
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return "是" if isinstance(bound.field, forms.BooleanField) else str(value)
    return "、".join(str(label) for key, label in choices if str(key) in [str(one) for one in chosen])


@dataclass(frozen=True)
class ExportColumn:
    """One column of an exported sheet: heading, how to read the value from a row, width in letters."""

    label: str
    value: Callable[[Any], object]
    width: int = 16
    masked: bool = False


@dataclass(frozen=True)
class Watermark:
    """Who took the sheet out, when and what for: its first line, its printed header and its properties."""

    who: str
    at: datetime
    why: str

    @property
    def line(self) -> str:
        return f"导出人:{self.who}  时间:{timezone.localtime(self.at):%Y-%m-%d %H:%M}  用途:{self.why}"


def harmless(text: str) -> str:
    """Keep a text from being taken for a formula by spreadsheet programs, in this sheet or in a CSV made of it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def export(
    rows: QuerySet[Any] | Iterable[Any],
    columns: Sequence[ExportColumn],
    filename: str,
    *,
    watermark: Watermark | None = None,
    unmasked: bool = True,
) -> FileResponse:
    """Send rows as a sheet, written row by row so that memory stays flat; what is masked stays so unless asked for.

    Refused when there are more rows than a sheet can hold.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # slow; carries no types

    sheet_file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(sheet_file, {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = {
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    first = _mark(book, sheet, watermark) if watermark else 0
    for at, one in enumerate(columns):
        sheet.set_column(at, at, one.width)
        sheet.write_string(first, at, one.label, head)
    sheet.freeze_panes(first + 1, 0)
    for line, row in enumerate(rows.iterator(2000) if isinstance(rows, QuerySet) else rows, start=first + 1):
        if line > SHEET_ROWS:
            sheet_file.close()
            raise TooManyRows("超过一百万行,一张表放不下,请先缩小筛选范围")
        for at, one in enumerate(columns):
            said = one.value(row)
            _write(sheet, line, at, mask_phone(str(said or "")) if one.masked and not unmasked else said, formats)
    book.close()
    sheet_file.seek(0)
    return FileResponse(
        sheet_file,
        as_attachment=True,
        filename=filename if filename.endswith(".xlsx") else f"{filename}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _mark(book: Any, sheet: Any, watermark: Watermark) -> int:
    """Put the watermark on the sheet and return the line that is free below it."""
    sheet.write_string(0, 0, watermark.line, book.add_format({"font_color": "#666666", "italic": True}))
    sheet.set_header(f"&L{watermark.line.replace('&', '&&')}&R&P/&N"[:255])
    sheet.repeat_rows(1)
    book.set_properties(
        {"author": watermark.who, "comments": watermark.line, "created": watermark.at.replace(tzinfo=None)}
    )
    return 1


def _write(sheet: Any, line: int, at: int, value: object, formats: Mapping[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, at, "是" if value else "否")
    elif isinstance(value, Decimal):
        sheet.write_number(line, at, value, formats["money"])
    elif isinstance(value, (int, float)):
        sheet.write_number(line, at, value)
    elif isinstance(value, datetime):
        here = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        sheet.write_datetime(line, at, here, formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(line, at, value, formats["day"])
    else:
        sheet.write_string(line, at, harmless(str(value)))
