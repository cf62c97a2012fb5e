"""A sheet to fill in for an import: a page with the header row, a page of examples, a page of notes."""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import FileResponse


def sheet_to_fill(
    filename: str,
    header: Sequence[str],
    *,
    examples: Sequence[Sequence[Any]],
    notes: Sequence[str],
    figures: Collection[str] = (),
    widths: Mapping[str, int] | None = None,
    choices: Mapping[str, Sequence[str]] | None = None,
    synonyms: Sequence[Sequence[str]] = (),
) -> FileResponse:
    """Answer with the sheet. All columns but `figures` are text, so that no code or date is read as a number.

    `choices`: what may be picked in a column; `synonyms`: for each column the words it is known by, the usual one first.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # slow; carries no types

    kept = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(kept)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E4F1F0"})
    text = book.add_format({"num_format": "@"})
    for name, rows in (("填写", ()), ("示例", examples)):
        sheet = book.add_worksheet(name)
        for at, label in enumerate(header):
            sheet.set_column(at, at, (widths or {}).get(label, 10), None if label in figures else text)
            sheet.write_string(0, at, label, head)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows, start=1):
            sheet.write_row(line, 0, row)
        for label, picked in (choices or {}).items():
            at = header.index(label)
            sheet.data_validation(1, at, 100_000, at, {"validate": "list", "source": list(picked)})
    said = book.add_worksheet("说明")
    said.set_column(0, 0, 100)
    said.write_column(0, 0, notes)
    said.write_column(len(notes) + 1, 0, [f"「{one[0]}」也认:{'、'.join(one[1:])}" for one in synonyms])
    book.close()
    kept.seek(0)
    return FileResponse(kept, as_attachment=True, filename=filename)
