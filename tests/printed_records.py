"""Fixed records for the printed forms, one of each sort, made by the real operations; and which form prints which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from huiyin.areas.cases import documents as case_forms
from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints import documents as complaint_forms
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.estate.models import Estate
from huiyin.areas.estate.queries import present_household
from huiyin.areas.fees import documents as fee_forms
from huiyin.areas.fees import operations as fees
from huiyin.areas.fees.models import MonthlySlip, Receipt
from huiyin.areas.fees.operations import Payment
from huiyin.areas.fees.tests.factories import charged
from huiyin.areas.materials import documents as material_forms
from huiyin.areas.materials import operations as materials
from huiyin.areas.materials.models import FixedAsset, Plan, Requisition
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.rules import Band, Want
from huiyin.areas.repairs import documents as repair_forms
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.tests.factories import drawing, minutes, order_in
from huiyin.areas.return_visits import documents as visit_forms
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits import statistics
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.return_visits.tests.factories import BAD, visit_after_complaint, visit_due
from huiyin.areas.service_desk import documents as desk_forms
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.staffing import documents as duty_forms
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Assignment, Duty
from huiyin.areas.staffing.queries import departments_of
from huiyin.areas.upkeep import documents as upkeep_forms
from huiyin.areas.upkeep import operations as upkeep
from huiyin.areas.upkeep.models import Plan as UpkeepPlan
from huiyin.areas.upkeep.tests.factories import plan_for, pump, round_of
from huiyin.foundation.documents.forms import Form, Sheet
from tests.cast import AT, Cast, tell

LONG_NAME = "阿卜杜勒·买买提江·吐尔逊娜依·古丽巴哈尔(代业主欧阳上官慧敏女士委托)"
LONG_TEXT = (
    "主卧卫生间顶上从上周三晚上开始滴水,先是墙角一小片发黄,昨天夜里连着滴到天亮,接了两盆水;"
    "楼上 3-2-1601 说他家没有漏,物业之前来看过一次,说是等配件,到现在没有消息。"
    "衣柜背板已经泡胀,地板也起了翘,请尽快安排人来看,最好带上能查管道的仪器,来之前打电话。"
)


@dataclass(frozen=True)
class Printed:
    """A form and the records it is tried with."""

    form: Form
    records: Sequence[Any]

    def sheets(self) -> list[Sheet]:
        return list(self.form.fill(self.form, self.records))


def fixed_records(estate: Estate, cast: Cast) -> dict[str, Printed]:
    """Make the records and return, by code, what every form is printed of."""
    order, requisitions, plans = _materials(estate, cast)
    paper = order_in("finished", estate, cast, at=minutes(60))
    slip = {"paper_slip": "YH-Z-20261125-0001", "signer": "王丽", "written_at": minutes(105)}
    repairs.accept_by_paper(paper, **slip, actor=cast.clerk, at=minutes(110))
    fresh = order_in("new", estate, cast, at=minutes(120))
    repairs.appoint(fresh, start=minutes(1500), end=minutes(1560), actor=cast.clerk, at=minutes(125))
    orders = repair_forms.orders_with(cast.director, [order.pk, paper.pk, fresh.pk])
    talks = repair_forms.talks_with(cast.director, _talks(orders, cast))
    made = _visits(estate, cast)
    failed = [one for one in made if one.status == "failed"]
    contacts = _contacts(estate, cast)
    complaint = complaint_forms.complaints_with(cast.director, [_complaint(estate, cast)])
    suggestion = case_forms.cases_with(cast.director, [_suggestion(estate, cast)])
    duties = duty_forms.duties_with(cast.director, _duties(cast))
    slips = case_forms.cases_with(cast.director, [order.case_id])
    due = statistics.visits_due(cast.director, estate.pk, since=AT - timedelta(days=30), until=AT + timedelta(days=30))
    records: dict[str, Sequence[Any]] = {
        **dict.fromkeys(("F-01", "F-02", "F-09"), contacts),
        "F-03": [line for line in contacts if line.promised_at][:1],
        "F-05": duties,
        "F-07": suggestion,
        "F-12": slips,
        **dict.fromkeys(complaint_forms.FORMS, complaint),
        "F-21": orders,
        "F-25": talks,
        **dict.fromkeys(("F-08", "F-22"), orders),
        **dict.fromkeys(("F-31", "F-35"), made),
        **dict.fromkeys(("F-36", "F-27", "F-15"), failed),
        **dict.fromkeys(("F-32", "F-33", "F-34"), made),
        "F-37": due,
        "F-24": _receipts(estate, cast),
        "F-26": _slips(estate, cast),
        "F-23": requisitions,
        "F-29": plans,
        "F-30": _assets(estate, cast),
        "F-28": _upkeep(estate, cast),
    }
    return {code: _of(form, records[code], cast) for code, form in every_form().items()}


def _talks(orders: Sequence[WorkOrder], cast: Cast) -> list[int]:
    """Two talks with residents, one of them long and with something left to do."""
    kept = []
    for order, points, follow in (
        (orders[0], LONG_TEXT, repairs.FollowUp("请厂家来换整套软管", "special_service")),
        (orders[1], "业主满意,只问以后漏水找谁", None),
    ):
        about = {"told_by": cast.technician, "talked_at": minutes(130), "points": points, "follow_up": follow}
        kept.append(
            repairs.enter_talk(order, **about, needs="下次来之前先打电话", actor=cast.clerk, at=minutes(140)).pk
        )
    return kept


def _of(form: Form, records: Sequence[Any], cast: Cast) -> Printed:
    """Read the records again as the job does: the form leaves out what does not belong on it."""
    return Printed(form, form.read(cast.director, [record.pk for record in records]))


def every_form() -> dict[str, Form]:
    found = (
        desk_forms,
        duty_forms,
        case_forms,
        complaint_forms,
        material_forms,
        repair_forms,
        fee_forms,
        upkeep_forms,
        statistics,
    )
    return {code: form for area in found for code, form in sorted(area.FORMS.items())}


def _upkeep(estate: Estate, cast: Cast) -> list[UpkeepPlan]:
    """A monthly plan done with a defect and a long remark, a yearly one not yet due, one that was stopped."""
    piece = pump(estate, cast, model="CDL16-30", building=estate.buildings.get(code="3"))
    monthly = plan_for(piece, cast)
    upkeep.record_round(
        round_of(monthly), fine=False, checked=[0], note=LONG_TEXT, actor=cast.technician, at=minutes(200)
    )
    told: dict[str, Any] = {"every": 1, "unit": "year", "checklist": [], "person": cast.lead}
    yearly = plan_for(piece, cast, task="年度绝缘检测和控制柜整体检修", first_on=AT.date() + timedelta(days=99), **told)
    stopped = plan_for(pump(estate, cast, code="SB-02", name="排污泵"), cast, task="季度保养", unit="quarter")
    upkeep.end_plan(stopped, note="改由厂家做", actor=cast.lead, at=minutes(210))
    return [monthly, yearly, stopped]


def _receipts(estate: Estate, cast: Cast) -> list[Receipt]:
    """One paid in cash by a payer with a long name, one voided, one in red."""
    first, second, third = (charged(estate, cast, subject=n, at=minutes(n)) for n in (901, 902, 903))
    paid = Payment("cash", payer=LONG_NAME, invoice="25117000000012345678")
    kept = fees.take_payment(first, payment=paid, actor=cast.cashier, at=minutes(1000))
    wrong = fees.take_payment(second, payment=Payment("cash"), actor=cast.cashier, at=minutes(1001))
    fees.void_receipt(wrong, reason="金额写错", actor=cast.cashier, at=minutes(1002))
    given = fees.take_payment(
        third, payment=Payment("transfer", reference="7781"), actor=cast.cashier, at=minutes(1003)
    )
    asked = fees.ask_refund(given, amount=Decimal("30.05"), reason="多收", actor=cast.cashier, at=minutes(1004))
    fees.approve_waiver(asked, actor=cast.director, at=minutes(1005))
    return [kept, wrong, given.refunded_by.get()]


def _slips(estate: Estate, cast: Cast) -> list[MonthlySlip]:
    """One signed with a pen on the screen, and one that waits."""
    home = present_household(estate.units.get(code="3-2-1501"))
    made = []
    for n, month in ((910, "2026-11"), (920, "2026-11")):
        for one in range(2):
            charged(estate, cast, subject=n + one, household=home, settlement="monthly", at=minutes(n + one))
        made += fees.make_slips(estate, month=month, actor=cast.cashier, at=minutes(n + 5))
        if n == 910:
            fees.sign_slip(made[0], signer="王丽", drawing=drawing(), actor=cast.clerk, at=minutes(n + 6))
    return made


def _materials(estate: Estate, cast: Cast) -> tuple[WorkOrder, list[Requisition], list[Plan]]:
    """An order with a long text that took two taps and gave one back, a slip still to be issued, and a plan."""
    order = order_in("working", estate, cast, at=AT, text=LONG_TEXT)
    told: dict[str, Any] = {"actor": cast.director, "at": minutes(31)}
    store = materials.open_store(estate, name="总库房", **told)
    tap, hose = (
        materials.set_up_item(estate, code=code, name=name, spec=spec, unit=unit, least=Decimal(30), **told)
        for code, name, spec, unit in (
            ("SL-04", "水龙头", "4 分陶瓷阀芯加长", "个"),
            ("RG-01", "不锈钢软管", "DN15", "米"),
        )
    )
    materials.set_prices(tap, [Band(Decimal(0), Decimal(12), Decimal("18.50"))], valid_from=AT.date(), **told)
    for item in (tap, hose):
        materials.receive(item, store, Decimal(20), **told)
    mine: dict[str, Any] = {"actor": cast.technician, "at": minutes(32)}
    wants = [Want(tap.pk, Decimal(3)), Want(hose.pk, Decimal("1.5"))]
    slip = repairs.ask_materials(order, store=store, wants=wants, note="阀芯也坏了", **mine)
    materials.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=cast.director, at=minutes(33))
    one, other = slip.lines.order_by("item")
    back = {one.pk: Accounted(Decimal(2), Decimal(1)), other.pk: Accounted(Decimal("1.5"))}
    repairs.account_materials(order, slip, back, actor=cast.technician, at=minutes(38))
    repairs.finish(order, work_done="换了角阀", actor=cast.technician, at=minutes(40))
    repairs.sign(order, drawing=drawing(), signer="王丽", actor=cast.technician, at=minutes(50))
    waiting = materials.ask(estate, technician=cast.technician, store=store, wants=wants, actor=cast.technician, at=AT)
    materials.hand_out(hose, store, Decimal(4), taker="绿化 老周", actor=cast.director, at=minutes(39))
    plan = materials.make_plan(estate, [Want(tap.pk, Decimal(42)), wants[1]], actor=cast.director, at=minutes(41))
    return order, [slip, waiting], [plan]


def _assets(estate: Estate, cast: Cast) -> list[FixedAsset]:
    """One with a long name and a value, one without a value that was looked for, one lost, one left by its keeper."""
    told: dict[str, Any] = {"actor": cast.director, "at": minutes(50)}
    printer = materials.register_asset(
        estate,
        number="KF-2023-0001",
        name="多功能一体打印复印扫描传真机(前台与档案室共用)",
        model="LaserJet Pro MFP M428fdw 双面网络版",
        value=Decimal("123456.50"),
        bought_date=AT.date() - timedelta(days=900),
        location="服务中心一楼前台后侧靠窗的打印区",
        keeper=cast.clerk,
        **told,
    )
    radio = materials.register_asset(estate, name="对讲机", location="工程部", keeper=cast.technician, **told)
    materials.check_asset(radio, found=True, **told)
    ladder = materials.register_asset(
        estate, name="铝合金人字梯", value=Decimal(680), location="工具房", keeper=cast.lead, **told
    )
    materials.check_asset(ladder, found=False, note="盘点没有找到", **told)
    drill = materials.register_asset(estate, name="冲击钻", location="工具房", keeper=cast.second_technician, **told)
    staffing.let_go(cast.second_technician, estate_id=estate.pk, actor=cast.director, at=minutes(51))
    return [printer, radio, ladder, drill]


def _contacts(estate: Estate, cast: Cast) -> list[Contact]:
    """Seventy lines of the ledger: enough for several pages, one of them far too long."""
    kept = []
    for n in range(70):
        line = desk.register_contact(
            estate,
            channel="letter" if n % 23 == 0 else "call",
            text=LONG_TEXT if n == 5 else f"第 {n} 位:问停车费什么时候交、怎么交",
            caller=Caller(LONG_NAME if n == 5 else "王女士", "13800138000", "3-2-1501"),
            actor=cast.clerk,
            at=minutes(200 + n),
        )
        if n == 7:
            desk.ask_callback(line, by=cast.butler, actor=cast.clerk, at=minutes(300))
        elif n % 2:
            desk.answer_contact(line, answer="每季度首月 15 日前,扫码或到前台", actor=cast.clerk, at=minutes(300))
        kept.append(line.pk)
    return desk_forms.contacts_with(cast.director, kept)


def _visits(estate: Estate, cast: Cast) -> list[ReturnVisit]:
    """A visit by phone that passed, one at the door that was signed, one that failed and had its consequences."""
    phone, door, failed = (visit_due(estate, cast, at=AT + timedelta(days=days)) for days in (1, 2, 3))
    good = Evaluation(4, 3, 3, opinions="师傅手脚利索,就是来得晚了半小时")
    visits.record_visit(phone, mode="phone", evaluation=good, actor=cast.clerk, at=AT + timedelta(days=1, hours=3))
    visits.record_visit(
        door,
        mode="door",
        evaluation=good,
        drawing=drawing(),
        signer="王丽",
        actor=cast.clerk,
        at=AT + timedelta(days=2, hours=3),
    )
    later = AT + timedelta(days=3, hours=3)
    visits.record_visit(failed, mode="phone", evaluation=BAD, actor=cast.clerk, at=later)
    visits.send_rectification(failed, text="换掉整段老化的软管,三天内复查", actor=cast.supervisor, at=later)
    visits.review(failed, opinion="班长今晚亲自去,明早报结果", actor=cast.supervisor, at=later)
    after = visit_after_complaint(estate, cast, at=AT + timedelta(days=4))
    ids = [phone.pk, door.pk, failed.pk, after.pk]
    return visit_forms.visits_with(cast.director, ids)


def _complaint(estate: Estate, cast: Cast) -> int:
    case = tell(estate, cast.clerk, at=minutes(5), kind="complaint", text=LONG_TEXT, severity="important")
    complaint = complaint_of(case)
    assert complaint is not None
    complaints.verify(complaint, finding="属实,楼上防水破损", validity="valid", actor=cast.butler, at=minutes(10))
    department = departments_of(estate.pk)[0]
    complaints.decide(
        complaint,
        method="请楼上业主配合重做防水,费用由施工方承担",
        department=department,
        actor=cast.director,
        at=minutes(20),
    )
    cases.comment(case, text="已联系楼上业主,周五上门", told_caller=True, actor=cast.butler, at=minutes(25))
    complaints.reply(complaint, reply="周五上午九点上门查漏,十天内修好", actor=cast.supervisor, at=minutes(30))
    return complaint.pk


def _suggestion(estate: Estate, cast: Cast) -> int:
    case = tell(estate, cast.clerk, at=minutes(6), kind="suggestion", text="地库入口加一面凸面镜")
    fresh = Case.objects.get(pk=case.pk)
    cases.decide_suggestion(fresh, adopted=True, note="本月内安装两面", actor=cast.director, at=minutes(50))
    return case.pk


def _duties(cast: Cast) -> list[int]:
    held = Assignment.objects.select_related("post").filter(user__in=[cast.clerk, cast.technician]).order_by("id")
    for one in held:
        for days in range(3):
            began = AT + timedelta(days=days)
            staffing.plan_duty(one.post, one.user, starts_at=began, ends_at=began + timedelta(hours=8))
    return list(Duty.objects.order_by("starts_at", "id").values_list("pk", flat=True))
