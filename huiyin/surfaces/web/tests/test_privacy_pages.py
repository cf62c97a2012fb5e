"""The pages about personal data: what is kept, the switches, who looked, one person's file, its export and erasure."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from python_calamine import CalamineWorkbook

from huiyin.areas.cases.models import Case
from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import DetailSwitch, Household, Person
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.privacy import declared, erasing
from huiyin.foundation.privacy.keys import ring
from tests.cast import AT, Cast
from tests.world import World, furnish

Browser = Callable[[User], Client]
NUMBER, NAME = "13800138000", "王丽"
# What names like these hold is about somebody; a new field of this kind is declared, or it does not come in.
TELLING = re.compile(r"name$|phone|^number$|signer|birth|id_card|email|address|wechat|caller")
NOT_ABOUT_ANYBODY = {
    ("Company", "name"), ("Estate", "name"), ("Estate", "phone"), ("Building", "name"), ("Department", "name"),
    ("Zone", "name"), ("Case", "number"), ("Contact", "number"), ("WorkOrder", "number"), ("PastOrder", "number"), ("Incident", "number"), ("User", "username"),
    ("StoredFile", "original_name"), ("StoredFile", "stored_name"), ("Case", "caller_unit"), ("Contact", "caller_unit"),
    ("Command", "name"), ("ScheduleRow", "name"), ("Endpoint", "name"), ("Token", "name"), ("Behind", "table_name"),
    ("Charge", "number"), ("Receipt", "number"), ("CashHandover", "number"), ("MonthlySlip", "number"),
    ("Equipment", "name"), ("Project", "number"), ("Item", "name"), ("Place", "name"), ("Requisition", "number"), ("Count", "number"), ("Plan", "number"),
    ("FixedAsset", "name"), ("FixedAsset", "number"),
}  # fmt: skip


@pytest.fixture
def world(estate: Any, cast: Cast, home: Household, standard: Any, clock: Any) -> World:
    return furnish(estate, cast, home, standard)


def test_every_field_that_tells_of_somebody_is_declared_and_every_declared_one_exists() -> None:
    known = set()
    for app, one in declared.declared():
        apps.get_model(app, one.model)._meta.get_field(one.field)
        assert one.purpose and one.label and (one.erasing is not declared.Erasing.STAYS or one.why)
        known.add((one.model, one.field))
    found = {
        (model.__name__, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("huiyin.areas") or model.__module__.startswith("huiyin.foundation")
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField)) and TELLING.search(field.name)
    }
    assert found - known == NOT_ABOUT_ANYBODY & found


def test_the_page_says_what_is_kept_and_what_for(world: World, browser_of: Browser) -> None:
    page = browser_of(world.cast.auditor).get("/privacy/").content.decode()
    for said in ("回电、通知、认出来电人", "身份证号", "不登记", "敏感", "履行物业服务合同", "验收凭证"):
        assert said in page
    assert "/privacy/switch/" not in page


def test_only_with_a_reason_an_item_is_switched_on(world: World, browser_of: Browser) -> None:
    browser = browser_of(world.cast.director)
    assert "请写明为什么需要" in browser.post("/privacy/switch/", {"item": "health", "on": "on"}).content.decode()
    assert not DetailSwitch.objects.exists()
    assert browser.post("/privacy/switch/", {"item": "health", "on": "on", "note": "急救"}).status_code == 303
    assert list(DetailSwitch.objects.values_list("estate", "item")) == [(world.estate.pk, "health")]
    assert browser.post("/privacy/switch/", {"item": "health"}).status_code == 303
    assert not DetailSwitch.objects.exists()


def test_the_log_says_who_looked_and_who_took_out(world: World, browser_of: Browser) -> None:
    browser_of(world.cast.clerk).post(f"/reveal/case/{world.repair.pk}/", {"reason": "arrange"})
    browser_of(world.cast.supervisor).post("/cases/list/export/?status=all", {"reason": "handing_over"}).close()
    page = browser_of(world.cast.director).get("/privacy/log/").content.decode()
    for said in ("陈晓", "看了来电号码", f"事项 #{world.repair.pk}", "约上门时间", "林芳", "导出事项 3 行", "交接归档"):
        assert said in page


def test_a_person_gets_everything_in_a_sheet_they_can_read(world: World, browser_of: Browser) -> None:
    person = Person.objects.get(name=NAME)
    operations.switch_detail(world.estate, item="health", on=True, note="急救", actor=world.cast.director, at=AT)
    operations.record_details(world.occupancy, said={"health": "膝盖不好"}, actor=world.cast.director, at=AT)
    browser = browser_of(world.cast.archivist)
    shown = browser.get(f"/people/{person.pk}/").content.decode()
    assert NUMBER not in shown and "膝盖" not in shown and "我们存着什么" in shown
    answer: Any = browser.post(f"/people/{person.pk}/export/", {"reason": "asked"})
    sheet = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    )
    answer.close()
    assert sheet[0][0] == "导出人:吴文  时间:2026-11-25 10:00  用途:业主本人要求"
    held = {(row[1], row[2]) for row in sheet[2:]}
    assert {
        ("姓名", NAME),
        ("电话", NUMBER),
        ("健康情况", "膝盖不好"),
        ("来电人", "王女士"),
        ("内容", "厨房漏水"),
    } <= held
    assert ("来电号码", NUMBER) in held
    line = Entry.objects.get(kind="privacy.taken_out")
    assert (line.subject_type, line.subject_id, line.note) == ("estate.person", person.pk, "业主本人要求")


class TestErasing:
    def test_it_waits_for_what_is_open_and_says_what(self, world: World, browser_of: Browser) -> None:
        person = Person.objects.get(name=NAME)
        browser = browser_of(world.cast.director)
        said = (
            "还住在 3-2-1501",
            f"事项 {world.repair.number} 还没办结",
            f"维修单 {world.order.number} 还没验收",
            f"来电 {world.contact.number} 还没有着落",
            f"{world.done.number} 的回访还没做",
        )
        page = browser.get(f"/people/{person.pk}/").content.decode()
        answer = browser.post(f"/people/{person.pk}/erase/", {"erase-reason": "本人书面申请"}).content.decode()
        assert [one for one in said if one not in page or one not in answer] == []
        assert Person.objects.get(pk=person.pk).name == NAME

    def test_records_that_must_be_kept_hold_it_and_the_day_is_said(self, world: World, browser_of: Browser) -> None:
        finish(world)
        person = Person.objects.get(name=NAME)
        holds = declared.holds_on(queries.subject_of(person), at=AT + timedelta(days=30))
        assert [one for one in holds if "要留到 2029-" in one and "36 个月" in one]
        assert [one for one in holds if "维修单验收后保存 60 个月" in one and "2031-" in one]
        assert declared.holds_on(queries.subject_of(person), at=AT + timedelta(days=365 * 6)) == []

    def test_nothing_of_the_person_is_left_anywhere(
        self, world: World, browser_of: Browser, clock: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A caller in no roster, but with the phone of the person, is the person too."""
        nameless = Case.objects.create(
            estate=world.estate, number="YH-Z1", kind="enquiry", status="closed", closed_at=AT, opened_at=AT,
            first_contact_owner=world.cast.clerk, caller_name="王女士", caller_phone=NUMBER,
            text=f"{NAME}说请打 {NUMBER}",
        )  # fmt: skip
        finish(world)
        person = Person.objects.get(name=NAME)
        clock.move(days=365 * 6)
        browser = browser_of(world.cast.director)
        answer = browser.post(f"/people/{person.pk}/erase/", {"erase-reason": "本人书面申请"})
        assert answer.status_code == 303
        assert rows_with(NUMBER) == [] and rows_with(NAME) == [] and rows_with("王女士") == []
        nameless.refresh_from_db()
        assert (nameless.caller_name, nameless.caller_phone, nameless.text) == ("", "", "〔已删除〕说请打 〔已删除〕")
        page = browser.get(f"/people/{person.pk}/").content.decode()
        assert "(资料已删除)" in page and "删除这个人的资料" not in page
        assert "(资料已删除)" in browser.get(f"/units/{world.home.unit_id}/?who=earlier").content.decode()
        assert browser.get(f"/cases/{world.repair.number}/").status_code == 200
        subject = declared.Subject(world.estate.pk, person.pk, NAME, (NUMBER,))
        assert erasing.residue_of(subject) == []


def finish(world: World) -> None:
    """End everything that is open about the person, as if by the book, and let them move out."""
    ended = AT + timedelta(hours=2)
    operations.move_out(world.home, until_date=AT.date(), actor=world.cast.system, at=AT)
    Case.objects.exclude(status="closed").update(status="closed", closed_at=ended)
    WorkOrder.objects.exclude(status="closed").update(
        status="closed", closed_at=ended, acceptance="paper", paper_slip="1", signer="王女士", finished_at=ended
    )
    Contact.objects.exclude(settled_at__isnull=False).update(status="answered", answer="已答复", settled_at=ended)
    type(world.visit).objects.update(status="exempt", excuse="refused")


def rows_with(text: str) -> list[str]:
    """Every table and column in which the text stands, in clear."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                found += [f"{table}.{column}" for column, value in zip(columns, row, strict=True) if text in str(value)]
    return sorted(set(found))


def test_the_key_is_not_in_the_database(world: World) -> None:
    assert rows_with(ring().keys[0]) == []
