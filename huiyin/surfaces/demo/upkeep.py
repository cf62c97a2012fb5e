"""What the demonstration keeps up: a ledger, plans lived through by the week, one project behind it and one under way.

Chances are drawn from what stands on the record, so that nothing else in the demonstration comes out differently.
"""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from huiyin.areas.estate.models import Unit
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.upkeep import operations as upkeep
from huiyin.areas.upkeep import queries
from huiyin.areas.upkeep.models import Project, Round
from huiyin.areas.upkeep.operations import StagePlan
from huiyin.foundation.accounts.queries import system_actor
from huiyin.surfaces.demo.clock import Life

# code, name, kind, model, quantity, place, years in use; task, every, unit, checklist
LEDGER: tuple[tuple[str, str, str, str, int, str, int, str, int, str, tuple[str, ...]], ...] = (
    ("DT-01", "客梯", "lift", "GeN2-MR 1000", 2, "1 号楼", 9, "电梯半月维保", 2, "week", ("轿厢照明和风扇", "门锁触点", "制动器", "导轨润滑", "应急对讲")),
    ("SB-01", "生活水泵", "water", "CDL16-30", 2, "地下室泵房", 9, "水泵月度保养", 1, "month", ("测温度、电流", "轴封不渗水", "加油润滑")),
    ("SX-01", "生活水箱", "water", "不锈钢 30 立方", 1, "地下室泵房", 9, "水箱清洗消毒", 1, "quarter", ("清洗", "消毒", "水质送检")),
    ("PW-01", "排污泵", "water", "WQ20-15", 4, "地下车库集水坑", 9, "排污泵试运行", 1, "week", ("浮球动作", "手动、自动各试一次")),
    ("PD-01", "低压配电柜", "power", "GGD", 3, "配电房", 9, "配电柜月度巡检", 1, "month", ("紧固接线", "测温", "清洁除尘")),
    ("XF-01", "消火栓泵", "fire", "XBD8/20", 2, "消防泵房", 9, "消防泵启动试验", 1, "month", ("远程启动", "就地启动", "压力正常")),
    ("ZM-01", "楼道照明", "lighting", "声控 LED", 48, "各单元楼道", 5, "楼道照明巡检", 1, "week", ("逐层看亮不亮", "坏的当场换")),
    ("MJ-01", "单元门禁", "security", "IC 卡门禁", 4, "各单元门口", 4, "门禁季度保养", 1, "quarter", ("闭门器", "读卡", "电池")),
)  # fmt: skip
FAULTY = "XF-01"  # what is found wrong the first time it is looked at
DEFECTS = ("轴封渗水,要换密封圈", "触点烧黑,要换接触器", "声音不正常,轴承要查", "有一处不亮,线路要查")


def set_up(life: Life) -> None:
    """Enter the ledger and its plans on the first morning; open rounds daily; two projects, one of them still under way."""
    estate, lead = life.place.estate, life.place.staff["banzhang"]
    post = staffing.posts_of(estate.pk)["technician"]
    told: dict[str, Any] = {"actor": lead, "at": life.since}
    for n, (code, name, kind, model, quantity, place, years, task, every, unit, checks) in enumerate(LEDGER):
        since = date(life.since.year - years, 6, 1)
        looks: dict[str, Any] = {"model": model, "quantity": quantity, "place": place, "since_date": since}
        piece = upkeep.enter_equipment(estate, code=code, name=name, kind=kind, **looks, **told)
        first = life.since.date() + timedelta(days=2 + n)
        upkeep.make_plan(piece, task=task, every=every, unit=unit, first_on=first, post=post, checklist=checks, **told)
        if years >= 9 and kind in ("lift", "water"):
            done_on = date(life.since.year - 2, 4 + n, 12)
            words: dict[str, Any] = {"what": f"{name}解体大修,更换易损件", "by_whom": "厂家售后"}
            upkeep.record_overhaul(piece, kind="major", done_on=done_on, cost=Decimal(6800), **words, **told)
    life.at(life.on_day(life.since, 1, 0.5), open_rounds)
    life.at(
        life.on_day(life.since, 1, 9.2),
        open_project,
        "楼道粉刷和渗水治理",
        "1 号楼楼道和外墙",
        "鑫达防水工程公司",
        "86000",
    )
    life.at(life.on_day(life.until, -9, 9.2), open_project, "地下车库排水沟改造", "地下车库", "", "23500")


def open_rounds(life: Life, at: datetime) -> None:
    """Open what falls due, as the job does; most of it is done in time, some late, now and then one is left."""
    for plan in queries.plans_to_open(today=at.date()):
        upkeep.open_rounds(plan, actor=system_actor(), at=at)
    day = at.date()
    due = Round.objects.filter(estate_id=life.place.estate.pk, status="due", due_on=day).order_by("id")
    for one in due.select_related("plan__equipment"):
        rng = random.Random(f"round {one.plan.equipment.code} {one.plan.task} {one.due_on}")
        days = rng.choices((0, 2, 5, None), (88, 6, 3, 3))[0]
        if days is not None:
            life.at(life.on_day(at, days, rng.uniform(9, 16)), do_round, one.pk)
    life.at(life.on_day(at, 1, 0.5), open_rounds)


def do_round(life: Life, at: datetime, round_id: int) -> None:
    one = Round.objects.select_related("plan__equipment__estate", "plan__equipment__building", "plan__post").get(
        pk=round_id
    )
    rng = random.Random(f"does {one.plan.equipment.code} {one.plan.task} {one.due_on}")
    doer = rng.choice([life.place.staff[name] for name in ("weixiu1", "weixiu2")])
    fine = rng.random() > 0.08 and (one.plan.equipment.code, one.due_on) != (FAULTY, one.plan.first_on)
    said = "" if fine else rng.choice(DEFECTS)
    checked = range(len(one.plan.checklist))
    upkeep.record_round(one, fine=fine, checked=checked, note=said, actor=doer, at=at)


def open_project(life: Life, at: datetime, title: str, place: str, contractor: str, budget: str) -> None:
    """Open a project of two stages; it touches the homes of the first building."""
    estate, staff, day = life.place.estate, life.place.staff, at.date()
    homes = Unit.objects.filter(estate=estate).order_by("entrance__building", "code")
    first = homes[0].entrance.building_id
    made = upkeep.open_project(
        estate,
        title=title,
        place=place,
        text=f"{title},分两道工序,做完一道验收一道",
        contractor=contractor,
        budget=Decimal(budget),
        responsible=staff["banzhang"],
        begins_on=day,
        ends_on=day + timedelta(days=14),
        stages=[
            StagePlan("基层处理", day, day + timedelta(days=5), staff["weixiu1"]),
            StagePlan("面层施工和清场", day + timedelta(days=7), day + timedelta(days=14), staff["weixiu2"]),
        ],
        homes=list(homes.filter(entrance__building=first)),
        actor=staff["zhuguan"],
        at=at,
    )
    for position, begins, ends in ((1, 0, 5), (2, 7, 12)):
        life.at(life.on_day(at, begins, 9.8), start, made.pk, position)
        life.at(life.on_day(at, ends, 15.5), hand_in, made.pk, position)
        life.at(life.on_day(at, ends + 1, 10), accept, made.pk, position)
    life.at(life.on_day(at, 13, 11), finish, made.pk)


def start(life: Life, at: datetime, project_id: int, position: int) -> None:
    upkeep.start_stage(queries.stage_for(_project(project_id), position), actor=life.place.staff["banzhang"], at=at)


def hand_in(life: Life, at: datetime, project_id: int, position: int) -> None:
    stage = queries.stage_for(_project(project_id), position)
    upkeep.hand_in_stage(stage, note="做完了,现场已清理", actor=stage.responsible, at=at)


def accept(life: Life, at: datetime, project_id: int, position: int) -> None:
    stage = queries.stage_for(_project(project_id), position)
    upkeep.accept_stage(stage, remarks="看过了,合格", actor=life.place.staff["banzhang"], at=at)


def finish(life: Life, at: datetime, project_id: int) -> None:
    upkeep.hand_in_project(_project(project_id), note="", actor=life.place.staff["banzhang"], at=at)
    life.at(life.on_day(at, 1, 10), complete, project_id)


def complete(life: Life, at: datetime, project_id: int) -> None:
    told: dict[str, Any] = {"actor": life.place.staff["zhuren"], "at": at}
    upkeep.complete_project(_project(project_id), remarks="符合约定,同意竣工", **told)


def _project(project_id: int) -> Project:
    return Project.objects.select_related("estate", "responsible").get(pk=project_id)
