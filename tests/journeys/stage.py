"""Set the stage of the journeys in the home of this process, after `huiyin setup`, and print what was made.

An estate by the recommended standard with the permanent cast, and for every journey matters of its own, each from
another home, so that no journey waits for another.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils.timezone import localdate, now
from PIL import Image

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.rules import Caller, OwnCategory
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate import operations as estates
from huiyin.areas.estate.models import Building, Estate, Household, Occupancy
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import Incident, OrderCopies, WorkOrder
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.service_desk import documents as desk_forms
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Department, Post
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.documents import operations as documents
from huiyin.foundation.jobs.tasks import task_at
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.signing_in import operations as signing_in
from huiyin.foundation.signing_in.models import LinkKind
from huiyin.foundation.webhooks import operations as webhooks
from huiyin.foundation.webhooks.sending import Outcome
from huiyin.standards import composition
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment, Draft, Occurrence, Rule, Step
from huiyin.standards.operations import drafting
from huiyin.surfaces.cli.serve import gather_static
from tests.cast import LADDER, hire
from tests.journeys.store_and_till import price_sheet, store, till
from tests.journeys.works import works
from tests.programs import lend

STAFF = (
    ("clerk", "陈晓", "clerk", "front_desk"),
    ("butler", "周敏", "butler", "butler"),
    ("technician", "李强", "technician", "technician"),
    ("technician2", "赵刚", "technician", "technician"),
    ("lead", "王建国", "lead", "maintenance_lead"),
    ("supervisor", "林芳", "supervisor", "cs_supervisor"),
    ("director", "郑海", "director", "centre_director"),
    ("auditor", "孙立", "auditor", ""),
    ("keeper", "方宁", "keeper", ""),
)
FAMILIES = (
    ("1501", "王丽", "女士", "13800001501"),
    ("1502", "刘洋", "先生", "13800001502"),
    ("1503", "陈静", "女士", "13800001503"),
    ("1601", "赵磊", "先生", "13800001601"),
    ("1602", "孙悦", "女士", "13800001602"),
    ("1603", "周涛", "先生", "13800001603"),
    ("1701", "吴敏", "女士", "13800001701"),
    ("1702", "郑伟", "先生", "13800001702"),
    ("1703", "冯雪", "女士", "13800001703"),
    ("1801", "何军", "先生", "13800001801"),
    ("1802", "许晴", "女士", "13800001802"),
    ("1803", "邓辉", "先生", "13800001803"),
    ("1901", "马莉", "女士", "13800001901"),
    ("1902", "韩冬", "先生", "13800001902"),
    ("2001", "曹芳", "女士", "13800002001"),
    ("2002", "严峰", "先生", "13800002002"),
    ("2003", "章敏", "女士", "13800002003"),
)
PRICES = """编码,项目,类别,单位,单价,生效日期,公示日期
W01,疏通下水,水,次,80,{since},{since}
M01,角阀,材料,个,38,{since},{since}
"""
SINCE = timedelta(days=60)


@dataclass
class Stage:
    """The estate, its people, and the moment everything is counted back from."""

    estate: Estate
    at: datetime
    staff: dict[str, User]
    homes: dict[str, desk.Home]
    callers: dict[str, Caller]

    def before(self, **span: float) -> datetime:
        return self.at - timedelta(**span)

    def tell(self, unit_no: str, text: str, *, at: datetime, **matter: object) -> Case:
        return desk.take_matter(
            self.estate,
            matter=desk.Matter(**{"kind": "repair", **matter}),
            channel="call",
            text=text,
            caller=self.callers[unit_no],
            actor=self.staff["clerk"],
            at=at,
            home=self.homes[unit_no],
        )

    def order(self, unit_no: str, text: str, *, at: datetime, to: str = "", **matter: object) -> WorkOrder:
        order = WorkOrder.objects.select_related("case").get(case=self.tell(unit_no, text, at=at, **matter))
        if to:
            repairs.dispatch(order, technician=self.staff[to], actor=self.staff["lead"], at=at + timedelta(minutes=2))
        return order

    def repaired(self, unit_no: str, text: str, *, at: datetime, by: str = "technician", **matter: object) -> WorkOrder:
        order = self.order(unit_no, text, at=at, to=by, **matter)
        worker = self.staff[by]
        repairs.accept(order, actor=worker, at=at + timedelta(minutes=4))
        repairs.arrive(order, actor=worker, at=at + timedelta(minutes=15))
        repairs.finish(order, work_done="换了配件,试过正常", actor=worker, at=at + timedelta(minutes=30))
        repairs.accept_by_paper(
            order,
            paper_slip=f"A-{order.pk:04d}",
            signer=self.callers[unit_no].name,
            written_at=at + timedelta(minutes=32),
            actor=self.staff["clerk"],
            at=at + timedelta(minutes=35),
        )
        copies = OrderCopies.objects.select_related("order").get(order=order)
        repairs.take_copy_back(copies, materials="none", actor=self.staff["clerk"], at=at + timedelta(minutes=36))
        repairs.look_at_copy(copies, actor=self.staff["lead"], at=at + timedelta(minutes=37))
        return order


def people(estate: Estate, at: datetime) -> dict[str, User]:
    """Staff the estate; the clerk answers for the desk and the telephone."""
    department = staffing.open_department(estate, name="客户服务部")
    staffing.open_department(estate, name="工程维修部")
    posts: dict[str, Post] = {}
    for code, title, falls_to in LADDER:
        posts[code] = staffing.open_post(department, code=code, title=title, falls_to=posts.get(falls_to))
    found = {
        username: hire(username, name, estate=estate, role=role, post=post, at=at)
        for username, name, role, post in STAFF
    }
    staffing.assign(found["clerk"], posts["duty_clerk"], since_date=localdate(at - SINCE))
    return found


def settle(estate: Estate, at: datetime) -> tuple[dict[str, desk.Home], dict[str, Caller]]:
    actor, homes, callers = system_actor(), {}, {}
    building = estates.open_building(estate, code="3", hint="二单元门禁不灵,先打电话", actor=actor, at=at)
    entrance = estates.open_entrance(building, code="2")
    for unit_no, name, salutation, phone in FAMILIES:
        unit = estates.open_unit(entrance, unit_no=unit_no, floor=int(unit_no[:2]), actor=actor, at=at)
        household = estates.move_in(
            unit,
            people=[estates.NewResident(name, "owner", salutation, (phone,))],
            since_date=localdate(at) - timedelta(days=400),
            actor=actor,
            at=at,
        )
        person = Occupancy.objects.select_related("person").get(household=household).person
        homes[unit_no] = desk.Home(unit, household, person)
        callers[unit_no] = Caller(f"{name}{salutation}", phone, unit.code)
    return homes, callers


def open_stage(at: datetime) -> Stage:
    began = at - SINCE
    estate = estates.open_estate(
        estates.open_company(name="回音物业"), code="YH", name="云河苑", actor=system_actor(), at=began
    )
    standards.adopt(estate.pk, "recommended", since=began, actor=system_actor(), at=began)
    return Stage(estate, at, people(estate, began), *settle(estate, began))


def past(stage: Stage) -> None:
    """What the control room counts: overdue, dissatisfied within and before the last thirty days, come again."""
    stage.order("1802", "阳台推拉门卡住", at=stage.before(days=2))
    for days, text in ((10, "马桶漏水"), (40, "门锁打不开")):
        order = stage.repaired("1803", text, at=stage.before(days=days))
        visits.record_visit(
            ReturnVisit.objects.get(case=order.case),
            mode="phone",
            evaluation=Evaluation(2, 3, 3, shortcomings="还是不好用"),
            actor=stage.staff["clerk"],
            at=stage.before(days=days - 1),
        )
    again = stage.repaired("1703", "热水器不出热水", at=stage.before(days=3))
    repairs.reopen(again.case, reason="又不出热水了", actor=stage.staff["lead"], at=stage.before(days=1))


def open_matters(stage: Stage) -> dict[str, object]:
    """One matter for each journey, at the point where the journey begins."""
    complaint = stage.tell(
        "1702",
        "管家周敏当众训斥业主",
        at=stage.before(hours=1),
        kind="complaint",
        severity="major",
        about_department=Department.objects.get(name="客户服务部"),
        about_person=stage.staff["butler"],
    )
    first = stage.tell("1801", "过道灯不亮", at=stage.before(minutes=50))
    second = stage.tell("1801", "门口过道的灯还是不亮", at=stage.before(minutes=20))
    return {
        "new_order": stage.order("1502", "水管爆裂,水往外冒", at=stage.before(minutes=1), urgency="urgent").number,
        "touch_order": stage.order("1503", "厨房水槽下漏水", at=stage.before(minutes=10), to="technician").number,
        "plain_order": stage.order("1601", "客厅插座没电", at=stage.before(minutes=10), to="technician2").number,
        "open_order": stage.order("1601", "阳台地漏返水", at=stage.before(minutes=4)).number,
        "shift_orders": [
            stage.order("2001", "浴室顶灯不亮", at=stage.before(minutes=15), to="technician2").number,
            stage.order("2002", "淋浴房地漏返水", at=stage.before(minutes=14), to="technician2").number,
        ],
        "bag_order": stage.order("2003", "洗衣机接口滴水", at=stage.before(minutes=13), to="technician2").number,
        "crew": {name: stage.staff[name].pk for name in ("technician", "technician2")},
        "bad_visit": visit_of(stage.repaired("1602", "卫生间排风扇不转", at=stage.before(hours=3))),
        "good_visit": visit_of(stage.repaired("1603", "入户门关不严", at=stage.before(hours=4))),
        "own_visit": own_visit(stage),
        "complaint": complaint.number,
        "twins": [first.number, second.number],
    }


def charged_matters(stage: Stage) -> dict[str, object]:
    """Posted prices, a building long handed over; a repair to be paid, and one of a fault that was repaired last week."""
    at, supervisor = stage.before(days=30), stage.staff["supervisor"]
    text = PRICES.format(since=localdate(at))
    sheet = repairs.hand_in_prices(stage.estate, ContentFile(text.encode(), "收费标准.csv"), actor=supervisor, at=at)
    repairs.take_in_prices(sheet, actor=supervisor, at=at)
    building = Building.objects.get(estate=stage.estate)
    day = localdate(at).replace(year=2012, day=1)
    repairs.record_handover(stage.estate, building=building, handed_over=day, actor=supervisor, at=at)
    drain = {"category": Category.objects.get(kind="repair", code="drain")}
    earlier = stage.repaired("1902", "厨房下水堵了", at=stage.before(days=7), **drain)
    return {
        "paid_order": stage.order(
            "1901", "卫生间下水堵了", at=stage.before(minutes=9), to="technician", **drain
        ).number,
        "earlier_order": earlier.number,
        "again_order": stage.order(
            "1902", "厨房下水又堵了", at=stage.before(minutes=9), to="technician2", **drain
        ).number,
    }


def visit_of(order: WorkOrder) -> int:
    return ReturnVisit.objects.get(case=order.case).pk


def own_visit(stage: Stage) -> int:
    """A complaint the butler answered: everybody but the butler may visit."""
    case = stage.tell("1701", "楼道堆物没人管", at=stage.before(hours=6), kind="complaint")
    told = Complaint.objects.select_related("case").get(case=case)
    supervisor = stage.staff["supervisor"]
    complaints.verify(
        told, finding="属实,三天没有清", validity="valid", actor=supervisor, at=stage.before(hours=5, minutes=50)
    )
    complaints.decide(
        told,
        method="当天清走并每日巡查",
        department=Department.objects.get(name="客户服务部"),
        actor=supervisor,
        at=stage.before(hours=5, minutes=40),
    )
    complaints.reply(told, reply="已清走,今后每天查", actor=stage.staff["butler"], at=stage.before(hours=5, minutes=20))
    complaints.close(told, actor=supervisor, at=stage.before(hours=5))
    return ReturnVisit.objects.get(case=case).pk


def shown(stage: Stage) -> dict[str, dict[str, object]]:
    """A record for every key in an address, by view or area, and key; `*` holds for all areas."""
    repair = stage.order("1703", "空调外机滴水", at=stage.before(minutes=30), to="technician")
    done = stage.repaired("1703", "门铃不响", at=stage.before(hours=7))
    told = stage.tell("1703", "楼道灯坏了没人修", at=stage.before(hours=2), kind="complaint")
    contact = desk.register_contact(
        stage.estate,
        channel="call",
        text="问停车费什么时候交",
        caller=stage.callers["1703"],
        actor=stage.staff["clerk"],
        at=stage.before(minutes=20),
    )
    home = stage.homes["1703"]
    assert home.unit and home.household
    sheet = ContentFile("楼栋,单元,房号\n3,2,1901\n".encode(), "房屋.csv")
    handed_in = estates.hand_in(stage.estate, sheet, actor=stage.staff["supervisor"], at=stage.at)
    estates.check(handed_in, actor=stage.staff["supervisor"], at=stage.at, today=localdate(stage.at))
    post = Post.objects.get(estate=stage.estate, code="front_desk")
    duty = staffing.plan_duty(
        post, stage.staff["clerk"], starts_at=stage.at + timedelta(hours=1), ends_at=stage.at + timedelta(hours=9)
    )
    standards.open_duties(at=stage.at, actor=system_actor())
    resident = Occupancy.objects.filter(household=home.household).earliest("pk").person_id
    return {
        "web": {
            "duty_id": Occurrence.objects.earliest("pk").pk,
            "commitment_id": Commitment.objects.exclude(rule=None).earliest("pk").pk,
            "step_id": Step.objects.earliest("pk").pk,
            "number": repair.case.number,
            "job_id": 1,
            "kind": "person",
            "key": resident,
            "person_id": resident,
            "code": "recommended",
            "file_id": photo(stage, repair.case),
            "draft_id": draft(stage).pk,
            "rule_code": "complaint.reply",
            "run_id": printed(stage, contact),
            "form_code": "F-22",
            **connected(stage),
        },
        "cases": {"number": repair.case.number},
        "complaints": {"number": told.number},
        "service_desk": {"number": contact.number, "incident": past_incident(stage).number},
        "figures": {"code": "load"},
        "repairs": {"number": repair.number, "sheet_id": price_sheet(stage), **around_repairs(stage, done)},
        **till(stage),
        **store(stage),
        **works(stage),
        "return_visits": {"visit_id": visit_of(done)},
        "estate": {"number": handed_in.pk},
        "accounts": {
            "token": signing_in.make_link(
                stage.staff["auditor"], kind=LinkKind.RESET, actor=stage.staff["director"], at=stage.at
            ),
            "factor_id": 1,
        },
        "*": {
            "unit_id": home.unit.pk,
            "building_id": home.unit.entrance.building_id,
            "occupancy_id": Household.objects.get(pk=home.household.pk).occupancies.get().pk,
            "rule_id": Rule.objects.filter(version__standard__code="recommended").order_by("pk")[0].pk,
            "post_id": post.pk,
            "assignment_id": post.assignments.order_by("pk")[0].pk,
            "user_id": stage.staff["clerk"].pk,
            "grant_id": stage.staff["clerk"].grants.earliest("pk").pk,
            "duty_id": duty.pk,
        },
    }


def past_incident(stage: Stage) -> Incident:
    """An incident that is over: one caller still waits to hear it. It runs in no journey."""
    lead, began = stage.staff["lead"], stage.before(hours=1)
    incident = repairs.open_incident(
        stage.estate,
        title="3 栋停电",
        sentence="配电箱在抢修,一小时内恢复",
        expected_end=began + timedelta(hours=2),
        buildings=[],
        actor=lead,
        at=began,
    )
    desk.answer_for_incident(
        stage.estate,
        incident=incident,
        wants_telling=True,
        channel="call",
        caller=stage.callers["1803"],
        home=stage.homes["1803"],
        actor=stage.staff["clerk"],
        at=began + timedelta(minutes=5),
    )
    repairs.end_incident(incident, over_sentence="已经来电", actor=lead, at=began + timedelta(minutes=50))
    return incident


def around_repairs(stage: Stage, done: WorkOrder) -> dict[str, int]:
    """A hint that is not in force yet, contact details that wait, a talk, a fault category of the estate's own."""
    lead, clerk = stage.staff["lead"], stage.staff["clerk"]
    repairs.enter_talk(
        done,
        told_by=stage.staff["technician"],
        talked_at=stage.before(hours=6),
        points="讲了怎么用,业主问以后找谁",
        actor=clerk,
        at=stage.before(hours=5),
    )
    person = stage.homes["1703"].person
    change = repairs.confirm_contact(
        done, name="冯雪", phone="13900001703", person=person, actor=clerk, at=stage.before(hours=5)
    )
    hint = repairs.write_hint(
        stage.estate,
        text="水泵检修",
        since_date=localdate(stage.at) + timedelta(days=9),
        until_date=None,
        actor=lead,
        at=stage.before(hours=5),
    )
    water = cases.add_category(
        stage.estate, OwnCategory("repair", "给水", "直饮水机", ("直饮水",)), actor=lead, at=stage.before(hours=5)
    )
    return {"change_id": change.pk, "hint_id": hint.pk, "category_id": water.pk}


def connected(stage: Stage) -> dict[str, int]:
    """A token, and an address that was told of something once and is told no more."""
    director, at = stage.staff["director"], stage.before(minutes=15)
    token, _ = lend(stage.staff["clerk"], estates=[stage.estate.pk], at=at)
    endpoint = webhooks.open_endpoint(
        "热线",
        url="https://hotline.example.com/hook",
        kinds=(),
        estates=[stage.estate.pk],
        inside=False,
        actor=director,
        at=at,
    )
    (told,) = webhooks.tell([endpoint.pk], entry=Entry.objects.earliest("pk"), at=at)
    delivery = webhooks.take_up(told, at=at)
    assert delivery is not None
    webhooks.settle(delivery, Outcome(503, 120, "Service Unavailable"), at=at)
    webhooks.switch(endpoint, active=False, actor=director, at=at)
    return {"token_id": token.pk, "endpoint_id": endpoint.pk, "delivery_id": told}


def draft(stage: Stage) -> Draft:
    """A draft of the estate's own standard in which complaints are answered within 12 hours."""
    version = composition.bases(stage.estate.pk, at=stage.at).current
    assert version is not None
    author = stage.staff["supervisor"]
    found = drafting.start_draft(stage.estate.pk, version, title="云河苑服务标准", actor=author, at=stage.at)
    reply = composition.specs_of(version)["complaint.reply"]
    twelve = {**reply, "within": "12 h", "says": "投诉 12 小时内答复"}
    drafting.change_rule(found, twelve, actor=author, at=stage.at)
    return found


def photo(stage: Stage, case: Case) -> int:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "white").save(drawn, "PNG")
    return cases.attach_file(
        case,
        upload=ContentFile(drawn.getvalue(), "现场.png"),
        actor=stage.staff["clerk"],
        at=stage.before(minutes=25),
    ).pk


def printed(stage: Stage, contact: Contact) -> int:
    """A batch the supervisor had printed: one line of the register."""
    form, clerk = desk_forms.LISTED["F-01"], stage.staff["supervisor"]
    task = task_at("huiyin.areas.service_desk.jobs.print_listed")
    about = {"estate_id": stage.estate.pk, "origin": "http://127.0.0.1", "actor": clerk, "at": stage.at}
    run = documents.begin_run(form, [contact.pk], task, purpose=documents.Purpose("working"), **about)
    documents.carry_out(run, form, at=stage.at)
    return run.pk


def main() -> None:
    gather_static()
    stage = open_stage(now())
    past(stage)
    made = open_matters(stage) | charged_matters(stage)
    print(json.dumps({"made": made, "keys": shown(stage)}, ensure_ascii=False))
