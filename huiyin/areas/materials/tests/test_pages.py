"""The storekeeper's pages: lists in a constant number of queries, forms that keep what was typed, a sheet twice."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations, queries
from huiyin.areas.materials.models import Count, Holding, Item, ItemSheet, Movement, Plan, PriceList, Requisition
from huiyin.areas.materials.rules import Want
from huiyin.areas.materials.tests.conftest import Stock
from huiyin.foundation.accounts.models import User
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "clock")
Browser = Callable[[User], Client]
SHEET = """编码,品名,规格,单位,最低库存,补到,数量起,进价,收费价,生效日期,库房,期初数量
JF-04,角阀,4 分,个,5,20,0,9.8,15,2026-11-01,总库房,12.5
JF-04,,,,,,10,9,13.5,,,
SL-04,水龙头,4 分,个,4,,,,,,,
"""


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def count_of(browser: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(url).status_code == 200
    return len(asked)


def ask(stock: Stock, cast: Cast) -> Requisition:
    estate = Estate.objects.get(pk=stock.store.estate_id)
    wants = [Want(stock.tap.pk, Decimal(2))]
    told: dict[str, Any] = {"actor": cast.technician, "at": AT}
    return operations.ask(estate, technician=cast.technician, store=stock.store, wants=wants, **told)


def test_lists_take_as_many_queries_with_three_rows_as_with_one(
    stock: Stock, estate: Estate, cast: Cast, keeper: User, browser_of: Browser
) -> None:
    browser = browser_of(keeper)
    ask(stock, cast)
    found = operations.begin_count(stock.store, actor=keeper, at=AT)
    operations.drop_count(found, reason="试一下", actor=keeper, at=AT)
    urls = ("/materials/?q=SL", "/materials/requisitions/", "/materials/counts/")
    before = [count_of(browser, url) for url in urls]
    for n in range(2):
        operations.set_up_item(estate, code=f"SL-1{n}", name="水龙头", unit="个", actor=keeper, at=AT)
        ask(stock, cast)
        found = operations.begin_count(stock.store, actor=keeper, at=AT)
        operations.drop_count(found, reason="试一下", actor=keeper, at=AT)
    assert [count_of(browser, url) for url in urls] == before
    assert max(before) <= 25


def test_the_low_stand_first(stock: Stock, keeper: User, browser_of: Browser) -> None:
    operations.hand_out(stock.tape, stock.store, Decimal(95), taker="保洁", actor=keeper, at=AT)
    page = text_of(browser_of(keeper).get("/materials/"))
    places = [page.index(name) for name in ("生料带", "水龙头", "软管")]
    assert places[0] == min(places)
    assert "低于最低库存" in page
    low = text_of(browser_of(keeper).get("/materials/?low=on"))
    assert "SD-01" in low and "SL-04" not in low


def test_a_slip_is_issued_on_its_page(stock: Stock, cast: Cast, keeper: User, browser_of: Browser) -> None:
    slip, browser = ask(stock, cast), browser_of(keeper)
    where, line = f"/materials/requisitions/{slip.number}/", slip.lines.get()
    too_many = browser.post(f"{where}issue/", {f"line_{line.pk}": "3"})
    assert (too_many.status_code, "只申领了 2 个" in text_of(too_many)) == (422, True)
    assert 'value="3"' in text_of(too_many)
    assert browser.post(f"{where}issue/", {f"line_{line.pk}": "2"}).status_code == 303
    assert Requisition.objects.get().status == "settled"
    printed = browser.post(f"{where}print/")
    assert printed.content.startswith(b"%PDF")


def test_what_is_wrong_in_a_small_form_is_said_there(stock: Stock, keeper: User, browser_of: Browser) -> None:
    where = f"/materials/items/{stock.tap.pk}/hand-out/"
    said = {"place": stock.store.pk, "quantity": "6", "taker": "保洁 刘姐"}
    answer = browser_of(keeper).post(where, said)
    assert answer.status_code == 422
    assert "只有 5 个,要拿 6 个不够" in text_of(answer) and "保洁 刘姐" in text_of(answer)
    assert browser_of(keeper).post(where, said | {"quantity": "2"}).status_code == 303
    assert Holding.objects.get(item=stock.tap).quantity == 3


def test_a_count_is_kept_and_posted_on_its_sheet(stock: Stock, keeper: User, browser_of: Browser) -> None:
    browser = browser_of(keeper)
    browser.post("/materials/counts/begin/", {"place": stock.store.pk})
    count = Count.objects.get()
    where = f"/materials/counts/{count.number}/"
    lines = {line.item.code: line for line in queries.count_lines(count)}
    sheet = {f"counted_{line.pk}": str(line.expected) for line in lines.values()}
    sheet[f"counted_{lines['SL-04'].pk}"] = "4"
    refused = browser.post(f"{where}post/", sheet)
    assert (refused.status_code, "账实不符,请写明原因" in text_of(refused)) == (422, True)
    assert browser.post(f"{where}save/", sheet).status_code == 303
    assert Holding.objects.get(item=stock.tap).quantity == 5
    sheet[f"reason_{lines['SL-04'].pk}"] = "找不到了"
    assert browser.post(f"{where}post/", sheet).status_code == 303
    assert Holding.objects.get(item=stock.tap).quantity == 4
    assert "找不到了" in text_of(browser.get(where))


def test_a_plan_is_made_of_what_is_low(stock: Stock, keeper: User, browser_of: Browser) -> None:
    operations.hand_out(stock.tap, stock.store, Decimal(3), taker="李强", actor=keeper, at=AT)
    browser = browser_of(keeper)
    assert 'value="8"' in text_of(browser.get("/materials/plan/"))
    browser.post("/materials/plan/make/", {f"item_{stock.tap.pk}": "9"})
    plan = Plan.objects.get()
    assert "¥108.00" in text_of(browser.get(f"/materials/plans/{plan.number}/"))
    assert browser.post(f"/materials/plans/{plan.number}/print/").content.startswith(b"%PDF")


def test_a_sheet_is_taken_in_once_however_often_it_comes(
    stock: Stock, estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    browser = browser_of(cast.supervisor)
    for round_ in range(2):
        answer = browser.post("/materials/import/", {"sheet": ContentFile(SHEET.encode(), "材料.csv")})
        assert answer.status_code == 303
        sheet = ItemSheet.objects.latest("id")
        assert (sheet.status, sheet.report["problems"]) == ("checked", [])
        browser.post(f"/materials/import/{sheet.pk}/confirm/")
        sheet.refresh_from_db()
        assert sheet.status == "done"
        said = {part: list(sheet.report[part].values()) for part in ("items", "prices", "stock")}
        assert said == (
            {"items": [1, 1, 0], "prices": [1, 0, 0], "stock": [1, 0, 0]}
            if round_ == 0
            else {"items": [0, 0, 2], "prices": [0, 0, 1], "stock": [0, 0, 1]}
        )
    valve = Item.objects.get(code="JF-04")
    assert Holding.objects.get(item=valve).quantity == Decimal("12.5")
    band = queries.price_of(valve.pk, Decimal(10), day=AT.date())
    assert band is not None and band.charge == Decimal("13.5")
    assert (PriceList.objects.filter(item=valve).count(), Movement.objects.filter(kind="opening").count()) == (1, 1)
    assert Item.objects.get(code="SL-04").least == 4


def test_a_sheet_that_is_wrong_is_not_taken_in_at_all(stock: Stock, estate: Estate, cast: Cast) -> None:
    text = (
        "编码,品名,单位,进价,收费价,库房,期初数量\n"
        "A-1,新材料,,1,,总库房,3\n"
        ",没编码,个,,,,\n"
        "SL-04,水龙头,盒,,,总库房,9\n"
        "A-2,别的,个,,,没有的库,2\n"
        "A-3,再来,个,abc,2,,\n"
    )
    told: dict[str, Any] = {"actor": cast.supervisor, "at": AT, "today": AT.date()}
    sheet = operations.hand_in(estate, ContentFile(text.encode(), "错.csv"), **told)
    assert sheet.status == "wrong"
    said = [(one["row"], one["column"]) for one in sheet.report["problems"]]
    assert said == [
        (2, "收费价"),
        (2, "单位"),
        (3, "编码"),
        (4, "单位"),
        (4, "期初数量"),
        (5, "库房"),
        (6, "进价"),
        (6, "进价"),
    ]
    assert not Item.objects.filter(code__startswith="A-").exists()


def test_a_file_that_is_no_table_says_so(stock: Stock, estate: Estate, cast: Cast) -> None:
    told: dict[str, Any] = {"actor": cast.supervisor, "at": AT, "today": AT.date()}
    sheet = operations.hand_in(estate, ContentFile(b"a,b\n1,2\n", "x.csv"), **told)
    assert sheet.report["unreadable"] == "没有找到「编码」和「品名」这两列,请照模板写好表头"


def test_empty_rooms_say_what_to_do(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.supervisor)
    for url, words in (
        ("/materials/", "还没有材料"),
        ("/materials/requisitions/", "没有领料单"),
        ("/materials/counts/", "还没有盘点过"),
        ("/materials/plan/", "都够用"),
        ("/materials/import/", "还没有导入过"),
    ):
        assert words in text_of(browser.get(url))
    assert "包里没有材料" in text_of(browser_of(cast.technician).get("/materials/bag/"))
