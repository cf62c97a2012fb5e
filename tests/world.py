"""One of everything, made by the real operations, so that every page has something to show."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.rules import Caller, OwnCategory
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate import operations as estates
from huiyin.areas.estate.models import Building, Estate, Household, Occupancy, UnitImport
from huiyin.areas.materials import operations as materials
from huiyin.areas.materials.models import Count, FixedAsset, Item, ItemSheet, Plan, Requisition
from huiyin.areas.materials.rules import Subject, Want
from huiyin.areas.past_cases import operations as past_cases
from huiyin.areas.past_cases.models import OrderSheet
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import BuildingHint, ContactChange, Incident, TariffSheet, WorkOrder
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Assignment, Duty
from huiyin.areas.upkeep.models import Equipment, Project, Round
from huiyin.areas.upkeep.models import Plan as UpkeepPlan
from huiyin.areas.upkeep.tests.factories import plan_for, project, pump, round_of
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.standards import composition
from huiyin.standards.models import Draft, Rule, Standard
from huiyin.standards.operations import drafting
from tests.cast import AT, Cast, tell

PRICES = "编码,项目,单位,单价,生效日期,公示日期\nW01,疏通下水,次,80,2026-05-01,2026-04-20\n"


@dataclass
class World:
    """A running repair in the technician's hands, one that is done and asks for a visit, a complaint, an open contact."""

    estate: Estate
    cast: Cast
    home: Household
    rule: Rule
    repair: Case
    order: WorkOrder
    done: Case
    visit: ReturnVisit
    complaint: Complaint
    contact: Contact
    file: StoredFile
    building: Building
    occupancy: Occupancy
    sheet: UnitImport
    assignment: Assignment
    duty: Duty
    draft: Draft
    prices: TariffSheet
    past_orders: OrderSheet
    item: Item
    asset: FixedAsset
    slip: Requisition
    count: Count
    plan: Plan
    item_sheet: ItemSheet
    accepted: WorkOrder
    incident: Incident
    hint: BuildingHint
    contact_change: ContactChange
    own_category: Category
    equipment: Equipment
    upkeep_plan: UpkeepPlan
    upkeep_round: Round
    project: Project


def furnish(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    """Fill the estate; the hour after `AT` has passed when it returns."""
    repair = tell(estate, cast.clerk, at=AT - timedelta(minutes=40))
    order = WorkOrder.objects.get(case=repair)
    repairs.dispatch(order, technician=cast.technician, actor=cast.lead, at=AT - timedelta(minutes=30))
    done = tell(estate, cast.clerk, at=AT - timedelta(hours=3), text="门铃不响")
    _carry_out(WorkOrder.objects.get(case=done), cast)
    assignment = Assignment.objects.select_related("post").get(user=cast.butler)
    told = tell(estate, cast.clerk, at=AT - timedelta(hours=2), kind="complaint", text="楼道灯坏了没人管")
    return World(
        estate=estate,
        cast=cast,
        home=home,
        rule=Rule.objects.filter(version__standard=standard).order_by("pk")[0],
        repair=repair,
        order=order,
        done=done,
        visit=ReturnVisit.objects.get(case=done),
        complaint=Complaint.objects.select_related("case").get(case=told),
        contact=desk.register_contact(
            estate,
            channel="call",
            text="问停车费什么时候交",
            caller=Caller("王女士", "13800138000", "3-2-1501"),
            actor=cast.clerk,
            at=AT - timedelta(minutes=20),
        ),
        file=files.store_upload(
            ContentFile(_photo(), "现场.png"),
            actor=cast.clerk,
            at=AT,
            estate_id=estate.pk,
            subject_type=repair.journal_name,
            subject_id=repair.pk,
        ),
        building=Building.objects.get(estate=estate),
        occupancy=Occupancy.objects.get(household=home),
        sheet=estates.hand_in(
            estate, ContentFile("楼栋,单元,房号\n3,2,1502\n".encode(), "房屋.csv"), actor=cast.supervisor, at=AT
        ),
        assignment=assignment,
        duty=staffing.plan_duty(
            assignment.post, cast.butler, starts_at=AT + timedelta(days=1), ends_at=AT + timedelta(days=1, hours=8)
        ),
        draft=_draft(estate, cast, standard),
        past_orders=past_cases.hand_in_orders(
            estate,
            ContentFile("单号,登记时间,地点,报修内容\nX1,2024-05-01,大堂,灯不亮\n".encode(), "以前.csv"),
            actor=cast.supervisor,
            at=AT,
        ),
        prices=repairs.hand_in_prices(
            estate, ContentFile(PRICES.encode(), "收费标准.csv"), actor=cast.supervisor, at=AT
        ),
        **_materials(estate, cast, order),
        **_kept_up(estate, cast),
        **_around_repairs(estate, cast, WorkOrder.objects.select_related("case__household").get(case=done)),
    )


def _materials(estate: Estate, cast: Cast, order: WorkOrder) -> dict[str, Any]:
    """A tap in a store, a slip for the running order, a count under way, a plan, a sheet that waits."""
    told: dict[str, Any] = {"actor": cast.director, "at": AT}
    store = materials.open_store(estate, name="总库房", **told)
    item = materials.set_up_item(estate, code="SL-04", name="水龙头", unit="个", least=Decimal(9), **told)
    materials.receive(item, store, Decimal(5), **told)
    want, subject = Want(item.pk, Decimal(2)), Subject(order.journal_name, order.pk, order.number, order.thread)
    asking: dict[str, Any] = {"technician": cast.technician, "store": store, "wants": [want], "subject": subject}
    sheet = ContentFile("编码,品名,单位\nRG-01,软管,米\n".encode(), "材料.csv")
    return {
        "item": item,
        "asset": materials.register_asset(estate, name="打印机", location="前台", keeper=cast.clerk, **told),
        "slip": materials.ask(estate, **asking, actor=cast.technician, at=AT),
        "count": materials.begin_count(store, **told),
        "plan": materials.make_plan(estate, [want], **told),
        "item_sheet": materials.hand_in(estate, sheet, today=AT.date(), **told),
    }


def _kept_up(estate: Estate, cast: Cast) -> dict[str, Any]:
    """A pump with a plan whose first round is due, and a project that has not begun."""
    equipment = pump(estate, cast)
    plan = plan_for(equipment, cast)
    return {
        "equipment": equipment,
        "upkeep_plan": plan,
        "upkeep_round": round_of(plan),
        "project": project(estate, cast),
    }


def _around_repairs(estate: Estate, cast: Cast, accepted: WorkOrder) -> dict[str, Any]:
    """An incident and a hint of building 3, contact details that wait for a decision, a fault category of its own."""
    building = Building.objects.get(estate=estate)
    water = Category.objects.get_or_create(kind="repair", code="water", defaults={"title": "给水"})[0]
    return {
        "accepted": accepted,
        "incident": repairs.open_incident(
            estate,
            title="3 栋停水",
            sentence="水泵故障,正在抢修,今天 18:00 前恢复供水",
            expected_end=AT + timedelta(hours=8),
            buildings=[building],
            actor=cast.lead,
            at=AT - timedelta(minutes=5),
        ),
        "hint": repairs.write_hint(
            estate,
            text="水泵周三检修",
            since_date=AT.date(),
            until_date=None,
            building=building,
            actor=cast.lead,
            at=AT - timedelta(minutes=5),
        ),
        "contact_change": repairs.confirm_contact(
            accepted, name="小宝", phone="13800138999", actor=cast.clerk, at=AT - timedelta(minutes=4)
        ),
        "own_category": cases.add_category(
            estate, OwnCategory("repair", water.title, "直饮水机"), actor=cast.lead, at=AT - timedelta(minutes=5)
        ),
    }


def _draft(estate: Estate, cast: Cast, standard: Standard) -> Draft:
    """A draft in which complaints are answered within 12 hours."""
    version = standard.versions.get()
    draft = drafting.start_draft(estate.pk, version, title=f"{estate.name}服务标准", actor=cast.supervisor, at=AT)
    reply = composition.specs_of(version)["complaint.reply"]
    twelve = {**reply, "within": "12 h", "says": "投诉 12 小时内答复"}
    drafting.change_rule(draft, twelve, actor=cast.supervisor, at=AT)
    return draft


def _photo() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "white").save(drawn, "PNG")
    return drawn.getvalue()


def _carry_out(order: WorkOrder, cast: Cast) -> None:
    began = AT - timedelta(hours=3)
    repairs.dispatch(order, technician=cast.second_technician, actor=cast.lead, at=began + timedelta(minutes=5))
    worker = cast.second_technician
    repairs.accept(order, actor=worker, at=began + timedelta(minutes=10))
    repairs.arrive(order, actor=worker, at=began + timedelta(minutes=20))
    repairs.finish(order, work_done="换了门铃电池", actor=worker, at=began + timedelta(minutes=40))
    repairs.accept_by_paper(
        order,
        paper_slip="A-0001",
        signer="王丽",
        written_at=began + timedelta(minutes=45),
        actor=cast.clerk,
        at=began + timedelta(minutes=50),
    )
