"""Printing: at once, as a batch in the background, or blank. Each is written to the journal: who, what, how many."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django_tasks.base import Task

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.documents.forms import Form
from huiyin.foundation.documents.models import PrintRun
from huiyin.foundation.documents.rendering import Printing, render
from huiyin.foundation.documents.words import moment
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.rules import PDF
from huiyin.foundation.jobs.tasks import once
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.kit.masking import REVEAL
from huiyin.foundation.numbers.operations import next_numbers
from huiyin.foundation.privacy import operations as privacy
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

MOST = 2_000
MOST_BLANK = 100
# So much of the purpose fits into the foot of a page; the whole of it stands in the journal.
FITS = 40
PRINTED, BLANK_PRINTED = "documents.form.printed", "documents.form.blank_printed"


class NotPrinted(Refused):
    """There is nothing to print, or too much at once."""


@dataclass(frozen=True)
class Purpose:
    """What a batch is for: the code of a reason, words of one's own, and the filter it was listed by."""

    reason: str
    note: str = ""
    asked: dict[str, Any] = field(default_factory=dict)


@command
def print_records(
    form: Form,
    records: Sequence[Any],
    *,
    subject: tuple[str, int],
    estate_id: int,
    origin: str,
    actor: User,
    at: datetime,
) -> bytes:
    """Return the form of these few records as a PDF, and record that they were printed."""
    values = _values(form, len(records))
    journal.record(PRINTED, subject=subject, estate_id=estate_id, actor=actor, at=at, values=values)
    return render(form.fill(form, records), Printing(_says(actor, at), origin))


@command
def begin_run(
    form: Form,
    ids: Sequence[int],
    task: Task[..., Any],
    *,
    purpose: Purpose,
    estate_id: int,
    origin: str,
    actor: User,
    at: datetime,
) -> PrintRun:
    """Record that these records are to be printed, what for, and leave the work to a job.

    Refused when nothing is listed, or more than can be printed at once, or without a reason.
    """
    if not ids:
        raise NotPrinted("没有可打印的,请换个筛选条件")
    if len(ids) > MOST:
        raise NotPrinted(f"一次最多打印 {MOST} 条,请缩小筛选范围")
    run = PrintRun.objects.create(
        estate_id=estate_id,
        form=form.code,
        title=form.title,
        wanted=list(ids),
        origin=origin,
        made_by=actor,
        made_at=at,
        total=len(ids),
    )
    subject = (PrintRun.journal_name, run.pk)
    journal.record(PRINTED, subject=subject, estate_id=estate_id, actor=actor, at=at, values=_values(form, len(ids)))
    run.purpose = privacy.take_out(
        f"{form.title}(纸面)",
        estate_id=estate_id,
        rows=len(ids),
        asked=purpose.asked,
        reason=purpose.reason,
        note=purpose.note,
        actor=actor,
        at=at,
        unmasked=form.callers and access_of(actor).may(REVEAL, estate_id),
        subject=subject,
    )
    run.save(update_fields=["purpose"])
    once(task, run.job_key).enqueue(run_id=run.pk)
    return run


def carry_out(run: PrintRun, form: Form, *, at: datetime) -> None:
    """Print what was asked for, as far as the person may still see it, and keep the file. Does nothing the second time."""
    if run.file_id is not None:
        return

    def tell(done: int) -> None:
        steps = run.total if form.register else min(done, run.total)
        PrintRun.objects.filter(pk=run.pk).update(done=steps)

    records = form.read(run.made_by, run.wanted)
    pdf = render(
        form.fill(form, records), Printing(_says(run.made_by, run.made_at, run.purpose), run.origin), tell=tell
    )
    with transaction.atomic():
        run.file = files.keep_made(
            pdf,
            PDF,
            name=f"{form.code} {form.title} {len(records)} 条.pdf",
            actor=run.made_by,
            at=at,
            estate_id=run.estate_id,
            subject=(PrintRun.journal_name, run.pk),
        )
        run.done = run.total
        run.save(update_fields=["file", "done"])


@command
def print_blank(
    form: Form, *, count: int, estate: tuple[int, str, str], path: str, origin: str, actor: User, on: date, at: datetime
) -> bytes:
    """Return blank forms for days on paper, each with a number of its own. `estate` is its id, code and name.

    Refused for a form that has no blank version, or for more than can be printed at once.
    """
    estate_id, code, name = estate
    if form.blank is None:
        raise NotPrinted("这张表单没有空白表")
    if not 1 <= count <= MOST_BLANK:
        raise NotPrinted(f"一次打印 1 到 {MOST_BLANK} 张")
    numbers = next_numbers(estate_id, "paper", on, count=count)
    serials = [f"{code}-Z-{on:%Y%m%d}-{number:04}" for number in numbers]
    values = {**_values(form, count), "from": serials[0], "to": serials[-1]}
    subject = ("documents.form", estate_id)
    journal.record(BLANK_PRINTED, subject=subject, estate_id=estate_id, actor=actor, at=at, values=values)
    sheets = [form.blank_sheet(estate=name, serial=serial, path=path) for serial in serials]
    return render(sheets, Printing(_says(actor, at), origin))


def _values(form: Form, count: int) -> dict[str, Any]:
    return {"form": form.code, "title": form.title, "count": count}


def _says(actor: User, at: datetime, purpose: str = "") -> str:
    what_for = purpose if len(purpose) <= FITS else f"{purpose[: FITS - 1]}…"
    return f"{moment(at)} {actor.name}打印" + (f",用途:{what_for}" if what_for else "")
