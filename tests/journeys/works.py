"""What the pages about works without a call show: a pump with a plan, a project, a sheet of orders of the time before."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from huiyin.areas.past_cases import operations as past_cases
from huiyin.areas.staffing.models import Post
from huiyin.areas.upkeep import operations as upkeep
from huiyin.areas.upkeep.models import Equipment, Round
from huiyin.areas.upkeep.operations import StagePlan

if TYPE_CHECKING:
    from tests.journeys.stage import Stage

Keys = dict[str, dict[str, object]]
OLD = "单号,登记时间,地点,报修内容\nX1,2024-05-01,大堂,灯不亮\n"


def works(stage: "Stage") -> Keys:
    lead, at = stage.staff["lead"], stage.before(hours=2)
    told = {"name": "生活水泵", "kind": "water", "place": "地下室泵房"}
    entered = upkeep.enter_equipment(stage.estate, code="SB-01", actor=lead, at=at, **told)
    pump = Equipment.objects.select_related("estate", "building").get(pk=entered.pk)
    plan = upkeep.make_plan(
        pump,
        task="月度保养",
        every=1,
        unit="month",
        first_on=localdate(at),
        post=Post.objects.get(estate=stage.estate, code="technician"),
        checklist=["测温度、电流", "加油润滑"],
        actor=lead,
        at=at,
    )
    begins, until = localdate(at), localdate(at) + timedelta(days=9)
    project = upkeep.open_project(
        stage.estate,
        title="3 栋外墙维修",
        place="3 栋外墙",
        responsible=lead,
        begins_on=begins,
        ends_on=until,
        stages=[StagePlan("补漏刷漆", begins, until, stage.staff["technician"])],
        homes=[stage.homes["1703"].unit],
        actor=stage.staff["supervisor"],
        at=at,
    )
    sheet = past_cases.hand_in_orders(
        stage.estate, ContentFile(OLD.encode(), "以前.csv"), actor=stage.staff["supervisor"], at=at
    )
    return {
        "upkeep": {
            "equipment_id": pump.pk,
            "plan_id": plan.pk,
            "round_id": Round.objects.get(plan=plan).pk,
            "number": project.number,
            "position": 1,
        },
        "past_cases": {"number": sheet.pk},
    }
