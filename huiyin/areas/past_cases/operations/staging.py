"""A sheet of old orders on its way in: handed in, checked, confirmed, taken in. Long ones are checked and taken in by jobs."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.utils.timezone import get_default_timezone

from huiyin.areas.cases.rules import Promised
from huiyin.areas.estate.models import Estate
from huiyin.areas.past_cases.models import OrderSheet
from huiyin.areas.past_cases.operations.taking_over import open_source, take_over
from huiyin.areas.past_cases.queries.comparing import OrderPlan, compare
from huiyin.areas.past_cases.rules.orders import SOURCE, SOURCE_TITLE, read_orders
from huiyin.areas.past_cases.states import FAULT, FINISH, PASS, START, SheetStatus
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
BATCH = 500
LEAD = "maintenance_lead"
PROMISED = Promised("past_order.done", "修好")  # old orders name no time of their own; what is open gets its next step


@command
def hand_in_orders(estate: Estate, upload: "File[bytes]", *, actor: User, at: datetime, key: str = "") -> OrderSheet:
    """Keep the sheet that was handed in; it is not looked at yet. Refused unless it is an Excel or CSV file."""
    earlier = idempotency.earlier_result(key, "past_cases.hand_in", actor=actor)
    if earlier is not None:
        return OrderSheet.objects.get(pk=earlier)
    sheet = OrderSheet.objects.create(estate=estate, made_by=actor, made_at=at)
    sheet.file = files.store_upload(
        upload,
        actor=actor,
        at=at,
        estate_id=estate.pk,
        subject_type=OrderSheet.journal_name,
        subject_id=sheet.pk,
        allowed=SHEETS,
    )
    sheet.save(update_fields=["file"])
    idempotency.remember(key, "past_cases.hand_in", actor=actor, at=at, result=sheet.pk)
    return sheet


def begin_check(sheet: OrderSheet, *, actor: User, at: datetime) -> None:
    """Check a short sheet at once and leave a long one to a job. Does nothing when it has been checked."""
    if sheet.status != SheetStatus.CHECKING or sheet.file is None:
        return
    if sheet.file.size <= AT_ONCE_BYTES:
        check(sheet, actor=actor, at=at)
    else:
        _later("check_orders", sheet)


def check(sheet: OrderSheet, *, actor: User, at: datetime) -> None:
    """Read the sheet, compare it with the estate and keep the report. Takes nothing in; may be repeated."""
    if sheet.status != SheetStatus.CHECKING:
        return
    try:
        plan = _plan(sheet, at=at)
    except TableUnreadable as unreadable:
        _settle(sheet, {"unreadable": unreadable.sentence}, wrong=True, actor=actor, at=at)
    else:
        _settle(sheet, report_of(plan), wrong=bool(plan.problems), actor=actor, at=at)


def confirm_orders(sheet: OrderSheet, *, actor: User, at: datetime) -> None:
    """Record that the person wants the checked sheet taken in: a short one is, at once; a long one is left to a job.

    Refused unless it waits for that. When it no longer fits the estate, what is wrong is kept instead.
    """
    if sheet.report.get("rows", 0) > AT_ONCE_ROWS:
        _start_later(sheet, actor=actor, at=at)
        return
    plan = _plan(sheet, at=at)
    if plan.problems and sheet.status == SheetStatus.CHECKED:
        _settle(sheet, report_of(plan), wrong=True, actor=actor, at=at)
    else:
        _at_once(sheet, plan, actor=actor, at=at)


def take_in_orders(sheet: OrderSheet, *, actor: User, at: datetime) -> None:
    """Take in the confirmed sheet in batches, each whole; what an earlier try has taken in is left alone.

    When the estate has changed so that it no longer fits, what is wrong is kept instead. Does nothing when it was
    taken in already.
    """
    if sheet.status != SheetStatus.RUNNING:
        return
    plan = _plan(sheet, at=at)
    if plan.problems:
        _settle(sheet, report_of(plan), wrong=True, actor=actor, at=at)
        return
    take_in_plan(sheet.estate, plan, actor=actor, at=at, tell=_teller(sheet))
    # Of a sheet that was cut off the plan knows only the rest: what was new is told by the check.
    _finish(sheet, sheet.report | {"added": sheet.report["new"]}, actor=actor, at=at)


def take_in_plan(
    estate: Estate, plan: OrderPlan, *, actor: User, at: datetime, tell: Callable[[int, int], None] | None = None
) -> int:
    """Take over what the plan tells, a batch at a time, and return how many that were. `tell` hears how far it is."""
    source = open_source(estate, code=SOURCE, title=SOURCE_TITLE, as_of=None)
    added = 0
    for start in range(0, len(plan.told), BATCH):
        batch = plan.told[start : start + BATCH]
        added += take_over(source, batch, promised=PROMISED, post=LEAD, actor=actor, at=at)
        if tell:
            tell(start + len(batch), len(plan.told))
    return added


def report_of(plan: OrderPlan) -> dict[str, Any]:
    """Write the plan down without the orders themselves."""
    return {
        "rows": plan.rows,
        "new": len(plan.told),
        "known": plan.known,
        "still_open": plan.still_open,
        "homes": plan.homes,
        "warranties": plan.warranties,
        "unused": plan.unused,
        "problem_count": len(plan.problems),
        "problems": [asdict(problem) for problem in plan.problems[:PROBLEMS_KEPT]],
    }


@command
def _start_later(sheet: OrderSheet, *, actor: User, at: datetime) -> None:
    perform(sheet, START, actor=actor, at=at, confirmed_by=actor)
    _later("take_in_orders", sheet)


@command
def _at_once(sheet: OrderSheet, plan: OrderPlan, *, actor: User, at: datetime) -> None:
    perform(sheet, START, actor=actor, at=at, confirmed_by=actor)
    added = take_in_plan(sheet.estate, plan, actor=actor, at=at)
    _finish(sheet, report_of(plan) | {"added": added}, actor=actor, at=at)


@command
def _finish(sheet: OrderSheet, report: dict[str, Any], *, actor: User, at: datetime) -> None:
    perform(sheet, FINISH, actor=actor, at=at, report=report)


@command
def _settle(sheet: OrderSheet, report: dict[str, Any], *, wrong: bool, actor: User, at: datetime) -> None:
    perform(sheet, FAULT if wrong else PASS, actor=actor, at=at, report=report)


def _later(job: str, sheet: OrderSheet) -> None:
    """Enqueue a job of this area by its path: jobs stand above operations."""
    once(task_at(f"huiyin.areas.past_cases.jobs.{job}"), f"{job}:{sheet.pk}").enqueue(sheet_id=sheet.pk)


def _plan(sheet: OrderSheet, *, at: datetime) -> OrderPlan:
    assert sheet.file is not None
    with open_for_download(sheet.file).stream as stream:
        tables = list(read_tables(stream.read()))
    zone = get_default_timezone()
    return compare(sheet.estate, read_orders(tables, now=at, zone=zone, tell=_teller(sheet)), zone=zone)


def _teller(sheet: OrderSheet) -> Callable[[int, int], None]:
    @command
    def tell(done: int, total: int) -> None:
        OrderSheet.objects.filter(pk=sheet.pk).update(done_rows=done, rows=total)

    return tell
