"""The technician's phone: jobs by slot, one step after another, true times, everything without JavaScript."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.tests.factories import DOOR, LEAVING, drawing, fresh, minutes, order_in, photo, told
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal.models import Entry
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("standard", "home", "clock")
Browser = Callable[[User], Client]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def untouched() -> tuple[Any, ...]:
    return list(WorkOrder.objects.order_by("id").values()), Entry.objects.count(), StoredFile.objects.count()


def key_on(page: str, step: str) -> str:
    found = re.search(rf'/{step}/".*?name="idempotency_key" value="([^"]+)"', page, re.DOTALL)
    assert found
    return found[1]


def test_jobs_stand_under_their_headings(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    order_in("accepted", estate, cast, text="水管爆了", urgency="emergency")
    order_in("working", estate, cast, text="马桶流水")
    order_in("finished", estate, cast, text="灯不亮")
    order_in("on_hold", estate, cast, text="纱窗坏了")
    slot = {"appointment_from": minutes(240), "appointment_to": minutes(360)}
    order_in("accepted", estate, cast, text="地漏返水", **slot)
    order_in("assigned", estate, cast, text="插座没电")
    told(estate, cast, text="还没派的")
    page = text_of(browser_of(cast.technician).get("/repairs/mine/"))
    said = ["马上去", "水管爆了", "正在修", "马桶流水", "请客户签字", "灯不亮", "今天", "地漏返水"]
    said += ["还没约时间", "插座没电", "挂起", "纱窗坏了"]
    main = page[page.index("张在手里") :]
    places = [main.index(word) for word in said[:2]]
    for word in said[2:]:
        places.append(main.index(word, places[-1]))
    assert places == sorted(places)
    assert "还没派的" not in page
    assert "6 张在手里" in page


def test_nothing_in_hand(cast: Cast, browser_of: Browser) -> None:
    assert "手里没有单" in text_of(browser_of(cast.technician).get("/repairs/mine/"))


def test_a_job_tells_where_how_to_get_in_whom_to_call_and_what_was_here(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    Building.objects.filter(estate=estate).update(hint="单元门禁 #1501")
    order_in("closed", estate, cast, text="上个月也漏", at=minutes(-60 * 24 * 30))
    order = order_in("assigned", estate, cast)
    page = text_of(browser_of(cast.technician).get(f"/repairs/mine/{order.number}/"))
    for words in ("3-2-1501", "单元门禁 #1501", 'href="tel:13800138000"', "厨房漏水", "这里以前修过", "上个月也漏"):
        assert words in page
    assert "换了角阀" in page


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("assigned", {"accept", "return"}),
        ("accepted", {"arrive", "not_let_in", "hold", "return"}),
        ("working", {"photos", "finish", "hold"}),
        ("on_hold", {"resume"}),
        ("finished", {"sign", "slip", "rework"}),
        ("closed", set()),
    ],
)
def test_the_buttons_follow_the_work(
    status: str, offered: set[str], estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    order = order_in(status, estate, cast)
    page = text_of(browser_of(cast.technician).get(f"/repairs/mine/{order.number}/"))
    assert set(re.findall(r'data-step="(\w+)"', page)) == offered


def test_the_whole_way_by_plain_forms(estate: Estate, cast: Cast, browser_of: Browser, clock: Any) -> None:
    order = told(estate, cast)
    operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=clock.at)
    phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}"

    def step(name: str, **sent: Any) -> WorkOrder:
        page = text_of(phone.get(f"{address}/"))
        clock.move(minutes=10)
        response = phone.post(f"{address}/{name}/", {"idempotency_key": key_on(page, name), **sent})
        assert response.status_code == 303, text_of(response)
        return fresh(order)

    assert step("accept").accepted_at == minutes(10)
    assert step("hold", note="等配件", wakes_at="明天 9点").status == "on_hold"
    assert step("resume").status == "accepted"
    assert step("arrive", **DOOR).arrived_at == minutes(40)
    picture = SimpleUploadedFile("现场.jpg", photo().read(), "image/jpeg")
    assert step("finish", work_done="换了角阀", photos=[picture], **LEAVING).finished_at == minutes(50)
    assert step("rework", note="还在漏").status == "working"
    assert step("finish", work_done="换了密封圈", **LEAVING).finished_at == minutes(70)
    signed = step("sign", drawing=drawing(), signer="王丽")
    assert (signed.status, signed.acceptance, signed.closed_at) == ("closed", "signature", minutes(80))
    assert [stored.original_name for stored in queries.photos_of(signed)] == ["现场.jpg"]


def test_given_back_it_leaves_the_hands(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    order = order_in("assigned", estate, cast, at=minutes(-30))
    response = browser_of(cast.technician).post(f"/repairs/mine/{order.number}/return/", {"note": "不是我的工种"})
    assert (response.status_code, response["Location"]) == (303, "/repairs/mine/")
    assert (fresh(order).status, fresh(order).technician) == ("new", None)


def test_without_a_pad_the_paper_slip_ends_it(estate: Estate, cast: Cast, browser_of: Browser, clock: Any) -> None:
    order = order_in("finished", estate, cast)
    clock.move(hours=1)
    sent = {"how": "slip", "paper_slip": "W-9", "signer": "王丽", "written_at": "10:50"}
    assert browser_of(cast.technician).post(f"/repairs/mine/{order.number}/sign/", sent).status_code == 303
    assert (fresh(order).acceptance, fresh(order).paper_written_at) == ("paper", minutes(50))


def test_the_slip_of_somebody_elses_order_goes_to_the_desk(
    estate: Estate, cast: Cast, browser_of: Browser, clock: Any
) -> None:
    order = order_in("finished", estate, cast)
    clock.move(hours=1)
    before = untouched()
    sent = {"how": "slip", "paper_slip": "W-9", "signer": "王丽", "written_at": "10:50"}
    response = browser_of(cast.lead).post(f"/repairs/mine/{order.number}/sign/", sent)
    assert response.status_code == 422
    assert "不在您手里" in text_of(response)
    assert untouched() == before


@pytest.mark.parametrize(
    ("status", "step", "sent", "says"),
    [
        ("assigned", "arrive", DOOR, "不能再到达"),
        ("assigned", "return", {"note": " "}, "请填写原因"),
        ("accepted", "hold", {"note": "等配件", "wakes_at": "昨天 9:00"}, "再次查看的时间要晚于现在"),
        ("accepted", "hold", {"note": "等配件"}, "请填写什么时候再看"),
        ("working", "finish", {"work_done": ""}, "请填写修了什么"),
        ("finished", "sign", {"signer": "王丽"}, "请先让客户签名"),
        ("finished", "sign", {"signer": "", "drawing": "data:,"}, "请填写签字人"),
        ("finished", "sign", {"signer": "王丽", "drawing": "data:image/png;base64,AAAA"}, "签名没有收到"),
        ("finished", "rework", {}, "请填写原因"),
        ("accepted", "arrive", {**DOOR, "happened_at": "2026-11-25T10:19:59+08:00"}, "不能早于上一步的时间"),
        ("accepted", "arrive", {**DOOR, "happened_at": "2026-11-25T13:30:00+08:00"}, "不能晚于现在"),
        ("accepted", "arrive", {"happened_at": "soon"}, "还差一点"),
    ],
)
def test_a_refusal_is_said_on_the_job_and_changes_nothing(
    status: str,
    step: str,
    sent: dict[str, Any],
    says: str,
    estate: Estate,
    cast: Cast,
    browser_of: Browser,
    clock: Any,
) -> None:
    order = order_in(status, estate, cast)
    clock.move(hours=3)
    before = untouched()
    response = browser_of(cast.technician).post(f"/repairs/mine/{order.number}/{step}/", sent)
    page = text_of(response)
    assert response.status_code == 422
    assert says in page
    assert untouched() == before


def test_a_step_sent_later_keeps_its_true_time(estate: Estate, cast: Cast, browser_of: Browser, clock: Any) -> None:
    order = order_in("accepted", estate, cast)
    clock.move(hours=3)
    sent = {**DOOR, "happened_at": "2026-11-25T10:25:30+08:00", "idempotency_key": "phone-1"}
    phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}/arrive/"
    assert phone.post(address, sent).status_code == 303
    entry = Entry.objects.get(thread=order.thread, kind="repairs.order.arrived")
    assert (entry.at, datetime.fromisoformat(entry.values["keyed_at"])) == (minutes(25.5), minutes(180))
    before = untouched()
    assert phone.post(address, sent).status_code == 303
    assert untouched() == before
    assert "补记" in text_of(phone.get(f"/repairs/mine/{order.number}/"))


def test_a_phone_whose_clock_is_a_little_ahead_is_believed_to_be_now(
    estate: Estate, cast: Cast, browser_of: Browser, clock: Any
) -> None:
    order = order_in("accepted", estate, cast)
    clock.move(hours=3)
    sent = {**DOOR, "happened_at": "2026-11-25T13:01:00+08:00"}
    assert browser_of(cast.technician).post(f"/repairs/mine/{order.number}/arrive/", sent).status_code == 303
    assert fresh(order).arrived_at == minutes(180)


def test_photos_of_the_matter_are_shown(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    order = order_in("working", estate, cast, at=minutes(-60))
    operations.finish(order, work_done="好了", photos=[photo()], actor=cast.technician, at=minutes(-5))
    page = text_of(browser_of(cast.technician).get(f"/repairs/mine/{order.number}/"))
    stored = StoredFile.objects.get()
    assert f'src="/files/{stored.pk}/"' in page
    picture: Any = browser_of(cast.technician).get(f"/files/{stored.pk}/")
    assert (picture.status_code, len(b"".join(picture.streaming_content))) == (200, stored.size)
    assert browser_of(cast.second_technician).get(f"/files/{stored.pk}/").status_code == 403
