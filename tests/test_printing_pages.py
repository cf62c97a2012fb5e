"""Printing from the pages: at once, in batches, blank; who may, and what the journal says of it."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.documents import operations
from huiyin.foundation.documents.models import PrintRun
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.jobs.worker import run_due_jobs
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, tell
from tests.world import World, furnish

Browsers = Callable[[User], Client]


@pytest.fixture
def world(estate: Any, cast: Any, home: Any, standard: Any, settings: Any, tmp_path: Any, clock: object) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return furnish(estate, cast, home, standard)


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_a_work_order_opens_in_the_browser_and_is_journalled(world: World, browser_of: Browsers) -> None:
    answer = browser_of(world.cast.clerk).post(reverse("repairs:print_order", args=[world.order.number]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline;")
    assert f"F-22 维修单 {world.order.number}.pdf" in unquote(answer["Content-Disposition"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    first, second = pages(answer.content)
    assert "第一联 维修班长存" in first
    assert "第二联 服务中心存" in second
    entry = Entry.objects.get(kind=operations.PRINTED)
    assert (entry.actor, entry.subject_type, entry.subject_id) == (world.cast.clerk, "repairs.order", world.order.pk)
    assert entry.values == {"form": "F-22", "title": "维修单", "count": 1}


def test_each_record_offers_its_forms(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.director)
    complaint = world.complaint.case.number
    for address, title in (
        (reverse("complaints:print", args=[complaint]) + "?form=F-13", "投诉跟踪记录"),
        (reverse("cases:print_case", args=[complaint]) + "?form=F-12", "工作单"),
        (reverse("service_desk:print_contact", args=[world.contact.number]), "留言记录"),
        (reverse("return_visits:print_visit", args=[world.visit.pk]) + "?form=F-36", "客户回访报告表"),
        (reverse("return_visits:print_month") + "?month=2026-11", "2026 年 11 月"),
        (reverse("staffing:print_roster") + "?week=2026-11-25", "值班登记"),
    ):
        assert title in pages(browser.post(address).content)[0]
    assert browser.post(reverse("complaints:print", args=[complaint]) + "?form=F-22").status_code == 404
    case_page = browser.get(reverse("web:case", args=[complaint])).content.decode()
    assert reverse("complaints:print", args=[complaint]) + "?form=F-11" in case_page


def test_a_suggestion_has_its_own_record(world: World, browser_of: Browsers) -> None:
    case = tell(world.estate, world.cast.clerk, at=AT, kind="suggestion", text="加装路灯")
    browser = browser_of(world.cast.clerk)
    assert "建议记录" in pages(browser.post(reverse("cases:print_case", args=[case.number])).content)[0]
    refused = browser.post(reverse("cases:print_case", args=[world.repair.number]) + "?form=F-07")
    assert refused.status_code == 404


def test_a_list_is_printed_as_it_is_filtered(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.clerk)
    address = reverse("repairs:print_orders")
    offered = browser.get(address, {"status": "running"}).content.decode()
    assert "共 1 条" in offered
    assert "每条一张" in offered
    begun = browser.post(f"{address}?status=running", {"form": "F-22", "reason": "working"})
    run = PrintRun.objects.get()
    assert begun.url == reverse("web:print_run", args=[run.pk])
    assert run.wanted == [world.order.pk]
    assert "正在排版" in browser.get(begun.url).content.decode()
    run_due_jobs()
    assert "下载 PDF" in browser.get(begun.url).content.decode()
    got = browser.get(reverse("web:print_file", args=[run.pk]))
    assert got["Content-Disposition"].startswith("attachment;")
    assert len(pages(b"".join(got.streaming_content))) == 2
    entry = Entry.objects.get(kind=operations.PRINTED)
    assert (entry.actor, entry.values["count"], entry.subject_id) == (world.cast.clerk, 1, run.pk)


def test_a_batch_is_printed_once_however_often_its_job_runs(world: World) -> None:
    from huiyin.areas.repairs.jobs import print_listed

    run = PrintRun.objects.create(
        estate_id=world.estate.pk,
        form="F-21",
        title="x",
        wanted=[world.order.pk],
        total=1,
        made_by=world.cast.clerk,
        made_at=AT,
    )
    print_listed.func(run_id=run.pk)
    kept = PrintRun.objects.get(pk=run.pk).file_id
    print_listed.func(run_id=run.pk)
    assert PrintRun.objects.get(pk=run.pk).file_id == kept is not None


def test_a_batch_holds_only_what_the_person_may_still_see(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.director)
    browser.post(reverse("service_desk:print_ledger"), {"form": "F-01", "reason": "checking"})
    run = PrintRun.objects.get()
    assert run.total >= 1
    Grant.objects.filter(user=world.cast.director).update(until=AT)
    run_due_jobs()
    run.refresh_from_db()
    assert run.file is not None
    with open_file(run) as stream:
        assert "没有记录" in pages(stream.read())[0]
    assert browser.get(reverse("web:print_file", args=[run.pk])).status_code == 403


def open_file(run: PrintRun) -> Any:
    from huiyin.foundation.files import storage

    assert run.file is not None
    return storage.get(run.file.stored_name)


def test_nobody_else_sees_a_batch(world: World, browser_of: Browsers) -> None:
    browser_of(world.cast.clerk).post(reverse("service_desk:print_ledger"), {"form": "F-03", "reason": "working"})
    run = PrintRun.objects.get()
    for name in ("web:print_run", "web:print_file"):
        assert browser_of(world.cast.director).get(reverse(name, args=[run.pk])).status_code == 404


def test_a_register_is_taken_out_like_an_export(world: World, browser_of: Browsers) -> None:
    address = reverse("repairs:print_orders")
    clerk, director = browser_of(world.cast.clerk), browser_of(world.cast.director)
    assert "日常维修记录表" not in clerk.get(address).content.decode()
    said = {"form": "F-21", "reason": "other", "note": "交给物业公司"}
    assert clerk.post(address, said).status_code == 403
    assert not PrintRun.objects.exists()
    assert "所有 1 条登在一张表上" in director.get(address, {"status": "running"}).content.decode()
    director.post(f"{address}?status=running&q={world.order.number}", said)
    run = PrintRun.objects.get()
    line = Entry.objects.get(kind="privacy.taken_out")
    assert (line.actor, line.note, line.subject_id) == (world.cast.director, "交给物业公司", run.pk)
    assert line.values == {
        "what": "日常维修记录表(纸面)",
        "rows": 1,
        "asked": {"status": "running"},
        "reason": "other",
        "unmasked": True,
    }
    run_due_jobs()
    got = director.get(reverse("web:print_file", args=[run.pk]))
    assert "用途:交给物业公司" in pages(b"".join(got.streaming_content))[0].replace("\n", "")


def test_what_was_typed_into_the_search_stands_sealed_in_the_address(world: World, browser_of: Browsers) -> None:
    asked = {"q": "13800138000", "status": "running"}
    shown = browser_of(world.cast.clerk).get(reverse("repairs:print_orders"), asked).content.decode()
    assert "q=~" in unquote(shown)
    assert "13800138000" not in shown


@pytest.mark.parametrize("said", [{}, {"reason": "other"}, {"reason": "curious", "note": "看看"}])
def test_without_a_purpose_nothing_is_printed(said: dict[str, str], world: World, browser_of: Browsers) -> None:
    address = reverse("repairs:print_orders")
    answer = browser_of(world.cast.director).post(address, {"form": "F-21", **said})
    assert "印出来做什么用" in answer.content.decode()
    assert "hy-error" in answer.content.decode()
    assert said.get("note", "") in answer.content.decode()
    assert not PrintRun.objects.exists()
    assert not Entry.objects.filter(kind="privacy.taken_out").exists()


def test_a_file_stays_shut_when_the_right_to_take_it_out_is_gone(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.director)
    browser.post(reverse("repairs:print_orders"), {"form": "F-21", "reason": "checking"})
    run_due_jobs()
    file = reverse("web:print_file", args=[PrintRun.objects.get(form="F-21").pk])
    b"".join(browser.get(file).streaming_content)
    role = Role.objects.get(code="director")
    role.rights = [one for one in role.rights if one != "cases.export"]
    role.save(update_fields=["rights"])
    assert browser.get(file).status_code == 403


def test_nothing_and_too_much_are_refused(world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of(world.cast.clerk)
    address = reverse("repairs:print_orders")
    assert "没有可打印的" in browser.get(address, {"status": "voided"}).content.decode()
    said = {"form": "F-22", "reason": "working"}
    assert browser.post(f"{address}?status=voided", said).status_code == 409
    monkeypatch.setattr(operations, "MOST", 1)
    assert "一次最多打印 1 条" in browser.get(address).content.decode()
    assert browser.post(address, said).status_code == 409
    assert not PrintRun.objects.exists()
    assert not Job.objects.exists()


def test_blank_forms_are_numbered_and_lead_to_where_they_are_keyed_in(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.clerk)
    shown = browser.get(reverse("web:forms")).content.decode()
    assert reverse("web:blank", args=["F-22"]) in shown
    assert reverse("service_desk:desk") in shown
    answer = browser.post(reverse("web:blank", args=["F-03"]), {"count": "3"})
    assert [f"YH-Z-20261125-000{n}" in page for n, page in enumerate(pages(answer.content), start=1)] == [True] * 3
    again = browser.post(reverse("web:blank", args=["F-03"]), {"count": "1"})
    assert "YH-Z-20261125-0004" in pages(again.content)[0]
    entry = Entry.objects.filter(kind=operations.BLANK_PRINTED).order_by("id")[0]
    assert (entry.values["form"], entry.values["count"], entry.values["to"]) == ("F-03", 3, "YH-Z-20261125-0003")
    assert browser.post(reverse("web:blank", args=["F-03"]), {"count": "101"}).status_code == 409
    assert browser.post(reverse("web:blank", args=["F-37"]), {"count": "1"}).status_code == 409
    assert browser.post(reverse("web:blank", args=["F-99"]), {"count": "1"}).status_code == 404


def test_names_and_phones_are_shortened_for_who_may_not_reveal_them(world: World, browser_of: Browsers) -> None:
    address = reverse("repairs:print_order", args=[world.order.number])
    whole = pages(browser_of(world.cast.clerk).post(address).content)[0]
    assert "王女士" in whole
    assert "13800138000" in whole
    shortened = pages(browser_of(world.cast.auditor).post(address).content)[0]
    assert "13800138000" not in shortened
    assert "138" in shortened
