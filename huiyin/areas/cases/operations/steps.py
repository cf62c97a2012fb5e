"""What every write of a case shares: what its facts carry, its next step, and who owes it by name."""

from datetime import datetime
from typing import Any

from huiyin.areas.cases import rules, states
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.in_force import working_calendar
from huiyin.standards.operations import Owner

NEXT_STEP = "next_step"


class CaseIncomplete(Refused):
    """What is needed to go on was not given."""


class NotYours(Refused):
    """The step belongs to another area or another person, or the case is over."""


def frame(case: Case) -> dict[str, Any]:
    """Return what every fact about the case carries. Whoever took it first owes nothing any more once they have left."""
    first = case.first_contact_owner
    return {
        "subject_id": case.pk,
        "case_id": case.pk,
        "estate_id": case.estate_id,
        "thread": case.thread,
        "responsible_id": case.responsible_id,
        "responsible_post": post_code(case),
        "receiver_id": first.pk if first.is_active else None,
        "kind": case.kind,
        "anonymous": case.anonymous,
    }


def refresh_next_step(case: Case) -> bool:
    """Let the next step be the running promise that is due first; without one it stays. Tell whether there is one."""
    owed = promises.next_owed(case.thread)
    if owed:
        _set_next(case, owed.does, owed.due_at)
    return owed is not None


def _set_next(case: Case, step: str, by: datetime) -> None:
    if (step, by) != (case.next_step, case.next_at):
        rows.change(Case, case.pk, {"next_step": step, "next_at": by}, where="status", among=states.OPEN)
        case.next_step, case.next_at = step, by


def go_on(case: Case, *, step: str, entry: Entry, at: datetime, by: datetime | None = None) -> None:
    """Let the matter go on after the act of `entry`: the step owed by name is done, and the next one is owed.

    Where the standard has a promise running, that is the next step; only without one is `step` owed by name, until
    `by` or else the end of the next working day. So an open case is always on somebody's list.
    """
    standards.keep_subject((case.journal_name, case.pk), codes=[NEXT_STEP], entry=entry, at=at)
    owe_step(case, step=step, entry=entry, at=at, by=by)


def owe_step(case: Case, *, step: str, entry: Entry, at: datetime, by: datetime | None = None) -> None:
    """Let somebody owe the step by name when no promise is running."""
    if not refresh_next_step(case):
        due_at = by if by and by > at else end_of_next_workday(case.estate_id, at)
        promise_by_word(case, step, due_at=due_at, entry=entry, at=at, code=NEXT_STEP)
        _set_next(case, step, due_at)


def promise_by_word(
    case: Case, does: str, *, due_at: datetime, entry: Entry, at: datetime, code: str = standards.BY_WORD
) -> None:
    standards.promise(
        does,
        estate_id=case.estate_id,
        subject=(case.journal_name, case.pk),
        thread=case.thread,
        entry=entry,
        due_at=due_at,
        owner=Owner(case.responsible_id, post_code(case)),
        at=at,
        code=code,
    )


def first_responsible(estate_id: int, kind: str, category: Category | None, *, at: datetime) -> Responsible:
    code = category.post_code if category and category.post_code else rules.FIRST_POST[kind]
    return staffing.responsible_now(estate_id, code, at=at)


def responsible_again(case: Case, *, at: datetime) -> tuple[Post, User | None]:
    """Return who answers for a case that runs again: the same post and person, unless they have left."""
    post = case.responsible_post or first_responsible(case.estate_id, case.kind, case.category, at=at).post
    person = case.responsible if case.responsible and case.responsible.is_active else None
    return post, person


def owner_now(case: Case) -> Owner:
    """Return who owes what follows the case, as the database says: somebody may have taken it meanwhile."""
    person_id, post = Case.objects.values_list("responsible_id", "responsible_post__code").get(pk=case.pk)
    return Owner(person_id, post or "")


def end_of_next_workday(estate_id: int, at: datetime) -> datetime:
    return working_calendar(estate_id=estate_id).add_workdays_end_of_day(at, 1)


def post_code(case: Case) -> str:
    return case.responsible_post.code if case.responsible_post else ""
