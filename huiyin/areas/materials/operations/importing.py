"""Taking in a sheet of items, prices and opening stock: checked first, then whole or not at all, twice without doubling."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.files.base import File

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import events
from huiyin.areas.materials.models import Item, ItemSheet, MovementKind
from huiyin.areas.materials.operations import items
from huiyin.areas.materials.operations.moving import MaterialRefused, move
from huiyin.areas.materials.queries.comparing import Comparison, compare
from huiyin.areas.materials.rules import NOTHING
from huiyin.areas.materials.rules.sheet import ItemLines, Sheet, read_sheet
from huiyin.areas.materials.states import FAULT, TAKE_IN, SheetStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.queries import open_for_download
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.states.moves import perform
from huiyin.foundation.tables import TableUnreadable, read_tables
from huiyin.foundation.transactions import command, take_turn

PROBLEMS_KEPT = 500


class SheetWrong(MaterialRefused):
    """The catalogue has changed so that the sheet no longer fits; nothing was taken in."""

    def __init__(self, found: Comparison) -> None:
        super().__init__(f"{found.problems[0].sentence}。共 {len(found.problems)} 处要改,什么都没有导入")
        self.found = found


@command
def hand_in(
    estate: Estate, upload: "File[bytes]", *, actor: User, at: datetime, today: date, key: str = ""
) -> ItemSheet:
    """Keep the sheet, check it and say what it would do. Refused unless it is an Excel or CSV file."""
    known = earlier_result(key, "materials.hand_in", actor=actor)
    if known is not None:
        return ItemSheet.objects.get(pk=known)
    upload.seek(0)
    report, wrong = _checked(estate, upload.read(), today)
    upload.seek(0)
    status = SheetStatus.WRONG if wrong else SheetStatus.CHECKED
    sheet = ItemSheet.objects.create(estate=estate, status=status, made_by=actor, made_at=at, report=report)
    sheet.file = files.store_upload(
        upload,
        actor=actor,
        at=at,
        estate_id=estate.pk,
        subject_type=ItemSheet.journal_name,
        subject_id=sheet.pk,
        allowed=SHEETS,
    )
    sheet.save(update_fields=["file"])
    remember(key, "materials.hand_in", actor=actor, at=at, result=sheet.pk)
    return sheet


def confirm_sheet(sheet: ItemSheet, *, actor: User, at: datetime, today: date) -> None:
    """Take the checked sheet in, compared anew. When it no longer fits, what is wrong is kept instead.

    Refused unless it waits for that.
    """
    try:
        _take_in(sheet, actor=actor, at=at, today=today)
    except SheetWrong as wrong:
        sheet.refresh_from_db(fields=["status"])
        _fault(sheet, report_of(wrong.found), actor=actor, at=at)


def report_of(found: Comparison) -> dict[str, Any]:
    """Write the comparison down without the items themselves."""
    return {
        "rows": found.rows,
        "items": asdict(found.items),
        "prices": asdict(found.priced),
        "stock": asdict(found.stocked),
        "unused": found.unused,
        "problem_count": len(found.problems),
        "problems": [asdict(problem) for problem in found.problems[:PROBLEMS_KEPT]],
    }


@command
def _take_in(sheet: ItemSheet, *, actor: User, at: datetime, today: date) -> None:
    assert sheet.file is not None
    take_turn(f"items {sheet.estate_id}")
    with open_for_download(sheet.file).stream as stream:
        found = compare(sheet.estate, _read(stream.read()), today=today)
    if found.problems:
        raise SheetWrong(found)
    perform(sheet, TAKE_IN, actor=actor, at=at, report=report_of(found))
    by_code = dict(found.known)
    for lines in found.new:
        by_code[lines.code] = _set_up(sheet.estate, lines, actor, at)
    for item, lines in found.changes:
        _change(item, lines, actor, at)
    for code, (day, bands) in found.prices.items():
        items.set_prices(by_code[code], bands, valid_from=day, actor=actor, at=at)
    _open_stock(sheet, found, by_code, actor, at)


def _open_stock(sheet: ItemSheet, found: Comparison, by_code: dict[str, Item], actor: User, at: datetime) -> None:
    entry = journal.record(
        events.SHEET_TAKEN_IN,
        subject=(ItemSheet.journal_name, sheet.pk),
        estate_id=sheet.estate_id,
        actor=actor,
        at=at,
        thread=sheet.thread,
        values={"items": found.items.added, "stock": found.stocked.added},
    )
    for code in sorted(found.openings, key=lambda code: by_code[code].pk):
        for store, quantity in found.openings[code]:
            move(MovementKind.OPENING, by_code[code], quantity, to=store, entry=entry, actor=actor, at=at)


def _set_up(estate: Estate, lines: ItemLines, actor: User, at: datetime) -> Item:
    return items.set_up_item(
        estate,
        code=lines.code,
        name=lines.name,
        spec=lines.spec or "",
        unit=lines.unit,
        least=lines.least or NOTHING,
        up_to=lines.up_to,
        actor=actor,
        at=at,
    )


def _change(item: Item, lines: ItemLines, actor: User, at: datetime) -> None:
    items.change_item(
        item,
        name=lines.name or item.name,
        spec=item.spec if lines.spec is None else lines.spec,
        least=item.least if lines.least is None else lines.least,
        up_to=item.up_to if lines.up_to is None else lines.up_to,
        active=item.active,
        actor=actor,
        at=at,
    )


@command
def _fault(sheet: ItemSheet, report: dict[str, Any], *, actor: User, at: datetime) -> None:
    perform(sheet, FAULT, actor=actor, at=at, report=report)


def _checked(estate: Estate, data: bytes, today: date) -> tuple[dict[str, Any], bool]:
    try:
        found = compare(estate, _read(data), today=today)
    except TableUnreadable as unreadable:
        return {"unreadable": unreadable.sentence}, True
    return report_of(found), bool(found.problems)


def _read(data: bytes) -> Sheet:
    return read_sheet(list(read_tables(data)))
