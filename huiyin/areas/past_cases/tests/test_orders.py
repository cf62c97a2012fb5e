"""Repair orders of the time before: read, laid beside the estate, taken in once, and found when the same fault comes back."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.rules import OwnCategory
from huiyin.areas.estate.models import Estate, Household, Unit
from huiyin.areas.past_cases import operations, queries
from huiyin.areas.past_cases.models import ImportedCase, OrderSheet
from huiyin.areas.past_cases.operations import staging
from huiyin.areas.past_cases.rules.orders import TEMPLATE, moment_of, read_orders
from huiyin.areas.past_cases.states import SheetStatus
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs import queries as about_repairs
from huiyin.areas.repairs.models import PastOrder, Warranty, WorkOrder
from huiyin.areas.repairs.tests.factories import order_in
from huiyin.foundation.jobs.worker import run_due_jobs
from huiyin.foundation.states.moves import MovedMeanwhile
from huiyin.foundation.tables import Table, TableUnreadable, read_tables
from huiyin.foundation.transactions import as_command
from tests.cast import AT, Cast

ZONE = ZoneInfo("Asia/Shanghai")
HEAD = ",".join(TEMPLATE)
TAP = (
    "W1,3-2-1501,,王女士,13800138000,water.tap,龙头滴水,一般,2026-11-01 09:30,2026-11-01 09:40,2026-11-01 10:20,"
    "2026-11-01 11:00,2026-11-01 11:05,老刘,有偿,35,龙头 1 个,换了龙头,2026-12-31"
)
LAMP = "W2,,3 栋大堂,,,,灯不亮,紧急,2026/11/2,,,2026-11-02,,,,,,换了灯管,"
WAITS = "W3,3栋2单元1501室,,李先生,,light,客厅灯不亮,,2026-11-24 20:00,,,,,老刘,,,,,"


@pytest.fixture(autouse=True)
def tree(db: None) -> None:
    cases.load_categories()


@pytest.fixture
def family(home: Household) -> Household:
    """The family of 3-2-1501, there since October."""
    with as_command():
        Household.objects.filter(pk=home.pk).update(since_date=date(2026, 10, 1))
    home.refresh_from_db()
    return home


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


def read(*rows: str, head: str = HEAD) -> Any:
    return read_orders(list(read_tables(csv(*rows, head=head))), now=AT, zone=ZONE)


def plan(estate: Estate, *rows: str) -> queries.OrderPlan:
    return queries.compare(estate, read(*rows), zone=ZONE)


def taken_in(estate: Estate, cast: Cast, *rows: str) -> int:
    found = plan(estate, *rows)
    assert found.problems == []
    return operations.take_in_plan(estate, found, actor=cast.supervisor, at=AT)


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def test_an_old_order_is_a_case_with_its_own_times_its_order_and_its_warranty(
    estate: Estate, cast: Cast, family: Household
) -> None:
    assert taken_in(estate, cast, TAP) == 1
    order = PastOrder.objects.get()
    case = order.case
    assert (case.number, case.kind, case.status) == ("YH-H261101-001", "repair", "closed")
    assert (case.opened_at, case.closed_at, case.answer) == (moment(1, 9, 30), moment(1, 11, 5), "换了龙头")
    assert (case.unit_id, case.household_id, case.caller_unit) == (family.unit_id, family.pk, "3-2-1501")
    assert case.category and case.category.code == "water.tap"
    assert (order.number, order.technician, order.charge, order.amount) == ("W1", "老刘", "paid", Decimal("35.00"))
    assert (order.dispatched_at, order.arrived_at, order.finished_at) == (
        moment(1, 9, 40),
        moment(1, 10, 20),
        moment(1, 11),
    )
    own = Warranty.objects.get()
    assert (own.fault, own.from_date, own.to_date) == ("water.tap", date(2026, 11, 1), date(2026, 12, 31))
    assert not WorkOrder.objects.exists()


def test_the_desk_finds_it_by_its_old_number(estate: Estate, cast: Cast, family: Household, client: Client) -> None:
    taken_in(estate, cast, TAP)
    client.force_login(cast.clerk)
    found = client.post(reverse("service_desk:find"), {"q": " W1 "}).content.decode()
    assert reverse("web:case", args=["YH-H261101-001"]) in found
    assert "没有找到" not in found
    assert "没有找到" in client.post(reverse("service_desk:find"), {"q": "W10"}).content.decode()


def test_the_same_fault_within_its_warranty_is_found_and_free(estate: Estate, cast: Cast, family: Household) -> None:
    taken_in(estate, cast, TAP)
    order = order_in("new", estate, cast, at=AT, category=Category.objects.get(kind="repair", code="water.tap"))
    terms = repairs.check_terms(order, location_kind="in_unit", part="pipes", actor=cast.clerk, at=AT)
    assert (terms.outcome, terms.charge) == ("own", "free")
    assert "维修单 W1" in terms.reason
    again = about_repairs.came_back(order.case, at=AT)
    assert (again.repeats.short, again.repeats.long) == (1, 1)
    assert about_repairs.repeats_on([order], at=AT)[order.pk].short == 1
    assert [one.number for one in about_repairs.history_of(order)] == ["W1"]
    assert [(one.number, one.technician) for one in about_repairs.earlier_repairs(family.unit_id, "water", at=AT)] == [
        ("W1", "老刘")
    ]
    later = AT + timedelta(days=60)
    assert about_repairs.judged(order, common=False, part="pipes", at=later)[0].outcome != "own"


def test_one_that_is_not_done_begins_its_steps_here(estate: Estate, cast: Cast, family: Household) -> None:
    assert taken_in(estate, cast, WAITS, LAMP) == 2
    waits = ImportedCase.objects.get(key="W3").case
    assert (waits.status, waits.unit_id) == ("new", family.unit_id)
    assert WorkOrder.objects.get().case_id == waits.pk
    lamp = ImportedCase.objects.get(key="W2").case
    assert (lamp.place, lamp.urgency, lamp.closed_at) == ("3 栋大堂", "urgent", moment(2, 0))
    assert about_repairs.came_back(waits, at=AT).repeats.long == 0


def test_a_number_is_taken_once_and_never_changed(estate: Estate, cast: Cast, family: Household) -> None:
    taken_in(estate, cast, TAP)
    assert plan(estate, TAP.replace("换了龙头", "别的"), LAMP).known == 1
    assert taken_in(estate, cast, TAP.replace("换了龙头", "别的"), LAMP) == 1
    assert taken_in(estate, cast, TAP, LAMP) == 0
    assert (PastOrder.objects.count(), PastOrder.objects.get(number="W1").case.answer) == (2, "换了龙头")


def test_it_stands_on_the_file_of_the_household_that_lived_there(
    estate: Estate, cast: Cast, family: Household, browser_of: Any
) -> None:
    taken_in(estate, cast, TAP)
    page = browser_of(cast.clerk).get(reverse("web:household", args=[family.unit_id])).content.decode()
    assert "YH-H261101-001" in page and "龙头滴水" in page
    case = browser_of(cast.supervisor).get(reverse("web:case", args=["YH-H261101-001"])).content.decode()
    for said in ("W1", "换了龙头", "老刘", "有偿", "35.00", "龙头 1 个", "保修到 2026-12-31"):
        assert said in case


CROOKED = [
    ("W1,9-9-999,,,,,漏水,,2026-11-01,,,,,,,,,,", "房屋", "小区里没有这一户"),
    ("W1,3-2-1501,,,,没有这类,漏水,,2026-11-01,,,,,,,,,,", "故障类别", "没有这个类别"),
    (",3-2-1501,,,,,漏水,,2026-11-01,,,,,,,,,,", "单号", "没有写"),
    ("W1,,,,,,漏水,,2026-11-01,,,,,,,,,,", "房屋", "公共部位请写地点"),
    ("W1,3-2-1501,,,,,,,2026-11-01,,,,,,,,,,", "报修内容", "没有写报修内容"),
    ("W1,3-2-1501,,,,,漏水,,,,,,,,,,,,", "登记时间", "没有写"),
    ("W1,3-2-1501,,,,,漏水,,昨天,,,,,,,,,,", "登记时间", "写的是“昨天”"),
    ("W1,3-2-1501,,,,,漏水,,2026-12-01,,,,,,,,,,", "登记时间", "还没有到"),
    ("W1,3-2-1501,,,,,漏水,,2026-11-02 10:00,2026-11-01,,,,,,,,,", "派单时间", "比登记时间 2026-11-02 10:00 还早"),
    ("W1,3-2-1501,,,,,漏水,马上,2026-11-01,,,,,,,,,,", "紧急程度", "一般、紧急或急修"),
    ("W1,3-2-1501,,,12,,漏水,,2026-11-01,,,,,,,,,,", "电话", "不像电话"),
    ("W1,3-2-1501,,,,,漏水,,2026-11-01,,,,,,无偿,20,,,", "金额", "收费方式却是无偿"),
    ("W1,3-2-1501,,,,,漏水,,2026-11-01,,,,,,,很多,,,", "金额", "要写数字"),
    ("W1,3-2-1501,,,,water,漏水,,2026-11-01,,,,,,,,,,2026-12-01", "保修到", "还没有修好"),
    ("W1,3-2-1501,,,,water,漏水,,2026-11-01,,,2026-11-03,,,,,,,2026-11-02", "保修到", "比修好的那天还早"),
    ("W1,3-2-1501,,,,,漏水,,2026-11-01,,,2026-11-03,,,,,,,2026-12-02", "保修到", "要写房屋和故障类别"),
    (f"{'W' * 41},3-2-1501,,,,,漏水,,2026-11-01,,,,,,,,,,", "单号", "最多 40 个字"),
]


@pytest.mark.parametrize(("row", "column", "says"), CROOKED, ids=[f"{c} {s}" for _, c, s in CROOKED])
def test_what_is_wrong_is_said_by_row_and_column(
    row: str, column: str, says: str, estate: Estate, family: Household
) -> None:
    told = [(one.row, one.column, one.says) for one in plan(estate, LAMP, row).problems]
    assert [(number, where) for number, where, _ in told if says in _] == [(3, column)]


def test_the_words_of_the_sheet_are_used_and_strange_columns_are_named(estate: Estate) -> None:
    found = read("a,2026-11-01,x,y", "a,2026-11-02,x,y", head="工单号,报修时间,报修地点,问题描述")
    assert [one.sentence for one in found.problems] == ["第 3 行「工单号」:写的是“a”,和第 2 行重复"]
    assert read("a,2026-11-01,x,y,z", head="工单号,报修时间,报修地点,问题描述,心情").unused == ["心情"]
    with pytest.raises(TableUnreadable, match="没有找到「单号」和「登记时间」"):
        read("a", head="别的")
    with pytest.raises(TableUnreadable, match="表头下面没有内容"):
        read()


def test_a_fault_may_be_written_as_people_do(estate: Estate, family: Household) -> None:
    tap = Category.objects.get(kind="repair", code="water.tap")
    assert tap.parent is not None
    for said in (tap.title, f"{tap.parent.title}/{tap.title}", f"{tap.parent.title} › {tap.title}", "water.tap"):
        (told,) = plan(estate, TAP.replace("water.tap", said)).told
        assert told.matter.category_id == tap.pk


MOMENTS = [
    ("2026-05-01 09:30", (datetime(2026, 5, 1, 9, 30), False)),
    ("2026/5/1 9:30:15", (datetime(2026, 5, 1, 9, 30, 15), False)),
    ("2026年5月1日 9时30分", (datetime(2026, 5, 1, 9, 30), False)),
    ("2026-05-01T09:30", (datetime(2026, 5, 1, 9, 30), False)),
    ("20260501", (datetime(2026, 5, 1), True)),
    (datetime(2026, 5, 1, 9, 30), (datetime(2026, 5, 1, 9, 30), False)),
    (46143.5, (datetime(2026, 5, 1, 12), False)),
    ("2026-05-01 25:00", None),
    ("2026-05-01 上午", None),
    ("2026-13-01", None),
]


@pytest.mark.parametrize(("cell", "found"), MOMENTS, ids=[str(cell) for cell, _ in MOMENTS])
def test_moments_are_read_as_people_write_them(cell: Any, found: Any) -> None:
    assert moment_of(cell) == found


def hand_in(estate: Estate, cast: Cast, *rows: str) -> OrderSheet:
    upload = SimpleUploadedFile("旧单.csv", csv(*rows))
    sheet = operations.hand_in_orders(estate, upload, actor=cast.supervisor, at=AT)
    operations.begin_check(sheet, actor=cast.supervisor, at=AT)
    return sheet


def test_one_fault_keeps_the_whole_sheet_out(estate: Estate, cast: Cast, family: Household) -> None:
    sheet = hand_in(estate, cast, TAP, CROOKED[0][0])
    # Its number stands twice, and its home is looked up all the same.
    assert (sheet.status, sheet.report["problem_count"]) == (SheetStatus.WRONG, 2)
    with pytest.raises(MovedMeanwhile, match="不能再确认导入"):
        operations.confirm_orders(sheet, actor=cast.supervisor, at=AT)
    assert not Case.objects.exists()


def test_what_no_longer_fits_is_kept_out(estate: Estate, cast: Cast, family: Household) -> None:
    own = cases.add_category(estate, OwnCategory("repair", "给水", "净水器"), actor=cast.supervisor, at=AT)
    sheet = hand_in(estate, cast, TAP.replace("water.tap", "净水器"))
    assert sheet.status == SheetStatus.CHECKED
    cases.retire_category(own, note="不用了", actor=cast.supervisor, at=AT)
    operations.confirm_orders(sheet, actor=cast.supervisor, at=AT)
    assert sheet.status == SheetStatus.WRONG
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_long_sheet_is_checked_and_taken_in_by_jobs_and_goes_on_where_it_was(
    estate: Estate, cast: Cast, family: Household, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(staging, "AT_ONCE_ROWS", 1)
    monkeypatch.setattr(staging, "BATCH", 1)
    sheet = hand_in(estate, cast, TAP, LAMP)
    assert sheet.status == SheetStatus.CHECKING
    run_due_jobs()
    sheet.refresh_from_db()
    operations.confirm_orders(sheet, actor=cast.supervisor, at=AT)
    assert sheet.status == SheetStatus.RUNNING
    assert taken_in(estate, cast, TAP) == 1  # as if the first try had been cut off after one batch
    run_due_jobs()
    sheet.refresh_from_db()
    assert (sheet.status, sheet.report["added"], PastOrder.objects.count()) == (SheetStatus.DONE, 2, 2)


def test_the_pages_lead_from_the_sheet_to_the_orders(
    estate: Estate, cast: Cast, family: Household, browser_of: Any, clock: object
) -> None:
    client: Client = browser_of(cast.supervisor)
    template = client.get(reverse("past_cases:template"))
    data = template.getvalue()  # type: ignore[attr-defined]  # a file of ours, whole in memory
    template.close()
    assert [table.rows for table in read_tables(data)] == [[list(TEMPLATE)]]
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("示例").to_python()
    example = read_orders([Table("示例", rows)], now=AT, zone=ZONE)
    assert ([one.number for one in example.lines], example.problems) == (["WX-2024-0103", "WX-2024-0104"], [])
    sent = {"sheet": SimpleUploadedFile("旧单.csv", csv(TAP, LAMP, WAITS)), "idempotency_key": "k"}
    answer = client.post(reverse("past_cases:import"), sent)
    report = str(answer["Location"])
    checked = client.get(report).content.decode()
    assert "新接管 3 张" in checked and "还没修好、要从今天起重新派的 1 张" in checked
    assert not Case.objects.exists()
    client.post(f"{report}confirm/")
    assert "已接管 3 张" in client.get(report).content.decode()
    assert PastOrder.objects.count() == 3
    wrong = {"sheet": SimpleUploadedFile("旧单.csv", csv(CROOKED[1][0].replace("W1", "W9"))), "idempotency_key": "l"}
    told = client.get(client.post(reverse("past_cases:import"), wrong)["Location"]).content.decode()
    assert "第 2 行「故障类别」" in told and "什么都没有导入" in told
    assert client.post(reverse("past_cases:import"), {}).status_code == 422


def test_homes_out_of_sight_stay_out(estate: Estate, cast: Cast, family: Household) -> None:
    outside = Estate.objects.get(code="BJ")
    assert Unit.objects.filter(estate=outside, code="3-2-1501").exists()
    found = plan(outside, TAP)
    assert found.told[0].matter.unit_id == Unit.objects.get(estate=outside, code="3-2-1501").pk
