"""A sheet on its way in: handed in, checked, confirmed, taken in. Large ones are checked and taken in by jobs."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.files.base import File

from huiyin.areas.estate.models import Estate, UnitImport
from huiyin.areas.estate.operations.importing import SheetWrong, import_sheet
from huiyin.areas.estate.queries.comparing import Plan, compare
from huiyin.areas.estate.rules.sheet import Sheet, read_sheet
from huiyin.areas.estate.states import FAULT, FINISH, PASS, START, ImportStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.queries import open_for_download
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.idempotency import operations as idempotency
from huiyin.foundation.jobs.tasks import once, task_at
from huiyin.foundation.states.moves import perform
from huiyin.foundation.tables import TableUnreadable, read_tables
from huiyin.foundation.transactions import command

PROBLEMS_KEPT = 500
AT_ONCE_BYTES = 400_000  # about 5,000 rows
AT_ONCE_ROWS = 5_000


@command
def hand_in(estate: Estate, upload: "File[bytes]", *, actor: User, at: datetime, key: str = "") -> UnitImport:
    """Keep the sheet that was handed in; it is not looked at yet. Refused unless it is an Excel or CSV file."""
    earlier = idempotency.earlier_result(key, "estate.hand_in", actor=actor)
    if earlier is not None:
        return UnitImport.objects.get(pk=earlier)
    handed_in = UnitImport.objects.create(estate=estate, made_by=actor, made_at=at)
    handed_in.file = files.store_upload(
        upload,
        actor=actor,
        at=at,
        estate_id=estate.pk,
        subject_type="estate.import",
        subject_id=handed_in.pk,
        allowed=SHEETS,
    )
    handed_in.save(update_fields=["file"])
    idempotency.remember(key, "estate.hand_in", actor=actor, at=at, result=handed_in.pk)
    return handed_in


def check(handed_in: UnitImport, *, actor: User, at: datetime, today: date) -> None:
    """Read the sheet, compare it with the estate and keep the report. Changes nothing else; may be repeated."""
    try:
        plan = compare(handed_in.estate, _sheet(handed_in, today), today=today)
    except TableUnreadable as unreadable:
        _settle(handed_in, {"unreadable": unreadable.sentence}, wrong=True, actor=actor, at=at)
    else:
        _settle(handed_in, report_of(plan), wrong=bool(plan.problems), actor=actor, at=at)


def begin_check(handed_in: UnitImport, *, actor: User, at: datetime, today: date) -> None:
    """Check a short sheet at once and leave a long one to a job. Does nothing when it has been checked."""
    if handed_in.status != ImportStatus.CHECKING or handed_in.file is None:
        return
    if handed_in.file.size <= AT_ONCE_BYTES:
        check(handed_in, actor=actor, at=at, today=today)
    else:
        _later("check_sheet", handed_in)


def confirm(handed_in: UnitImport, *, actor: User, at: datetime, today: date) -> None:
    """Record that the person wants the checked sheet taken in: a short one is, at once; a long one is left to a job.

    Refused unless it waits for that. When it no longer fits the estate, what is wrong is kept instead.
    """
    if handed_in.report.get("rows", 0) > AT_ONCE_ROWS:
        _start_later(handed_in, actor=actor, at=at)
        return
    sheet = _sheet(handed_in, today)
    try:
        _start_and_take_in(handed_in, sheet, actor=actor, at=at, today=today)
    except SheetWrong as wrong:
        handed_in.refresh_from_db(fields=["status", "confirmed_by"])
        _settle(handed_in, report_of(wrong.plan), wrong=True, actor=actor, at=at)


def take_in(handed_in: UnitImport, *, actor: User, at: datetime, today: date) -> None:
    """Take in the confirmed sheet in the name of who confirmed it.

    When the estate has changed so that it no longer fits, what is wrong is kept instead. Does nothing when it was
    taken in already.
    """
    if handed_in.status != ImportStatus.RUNNING:
        return
    try:
        _take_in(handed_in, _sheet(handed_in, today), actor=actor, at=at, today=today)
    except SheetWrong as wrong:
        _settle(handed_in, report_of(wrong.plan), wrong=True, actor=actor, at=at)


@command
def _start_later(handed_in: UnitImport, *, actor: User, at: datetime) -> None:
    perform(handed_in, START, actor=actor, at=at, confirmed_by=actor)
    _later("take_in_sheet", handed_in)


@command
def _start_and_take_in(handed_in: UnitImport, sheet: Sheet, *, actor: User, at: datetime, today: date) -> None:
    perform(handed_in, START, actor=actor, at=at, confirmed_by=actor)
    _take_in(handed_in, sheet, actor=actor, at=at, today=today)


def _later(job: str, handed_in: UnitImport) -> None:
    """Enqueue a job of this area by its path: jobs stand above operations."""
    once(task_at(f"huiyin.areas.estate.jobs.{job}"), f"{job}:{handed_in.pk}").enqueue(import_id=handed_in.pk)


@command
def _take_in(handed_in: UnitImport, sheet: Sheet, *, actor: User, at: datetime, today: date) -> None:
    source = handed_in.file.original_name if handed_in.file else ""
    plan = import_sheet(handed_in.estate, sheet, actor=actor, at=at, today=today, source=source)
    perform(handed_in, FINISH, actor=actor, at=at, report=report_of(plan))


@command
def _settle(handed_in: UnitImport, report: dict[str, Any], *, wrong: bool, actor: User, at: datetime) -> None:
    perform(handed_in, FAULT if wrong else PASS, actor=actor, at=at, report=report)


def report_of(plan: Plan) -> dict[str, Any]:
    """Write the plan down without the homes themselves."""
    return {
        "rows": plan.rows,
        "units": asdict(plan.units),
        "people": asdict(plan.people),
        "left_alone": plan.left_alone,
        "unused": plan.unused,
        "problem_count": len(plan.problems),
        "problems": [asdict(problem) for problem in plan.problems[:PROBLEMS_KEPT]],
    }


def _sheet(handed_in: UnitImport, today: date) -> Sheet:
    assert handed_in.file is not None
    with open_for_download(handed_in.file).stream as stream:
        tables = list(read_tables(stream.read()))

    @command
    def tell(done: int, total: int) -> None:
        UnitImport.objects.filter(pk=handed_in.pk).update(done_rows=done, rows=total)

    return read_sheet(tables, today=today, tell=tell)
