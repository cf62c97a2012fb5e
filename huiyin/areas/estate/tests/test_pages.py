"""The pages of the estate: who may, who may not, what they say, what they cost."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.areas.estate import operations
from huiyin.areas.estate.models import (
    Building,
    Entrance,
    Estate,
    Household,
    Occupancy,
    Person,
    PersonDetail,
    Phone,
    Unit,
    UnitImport,
)
from huiyin.areas.estate.operations import NewResident
from huiyin.areas.estate.rules.sheet import TEMPLATE, read_sheet
from huiyin.areas.estate.tests.factories import TODAY, csv_of, family_in
from huiyin.foundation.accounts.models import User
from huiyin.foundation.tables import Table, read_tables
from tests.cast import AT, Cast

BrowserOf = Callable[[User], Client]
NONE = {"added": 0, "changed": 0, "unchanged": 0}
REPORT = {"rows": 1, "units": NONE, "people": NONE, "left_alone": 0, "unused": [], "problem_count": 0, "problems": []}
GOOD = csv_of("9栋,1单元,101,1,89.5,孙新,女士,业主,13600136000,2024-05-01,")
WRONG = csv_of("9栋,1单元,101,一,,,,,,,")


@pytest.fixture(autouse=True)
def stopped(clock: Any) -> None:
    """The pages ask the clock; here it stands."""


@pytest.fixture
def places(home: Household, cast: Cast, at: datetime) -> dict[str, int]:
    """One of everything an address may name."""
    handed_in = UnitImport.objects.create(
        estate=home.estate, made_by=cast.supervisor, made_at=at, status="checked", report=REPORT
    )
    return {
        "building_id": home.unit.entrance.building_id,
        "unit_id": home.unit_id,
        "occupancy_id": home.occupancies.get().pk,
        "number": handed_in.pk,
    }


PAGES = {
    "overview": "",
    "building": "building_id",
    "unit": "unit_id",
    "person": "occupancy_id",
    "import": "",
    "template": "",
    "import_report": "number",
}
PHONE = "the phone that is there"
ACTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "open_building": ("", {"code": "77"}),
    "describe_building": ("building_id", {"hint": "电梯检修", "name": ""}),
    "open_unit": ("building_id", {"entrance": "2", "unit_no": "1502"}),
    "correct_unit": ("unit_id", {"floor": "3"}),
    "move_in": ("unit_id", {"name": "孙新", "kind": "owner", "since_date": "2026-11-01"}),
    "add_person": ("unit_id", {"name": "孙新", "kind": "family", "since_date": "2026-11-25"}),
    "move_out": ("unit_id", {"out-until_date": "2026-11-25"}),
    "person": ("occupancy_id", {"name": "王莉", "salutation": "女士", "kind": "tenant"}),
    "add_phone": ("occupancy_id", {"new-number": "13700137000"}),
    "change_phone": ("occupancy_id", {"phone": PHONE, "number": "13700137000"}),
    "drop_phone": ("occupancy_id", {"phone": PHONE, "note": "停机"}),
    "leave": ("occupancy_id", {"out-until_date": "2026-11-25"}),
    "details": ("occupancy_id", {"birthday": "1949-12-31"}),
    "import_confirm": ("number", {}),
}
ONLY_SEEING = {"overview", "building"}


def address(name: str, key: str, places: dict[str, int]) -> str:
    return reverse(f"estate:{name}", kwargs={key: places[key]} if key else None)


def filled(said: dict[str, str]) -> dict[str, str]:
    """Put in the id of the phone that is there."""
    return {key: str(Phone.objects.get().pk) if value == PHONE else value for key, value in said.items()}


def everything() -> list[list[tuple[object, ...]]]:
    models = (Building, Entrance, Unit, Household, Person, Phone, Occupancy, UnitImport)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


@pytest.mark.parametrize("name", PAGES)
def test_who_may_see_which_page(name: str, places: dict[str, int], cast: Cast, browser_of: BrowserOf) -> None:
    url = address(name, PAGES[name], places)
    allowed = browser_of(cast.supervisor).get(url)
    assert allowed.status_code == 200
    allowed.close()
    assert browser_of(cast.clerk).get(url).status_code == (200 if name in ONLY_SEEING else 403)
    assert browser_of(cast.technician).get(url).status_code == 403
    outside = browser_of(cast.outsider).get(url)
    assert outside.status_code == (404 if PAGES[name] else 200)
    outside.close()
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("name", ACTIONS)
def test_who_may_not_changes_nothing(name: str, places: dict[str, int], cast: Cast, browser_of: BrowserOf) -> None:
    key, said = ACTIONS[name]
    url = address(name, key, places)
    before = everything()
    assert browser_of(cast.clerk).post(url, said).status_code == 403
    assert browser_of(cast.auditor).post(url, said).status_code == 403
    if key:
        assert browser_of(cast.outsider).post(url, said).status_code == 404
    assert Client().post(url, said).status_code == 302
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("open_building", lambda home: Building.objects.filter(estate=home.estate, code="77").exists()),
        ("describe_building", lambda home: Building.objects.get(estate=home.estate).hint == "电梯检修"),
        ("open_unit", lambda home: Unit.objects.filter(estate=home.estate, code="3-2-1502").exists()),
        ("correct_unit", lambda home: Unit.objects.get(pk=home.unit_id).floor == 3),
        ("add_person", lambda home: home.occupancies.filter(person__name="孙新", kind="family").exists()),
        ("move_out", lambda home: Household.objects.get(pk=home.pk).until_date == date(2026, 11, 25)),
        (
            "person",
            lambda home: home.occupancies.get().person.name == "王莉" and home.occupancies.get().kind == "tenant",
        ),
        ("add_phone", lambda home: Phone.objects.count() == 2),
        ("change_phone", lambda home: Phone.objects.get().number == "13700137000"),
        ("drop_phone", lambda home: not Phone.objects.exists()),
    ],
)
def test_who_may_changes_it(
    name: str,
    changed: Callable[[Household], bool],
    home: Household,
    places: dict[str, int],
    cast: Cast,
    browser_of: BrowserOf,
) -> None:
    key, said = ACTIONS[name]
    assert not changed(home)
    answer = browser_of(cast.supervisor).post(address(name, key, places), filled(said))
    assert answer.status_code == 303
    assert changed(home)


def test_moving_in_by_the_page(estate: Estate, cast: Cast, browser_of: BrowserOf) -> None:
    unit = Unit.objects.get(estate=estate)
    url = reverse("estate:move_in", args=[unit.pk])
    said = {
        "name": "孙新",
        "kind": "tenant",
        "salutation": "先生",
        "phones": "13700137000、010-65551234",
        "since_date": "2026-11-01",
    }
    for _ in range(2):
        answer = browser_of(cast.butler).post(url, {**said, "idempotency_key": "k"})
        assert answer.url == reverse("estate:unit", args=[unit.pk])
    assert Household.objects.get(unit=unit).since_date == date(2026, 11, 1)
    assert list(Phone.objects.order_by("id").values_list("number", flat=True)) == ["13700137000", "010-65551234"]


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("open_building", {"code": "!"}, "楼栋「!」看不懂"),
        ("open_unit", {"unit_no": "15-01"}, "房号「15-01」看不懂"),
        ("correct_unit", {"floor": "x"}, "楼层请填数字"),
        ("correct_unit", {"gross_area": "0"}, "建筑面积要大于 0"),
        ("move_in", {"name": "孙", "kind": "owner", "since_date": "2026-11-01"}, "现在住着王丽女士一户,请先办迁出"),
        ("add_person", {"name": "王丽", "kind": "family", "since_date": "2026-11-25"}, "这一户已经登记了王丽"),
        ("add_person", {"name": "孙", "kind": "family", "phones": "12", "since_date": "2026-11-25"}, "看起来不是电话"),
        ("move_out", {"out-until_date": "2020-01-01"}, "迁出日期不能早于入住日期"),
        ("person", {"name": "", "kind": "owner"}, "请填写姓名"),
        ("add_phone", {"new-number": "12"}, "看起来不对"),
        ("change_phone", {"phone": PHONE, "number": "1370013"}, "看起来不对"),
        ("drop_phone", {"phone": PHONE, "note": ""}, "请写明为什么删去这个电话"),
        ("leave", {"out-until_date": "2026-11-25"}, "请办整户迁出"),
    ],
)
def test_a_refusal_is_said_on_the_page_and_changes_nothing(
    name: str, said: dict[str, str], sentence: str, places: dict[str, int], cast: Cast, browser_of: BrowserOf
) -> None:
    before = everything()
    answer = browser_of(cast.supervisor).post(address(name, ACTIONS[name][0], places), filled(said))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert everything() == before


def test_an_empty_estate_says_what_to_do(cast: Cast, browser_of: BrowserOf) -> None:
    Unit.objects.all().delete()
    Entrance.objects.all().delete()
    Building.objects.all().delete()
    assert "有现成的表格就导入" in browser_of(cast.supervisor).get("/estates/").content.decode()
    assert "请项目管理员导入" in browser_of(cast.clerk).get("/estates/").content.decode()


def test_the_overview_counts_and_finds(home: Household, cast: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(cast.clerk).get("/estates/").content.decode()
    assert "1 栋,1 套房屋,1 套有住户" in page
    found = browser_of(cast.clerk).get("/estates/?q=王女士").content.decode()
    assert "找到 1 套" in found
    assert reverse("web:household", args=[home.unit_id]) in found
    assert "138****8000" in found
    assert "13800138000" not in found
    assert "没有找到“李”" in browser_of(cast.clerk).get("/estates/?q=李").content.decode()


def test_htmx_gets_only_what_was_found(home: Household, cast: Cast, browser_of: BrowserOf) -> None:
    part = browser_of(cast.clerk).get("/estates/?q=王", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="found">')
    assert "<html" not in part


def test_the_hint_of_the_building_is_shown_to_all_and_edited_by_some(
    home: Household, cast: Cast, browser_of: BrowserOf
) -> None:
    Building.objects.update(hint="电梯检修,周五恢复")
    url = reverse("estate:building", args=[home.unit.entrance.building_id])
    clerk, butler = browser_of(cast.clerk).get(url).content.decode(), browser_of(cast.butler).get(url).content.decode()
    assert "电梯检修,周五恢复" in clerk
    assert "改接待提示" not in clerk
    assert "改接待提示" in butler


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("name", "cost"), [("overview", 11), ("overview?q=王", 16), ("building", 13), ("unit", 11), ("import", 8)]
)
def test_three_rows_cost_what_one_costs(
    name: str, cost: int, places: dict[str, int], estate: Estate, cast: Cast, browser_of: BrowserOf
) -> None:
    page, _, asked = name.partition("?")
    url = address(page, PAGES[page], places) + (f"?{asked}" if asked else "")
    client = browser_of(cast.supervisor)
    one = queries_of(client, url)
    for number in ("1601", "1602"):
        household = family_in(estate, f"3-2-{number}", NewResident("王新", phones=("13700137000",)))
        operations.add_person(household, NewResident("王小"), since_date=TODAY, actor=cast.supervisor, at=AT)
        UnitImport.objects.create(estate=estate, made_by=cast.clerk, made_at=AT, status="done")
    assert (one, queries_of(client, url)) == (cost, cost)


# ---- importing


def upload(client: Client, data: bytes, name: str = "住户.csv") -> Any:
    return client.post("/estates/import/", {"sheet": SimpleUploadedFile(name, data)})


def test_a_sheet_goes_from_upload_to_units(estate: Estate, cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.supervisor)
    answer = upload(client, GOOD)
    handed_in = UnitImport.objects.get()
    assert answer.url == reverse("estate:import_report", args=[handed_in.pk])
    page = client.get(answer.url).content.decode()
    assert "等您确认" in page
    assert "确认导入" in page
    assert not Unit.objects.filter(code="9-1-101").exists()
    client.post(reverse("estate:import_confirm", args=[handed_in.pk]))
    assert "已导入" in client.get(answer.url).content.decode()
    assert Unit.objects.filter(code="9-1-101").exists()
    again = upload(client, GOOD)
    assert "和系统里的完全一样,不用导入" in client.get(again.url).content.decode()


def test_a_wrong_sheet_lists_row_and_column(estate: Estate, cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.supervisor)
    page = client.get(upload(client, WRONG).url).content.decode()
    assert "有 1 处要改,什么都没有导入" in page
    assert "第 2 行" in page
    assert "写的是“一”,要写整数" in page
    assert "确认导入" not in page
    refusal = client.post(reverse("estate:import_confirm", args=[UnitImport.objects.get().pk]))
    assert refusal.status_code == 409
    assert "不能再确认导入" in refusal.content.decode()


def test_what_is_no_table_is_said_in_the_form(estate: Estate, cast: Cast, browser_of: BrowserOf) -> None:
    answer = upload(browser_of(cast.supervisor), b"\x89PNG\r\n\x1a\n000", "a.png")
    assert answer.status_code == 200
    assert "只能上传 Excel(xlsx)或 CSV 表格" in answer.content.decode()
    assert "请选择文件" in browser_of(cast.supervisor).post("/estates/import/").content.decode()
    assert not UnitImport.objects.exists()


def test_only_who_may_hand_in(estate: Estate, cast: Cast, browser_of: BrowserOf) -> None:
    assert upload(browser_of(cast.clerk), GOOD).status_code == 403
    assert not UnitImport.objects.exists()


@pytest.mark.parametrize("status", ["checking", "running"])
def test_work_under_way_is_shown_with_its_progress(
    status: str, estate: Estate, cast: Cast, at: datetime, browser_of: BrowserOf
) -> None:
    handed_in = UnitImport.objects.create(
        estate=estate, made_by=cast.supervisor, made_at=at, status=status, rows=10_000, done_rows=4_000
    )
    url = reverse("estate:import_report", args=[handed_in.pk])
    page = browser_of(cast.supervisor).get(url).content.decode()
    assert "4,000 / 10,000" in page
    assert f'hx-get="{url}"' in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page


def test_the_template_can_be_filled_in_and_read(cast: Cast, browser_of: BrowserOf) -> None:
    answer = browser_of(cast.supervisor).get("/estates/import/template/")
    assert "attachment" in answer["Content-Disposition"]
    data = answer.getvalue()
    answer.close()
    (table,) = read_tables(data)
    assert table.rows == [list(TEMPLATE)]


def test_the_examples_of_the_template_are_right(cast: Cast, browser_of: BrowserOf) -> None:
    answer = browser_of(cast.supervisor).get("/estates/import/template/")
    data = answer.getvalue()
    answer.close()
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("示例").to_python()
    sheet = read_sheet([Table("示例", rows)], today=TODAY)
    assert (sheet.problems, sheet.unused) == ([], [])
    assert [(code, len(unit.people)) for code, unit in sheet.units.items()] == [
        ("3-2-1501", 2),
        ("3-2-1502", 0),
        ("A-1203", 2),
    ]


class TestPhonesOnThePage:
    def test_a_phone_of_somebody_else_is_not_found(
        self, places: dict[str, int], estate: Estate, cast: Cast, browser_of: BrowserOf
    ) -> None:
        other = Phone.objects.create(
            estate=estate, person=Person.objects.create(estate=estate, name="别人"), number="13700137000", tail="7000"
        )
        browser = browser_of(cast.supervisor)
        for name, said in (("change_phone", {"number": "13600136000"}), ("drop_phone", {"note": "停机"})):
            url = address(name, "occupancy_id", places)
            assert browser.post(url, {**said, "phone": str(other.pk)}).status_code == 404
        assert Phone.objects.get(pk=other.pk).number == "13700137000"

    @pytest.mark.parametrize("name", ["person", "unit"])
    def test_no_page_for_correcting_holds_a_whole_number(
        self, name: str, places: dict[str, int], cast: Cast, browser_of: BrowserOf
    ) -> None:
        page = browser_of(cast.supervisor).get(address(name, PAGES[name], places)).content.decode()
        assert "138****8000" in page
        assert "13800138000" not in page


class TestDetails:
    def test_no_form_asks_for_what_is_not_recorded(
        self, places: dict[str, int], cast: Cast, browser_of: BrowserOf
    ) -> None:
        page = browser_of(cast.supervisor).get(address("person", "occupancy_id", places)).content.decode()
        assert not [label for label in ("身份证号", "健康情况", "生日", "职业", "工作单位", "籍贯") if label in page]
        browser_of(cast.supervisor).post(address("details", "occupancy_id", places), {"birthday": "1949-12-31"})
        assert not PersonDetail.objects.exists()

    def test_what_is_recorded_is_kept_by_the_page_and_never_shown_on_it(
        self, home: Household, places: dict[str, int], cast: Cast, browser_of: BrowserOf, at: datetime
    ) -> None:
        for item in ("birthday", "employer"):
            operations.switch_detail(home.estate, item=item, on=True, note="试点", actor=cast.director, at=at)
        browser, url = browser_of(cast.supervisor), address("details", "occupancy_id", places)
        assert browser.post(url, {"birthday": "1949-12-31", "employer": "第一中学"}).status_code == 303
        page = browser.get(address("person", "occupancy_id", places)).content.decode()
        assert "生日" in page
        assert "籍贯" not in page
        assert "1949" not in page
        assert "第一中学" not in page
        browser.post(url, {"birthday": "", "drop": ["employer"]})
        assert [(one.item, one.value) for one in PersonDetail.objects.all()] == [("birthday", "1949-12-31")]
        assert "生日看起来不对" in browser.post(url, {"birthday": "腊月"}).content.decode()
