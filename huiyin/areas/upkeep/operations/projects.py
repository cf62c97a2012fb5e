"""Projects: opened with their stages and homes, handed in, accepted or sent back; completed ones are asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate, Unit
from huiyin.areas.upkeep import events, queries, rules, states
from huiyin.areas.upkeep.models import Acceptance, Project, ProjectHome, Result, Stage
from huiyin.areas.upkeep.operations.shared import (
    UpkeepRefused,
    head_of,
    hold,
    local_date,
    owe,
    owed_no_more,
    person_of,
    project_frame,
    require_colleague,
)
from huiyin.areas.upkeep.operations.stages import owe_stage, stage_frame
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.rules import DOCUMENTS
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_STAGES = 20


@dataclass(frozen=True)
class StagePlan:
    """A stage as it is planned: what, when, and who answers for it."""

    title: str
    begins_on: date
    ends_on: date
    responsible: User


@command
def open_project(
    estate: Estate,
    *,
    title: str,
    place: str,
    responsible: User,
    begins_on: date,
    ends_on: date,
    stages: Sequence[StagePlan],
    actor: User,
    at: datetime,
    text: str = "",
    contractor: str = "",
    budget: Decimal | None = None,
    homes: Sequence[Unit] = (),
    key: str = "",
) -> Project:
    """Open a project: it has its number at once, and somebody owes its beginning. A repeated key returns the first one.

    `homes` are the homes it touches. Refused without title, place or a stage, for days that cannot be, people of another
    estate, homes of another estate or too many of them.
    """
    if earlier := earlier_result(key, "upkeep.project", actor=actor):
        return Project.objects.get(pk=earlier)
    _check(estate, title, place, responsible, begins_on, ends_on, stages, budget)
    units = list(dict.fromkeys(homes))
    if any(unit.estate_id != estate.pk for unit in units):
        raise UpkeepRefused("有一户不在本小区")
    if len(units) > rules.MOST_HOMES:
        raise UpkeepRefused(f"一个工程最多写 {rules.MOST_HOMES} 户,更大的请按楼栋分开立项")
    day = local_date(estate.pk, at)
    serial = next_number(estate.pk, "project", day)
    project = Project.objects.create(
        estate=estate,
        number=f"{estate.code}-GC{day:%y%m%d}-{serial:03d}",
        title=title.strip(),
        text=text.strip(),
        place=place.strip(),
        contractor=contractor.strip(),
        budget=budget,
        responsible=responsible,
        begins_on=begins_on,
        ends_on=ends_on,
        opened_at=at,
    )
    Stage.objects.bulk_create(
        Stage(
            estate_id=estate.pk,
            project=project,
            position=n,
            title=one.title.strip(),
            begins_on=one.begins_on,
            ends_on=one.ends_on,
            responsible=one.responsible,
        )
        for n, one in enumerate(stages, start=1)
    )
    ProjectHome.objects.bulk_create(ProjectHome(project=project, unit=unit) for unit in units)
    entry = journal.record(
        events.PROJECT_OPENED,
        subject=(Project.journal_name, project.pk),
        estate_id=estate.pk,
        actor=actor,
        at=at,
        thread=project.thread,
        values={"number": project.number, "title": project.title},
    )
    owe(project, "工程开工", to=person_of(estate.pk, responsible), due_on=begins_on, entry=entry, at=at)
    remember(key, "upkeep.project", actor=actor, at=at, result=project.pk)
    return project


def _check(
    estate: Estate,
    title: str,
    place: str,
    responsible: User,
    begins_on: date,
    ends_on: date,
    stages: Sequence[StagePlan],
    budget: Decimal | None,
) -> None:
    if not (title.strip() and place.strip()):
        raise UpkeepRefused("请写工程名称和地点")
    if budget is not None and budget < 0:
        raise UpkeepRefused("预算不能小于 0")
    if not 1 <= len(stages) <= MOST_STAGES:
        raise UpkeepRefused(f"请排 1 到 {MOST_STAGES} 道工序")
    require_colleague(estate.pk, responsible, what="工程负责人")
    if wrong := rules.span_wrong(begins_on, ends_on, what="工程"):
        raise UpkeepRefused(wrong)
    for n, stage in enumerate(stages, start=1):
        if not stage.title.strip():
            raise UpkeepRefused(f"第 {n} 道工序没有名称")
        if wrong := rules.span_wrong(stage.begins_on, stage.ends_on, what=f"工序「{stage.title.strip()}」"):
            raise UpkeepRefused(wrong)
        if stage.begins_on < begins_on or stage.ends_on > ends_on:
            raise UpkeepRefused(f"工序「{stage.title.strip()}」的日期要在工程的计划日期之内")
        require_colleague(estate.pk, stage.responsible, what=f"工序「{stage.title.strip()}」的负责人")


@command
def hand_in_project(project: Project, *, note: str, actor: User, at: datetime) -> None:
    """Ask for the acceptance of the whole. Refused while a stage is not accepted, or when it is not under way."""
    hold(project)
    _require_all_accepted(project)
    fact = events.ProjectHandedIn(**project_frame(project))
    entry = perform(project, states.HAND_IN, actor=actor, at=at, note=note, fact=fact)
    owed_no_more(project, entry=entry, at=at)
    owe(project, "竣工验收", to=head_of(project.estate_id), due_on=_soon(project, at), entry=entry, at=at)


@command
def complete_project(
    project: Project,
    *,
    remarks: str,
    actor: User,
    at: datetime,
    attachments: "Sequence[File[bytes]]" = (),
    key: str = "",
) -> Acceptance:
    """Accept the whole: the project is over, and every home somebody lives in may be asked how it was.

    A repeated key does nothing. Refused while a stage is open, before it was handed in, and for whoever ran the project.
    """
    if earlier := earlier_result(key, "upkeep.complete", actor=actor):
        return Acceptance.objects.get(pk=earlier)
    hold(project)
    _require_another(project, actor)
    _require_all_accepted(project)
    lived_in = _look_up_people(project)
    fact = events.ProjectCompleted(**project_frame(project), homes=len(lived_in))
    entry = perform(project, states.COMPLETE, actor=actor, at=at, note=remarks, fact=fact, completed_at=at)
    owed_no_more(project, entry=entry, at=at)
    kept = _keep(project, Result.PASS, remarks, attachments, actor=actor, at=at)
    for home in lived_in:
        journal.announce(_home_finished(home, project), actor=actor, at=at)
    remember(key, "upkeep.complete", actor=actor, at=at, result=kept.pk)
    return kept


@command
def send_back_project(
    project: Project,
    *,
    stage: Stage,
    redo_by: date,
    remarks: str,
    actor: User,
    at: datetime,
    attachments: "Sequence[File[bytes]]" = (),
) -> Acceptance:
    """Refuse the whole and say which stage is done again, and by when: its responsible person owes it.

    Refused without words, for a stage of another project, a day that has passed, and for whoever ran the project.
    """
    hold(project)
    _require_another(project, actor)
    if stage.project_id != project.pk:
        raise UpkeepRefused("这道工序不是这个工程的")
    if redo_by < local_date(project.estate_id, at):
        raise UpkeepRefused("整改期限不能早于今天")
    fact = events.ProjectSentBack(**project_frame(project), stage=stage.title)
    entry = perform(project, states.SEND_BACK, actor=actor, at=at, note=remarks, fact=fact)
    owed_no_more(project, entry=entry, at=at)
    again = events.StageSentBack(**stage_frame(stage))
    entry = perform(
        stage, states.REDO_STAGE, actor=actor, at=at, note=remarks, fact=again, accepted_at=None, handed_in_at=None
    )
    owe_stage(stage, due_on=redo_by, entry=entry, at=at)
    return _keep(project, Result.FAIL, remarks, attachments, actor=actor, at=at)


@command
def void_project(project: Project, *, note: str, actor: User, at: datetime) -> None:
    """Void a project that will not be done. Refused without a reason, or once it is completed."""
    hold(project)
    perform(project, states.VOID, actor=actor, at=at, note=note, fact=events.ProjectVoided(**project_frame(project)))
    standards.settle(project.thread, at=at, reason=note.strip()[:80])


def _require_another(project: Project, actor: User) -> None:
    if actor.pk == project.responsible_id:
        raise UpkeepRefused("您是这个工程的负责人,竣工验收要由别人做")


def _require_all_accepted(project: Project) -> None:
    waiting = [one.title for one in queries.stages_of(project) if one.status != states.StageStatus.ACCEPTED]
    if waiting:
        raise UpkeepRefused(f"还有 {len(waiting)} 道工序没有验收:{'、'.join(waiting)}")


def _look_up_people(project: Project) -> list[ProjectHome]:
    """Note for each home who lives there now, the first of its people; return the homes somebody lives in."""
    homes = list(project.homes.select_related("unit").order_by("id"))
    known = {one.unit.pk: one for one in estates.homes_of([home.unit for home in homes])}
    for home in homes:
        lives = known[home.unit_id]
        home.household, home.person = lives.household, lives.people[0].person if lives.people else None
    ProjectHome.objects.bulk_update(homes, ["household", "person"], batch_size=200)
    return [home for home in homes if home.household_id]


def _home_finished(home: ProjectHome, project: Project) -> events.HomeFinished:
    assert home.household_id is not None
    return events.HomeFinished(
        subject_id=home.pk,
        estate_id=project.estate_id,
        thread=home.thread,
        number=project.number,
        unit=home.unit.code,
        household_id=home.household_id,
        doer_id=project.responsible_id,
    )


def _keep(
    project: Project,
    result: Result,
    remarks: str,
    attachments: "Sequence[File[bytes]]",
    *,
    actor: User,
    at: datetime,
) -> Acceptance:
    kept = Acceptance.objects.create(project=project, result=result, remarks=remarks.strip(), by=actor, at=at)
    for one in attachments:
        files.store_upload(
            one,
            actor=actor,
            at=at,
            estate_id=project.estate_id,
            subject_type=Acceptance.journal_name,
            subject_id=kept.pk,
            allowed=DOCUMENTS,
        )
    return kept


def _soon(project: Project, at: datetime) -> date:
    return max(project.ends_on, local_date(project.estate_id, at))
