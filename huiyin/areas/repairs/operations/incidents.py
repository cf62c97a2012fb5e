"""Incidents: opened with the sentence to tell, kept up to date, ended; and the hints for a building."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from huiyin.areas.cases.models import Category
from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.repairs import events, states
from huiyin.areas.repairs.models import BuildingHint, Incident, IncidentPlace, WorkOrder
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.in_force import working_calendar
from huiyin.standards.operations import Owner


class IncidentRefused(Refused):
    """What an incident or a hint needs was not given, or does not fit."""


@command
def open_incident(
    estate: Estate,
    *,
    title: str,
    sentence: str,
    expected_end: datetime,
    buildings: Collection[Building],
    actor: User,
    at: datetime,
    category: Category | None = None,
    leading_order: WorkOrder | None = None,
    key: str = "",
) -> Incident:
    """Open an incident of these buildings, or of the whole estate when none are named. A repeated key opens none anew.

    Refused without a title and a sentence, with an end that is not ahead, or for buildings or an order from elsewhere.
    """
    if earlier := earlier_result(key, "repairs.open_incident", actor=actor):
        return Incident.objects.get(pk=earlier)
    title, sentence = title.strip(), sentence.strip()
    if not title or not sentence:
        raise IncidentRefused("请写明是什么事、怎么跟来电人说")
    _ahead(expected_end, at)
    if any(one.estate_id != estate.pk for one in buildings):
        raise IncidentRefused("所选的楼栋不在这个小区")
    _leads(estate.pk, leading_order)
    day = working_calendar(estate_id=estate.pk).local_date(at)
    incident = Incident.objects.create(
        estate=estate,
        number=f"{estate.code}-G{day:%y%m%d}-{next_number(estate.pk, 'incident', day):02d}",
        title=title,
        sentence=sentence,
        category=category,
        whole_estate=not buildings,
        expected_end=expected_end,
        leading_order=leading_order,
        opened_by=actor,
        opened_at=at,
    )
    IncidentPlace.objects.bulk_create([IncidentPlace(incident=incident, building=one) for one in buildings])
    _expect(incident, actor=actor, at=at)
    remember(key, "repairs.open_incident", actor=actor, at=at, result=incident.pk)
    return incident


@command
def revise_incident(incident: Incident, *, sentence: str, expected_end: datetime, actor: User, at: datetime) -> None:
    """Record what callers are told from now on and by when it should be over. Refused once it is over."""
    sentence = sentence.strip()
    if not sentence:
        raise IncidentRefused("请写明怎么跟来电人说")
    if expected_end != incident.expected_end:
        _ahead(expected_end, at)
    was: dict[str, Any] = {"was_end": incident.expected_end, "was_sentence": incident.sentence}
    if (sentence, expected_end) == (incident.sentence, incident.expected_end):
        return
    running = Incident.objects.filter(pk=incident.pk, status=states.IncidentStatus.OPEN)
    if not running.update(sentence=sentence, expected_end=expected_end):
        raise IncidentRefused("这件事已经结束,不用再改")
    incident.sentence, incident.expected_end = sentence, expected_end
    _expect(incident, actor=actor, at=at, **was)


@command
def lead_incident(incident: Incident, *, order: WorkOrder, actor: User, at: datetime) -> None:
    """Record which order works on the cause. Refused once it is over, or for an order from elsewhere."""
    _leads(incident.estate_id, order)
    running = Incident.objects.filter(pk=incident.pk, status=states.IncidentStatus.OPEN)
    if not running.update(leading_order=order):
        raise IncidentRefused("这件事已经结束,不用再改")
    incident.leading_order = order
    journal.record(
        events.INCIDENT_LED,
        subject=(incident.journal_name, incident.pk),
        estate_id=incident.estate_id,
        actor=actor,
        at=at,
        thread=incident.thread,
        values={"order": order.number},
    )


@command
def end_incident(incident: Incident, *, over_sentence: str, actor: User, at: datetime) -> None:
    """Record that it is over and what callers hear now; whoever asked to be told is owed a word from here on.

    Refused without that sentence, or when it is over already.
    """
    entry = perform(
        incident,
        states.END_INCIDENT,
        actor=actor,
        at=at,
        note=over_sentence,
        fact=events.IncidentOver(**_frame(incident, at)),
        over_at=at,
        over_sentence=over_sentence.strip(),
    )
    standards.keep_subject((incident.journal_name, incident.pk), entry=entry, at=at, codes=[standards.BY_WORD])


@command
def write_hint(
    estate: Estate,
    *,
    text: str,
    since_date: date,
    until_date: date | None,
    actor: User,
    at: datetime,
    building: Building | None = None,
    category: Category | None = None,
    key: str = "",
) -> BuildingHint:
    """Write down what the desk should know of a building, or of the estate, from one day to another.

    Refused without words, when it ends before it begins, or for a building from elsewhere.
    """
    if earlier := earlier_result(key, "repairs.write_hint", actor=actor):
        return BuildingHint.objects.get(pk=earlier)
    if not text.strip():
        raise IncidentRefused("请写下提示的内容")
    if until_date and until_date < since_date:
        raise IncidentRefused("结束的日期不能早于开始的日期")
    if building and building.estate_id != estate.pk:
        raise IncidentRefused("所选的楼栋不在这个小区")
    hint = BuildingHint.objects.create(
        estate=estate,
        building=building,
        category=category,
        text=text.strip(),
        since_date=since_date,
        until_date=until_date,
        made_by=actor,
        made_at=at,
    )
    _tell_hint(events.HINT_WRITTEN, hint, actor=actor, at=at)
    remember(key, "repairs.write_hint", actor=actor, at=at, result=hint.pk)
    return hint


@command
def withdraw_hint(hint: BuildingHint, *, actor: User, at: datetime, note: str = "") -> None:
    """Show the hint no more. Refused when it is withdrawn already."""
    if not BuildingHint.objects.filter(pk=hint.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise IncidentRefused("这条提示已经撤下了")
    hint.withdrawn_at = at
    _tell_hint(events.HINT_WITHDRAWN, hint, actor=actor, at=at, note=note)


def _tell_hint(kind: str, hint: BuildingHint, *, actor: User, at: datetime, note: str = "") -> None:
    values: dict[str, Any] = {"text": hint.text, "where": str(hint.building) if hint.building else "全小区"}
    values |= {"since_date": hint.since_date, "until_date": hint.until_date}
    journal.record(
        kind,
        subject=(hint.journal_name, hint.pk),
        estate_id=hint.estate_id,
        actor=actor,
        at=at,
        note=note,
        values=values,
    )


def _ahead(expected_end: datetime, at: datetime) -> None:
    if expected_end <= at:
        raise IncidentRefused("预计结束的时间要晚于现在")


def _leads(estate_id: int, order: WorkOrder | None) -> None:
    if order and (order.estate_id != estate_id or order.status == states.OrderStatus.VOIDED):
        raise IncidentRefused("牵头的维修单要是这个小区没有作废的单")


def _expect(incident: Incident, *, actor: User, at: datetime, **was: Any) -> None:
    """Say by when it should be over; where no rule asks for it, the lead owes it by name."""
    fact = events.IncidentExpected(
        **_frame(incident, at), expected_end=incident.expected_end, sentence=incident.sentence, **was
    )
    subject = (incident.journal_name, incident.pk)
    entry = journal.announce(fact, actor=actor, at=at)
    if not promises.of_entry(entry):
        standards.keep_subject(subject, entry=entry, at=at, codes=[standards.BY_WORD])
        standards.promise(
            "结束或改时间",
            estate_id=incident.estate_id,
            subject=subject,
            thread=incident.thread,
            entry=entry,
            due_at=incident.expected_end,
            owner=Owner(fact.responsible_id, fact.responsible_post),
            at=at,
        )


def _frame(incident: Incident, at: datetime) -> dict[str, Any]:
    lead = staffing.responsible_now(incident.estate_id, "maintenance_lead", at=at)
    return {
        "subject_id": incident.pk,
        "incident_id": incident.pk,
        "estate_id": incident.estate_id,
        "thread": incident.thread,
        "title": incident.title,
        "responsible_id": lead.user.pk if lead.user else None,
        "responsible_post": lead.post.code,
    }
