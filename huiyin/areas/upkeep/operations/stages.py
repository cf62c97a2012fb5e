"""The stages of a project: one after the other, each accepted by somebody else than who did it."""

from datetime import date, datetime
from typing import Any

from huiyin.areas.upkeep import events, queries, rules, states
from huiyin.areas.upkeep.models import Acceptance, Project, Result, Stage
from huiyin.areas.upkeep.operations.shared import (
    UpkeepRefused,
    head_of,
    hold,
    local_date,
    owe,
    owed_no_more,
    person_of,
    project_frame,
)
from huiyin.areas.upkeep.states import ProjectStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import perform
from huiyin.foundation.transactions import command


@command
def start_stage(stage: Stage, *, actor: User, at: datetime) -> None:
    """Begin a stage; the first one begins the project. Refused before the stages ahead of it are accepted."""
    project = _running(stage)
    before = [one.status for one in queries.stages_of(project) if one.position < stage.position]
    if not rules.may_start(before):
        raise UpkeepRefused("前面的工序还没有全部验收合格,不能开始这一道")
    if project.status == ProjectStatus.PLANNED:
        begun = events.ProjectStarted(**project_frame(project))
        entry = perform(project, states.START, actor=actor, at=at, fact=begun, started_at=at)
        owed_no_more(project, entry=entry, at=at)
    fact = events.StageStarted(**stage_frame(stage))
    entry = perform(stage, states.START_STAGE, actor=actor, at=at, fact=fact, started_at=at)
    owe_stage(stage, due_on=stage.ends_on, entry=entry, at=at)


@command
def hand_in_stage(stage: Stage, *, note: str, actor: User, at: datetime) -> None:
    """Say that a stage is done and is to be looked at. Refused when it is not under way."""
    project = _running(stage)
    fact = events.StageHandedIn(**stage_frame(stage))
    entry = perform(stage, states.HAND_IN_STAGE, actor=actor, at=at, note=note, fact=fact, handed_in_at=at)
    owed_no_more(stage, entry=entry, at=at)
    same = project.responsible_id == stage.responsible_id
    to = head_of(stage.estate_id) if same else person_of(stage.estate_id, project.responsible)
    due_on = max(stage.ends_on, local_date(stage.estate_id, at))
    owe(stage, "工序验收", to=to, due_on=due_on, entry=entry, at=at)


@command
def accept_stage(stage: Stage, *, remarks: str, actor: User, at: datetime) -> None:
    """Accept a stage; after the last one the project is to be handed in. Refused for whoever answers for the stage."""
    project = _running(stage)
    _require_another(stage, actor)
    fact = events.StageAccepted(**stage_frame(stage))
    entry = perform(stage, states.ACCEPT_STAGE, actor=actor, at=at, note=remarks, fact=fact, accepted_at=at)
    owed_no_more(stage, entry=entry, at=at)
    Acceptance.objects.create(
        project=project, stage=stage, result=Result.PASS, remarks=remarks.strip(), by=actor, at=at
    )
    stages = queries.stages_of(project)
    to = person_of(stage.estate_id, project.responsible)
    if rules.is_over([one.status for one in stages]):
        owe(project, "报竣工", to=to, due_on=project.ends_on, entry=entry, at=at)
        return
    following = next(one for one in stages if one.status != states.StageStatus.ACCEPTED)
    if following.status == states.StageStatus.WAITING:
        to = person_of(stage.estate_id, following.responsible)
        owe(following, "开始下一道工序", to=to, due_on=following.begins_on, entry=entry, at=at)


@command
def reject_stage(stage: Stage, *, remarks: str, redo_by: date, actor: User, at: datetime) -> None:
    """Send a stage back to be done again by a day. Refused without words, for a day that has passed, for who did it."""
    project = _running(stage)
    _require_another(stage, actor)
    if redo_by < local_date(stage.estate_id, at):
        raise UpkeepRefused("返工期限不能早于今天")
    fact = events.StageSentBack(**stage_frame(stage))
    entry = perform(stage, states.REJECT_STAGE, actor=actor, at=at, note=remarks, fact=fact, handed_in_at=None)
    owed_no_more(stage, entry=entry, at=at)
    Acceptance.objects.create(
        project=project, stage=stage, result=Result.FAIL, remarks=remarks.strip(), by=actor, at=at
    )
    owe_stage(stage, due_on=redo_by, entry=entry, at=at)


def owe_stage(stage: Stage, *, due_on: date, entry: Entry, at: datetime) -> None:
    """Let who answers for the stage owe its end; what was owed before it began is kept by the beginning."""
    owed_no_more(stage, entry=entry, at=at)
    owe(stage, "完成工序", to=person_of(stage.estate_id, stage.responsible), due_on=due_on, entry=entry, at=at)


def _running(stage: Stage) -> Project:
    """Return the project as it is now; nobody else moves it or its stages until the transaction ends."""
    hold(stage.project)
    if stage.project.status not in (ProjectStatus.PLANNED, ProjectStatus.WORKING):
        raise UpkeepRefused(f"工程现在是「{stage.project.get_status_display()}」,工序不能再动")
    return stage.project


def _require_another(stage: Stage, actor: User) -> None:
    if actor.pk == stage.responsible_id:
        raise UpkeepRefused("这道工序是您负责的,验收要由别人做")


def stage_frame(stage: Stage) -> dict[str, Any]:
    return {
        "subject_id": stage.pk,
        "estate_id": stage.estate_id,
        "thread": stage.thread,
        "responsible_id": stage.responsible_id,
        "number": stage.project.number,
        "stage": stage.title,
    }
