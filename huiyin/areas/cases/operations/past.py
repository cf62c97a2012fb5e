"""Cases that were handled before this house knew of them: recorded as they were, with their own times and numbers."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from huiyin.areas.cases import rules
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.operations.steps import NEXT_STEP, end_of_next_workday
from huiyin.areas.cases.rules import PastCase, Promised
from huiyin.areas.cases.states import CaseStatus
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.foundation import bulk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.operations import PastLine
from huiyin.foundation.numbers.operations import next_numbers
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards.in_force import working_calendar
from huiyin.standards.operations import PastPromise

TAKEN_OVER = "cases.case.taken_over"
CLOSED_BEFORE = "cases.case.closed_before"
_SERIES = "case.past"
_COLUMNS = (
    "id", "estate_id", "number", "kind", "status", "text", "place", "category_id", "urgency", "channel", "anonymous",
    "caller_name", "caller_phone", "caller_unit", "unit_id", "household_id", "person_id", "opened_at", "written_at",
    "first_contact_owner_id", "responsible_post_id", "responsible_id", "next_step", "next_at", "promised_at", "answer",
    "answered_at", "closed_at", "reopened", "merged_into_id", "repeat_of_id", "raised_by_id",
)  # fmt: skip


@command
def record_past_cases(
    estate: Estate, past: Sequence[PastCase], *, promised: Promised, post: Post, source: str, actor: User, at: datetime
) -> list[int]:
    """Record matters another book tells of, in a series of numbers of their own; return their ids.

    What was closed stays closed. What is open goes to the post, with the promise it was given or a next step of ours.
    Whatever else a complaint or a repair needs is for the area that owns it.
    """
    ids = bulk.reserve_ids(Case, len(past))
    numbers = _numbers(estate, past)
    tomorrow = end_of_next_workday(estate.pk, at)
    bulk.insert(
        Case,
        _COLUMNS,
        (
            _row(pk, number, one, estate=estate, promised=promised, post=post, actor=actor, tomorrow=tomorrow)
            for pk, number, one in zip(ids, numbers, past, strict=True)
        ),
    )
    told = _tell(estate, ids, past, source=source, actor=actor, at=at)
    promises = []
    for pk, one, (opened_by, closed_by) in zip(ids, past, told, strict=True):
        code, does, due_at = promised.code, promised.does, one.due_at
        if due_at is None:
            if one.closed_at is not None:
                continue
            code, does, due_at = NEXT_STEP, rules.FIRST_STEP[one.kind], tomorrow
        promises.append(
            PastPromise(
                code=code,
                does=does,
                subject=(Case.journal_name, pk),
                thread=f"case:{pk}",
                opened_at=one.opened_at,
                opened_by=opened_by,
                due_at=due_at,
                met_at=one.closed_at,
                met_by=closed_by,
                owner_post="" if one.closed_at else post.code,
            )
        )
    standards.record_past_promises(promises, estate_id=estate.pk, actor=actor, at=at)
    return ids


def _row(
    pk: int,
    number: str,
    one: PastCase,
    *,
    estate: Estate,
    promised: Promised,
    post: Post,
    actor: User,
    tomorrow: datetime,
) -> tuple[object, ...]:
    is_open = one.closed_at is None
    step, by = (promised.does, one.due_at) if one.due_at else (rules.FIRST_STEP[one.kind], tomorrow)
    caller = one.caller
    return (
        pk, estate.pk, number, one.kind, (CaseStatus.NEW if is_open else CaseStatus.CLOSED).value, one.text, one.place,
        one.category_id, one.urgency, one.channel, caller.anonymous, caller.name, caller.phone, caller.unit_code,
        one.unit_id, one.household_id, None, one.opened_at, None, actor.pk, post.pk, None, step if is_open else "",
        by if is_open else None, None, one.answer, one.closed_at if one.answer else None, one.closed_at, 0, None, None,
        None,
    )  # fmt: skip


def _numbers(estate: Estate, past: Sequence[PastCase]) -> list[str]:
    calendar = working_calendar(estate_id=estate.pk)
    days = [calendar.local_date(one.opened_at) for one in past]
    left: dict[date, range] = {
        day: next_numbers(estate.pk, _SERIES, day, count=count) for day, count in sorted(Counter(days).items())
    }
    given = {day: iter(serials) for day, serials in left.items()}
    return [f"{estate.code}-{rules.PAST_LETTER}{day:%y%m%d}-{next(given[day]):03d}" for day in days]


def _tell(
    estate: Estate, ids: Sequence[int], past: Sequence[PastCase], *, source: str, actor: User, at: datetime
) -> list[tuple[int, int | None]]:
    """Write to the journal how each came here and how it ended; return the entries, two a case."""
    lines: list[PastLine] = []
    for pk, one in zip(ids, past, strict=True):
        subject, thread = (Case.journal_name, pk), f"case:{pk}"
        known = {"source": source, "keyed_at": at}
        lines.append(PastLine(TAKEN_OVER, subject, thread, one.opened_at, values=known))
        if one.closed_at is not None:
            lines.append(PastLine(CLOSED_BEFORE, subject, thread, one.closed_at, note=one.answer, values=known))
    entries = iter(journal.record_past(lines, estate_id=estate.pk, actor=actor))
    return [(next(entries), next(entries) if one.closed_at is not None else None) for one in past]
