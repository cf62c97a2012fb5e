"""What the operations of upkeep have in common."""

from datetime import date, datetime, time
from typing import Any

from huiyin.areas.staffing import queries as staffing
from huiyin.areas.upkeep.models import Project
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import take_turn
from huiyin.standards import operations as standards
from huiyin.standards.in_force import working_calendar
from huiyin.standards.operations import Owner

BY_PLAN = "upkeep.plan"
LEADERS = ("maintenance_lead", "department_head")
HEADS = ("estate_manager", "centre_director")


class UpkeepRefused(Refused):
    """What was told of equipment, a plan or a project cannot be so."""


def end_of(day: date, *, estate_id: int) -> datetime:
    """Return the moment the day ends in the estate: midnight belongs to the day that ends."""
    calendar = working_calendar(estate_id=estate_id)
    return calendar.end_of_day(datetime.combine(day, time(12), calendar.zone))


def owe(row: Any, does: str, *, to: Owner, due_on: date, entry: Entry, at: datetime) -> None:
    """Let somebody owe the next act of a project by the end of a day; today at the earliest."""
    due_at = max(
        end_of(due_on, estate_id=row.estate_id), end_of(local_date(row.estate_id, at), estate_id=row.estate_id)
    )
    standards.promise(
        does,
        estate_id=row.estate_id,
        subject=(row.journal_name, row.pk),
        thread=row.thread,
        entry=entry,
        due_at=due_at,
        owner=to,
        at=at,
        code=BY_PLAN,
    )


def hold(project: Project) -> None:
    """Be the only one who moves the project or its stages until the transaction ends, and see it as it is."""
    take_turn(f"project {project.pk}")
    project.refresh_from_db(fields=["status"])


def owed_no_more(row: Any, *, entry: Entry, at: datetime) -> None:
    standards.keep_subject((row.journal_name, row.pk), entry=entry, at=at, codes=(BY_PLAN,))


def local_date(estate_id: int, at: datetime) -> date:
    return working_calendar(estate_id=estate_id).local_date(at)


def person_of(estate_id: int, person: User) -> Owner:
    """Return the person with the post that answers for what they leave behind."""
    post = staffing.post_of(person, estate_id)
    return Owner(person.pk, post.code if post else staffing.first_existing(estate_id, LEADERS))


def head_of(estate_id: int) -> Owner:
    return Owner(None, staffing.first_existing(estate_id, HEADS))


def require_colleague(estate_id: int, person: User, *, what: str) -> None:
    if person.pk not in {one.pk for one in staffing.colleagues(estate_id)}:
        raise UpkeepRefused(f"{what}要选本小区在岗的同事")


def project_frame(project: Project) -> dict[str, Any]:
    return {
        "subject_id": project.pk,
        "estate_id": project.estate_id,
        "thread": project.thread,
        "responsible_id": project.responsible_id,
        "number": project.number,
        "title": project.title,
    }
