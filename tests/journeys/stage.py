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
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate import operations as estates
from huiyin.areas.estate.models import Estate, Household, Occupancy
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
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
    ("2001", "曹芳", "女士", "13800002001"),
    ("2002", "严峰", "先生", "13800002002"),
)
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
            matter=desk.Matter(**{"kind": "repair", **matter}),  # type: ignore[arg-type]
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

    def repaired(self, unit_no: str, text: str, *, at: datetime, by: str = "technician") -> WorkOrder:
        order = self.order(unit_no, text, at=at, to=by)
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
        "shift_orders": [
            stage.order("2001", "浴室顶灯不亮", at=stage.before(minutes=15), to="technician2").number,
            stage.order("2002", "阳台地漏返水", at=stage.before(minutes=14), to="technician2").number,
        ],
        "crew": {name: stage.staff[name].pk for name in ("technician", "technician2")},
        "bad_visit": visit_of(stage.repaired("1602", "卫生间排风扇不转", at=stage.before(hours=3))),
        "good_visit": visit_of(stage.repaired("1603", "入户门关不严", at=stage.before(hours=4))),
        "own_visit": own_visit(stage),
        "complaint": complaint.number,
        "twins": [first.number, second.number],
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
    """A record for every key in an address, by area and key; `*` holds for all areas."""
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
        "service_desk": {"number": contact.number},
        "repairs": {"number": repair.number},
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
            "duty_id": duty.pk,
        },
    }


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
    run = documents.begin_run(form, [contact.pk], task, **about)  # type: ignore[arg-type]
    documents.carry_out(run, form, at=stage.at)
    return run.pk


def main() -> None:
    gather_static()
    stage = open_stage(now())
    past(stage)
    made = open_matters(stage)
    print(json.dumps({"made": made, "keys": shown(stage)}, ensure_ascii=False))
