"""The pages of upkeep: lists in a constant number of queries, forms that keep what was typed, who may do what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.areas.estate.models import Estate
from huiyin.areas.upkeep import operations
from huiyin.areas.upkeep.models import Acceptance, Equipment, Plan, Project, Round
from huiyin.areas.upkeep.tests.factories import TODAY, fresh, plan_for, project, project_in, pump, round_of, stage
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home", "clock")
Browser = Callable[[User], Client]
DAY = TODAY.isoformat()
STAGES = {"stage_1": "清理", "begins_1": DAY, "ends_1": DAY}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def asked(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


def test_lists_take_as_many_queries_with_three_rows_as_with_one(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    browser = browser_of(cast.lead)
    urls = ("/upkeep/?show=owed", "/upkeep/plans/", "/upkeep/equipment/?q=SB", "/upkeep/projects/")
    plan_for(pump(estate, cast, building=estate.buildings.get(code="3")), cast)
    project(estate, cast)
    before = [asked(browser, url) for url in urls]
    for n in range(2):
        plan_for(pump(estate, cast, code=f"SB-1{n}"), cast, person=cast.technician)
        project(estate, cast)
    assert [asked(browser, url) for url in urls] == before
    assert max(before) <= 25


def test_one_page_each_within_the_budget(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    plan, browser = plan_for(pump(estate, cast), cast), browser_of(cast.lead)
    made = project_in("completed", estate, cast)
    for url in (
        f"/upkeep/rounds/{round_of(plan).pk}/",
        f"/upkeep/plans/{plan.pk}/",
        f"/upkeep/equipment/{plan.equipment_id}/",
        f"/upkeep/projects/{made.number}/",
    ):
        assert asked(browser, url) <= 25, url


def test_a_technician_ticks_the_list_and_a_defect_opens_a_repair(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    one = round_of(plan_for(pump(estate, cast), cast))
    browser, url = browser_of(cast.technician), f"/upkeep/rounds/{one.pk}/"
    assert "加油润滑" in text_of(browser.get(url))
    wrong = browser.post(f"{url}record/", {"fine": "no", "checked": ["0"], "note": ""})
    assert wrong.status_code == 422 and "还有 1 项没有勾" in text_of(wrong)
    typed = browser.post(f"{url}record/", {"fine": "", "checked": ["0"], "note": "轴封渗水"})
    assert typed.status_code == 422 and "轴封渗水" in text_of(typed)
    told = {"fine": "no", "checked": ["0", "1"], "note": "轴封渗水"}
    assert browser.post(f"{url}record/", told).status_code == 303
    done = Round.objects.select_related("case").get(pk=one.pk)
    assert done.status == "defect" and done.case is not None
    assert done.case.number in text_of(browser.get(url))
    assert browser.post(f"{url}record/", told).status_code == 422
    assert browser.post(f"{url}drop/", {"note": "不做"}).status_code == 403


def test_it_stands_in_today_with_its_rule_and_leads_to_its_page(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    one = round_of(plan_for(pump(estate, cast), cast))
    today = text_of(browser_of(cast.technician).get("/"))
    assert "做设备维保 · 生活水泵 地下室泵房" in today and f"/upkeep/rounds/{one.pk}/" in today
    made = project(estate, cast)
    assert f"/upkeep/projects/{made.number}/" in text_of(browser_of(cast.lead).get("/"))


def test_equipment_is_entered_and_planned(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.lead)
    told = {"code": "DT-01", "name": "客梯", "kind": "lift", "quantity": "2", "place": "1 号楼"}
    assert browser.post("/upkeep/equipment/new/", told).status_code == 303
    again = browser.post("/upkeep/equipment/new/", told)
    assert again.status_code == 422 and "编号 DT-01 已经有了" in text_of(again) and 'value="客梯"' in text_of(again)
    piece = Equipment.objects.get(code="DT-01")
    page = f"/upkeep/equipment/{piece.pk}/"
    plan = {"task": "半月维保", "every": "2", "unit": "week", "first_on": DAY, "checklist": "门锁\n\n制动器"}
    without = browser.post(f"{page}plan/", plan)
    assert without.status_code == 422 and "请选择执行岗位" in text_of(without) and "半月维保" in text_of(without)
    post = plan_for(pump(estate, cast), cast).post_id
    assert browser.post(f"{page}plan/", plan | {"post": post}).status_code == 303
    made = Plan.objects.get(equipment=piece)
    assert (made.checklist, made.cycle.words, made.rounds.count()) == (["门锁", "制动器"], "每 2 周", 1)
    overhaul = {"kind": "major", "done_on": DAY, "what": "换曳引轮", "by_whom": "厂家", "cost": "6800"}
    assert browser.post(f"{page}overhauls/", overhaul).status_code == 303
    assert "换曳引轮" in text_of(browser.get(page)) and "¥6,800.00" in text_of(browser.get(page))
    late = browser.post(f"{page}overhauls/", overhaul | {"done_on": "2030-01-01"})
    assert late.status_code == 422 and "不能晚于今天" in text_of(late)
    assert browser.post(f"{page}stop/", {"note": ""}).status_code == 409
    assert browser.post(f"{page}stop/", {"note": "检修"}).status_code == 303
    assert browser.post(f"{page}restart/").status_code == 303


def test_a_project_is_opened_with_its_stages_and_homes(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.lead)
    told = {
        "title": "外墙维修",
        "place": "3 栋",
        "responsible": cast.lead.pk,
        "begins_on": DAY,
        "ends_on": DAY,
        **STAGES,
        "by_1": cast.technician.pk,
        "units": "3栋2单元1501、9-9-999",
    }
    wrong = browser.post("/upkeep/projects/new/", told)
    assert wrong.status_code == 422 and "没有找到这几户:9-9-999" in text_of(wrong) and "外墙维修" in text_of(wrong)
    half = browser.post("/upkeep/projects/new/", told | {"units": "", "stage_2": "刷漆"})
    assert half.status_code == 422 and "要一起写" in text_of(half)
    assert not Project.objects.exists()
    assert browser.post("/upkeep/projects/new/", told | {"units": "3-2-1501"}).status_code == 303
    made = Project.objects.get()
    assert (made.homes.count(), made.stages.count()) == (1, 1)


def test_it_is_accepted_with_what_was_signed(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    made = project_in("handed_in", estate, cast)
    page = f"/upkeep/projects/{made.number}/"
    assert browser_of(cast.technician).post(f"{page}complete/").status_code == 403
    assert "验收要由别人做" in text_of(browser_of(cast.lead).get(page))
    browser = browser_of(cast.director)
    paper = SimpleUploadedFile("验收单.exe", b"MZ")
    refused = browser.post(f"{page}complete/", {"note": "合格", "file_1": paper})
    assert refused.status_code == 422 and "合格" in text_of(refused) and fresh(made).status == "handed_in"
    paper = SimpleUploadedFile("验收单.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    assert browser.post(f"{page}complete/", {"note": "合格", "file_1": paper}).status_code == 303
    kept = StoredFile.objects.get(subject_type=Acceptance.journal_name)
    assert f"/files/{kept.pk}/" in text_of(browser.get(page))
    answer = browser.get(f"/files/{kept.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # files are streamed
    answer.close()
    assert browser_of(cast.clerk).get(f"/files/{kept.pk}/").status_code == 403


def test_the_steps_of_a_stage_go_by_their_buttons(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    made = project(estate, cast)
    page = f"/upkeep/projects/{made.number}/"
    lead, technician = browser_of(cast.lead), browser_of(cast.technician)
    assert "开始这道工序" in text_of(technician.get(page))
    assert technician.post(f"{page}stages/1/start/").status_code == 303
    assert technician.post(f"{page}stages/2/start/").status_code == 409
    assert technician.post(f"{page}stages/1/hand-in/", {"note": "做完"}).status_code == 303
    past = {"note": "不平", "redo_by": (TODAY - timedelta(days=1)).isoformat()}
    kept = lead.post(f"{page}stages/1/reject/", past)
    assert kept.status_code == 422 and "不平" in text_of(kept) and "返工期限" in text_of(kept)
    assert lead.post(f"{page}stages/1/reject/", past | {"redo_by": DAY}).status_code == 303
    technician.post(f"{page}stages/1/hand-in/", {"note": ""})
    assert lead.post(f"{page}stages/1/accept/", {"note": "合格"}).status_code == 303
    assert stage(made, 1).status == "accepted"
    assert lead.post(f"{page}stages/9/start/").status_code == 404
    assert lead.post(f"{page}void/", {"note": "不做了"}).status_code == 303


def test_lists_go_to_excel_for_who_may(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    plan_for(pump(estate, cast), cast)
    project(estate, cast)
    for url in ("/upkeep/export/", "/upkeep/plans/export/", "/upkeep/equipment/export/", "/upkeep/projects/export/"):
        assert browser_of(cast.lead).get(url).status_code == 403
        sheet = browser_of(cast.supervisor).post(url, {"reason": "checking"})
        assert "spreadsheet" in sheet.get("Content-Type", ""), url
        sheet.close()


def test_other_estates_are_out_of_sight(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    plan, made = plan_for(pump(estate, cast), cast), project(estate, cast)
    browser = browser_of(cast.outsider)
    for url in (
        f"rounds/{round_of(plan).pk}/",
        f"plans/{plan.pk}/",
        f"equipment/{plan.equipment_id}/",
        f"projects/{made.number}/",
    ):
        assert browser.get(f"/upkeep/{url}").status_code == 404
    assert "生活水泵" not in text_of(browser.get("/upkeep/equipment/"))


def test_the_list_narrows(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    late = round_of(plan_for(pump(estate, cast), cast))
    Round.objects.filter(pk=late.pk).update(due_at=AT - timedelta(days=1))
    plan_for(pump(estate, cast, code="XF-01", name="消防泵", kind="fire"), cast)
    browser = browser_of(cast.auditor)
    found = text_of(browser.get("/upkeep/?show=overdue"))
    assert "生活水泵" in found and "消防泵" not in found
    assert "消防泵" in text_of(browser.get("/upkeep/plans/?kind=fire"))
    assert "生活水泵" not in text_of(browser.get("/upkeep/plans/?kind=fire"))
    operations.drop_round(late, note="停电", actor=cast.lead, at=AT)
    assert "停电" in text_of(browser.get(f"/upkeep/plans/{late.plan_id}/"))
