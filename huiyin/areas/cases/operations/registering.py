"""How a matter becomes a case."""

from datetime import datetime

from huiyin.areas.cases import events, rules
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.operations.steps import (
    CaseIncomplete,
    end_of_next_workday,
    first_responsible,
    frame,
    owe_step,
)
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Estate, Household, Person, Unit
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.transactions import command
from huiyin.standards.in_force import working_calendar


@command
def register_case(
    estate: Estate,
    *,
    kind: str,
    text: str,
    caller: Caller,
    actor: User,
    at: datetime,
    unit: Unit | None = None,
    household: Household | None = None,
    person: Person | None = None,
    category: Category | None = None,
    urgency: str = "normal",
    place: str = "",
    channel: str = "",
    important: bool = False,
    written_at: datetime | None = None,
    responsible: Responsible | None = None,
    raised_by: Case | None = None,
    repeat_of: Case | None = None,
    followed: bool = False,
) -> Case:
    """Register a matter: it gets its number, somebody responsible, a next step and a time at once.

    `followed`: what handles it is opened in the same command, and says who owes the first step.
    Refused without a text, or when the estate has no post that could answer for it.
    """
    if not text.strip():
        raise CaseIncomplete("请写下客户说了什么")
    answerable = responsible or first_responsible(estate.pk, kind, category, at=at)
    day = working_calendar(estate_id=estate.pk).local_date(at)
    serial = next_number(estate.pk, f"case.{kind}", day)
    case = rows.new(
        Case,
        estate=estate,
        number=f"{estate.code}-{rules.NUMBER_LETTER[kind]}{day:%y%m%d}-{serial:03d}",
        kind=kind,
        text=text.strip(),
        place=place,
        category=category,
        urgency=urgency,
        channel=channel,
        anonymous=caller.anonymous,
        caller_name=caller.name,
        caller_phone=caller.phone,
        caller_unit=caller.unit_code or (unit.code if unit else ""),
        unit=unit,
        household=household,
        person=person,
        opened_at=at,
        written_at=written_at,
        first_contact_owner=actor,
        responsible_post=answerable.post,
        responsible=answerable.user,
        next_step=rules.FIRST_STEP[kind],
        next_at=end_of_next_workday(estate.pk, at),
        raised_by=raised_by,
        repeat_of=repeat_of,
    )
    rows.insert(case)
    entry = journal.announce(
        events.CaseRegistered(
            **frame(case),
            urgency=urgency,
            channel=channel,
            category=category.code if category else "",
            important=important,
        ),
        actor=actor,
        at=at,
    )
    if not followed:
        owe_step(case, step=case.next_step, entry=entry, at=at)
    return case
