"""The last hours: for everybody who may sign in, something that waits for them today, some of it too late already."""

from datetime import datetime, timedelta

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.service_desk import operations as service_desk
from huiyin.areas.staffing.queries import Responsible
from huiyin.surfaces.demo import desk, dispatching, texts
from huiyin.surfaces.demo.clock import Life
from huiyin.surfaces.demo.repairs import doer_of, order_by, sign


def set_up(life: Life) -> None:
    """Lay the scenes before the end; each stays as it is from then on."""
    for minutes, scene in (
        (27 * 60, complaint_without_reply),
        (26 * 60, job_waiting_for_parts),
        (25 * 60, service_promised_for_today),
        (20 * 60, job_to_ask_about),
        (6 * 60, job_to_sign),
        (200, major_complaint),
        (190, complaint_to_decide),
        (150, job_this_afternoon),
        (140, complaint_to_close),
        (120, job_grabbed),
        (95, job_given_in_turn),
        (80, job_passed_on),
        (20, job_to_take_over),
        (7, job_lying_open),
        (55, waiting_for_dispatch),
        (45, promised_an_answer),
        (36, leak_on_the_way),
        (16, to_call_back),
        (8, just_reported),
    ):
        life.at(life.until - timedelta(minutes=minutes), scene)


def complaint_without_reply(life: Life, at: datetime) -> None:
    """The butler looked into it yesterday and owes the reply since some hours."""
    case = _told(life, at, "complaint", severity="important", about_person=None)
    butler = life.place.staff["guanjia"]
    to = Responsible(life.place.posts["butler"], butler)
    life.after(at, (10, 20), _transfer, case.pk, to)
    life.after(at, (50, 80), _verify, case.pk, "guanjia")
    life.after(at, (150, 200), _decide, case.pk, "jingli")


def service_promised_for_today(life: Life, at: datetime) -> None:
    case = _told(life, at, "special_service")
    butler = life.place.staff["guanjia"]
    cases.transfer_case(
        desk.case_by(case.pk),
        to=Responsible(life.place.posts["butler"], butler),
        actor=life.place.staff["qiantai"],
        at=at,
        note="管家跟住户约好了",
    )
    cases.take_case(desk.case_by(case.pk), actor=butler, at=at)
    promised_at = life.until + timedelta(hours=3)
    cases.promise_time(desk.case_by(case.pk), promised_at=promised_at, does="上门服务", actor=butler, at=at)


def job_waiting_for_parts(life: Life, at: datetime) -> None:
    order = _repair(life, at, "weixiu1")
    life.after(at, (4, 9), _accept, order.pk)
    life.after(at, (30, 50), _hold, order.pk)


def job_to_ask_about(life: Life, at: datetime) -> None:
    """Done and signed yesterday; the desk has not asked yet how it was."""
    order = _repair(life, at, "weixiu2")
    for minutes, step in ((6, _accept), (35, _arrive), (70, _finish), (75, sign)):
        life.at(at + timedelta(minutes=minutes), step, order.pk)


def job_to_sign(life: Life, at: datetime) -> None:
    """Done and waiting for the resident's signature."""
    order = _repair(life, at, "weixiu3")
    start = at + timedelta(minutes=20)
    dispatching.agree(order, start, start + timedelta(hours=2), actor=life.place.staff["banzhang"], at=at)
    life.after(at, (4, 9), _accept, order.pk)
    life.after(at, (40, 60), _arrive, order.pk)
    life.at(life.until - timedelta(minutes=25), _finish, order.pk)


def major_complaint(life: Life, at: datetime) -> None:
    """The director decides."""
    case = _told(life, at, "complaint", severity="major", about_person=None)
    life.after(at, (20, 40), _verify, case.pk, "zhuguan")


def complaint_to_decide(life: Life, at: datetime) -> None:
    case = _told(life, at, "complaint", severity="minor")
    life.after(at, (30, 60), _verify, case.pk, "guanjia2")


def job_this_afternoon(life: Life, at: datetime) -> None:
    order = _repair(life, at, "weixiu1")
    start = life.until + timedelta(hours=1)
    dispatching.agree(order, start, start + timedelta(hours=2), actor=life.place.staff["banzhang"], at=at)
    life.after(at, (3, 8), _accept, order.pk)


def complaint_to_close(life: Life, at: datetime) -> None:
    """Everything is done but the supervisor's closing."""
    case = _told(life, at, "complaint", severity="minor", about_person=None)
    life.after(at, (10, 20), _verify, case.pk, "guanjia")
    life.after(at, (30, 40), _decide, case.pk, "jingli")
    life.after(at, (60, 90), _reply, case.pk, "kefu")


def waiting_for_dispatch(life: Life, at: datetime) -> None:
    _told(life, at, "repair")


def promised_an_answer(life: Life, at: datetime) -> None:
    """The desk promised this one an answer within the hour."""
    said = texts.say("enquiry", life.rng)
    home = life.rng.choice(life.place.homes)
    clerk = life.place.staff["qiantai"]
    service_desk.settle_at_desk(
        life.place.estate,
        ending=service_desk.Ending(promised_at=life.until + timedelta(minutes=50), by=clerk),
        channel="call",
        text=said.text,
        caller=desk.caller_of(home, life),
        actor=clerk,
        at=at,
        home=desk.home_of(home),
    )


def leak_on_the_way(life: Life, at: datetime) -> None:
    """An emergency; whoever took it should have been there by now."""
    order = _repair(life, at, "weixiu2", urgent=True)
    life.after(at, (2, 4), _accept, order.pk)


def to_call_back(life: Life, at: datetime) -> None:
    said = texts.say("enquiry", life.rng)
    home = life.rng.choice(life.place.homes)
    clerk = life.place.staff["qiantai"]
    service_desk.settle_at_desk(
        life.place.estate,
        ending=service_desk.Ending(by=clerk),
        channel="call",
        text=said.text,
        caller=desk.caller_of(home, life),
        actor=clerk,
        at=at,
        home=desk.home_of(home),
    )


def just_reported(life: Life, at: datetime) -> None:
    _told(life, at, "repair")
    _told(life, at + timedelta(minutes=1), "suggestion")


def _told(life: Life, at: datetime, kind: str, *, urgent: bool | None = None, **more: object) -> Case:
    said = texts.say(kind, life.rng, urgent=bool(urgent) if kind == "repair" else None)
    home = life.rng.choice(life.place.homes)
    common = {"location_kind": "in_unit"} if kind == "repair" else {}
    case = service_desk.take_matter(
        life.place.estate,
        matter=desk.matter_of(life, said, **(common | more)),
        channel="call",
        text=said.text,
        caller=desk.caller_of(home, life),
        actor=life.place.staff["qiantai"],
        at=at,
        home=desk.home_of(home),
    )
    life.let_be.add(case.pk)
    return case


def _repair(life: Life, at: datetime, technician: str, *, urgent: bool = False) -> WorkOrder:
    case = _told(life, at, "repair", urgent=urgent)
    order = WorkOrder.objects.select_related("case__estate", "case__responsible_post").get(case=case)
    boss = life.place.staff["banzhang"]
    dispatching.give(order, life.place.staff[technician], actor=boss, at=at + timedelta(minutes=1))
    return order


def job_grabbed(life: Life, at: datetime) -> None:
    dispatching.grabbed(life, at, _waiting(life, at))


def job_given_in_turn(life: Life, at: datetime) -> None:
    dispatching.given_in_turn(life, at, _waiting(life, at))


def job_passed_on(life: Life, at: datetime) -> None:
    dispatching.passed_on(life, at, _waiting(life, at), taken=True)


def job_to_take_over(life: Life, at: datetime) -> None:
    dispatching.passed_on(life, at, _waiting(life, at), taken=False)


def job_lying_open(life: Life, at: datetime) -> None:
    """Laid open some minutes ago; whoever is fit may still grab it."""
    repairs.lay_open(_waiting(life, at), actor=life.place.staff["banzhang"], at=at + timedelta(minutes=1))


def _waiting(life: Life, at: datetime) -> WorkOrder:
    return order_by(WorkOrder.objects.get(case=_told(life, at, "repair")).pk)


def _transfer(life: Life, at: datetime, case_id: int, to: Responsible) -> None:
    boss = life.place.staff["zhuguan"]
    cases.transfer_case(desk.case_by(case_id), to=to, actor=boss, at=at, note="请管家上门核实并答复")


def _verify(life: Life, at: datetime, case_id: int, who: str) -> None:
    complaint = complaint_of(desk.case_by(case_id))
    assert complaint is not None
    complaints.verify(
        complaint, finding="到现场看过,情况与来电所说一致", validity="valid", actor=life.place.staff[who], at=at
    )


def _decide(life: Life, at: datetime, case_id: int, who: str) -> None:
    complaint = complaint_of(desk.case_by(case_id))
    assert complaint is not None
    complaints.decide(
        complaint,
        method="当天整改,三天内再查一次",
        department=complaint.about_department or life.place.departments["环境服务部"],
        resolve_by=life.until + timedelta(hours=7),
        actor=life.place.staff[who],
        at=at,
    )


def _reply(life: Life, at: datetime, case_id: int, who: str) -> None:
    complaint = complaint_of(desk.case_by(case_id))
    assert complaint is not None
    complaints.reply(complaint, reply="已经整改好,三天内我们再来看一次", actor=life.place.staff[who], at=at)


def _accept(life: Life, at: datetime, order_id: int) -> None:
    order = order_by(order_id)
    repairs.accept(order, actor=doer_of(order), at=at)


def _arrive(life: Life, at: datetime, order_id: int) -> None:
    order = order_by(order_id)
    repairs.arrive(order, actor=doer_of(order), at=at)


def _hold(life: Life, at: datetime, order_id: int) -> None:
    order = order_by(order_id)
    wakes_at = life.until + timedelta(hours=5)
    repairs.hold(order, why="parts", reason="供应商说今天送到", wakes_at=wakes_at, actor=doer_of(order), at=at)


def _finish(life: Life, at: datetime, order_id: int) -> None:
    order = order_by(order_id)
    repairs.finish(order, work_done="更换配件并试用,恢复正常", actor=doer_of(order), at=at)
