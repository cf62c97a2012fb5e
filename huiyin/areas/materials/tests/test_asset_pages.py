"""The pages of the ledger of fixed assets: who may, constant queries, forms that keep what was typed, paper, sheet."""

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations
from huiyin.areas.materials.models import FixedAsset
from huiyin.areas.materials.tests.test_assets import asset_in, bought, fresh
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.models import PrintRun
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "clock")
Browser = Callable[[User], Client]
STEPS = ("change", "hand-over", "check", "set-aside", "put-back", "repair", "scrap", "lose", "find")


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def count_of(browser: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    return len(asked)


def test_the_pages_take_as_many_queries_with_three_assets_as_with_one(
    estate: Estate, cast: Cast, keeper: User, browser_of: Browser
) -> None:
    browser = browser_of(keeper)
    asset = bought(estate, cast.clerk, keeper)
    urls = ("/materials/assets/?q=打印", f"/materials/assets/{asset.pk}/")
    before = [count_of(browser, url) for url in urls]
    for other in (cast.butler, cast.lead):
        bought(estate, other, keeper)
        operations.hand_over_asset(fresh(asset), keeper=other, actor=keeper, at=AT)
    assert [count_of(browser, url) for url in urls] == before
    assert max(before) <= 25


def test_the_storekeeper_keeps_the_ledger_and_the_supervisor_scraps(
    estate: Estate, cast: Cast, keeper: User, browser_of: Browser
) -> None:
    asset = bought(estate, cast.clerk, keeper)
    where = f"/materials/assets/{asset.pk}/"
    assert browser_of(keeper).post(f"{where}scrap/", {"note": "坏了"}).status_code == 403
    assert fresh(asset).status == "in_use"
    page = text_of(browser_of(keeper).get(where))
    assert "为什么报失" in page and "为什么报废" not in page
    assert "为什么报废" in text_of(browser_of(cast.supervisor).get(where))
    assert browser_of(cast.supervisor).post(f"{where}scrap/", {"note": "坏了"}).status_code == 303
    assert fresh(asset).status == "scrapped"


def test_who_only_looks_changes_nothing_and_an_outsider_sees_nothing(
    estate: Estate, cast: Cast, keeper: User, browser_of: Browser
) -> None:
    asset = bought(estate, cast.clerk, keeper)
    where, before = f"/materials/assets/{asset.pk}/", Entry.objects.count()
    said = {"note": "x", "found": "no", "keeper": cast.butler.pk, "name": "y", "location": "z"}
    auditor, outsider = browser_of(cast.auditor), browser_of(cast.outsider)
    assert "交接…" not in text_of(auditor.get(where))
    assert {auditor.post(f"{where}{step}/", said).status_code for step in STEPS} == {403}
    assert outsider.get(where).status_code == 404
    assert {outsider.post(f"{where}{step}/", said).status_code for step in STEPS} == {404}
    assert browser_of(cast.technician).get("/materials/assets/").status_code == 403
    assert (FixedAsset.objects.get().name, Entry.objects.count()) == ("打印机", before)


def test_an_asset_is_registered_on_its_page(estate: Estate, cast: Cast, keeper: User, browser_of: Browser) -> None:
    browser, where = browser_of(keeper), "/materials/assets/new/"
    assert "自动编" in text_of(browser.get(where))
    said = {"name": "打印机", "location": "前台", "value": "-1", "model": "M428"}
    wrong = browser.post(where, said)
    assert wrong.status_code == 422 and 'value="M428"' in text_of(wrong)
    assert not FixedAsset.objects.exists()
    answer = browser.post(where, said | {"value": "3299.00", "keeper": cast.clerk.pk, "number": "KF-1"})
    asset = FixedAsset.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/materials/assets/{asset.pk}/")
    assert (asset.value, asset.keeper, asset.number) == (Decimal(3299), cast.clerk, "KF-1")
    again = browser.post(where, said | {"value": "", "keeper": cast.clerk.pk, "number": "KF-1"})
    assert (again.status_code, "资产编号 KF-1 已经有了" in text_of(again)) == (422, True)
    assert browser.post(where, said | {"value": "", "keeper": cast.outsider.pk}).status_code == 422


def test_what_is_done_stands_on_the_timeline(estate: Estate, cast: Cast, keeper: User, browser_of: Browser) -> None:
    asset, browser = bought(estate, cast.clerk, keeper, number="KF-1"), browser_of(keeper)
    where = f"/materials/assets/{asset.pk}/"
    for step, said in (
        ("hand-over", {"keeper": cast.butler.pk, "note": "配件齐全"}),
        ("repair", {}),
        ("put-back", {}),
        ("set-aside", {}),
        ("change", {"name": "打印机", "location": "档案室"}),
        ("check", {"found": "yes"}),
        ("check", {"found": "no", "note": "柜子里没有"}),
        ("find", {}),
        ("lose", {"note": "又不见了"}),
    ):
        assert browser.post(f"{where}{step}/", said).status_code == 303, step
    page = text_of(browser.get(where))
    for words in (
        "把打印机(KF-1)记进固定资产台账,陈晓保管",
        "交接打印机(KF-1):陈晓 交给 周敏",
        "配件齐全",
        "送修",
        "恢复使用",
        "存放地点 前台 → 档案室",
        "盘点到打印机(KF-1)",
        "柜子里没有",
        "找回了打印机(KF-1)",
        "又不见了",
    ):
        assert words in page, words
    assert "改资料…" not in page and "交接…" not in page


def test_what_is_wrong_is_said_there(estate: Estate, cast: Cast, keeper: User, browser_of: Browser) -> None:
    asset, browser = bought(estate, cast.clerk, keeper), browser_of(keeper)
    where = f"/materials/assets/{asset.pk}/"
    unsaid = browser.post(f"{where}check/", {"found": "no"})
    assert (unsaid.status_code, "请写明" in text_of(unsaid)) == (422, True)
    assert browser.post(f"{where}lose/", {"note": ""}).status_code == 409
    assert browser.post(f"{where}find/").status_code == 409
    assert fresh(asset).status == "in_use"


def test_a_keeper_who_left_is_marked(estate: Estate, cast: Cast, keeper: User, browser_of: Browser) -> None:
    asset, browser = bought(estate, cast.butler, keeper, number="KF-7"), browser_of(keeper)
    bought(estate, cast.clerk, keeper, number="KF-8")
    marked = "hy-tone-amber"
    assert marked not in text_of(browser.get("/materials/assets/")).partition('id="rows"')[2]
    staffing.let_go(cast.butler, estate_id=estate.pk, actor=cast.director, at=AT)
    assert marked in text_of(browser.get("/materials/assets/")).partition('id="rows"')[2]
    left = text_of(browser.get("/materials/assets/?keeper=left"))
    assert "KF-7" in left and "KF-8" not in left
    assert "周敏已离职,这件资产还没有交接" in text_of(browser.get(f"/materials/assets/{asset.pk}/"))


def test_the_list_adds_up_what_is_in_use(estate: Estate, cast: Cast, keeper: User, browser_of: Browser) -> None:
    assert "没有固定资产" in text_of(browser_of(keeper).get("/materials/assets/"))
    bought(estate, cast.clerk, keeper, value=Decimal("1234.50"))
    bought(estate, cast.clerk, keeper)
    page = text_of(browser_of(keeper).get("/materials/assets/"))
    assert "其中在用 2 件,价值合计 <strong>¥1,234.50</strong>(另有 1 件没写价值)" in page


def test_the_listed_go_to_excel(estate: Estate, cast: Cast, keeper: User, browser_of: Browser) -> None:
    bought(estate, cast.clerk, keeper, number="KF-1", value=Decimal("1234.50"))
    asset_in("lost", estate, cast.clerk, keeper)
    browser = browser_of(cast.supervisor)
    answer = browser.post("/materials/assets/export/", {"reason": "checking"})
    data = io.BytesIO(b"".join(answer.streaming_content))
    rows = python_calamine.CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
    found = [row for row in rows if "KF-1" in row]
    assert len(found) == 1 and found[0][:4] == ["KF-1", "打印机", "", 1234.5]
    assert not any("遗失" in row for row in rows)


def test_the_listed_are_printed_as_a_register(estate: Estate, cast: Cast, keeper: User, browser_of: Browser) -> None:
    asset = bought(estate, cast.clerk, keeper)
    bought(estate, cast.butler, keeper)
    browser = browser_of(keeper)
    where = f"/materials/assets/print/?keeper={cast.clerk.pk}"
    assert "固定资产台账" in text_of(browser.get(where))
    answer = browser.post(where, {"reason": "checking", "form": "F-30"})
    assert answer.status_code == 303
    run = PrintRun.objects.get()
    assert (run.form, run.wanted) == ("F-30", [asset.pk])
