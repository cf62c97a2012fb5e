"""A project goes from stage to stage; each is accepted by somebody else, then the whole; then its homes are told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from huiyin.areas.estate.models import Estate, Household, Unit
from huiyin.areas.upkeep import operations, queries
from huiyin.areas.upkeep.invariants import INVARIANTS
from huiyin.areas.upkeep.models import Acceptance, Project, ProjectHome, Stage
from huiyin.areas.upkeep.operations import BY_PLAN, StagePlan
from huiyin.areas.upkeep.tests.factories import TODAY, fresh, project, project_in, stage, through
from huiyin.foundation.files import queries as files
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Commitment
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def owed() -> list[tuple[str, str, int | None, str]]:
    found = Commitment.objects.filter(code=BY_PLAN, ended_at=None).order_by("id")
    return [(one.does, one.subject_type, one.owner_id, one.owner_post) for one in found]


def refused(act: Any) -> str:
    tables = (Project, Stage, Acceptance, ProjectHome, Entry)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    with pytest.raises(Refused) as said, transaction.atomic():
        act()
    assert before == [list(model.objects.order_by("pk").values()) for model in tables]
    return said.value.sentence


def sound() -> dict[str, list[str]]:
    return {one.code: found for one in INVARIANTS if (found := list(one.broken(AT)))}


def test_it_has_its_number_at_once_and_somebody_owes_its_beginning(estate: Estate, cast: Cast) -> None:
    first = project(estate, cast, budget=Decimal(86000), key="p-1")
    again = project(estate, cast, key="p-1")
    second = project(estate, cast)
    assert (first, first.number, second.number) == (again, "YH-GC261125-001", "YH-GC261125-002")
    assert owed()[0] == ("工程开工", "upkeep.project", cast.lead.pk, "maintenance_lead")
    assert [one.title for one in queries.stages_of(first)] == ["搭脚手架", "补漏刷漆"]


def test_at_every_step_somebody_owes_the_next(estate: Estate, cast: Cast) -> None:
    made = project(estate, cast)
    lead, first, second = cast.lead.pk, cast.technician.pk, cast.second_technician.pk
    operations.start_stage(stage(made, 1), actor=cast.lead, at=AT)
    assert (fresh(made).status, fresh(made).started_at) == ("working", AT)
    assert owed() == [("完成工序", "upkeep.stage", first, "technician")]
    operations.hand_in_stage(stage(made, 1), note="", actor=cast.technician, at=AT)
    assert owed() == [("工序验收", "upkeep.stage", lead, "maintenance_lead")]
    operations.reject_stage(stage(made, 1), remarks="不平", redo_by=TODAY, actor=cast.lead, at=AT)
    assert owed() == [("完成工序", "upkeep.stage", first, "technician")]
    operations.hand_in_stage(stage(made, 1), note="", actor=cast.technician, at=AT)
    operations.accept_stage(stage(made, 1), remarks="", actor=cast.lead, at=AT)
    assert owed() == [("开始下一道工序", "upkeep.stage", second, "technician")]
    through(made, cast, 2)
    assert owed() == [("报竣工", "upkeep.project", lead, "maintenance_lead")]
    operations.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT)
    assert owed() == [("竣工验收", "upkeep.project", None, "estate_manager")]
    operations.complete_project(fresh(made), remarks="", actor=cast.director, at=AT)
    assert (owed(), sound()) == ([], {})
    said = [(one.stage.position if one.stage else 0, one.result) for one in queries.acceptances_of(made)]
    assert said == [(1, "fail"), (1, "pass"), (2, "pass"), (0, "pass")]


def test_a_stage_waits_for_the_one_before_it(estate: Estate, cast: Cast) -> None:
    made = project_in("working", estate, cast)
    told: dict[str, Any] = {"actor": cast.lead, "at": AT}
    assert "前面的工序" in refused(lambda: operations.start_stage(stage(made, 2), **told))
    operations.hand_in_stage(stage(made, 1), note="", actor=cast.technician, at=AT)
    assert "前面的工序" in refused(lambda: operations.start_stage(stage(made, 2), **told))


def test_who_did_it_does_not_accept_it(estate: Estate, cast: Cast) -> None:
    made = project_in("working", estate, cast)
    operations.hand_in_stage(stage(made, 1), note="", actor=cast.technician, at=AT)
    mine: dict[str, Any] = {"actor": cast.technician, "at": AT}
    assert "由别人做" in refused(lambda: operations.accept_stage(stage(made, 1), remarks="", **mine))
    whole = project_in("handed_in", estate, cast)
    lead: dict[str, Any] = {"actor": cast.lead, "at": AT}
    assert "由别人做" in refused(lambda: operations.complete_project(whole, remarks="", **lead))
    back: dict[str, Any] = {"stage": stage(whole, 2), "redo_by": TODAY, "remarks": "掉漆"}
    assert "由别人做" in refused(lambda: operations.send_back_project(whole, **back, **lead))


def test_the_whole_is_not_handed_in_while_a_stage_is_open(estate: Estate, cast: Cast) -> None:
    made = project(estate, cast)
    through(made, cast, 1)
    assert "补漏刷漆" in refused(lambda: operations.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT))


def test_sent_back_names_the_stage_that_is_done_again(estate: Estate, cast: Cast) -> None:
    made = project_in("handed_in", estate, cast)
    told: dict[str, Any] = {"remarks": "东面掉漆", "actor": cast.director, "at": AT}
    by = TODAY + timedelta(days=2)
    operations.send_back_project(made, stage=stage(made, 2), redo_by=by, **told)
    assert (fresh(made).status, stage(made, 2).status, stage(made, 2).accepted_at) == ("working", "working", None)
    assert owed() == [("完成工序", "upkeep.stage", cast.second_technician.pk, "technician")]
    assert "整改期限" in refused(
        lambda: operations.send_back_project(made, stage=stage(made, 2), redo_by=TODAY - timedelta(days=1), **told)
    )
    operations.hand_in_stage(stage(made, 2), note="", actor=cast.second_technician, at=AT)
    operations.accept_stage(stage(made, 2), remarks="", actor=cast.lead, at=AT)
    operations.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT)
    operations.complete_project(fresh(made), remarks="", actor=cast.director, at=AT)
    assert sound() == {}


def test_completed_tells_each_home_somebody_lives_in(estate: Estate, cast: Cast, home: Household) -> None:
    entrance = home.unit.entrance
    Unit.objects.create(estate=estate, entrance=entrance, code="3-2-1502", unit_no="1502")
    made = project(estate, cast, homes=list(estate.units.order_by("code")))
    through(made, cast, 1, 2)
    operations.hand_in_project(fresh(made), note="", actor=cast.lead, at=AT)
    attached = [ContentFile(PDF, "验收单.pdf")]
    told: dict[str, Any] = {"remarks": "合格", "actor": cast.director, "at": AT, "key": "c-1"}
    kept = operations.complete_project(fresh(made), attachments=attached, **told)
    assert operations.complete_project(fresh(made), attachments=attached, **told) == kept
    assert [one.original_name for one in files.files_of("upkeep.acceptance", kept.pk)] == ["验收单.pdf"]
    homes = {one.unit.code: one for one in queries.homes_of(made)}
    assert (homes["3-2-1501"].household, homes["3-2-1502"].household) == (home, None)
    assert homes["3-2-1501"].person is not None and homes["3-2-1501"].person.name == "王丽"
    told_of = Entry.objects.filter(kind="upkeep.home.finished").values_list("thread", flat=True)
    assert list(told_of) == [f"home:{homes['3-2-1501'].pk}"]
    assert Entry.objects.get(kind="upkeep.project.completed").values["homes"] == 1


def test_a_void_one_owes_nothing(estate: Estate, cast: Cast) -> None:
    made = project_in("working", estate, cast)
    operations.void_project(made, note="并到别的工程", actor=cast.supervisor, at=AT)
    assert owed() == []
    told: dict[str, Any] = {"note": "", "actor": cast.technician, "at": AT}
    assert "作废" in refused(lambda: operations.hand_in_stage(stage(made, 1), **told))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"title": " "}, "请写工程名称"),
        ({"budget": Decimal(-1)}, "预算"),
        ({"stages": []}, "道工序"),
        ({"ends_on": TODAY - timedelta(days=1)}, "不能早于开始"),
        ({"ends_on": TODAY + timedelta(days=5)}, "计划日期之内"),
    ],
)
def test_one_that_cannot_be_is_refused(said: dict[str, Any], why: str, estate: Estate, cast: Cast) -> None:
    assert why in refused(lambda: project(estate, cast, **said))


def test_strangers_and_other_estates_are_refused(estate: Estate, cast: Cast) -> None:
    theirs = [StagePlan("拆除", TODAY, TODAY, cast.outsider)]
    assert "负责人" in refused(lambda: project(estate, cast, stages=theirs))
    other = list(Estate.objects.get(code="BJ").units.all())
    assert "不在本小区" in refused(lambda: project(estate, cast, homes=other))


def test_units_are_named_as_people_say_them(estate: Estate) -> None:
    units, unknown = queries.units_named(estate.pk, ["3栋2单元1501", "9-9-999"])
    assert ([unit.code for unit in units], unknown) == (["3-2-1501"], ["9-9-999"])
    inside, _ = queries.units_named(estate.pk, [], [estate.buildings.get(code="3").pk])
    assert [unit.code for unit in inside] == ["3-2-1501"]
