"""The printed forms of repairs: 维修单 in two copies, 日常维修记录表, 预约登记, 业户沟通情况一览表. ONE, LISTED and TALKED say where each is offered."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from huiyin.areas.materials import queries as materials
from huiyin.areas.materials.queries import UsedLine
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import CommunicationNote, QuoteLine, WorkOrder
from huiyin.areas.repairs.permissions import BOARD, visible_to
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import (
    HOME,
    NAME,
    NUMBER,
    PHONE,
    SHORT_TIME,
    SPAN,
    TIME,
    WORD,
    Columns,
    Form,
    Sheet,
    Values,
    in_order,
)
from huiyin.foundation.documents.masking import hide_callers
from huiyin.foundation.documents.pictures import signature
from huiyin.foundation.documents.words import moment, name, short, span
from huiyin.foundation.money import capitals, figures

# The words to tick on the slip.
WARRANTY = {"own": "保修期内", "builder": "保修期内", "none": "保修期外", "common": "公共部位"}
CHARGES = {"free": "免费", "paid": "有偿"}
SATISFACTION: dict[int | None, str] = {5: "很满意", 4: "满意", 3: "一般", 2: "不满意", 1: "很不满意"}
REGISTER = "/foundation/documents/typst/register.typ"
_WITH = ("technician", "signature", "case__estate", "case__category", "case__first_contact_owner")

DAILY = Columns(
    (
        ("单号", NUMBER + 3, lambda order: order.number),
        ("报修时间", TIME, lambda order: moment(order.opened_at)),
        ("房屋", HOME, lambda order: order.case.caller_unit),
        ("报修人", NAME, lambda order: order.case.caller_name),
        ("电话", PHONE, lambda order: order.case.caller_phone),
        ("报修内容", 1, lambda order: order.case.text),
        ("部位", WORD + 3, lambda order: order.get_location_kind_display()),
        ("紧急", WORD, lambda order: order.get_urgency_display()),
        ("登记人", NAME, lambda order: order.case.first_contact_owner.name),
        ("维修工", NAME, lambda order: name(order.technician)),
        ("到达", SHORT_TIME, lambda order: short(order.arrived_at)),
        ("完工", SHORT_TIME, lambda order: short(order.finished_at)),
        ("结果", NAME, lambda order: order.get_status_display()),
    )
)
APPOINTED = Columns(
    (
        ("预约时间", SPAN, lambda order: span(order.appointment_from, order.appointment_to)),
        ("房屋", HOME, lambda order: order.case.caller_unit),
        ("客户", NAME, lambda order: order.case.caller_name),
        ("电话", PHONE, lambda order: order.case.caller_phone),
        ("工作内容", 1, lambda order: order.case.text),
        ("预计用时", NAME + 3, lambda order: ""),
        ("维修工", NAME, lambda order: name(order.technician)),
        ("单号", NUMBER + 3, lambda order: order.number),
        ("确认人", NAME + 3, lambda order: ""),
    )
)

TALKED_ABOUT = Columns(
    (
        ("日期", TIME, lambda talk: moment(talk.talked_at)),
        ("房屋", HOME, lambda talk: talk.order.case.caller_unit),
        ("单号", NUMBER + 3, lambda talk: talk.order.number),
        ("维修工", NAME, lambda talk: talk.told_by.name),
        ("沟通要点", 3, lambda talk: talk.points),
        ("态度", WORD, lambda talk: talk.get_attitude_display()),
        ("需求", 2, lambda talk: talk.needs),
        ("后续", 2, lambda talk: _owed(talk)),
        ("录入人", NAME, lambda talk: talk.entered_by.name),
    )
)


def orders_with(user: User, ids: Sequence[int]) -> list[WorkOrder]:
    orders = in_order(visible_to(user).filter(pk__in=ids).select_related(*_WITH), ids)
    hide_callers(user, (order.case for order in orders))
    return orders


def talks_with(user: User, ids: Sequence[int]) -> list[CommunicationNote]:
    return in_order(queries.talks_with(user, ids), ids)


def _owed(talk: CommunicationNote) -> str:
    return f"{talk.follow_up}({talk.follow_up_case.number})" if talk.follow_up_case else talk.follow_up


def work_orders(form: Form, orders: Sequence[WorkOrder]) -> Iterator[Sheet]:
    costs = queries.money_of_each(orders)
    used = materials.used_on(WorkOrder.journal_name, [order.pk for order in orders])
    for order in orders:
        path = reverse("web:case", args=[order.case.number])
        values = {**_work_order(order), **_money(costs[order.pk], used.get(order.pk, []))}
        yield Sheet(form, order.case.estate.name, order.number, path, values)


def _money(money: queries.Money, used: Sequence[UsedLine]) -> Values:
    """Return what the slip says of warranty, charge, quote, consent and materials, and of what the resident said.

    Where a price was agreed, materials are told without one: nobody reads two sums.
    """
    terms, quote, consent, accepted = money.terms, money.quote, money.consent, money.accepted
    agreed = signature(consent.signature) if consent else ""
    instead = f"{consent.signer} {consent.get_mode_display()}{consent.paper_slip}" if consent and not agreed else ""
    supplied = [[f"客户自备:{terms.supplied}", "", "", "", ""]] if terms and terms.supplied else []
    lines = money.lines if quote else ()
    return {
        "warranty": WARRANTY.get(terms.outcome, "") if terms else "",
        "charge": CHARGES.get(terms.charge, "") if terms else "",
        "lines": [_line(one) for one in lines] + supplied + [_material(one, priced=quote is None) for one in used],
        "total": f"{capitals(quote.total)}(¥{figures(quote.total)})" if quote else "",
        "consent": agreed,
        "consented_elsewhere": instead,
        "consented": moment(consent.given_at) if consent else "",
        "precautions": "已向客户说明" if accepted and accepted.precautions_explained else "",
        "satisfaction": SATISFACTION.get(accepted.satisfaction, "") if accepted else "",
        "opinion": accepted.opinion if accepted else "",
    }


def _line(one: QuoteLine) -> list[str]:
    off = f"(优惠 {figures(one.discount)})" if one.discount else ""
    return [
        f"{one.title}{off}",
        one.code,
        f"{one.quantity.normalize():f} {one.unit}",
        figures(one.unit_price),
        figures(one.amount),
    ]


def _work_order(order: WorkOrder) -> Values:
    case = order.case
    drawn = signature(order.signature)
    on_paper = f"纸单 {order.paper_slip} 由{order.signer}签收" if order.paper_slip else ""
    return {
        "unit": case.caller_unit or case.place,
        "caller": "匿名" if case.anonymous else case.caller_name,
        "phone": case.caller_phone,
        "opened": moment(order.opened_at),
        "location": order.get_location_kind_display(),
        "urgency": order.get_urgency_display(),
        "category": name(case.category),
        "slot": span(order.appointment_from, order.appointment_to),
        "technician": name(order.technician),
        "dispatched": moment(order.dispatched_at),
        "arrived": moment(order.arrived_at),
        "finished": moment(order.finished_at),
        "text": case.text,
        "work_done": order.work_done,
        "signature": drawn,
        "signed_elsewhere": on_paper,
        "signed": moment(order.paper_written_at or order.closed_at) if drawn or on_paper else "",
    }


def _material(line: UsedLine, *, priced: bool) -> list[str]:
    """Return the cells of one material: name, spec, quantity, price, amount; no price, no amount."""
    price = figures(line.unit_price) if priced and line.unit_price is not None else ""
    amount = figures(line.quantity * line.unit_price) if priced and line.unit_price is not None else ""
    return [line.name, line.spec, f"{line.quantity.normalize():f} {line.unit}", price, amount]


def daily(form: Form, orders: Sequence[WorkOrder]) -> Iterator[Sheet]:
    yield _register(form, orders, DAILY)


def appointed(form: Form, orders: Sequence[WorkOrder]) -> Iterator[Sheet]:
    yield _register(form, [order for order in orders if order.appointment_from], APPOINTED)


def talks(form: Form, found: Sequence[CommunicationNote]) -> Iterator[Sheet]:
    days = sorted(talk.talked_at for talk in found)
    estate = found[0].order.case.estate.name if found else ""
    serial = f"{moment(days[0])[:10]} 至 {moment(days[-1])[:10]}" if days else "—"
    yield Sheet(form, estate, serial, reverse("repairs:talks"), TALKED_ABOUT.of_rows(found))


def _register(form: Form, orders: Sequence[WorkOrder], columns: Columns) -> Sheet:
    days = sorted(order.opened_at for order in orders)
    estate = orders[0].case.estate.name if orders else ""
    serial = f"{moment(days[0])[:10]} 至 {moment(days[-1])[:10]}" if days else "—"
    return Sheet(form, estate, serial, reverse("repairs:orders"), columns.of_rows(orders))


WORK_ORDER = Form(
    "F-22",
    "维修单",
    "/areas/repairs/typst/work_order.typ",
    BOARD,
    orders_with,
    work_orders,
    copies=("第一联 维修班长存", "第二联 服务中心存"),
    blank={},
    keyed_in="repairs:orders",
    callers=True,
)
DAILY_REPAIRS = Form(
    "F-21",
    "日常维修记录表",
    REGISTER,
    BOARD,
    orders_with,
    daily,
    landscape=True,
    register=True,
    export="cases.export",
    blank=DAILY.empty(),
    keyed_in="service_desk:desk",
    callers=True,
)
APPOINTMENTS = Form(
    "F-08",
    "预约登记",
    REGISTER,
    BOARD,
    orders_with,
    appointed,
    landscape=True,
    register=True,
    export="cases.export",
    blank=APPOINTED.empty(),
    keyed_in="repairs:board",
    callers=True,
)
TALKS = Form(
    "F-25",
    "业户沟通情况一览表",
    REGISTER,
    BOARD,
    talks_with,
    talks,
    landscape=True,
    register=True,
    export="cases.export",
    blank=TALKED_ABOUT.empty(),
    keyed_in="repairs:talks",
)
ONE = {WORK_ORDER.code: WORK_ORDER}
LISTED = {form.code: form for form in (DAILY_REPAIRS, WORK_ORDER, APPOINTMENTS)}
TALKED = {TALKS.code: TALKS}
FORMS = ONE | LISTED | TALKED
