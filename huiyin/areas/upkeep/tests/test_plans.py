"""Rounds: opened by the calendar, none skipped, owed by somebody, done with a result; a defect is a repair."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.upkeep import jobs, operations, queries
from huiyin.areas.upkeep.invariants import INVARIANTS
from huiyin.areas.upkeep.models import Equipment, Overhaul, Plan, Round
from huiyin.areas.upkeep.operations import BY_PLAN
from huiyin.areas.upkeep.tests.factories import TODAY, plan_for, pump, round_of
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment, Miss
from tests.cast import AT, SHANGHAI, Cast

pytestmark = pytest.mark.usefixtures("standard")


def midnight_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)


def sound() -> dict[str, list[str]]:
    return {one.code: found for one in INVARIANTS if (found := list(one.broken(AT)))}


def due_dates(plan: Plan) -> list[date]:
    return list(plan.rounds.order_by("due_on").values_list("due_on", flat=True))


def record(one: Round, cast: Cast, **said: Any) -> Any:
    told: dict[str, Any] = {"fine": True, "checked": [0, 1], "note": "", "actor": cast.technician, "at": AT, **said}
    return operations.record_round(one, **told)


def refused(act: Any) -> str:
    before = [list(model.objects.order_by("pk").values()) for model in (Equipment, Plan, Round, Overhaul, Entry)]
    with pytest.raises(Refused) as said, transaction.atomic():
        act()
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Equipment, Plan, Round, Overhaul, Entry)
    ]
    return said.value.sentence


def test_the_first_is_owed_at_once_by_the_rule_of_the_standard(estate: Estate, cast: Cast) -> None:
    plan = plan_for(pump(estate, cast), cast, person=cast.second_technician)
    one = round_of(plan)
    owed = Commitment.objects.get(subject_type="upkeep.round", subject_id=one.pk)
    assert (owed.code, owed.due_at, owed.owner, owed.owner_post) == (
        "maintenance.preventive",
        midnight_after(TODAY),
        cast.second_technician,
        "technician",
    )
    assert (due_dates(plan), plan.next_on) == ([TODAY], date(2026, 12, 25))
    assert sound() == {}


def test_each_due_date_is_opened_once_a_week_ahead(estate: Estate, cast: Cast) -> None:
    plan = plan_for(pump(estate, cast), cast)
    for days in (22, 23, 23, 24):
        operations.open_rounds(Plan.objects.get(pk=plan.pk), actor=cast.system, at=AT + timedelta(days=days))
        assert len(due_dates(plan)) == (1 if days == 22 else 2)
    assert due_dates(plan) == [TODAY, date(2026, 12, 25)]


def test_the_job_opens_what_fell_due_while_nobody_worked(estate: Estate, cast: Cast, clock: Any) -> None:
    plan = plan_for(pump(estate, cast), cast, every=1, unit="week")
    clock.move(days=22)
    jobs.open_rounds.func()
    assert due_dates(plan) == [TODAY + timedelta(weeks=n) for n in range(4)]
    jobs.open_rounds.func()
    assert len(due_dates(plan)) == 4
    assert sound() == {}


def test_a_missed_one_stays_where_it_was_and_is_counted(estate: Estate, cast: Cast) -> None:
    plan = plan_for(pump(estate, cast), cast)
    late = AT + timedelta(days=3)
    standards.note_misses(at=late, actor=cast.system)
    tally = queries.tally_of(plan, at=late)
    assert (tally.missed, tally.in_time, Miss.objects.count()) == (1, 0, 1)
    assert [one.due_on for one in queries.listed_rounds(cast.lead, estate.pk, at=late, show="overdue")] == [TODAY]
    record(round_of(plan), cast, at=late)
    tally = queries.tally_of(plan, at=late)
    assert (tally.missed, tally.late) == (0, 1)
    assert Commitment.objects.get(code="maintenance.preventive").state == "late"
    assert Plan.objects.get(pk=plan.pk).next_on == date(2026, 12, 25)
    assert [one.was_late for one in queries.listed_rounds(cast.lead, estate.pk, at=late, show="late")] == [True]


def test_done_is_kept_and_owed_no_more(estate: Estate, cast: Cast) -> None:
    one = round_of(plan_for(pump(estate, cast), cast))
    assert record(one, cast) is None
    assert (one.status, one.done_by, one.done_at) == ("fine", cast.technician, AT)
    assert Commitment.objects.get(subject_id=one.pk, subject_type="upkeep.round").state == "met"
    assert sound() == {}


def test_a_defect_is_a_repair_with_its_order_and_a_repeated_key_is_not_two(estate: Estate, cast: Cast) -> None:
    one = round_of(plan_for(pump(estate, cast), cast))
    case = record(one, cast, fine=False, note="轴封渗水", key="k-1")
    again = record(Round.objects.select_related("plan").get(pk=one.pk), cast, fine=False, note="轴封渗水", key="k-1")
    order = WorkOrder.objects.get(case=case)
    assert (case, order.location_kind, order.status) == (again, "common_part", "new")
    assert "生活水泵(SB-01) 月度保养:轴封渗水" in case.text and case.place == "地下室泵房"
    assert (one.status, one.case) == ("defect", case)
    assert sound() == {}


def test_what_was_left_out_needs_words_and_is_kept(estate: Estate, cast: Cast) -> None:
    one = round_of(plan_for(pump(estate, cast), cast))
    assert "还有 1 项没有勾:加油润滑" in refused(lambda: record(one, cast, checked=[0]))
    assert "请写明是什么问题" in refused(lambda: record(one, cast, fine=False))
    record(one, cast, checked=[0], note="没带油枪")
    assert (one.left_out, one.remarks) == (["加油润滑"], "没带油枪")


def test_nobody_who_left_owes_the_next_round(estate: Estate, cast: Cast) -> None:
    plan = plan_for(pump(estate, cast), cast, person=cast.second_technician)
    staffing.let_go(cast.second_technician, estate_id=estate.pk, actor=cast.supervisor, at=AT)
    operations.open_rounds(
        Plan.objects.select_related("person", "post", "equipment").get(pk=plan.pk),
        actor=cast.system,
        at=AT + timedelta(days=25),
    )
    owed = Commitment.objects.filter(subject_type="upkeep.round").order_by("due_at")
    assert [(one.owner, one.owner_post) for one in owed] == [(None, "technician")] * 2


def test_a_stopped_plan_drops_what_is_not_due_and_leaves_what_was_missed(estate: Estate, cast: Cast) -> None:
    plan = plan_for(pump(estate, cast), cast, every=1, unit="week")
    late = AT + timedelta(days=6)
    operations.open_rounds(Plan.objects.get(pk=plan.pk), actor=cast.system, at=late)
    operations.end_plan(Plan.objects.get(pk=plan.pk), note="外包了", actor=cast.lead, at=late)
    assert list(plan.rounds.order_by("due_on").values_list("status", "remarks")) == [("due", ""), ("dropped", "外包了")]
    assert operations.open_rounds(Plan.objects.get(pk=plan.pk), actor=cast.system, at=late + timedelta(days=30)) == 0
    assert sound() == {}


def test_equipment_out_of_use_stops_its_plans(estate: Estate, cast: Cast) -> None:
    piece = pump(estate, cast)
    plan = plan_for(piece, cast)
    operations.stop_equipment(piece, note="换新", actor=cast.lead, at=AT)
    assert Plan.objects.get(pk=plan.pk).status == "ended"
    assert "没有在用" in refused(lambda: plan_for(piece, cast))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"task": " "}, "请写维保任务"),
        ({"every": 0}, "周期要在"),
        ({"unit": "hour"}, "请选择周期"),
        ({"first_on": TODAY - timedelta(days=1)}, "不能早于今天"),
        ({"checklist": ["看", "看"]}, "不要重复"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(said: dict[str, Any], why: str, estate: Estate, cast: Cast) -> None:
    piece = pump(estate, cast)
    assert why in refused(lambda: plan_for(piece, cast, **said))


def test_a_plan_of_somebody_elses_people_is_refused(estate: Estate, cast: Cast) -> None:
    piece = pump(estate, cast)
    assert "执行人" in refused(lambda: plan_for(piece, cast, person=cast.outsider))


def test_without_a_standard_it_is_owed_all_the_same(cast: Cast) -> None:
    estate = Estate.objects.get(code="BJ")
    one = round_of(plan_for(pump(estate, cast), cast))
    owed = Commitment.objects.get(subject_type="upkeep.round", subject_id=one.pk)
    assert (owed.code, owed.rule, owed.owner_post) == (BY_PLAN, None, "technician")
    record(one, cast)
    assert sound() == {}


class TestTheLedger:
    def test_a_code_is_taken_once_and_a_day_to_come_is_refused(self, estate: Estate, cast: Cast) -> None:
        piece = pump(estate, cast)
        assert "编号 SB-01 已经有了" in refused(lambda: pump(estate, cast))
        later = TODAY + timedelta(days=1)
        assert "投用日期" in refused(lambda: pump(estate, cast, code="SB-02", since_date=later))
        same: dict[str, Any] = {"model": "", "building": None, "place": "地下室泵房", "since_date": None}
        operations.change_equipment(piece, name="生活水泵", quantity=3, **same, actor=cast.lead, at=AT)
        kept = Entry.objects.get(kind="upkeep.equipment.changed")
        assert (Equipment.objects.get().quantity, kept.values["changed"]) == (3, "1 → 3")

    def test_overhauls_are_found_again_by_what_was_done(self, estate: Estate, cast: Cast) -> None:
        piece, other = pump(estate, cast), pump(estate, cast, code="SB-02")
        told: dict[str, Any] = {"kind": "major", "by_whom": "厂家", "actor": cast.lead, "at": AT}
        for _ in range(2):
            operations.record_overhaul(piece, done_on=TODAY, what="换叶轮", key="o-1", **told)
        assert Overhaul.objects.count() == 1
        assert list(queries.listed_equipment(cast.auditor, estate.pk, q="叶轮")) == [piece]
        assert list(queries.listed_equipment(cast.auditor, estate.pk, overhauled=True)) == [piece]
        assert list(queries.listed_equipment(cast.auditor, estate.pk, q="SB-02")) == [other]
        assert "不能晚于今天" in refused(
            lambda: operations.record_overhaul(piece, done_on=TODAY + timedelta(days=1), what="换叶轮", **told)
        )
