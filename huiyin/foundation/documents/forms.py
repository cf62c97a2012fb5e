"""What a printed form is: its code, its template, whose copy it is, and where its values come from. No database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.foundation.accounts.models import User

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One form with its values: of which estate, under which number, and the address its QR code leads back to."""

    form: "Form"
    estate: str
    serial: str
    path: str
    values: Values
    blank: bool = False


@dataclass(frozen=True)
class Form:
    """A form of the manuals. `code`, `title` and `version` stand on every page of it.

    `template` is a Typst file below the package. `read` returns the records with these ids that the person may see,
    in the order asked for; `fill` makes sheets of them: one each, or one register of all. `right` is that of the
    record's own page, `export` the right without which a register of people is not taken out of the house; `callers` says
    that names and phones stand on it. `copies` say which copy it is and who keeps it. Where a blank one can be printed,
    `blank` holds what is known beforehand (the columns of a register), and `keyed_in` the page on which a filled one is
    keyed in.
    """

    code: str
    title: str
    template: str
    right: str
    read: Callable[[User, Sequence[int]], Sequence[Any]]
    fill: Callable[["Form", Sequence[Any]], Iterable[Sheet]]
    version: int = 1
    copies: tuple[str, ...] = ("",)
    landscape: bool = False
    register: bool = False
    export: str = ""
    callers: bool = False
    blank: Values | None = None
    keyed_in: str = ""

    def blank_sheet(self, *, estate: str, serial: str, path: str) -> Sheet:
        return Sheet(self, estate, serial, path, self.blank or {}, blank=True)


def in_order(found: Iterable[Any], ids: Sequence[int]) -> list[Any]:
    """Return the records in the order of the ids; those that were not found are left out."""
    known = {record.pk: record for record in found}
    return [known[pk] for pk in ids if pk in known]


NUMBER, TIME, SHORT_TIME, SPAN, PHONE, HOME, NAME, WORD = 32, 23, 14, 42, 26, 21, 17, 15


@dataclass(frozen=True)
class Columns:
    """The columns of a register: heading, width, and the value of a row in words.

    A width of ten or more is in millimetres, for what is always as long; less is a share of what is left.
    """

    of: tuple[tuple[str, float, Callable[[Any], str]], ...]
    blank_rows: int = 14
    signed: tuple[str, ...] = ()

    def empty(self) -> Values:
        """Return what a blank register knows."""
        return {**self._head(), "rows": [], "sum": ""}

    def of_rows(self, rows: Sequence[Any]) -> Values:
        """Return the values of a register of these rows, with their count above the table."""
        lines = [[value(row) for _, _, value in self.of] for row in rows]
        return {**self._head(), "rows": lines, "sum": f"共 {len(rows)} 条"}

    def _head(self) -> dict[str, Any]:
        return {
            "columns": [{"title": title, "width": width} for title, width, _ in self.of],
            "blank_rows": self.blank_rows,
            "signed": list(self.signed),
        }
