"""Tokens and webhooks by page: shown once, lent no further than held, revoked at once, replayed by hand."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.tokens import limits
from huiyin.foundation.tokens.models import Token
from huiyin.foundation.webhooks import operations as webhooks
from huiyin.foundation.webhooks.models import Delivery, Endpoint
from huiyin.foundation.webhooks.sending import Outcome
from tests.cast import Cast
from tests.programs import Program

Browsers = Callable[[User], Client]


pytestmark = pytest.mark.usefixtures("leased_rows")


@pytest.fixture
def browser(browser_of: Browsers, cast: Cast, clock: object) -> Client:
    limits.forget()
    return browser_of(cast.director)


def asked(estate: Estate, owner: User, **otherwise: object) -> dict[str, object]:
    return {
        "name": "热线",
        "owner": owner.pk,
        "until": "2026-12-31",
        "estates": [estate.pk],
        "rights": ["cases.see", "desk.register"],
    } | otherwise


def test_a_token_is_shown_once_and_opens_the_api(browser: Client, cast: Cast, estate: Estate) -> None:
    answered = browser.post("/integrations/tokens/new/", asked(estate, cast.clerk))
    secret = re.search(r"hyt_[0-9a-f]{12}_[\w-]{43}", answered.content.decode())
    assert secret is not None
    assert "no-store" in answered.headers["Cache-Control"]
    assert secret[0] not in browser.get("/integrations/").content.decode()
    assert secret[0].rpartition("_")[2] not in Token.objects.get().digest
    assert Program(secret[0]).get("/cases", estate="YH").status_code == 200
    assert Entry.objects.get(kind="tokens.token.made").values["owner"] == cast.clerk.pk


def test_the_end_of_the_last_day_is_the_end_of_the_token(
    browser: Client, cast: Cast, estate: Estate, clock: object
) -> None:
    answered = browser.post("/integrations/tokens/new/", asked(estate, cast.clerk, until="2026-11-26"))
    program = Program(re.search(r"hyt_[\w-]+", answered.content.decode())[0])
    clock.move(hours=37, minutes=59)
    assert program.get("/cases", estate="YH").status_code == 200
    clock.move(minutes=1)
    assert program.get("/cases", estate="YH").status_code == 401


@pytest.mark.parametrize(
    ("otherwise", "sentence"),
    [
        ({"until": "2026-11-24"}, "到期日要在今天以后"),
        ({"until": "2028-01-01"}, "最长一年"),
        ({"rights": ["cases.see", "standards.publish"]}, "自己没有这些权限"),
        ({"rights": []}, "请选择能做什么"),
        ({"rights": ["integrations.edit"]}, "没有这个选项"),
    ],
)
def test_a_token_lends_no_more_than_is_held(
    browser: Client, cast: Cast, estate: Estate, otherwise: dict[str, object], sentence: str
) -> None:
    answered = browser.post("/integrations/tokens/new/", asked(estate, cast.clerk, **otherwise))
    assert answered.status_code == 422
    assert sentence in answered.content.decode()
    assert not Token.objects.exists()


def test_a_revoked_token_opens_nothing_more(browser: Client, cast: Cast, estate: Estate) -> None:
    answered = browser.post("/integrations/tokens/new/", asked(estate, cast.clerk))
    program = Program(re.search(r"hyt_[\w-]+", answered.content.decode())[0])
    token = Token.objects.get()
    assert browser.post(f"/integrations/tokens/{token.pk}/revoke/").status_code == 303
    assert program.get("/cases", estate="YH").status_code == 401
    assert browser.post(f"/integrations/tokens/{token.pk}/revoke/").status_code == 409


def test_a_token_of_somebody_who_left_opens_nothing(browser: Client, cast: Cast, estate: Estate) -> None:
    answered = browser.post("/integrations/tokens/new/", asked(estate, cast.clerk))
    User.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    program = Program(re.search(r"hyt_[\w-]+", answered.content.decode())[0])
    assert program.get("/cases", estate="YH").status_code == 401


def test_an_address_is_added_stopped_and_its_log_is_read(
    browser: Client, cast: Cast, estate: Estate, at: datetime
) -> None:
    said = {"name": "热线", "url": "https://example.com/hook", "estates": [estate.pk], "kinds": ["cases.case.closed"]}
    assert re.search(r"whs_[0-9a-f]{64}", browser.post("/integrations/webhooks/new/", said).content.decode())
    endpoint = Endpoint.objects.get()
    entry = Entry.objects.latest("pk")
    (pk,) = webhooks.tell([endpoint.pk], entry=entry, at=at)
    delivery = webhooks.take_up(pk, at=at)
    assert delivery is not None
    webhooks.settle(delivery, Outcome(503, 120, "<b>busy</b>"), at=at)
    shown = browser.get(f"/integrations/webhooks/{endpoint.pk}/").content.decode()
    assert "503" in shown and "120 毫秒" in shown and "&lt;b&gt;busy" in shown
    assert browser.post(f"/integrations/webhooks/{endpoint.pk}/switch/", {"active": "no"}).status_code == 303
    assert not Endpoint.objects.get().active


def test_what_did_not_arrive_is_replayed_by_hand(browser: Client, cast: Cast, estate: Estate, at: datetime) -> None:
    endpoint = webhooks.open_endpoint(
        "热线", url="https://example.com/", kinds=(), estates=[estate.pk], inside=False, actor=cast.director, at=at
    )
    (pk,) = webhooks.tell([endpoint.pk], entry=Entry.objects.latest("pk"), at=at)
    address = f"/integrations/webhooks/{endpoint.pk}/{pk}/replay/"
    assert browser.post(address).status_code == 409
    Delivery.objects.update(state="dead", attempts=9)
    assert browser.post(address).status_code == 303
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("waiting", 0)
    assert Job.objects.get(task__endswith="deliver").kwargs == {"delivery_id": pk}


def test_an_address_inside_is_refused_as_it_is_written(browser: Client, estate: Estate) -> None:
    said = {"name": "热线", "url": "http://10.0.0.5/hook", "estates": [estate.pk]}
    answered = browser.post("/integrations/webhooks/new/", said)
    assert answered.status_code == 422 and "地址要用 https" in answered.content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_log_costs_the_same_for_one_line_and_for_three(
    browser: Client,
    cast: Cast,
    estate: Estate,
    at: datetime,
    how_many: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    endpoint = webhooks.open_endpoint(
        "热线", url="https://example.com/", kinds=(), estates=[estate.pk], inside=False, actor=cast.director, at=at
    )
    for entry in [_line(endpoint, cast, at) for _ in range(how_many)]:
        (pk,) = webhooks.tell([endpoint.pk], entry=entry, at=at)
        delivery = webhooks.take_up(pk, at=at + timedelta(seconds=1))
        assert delivery is not None
        webhooks.settle(delivery, Outcome(500, 3, ""), at=at)
    with django_assert_num_queries(10):
        browser.get(f"/integrations/webhooks/{endpoint.pk}/")


def _line(endpoint: Endpoint, cast: Cast, at: datetime) -> Entry:
    webhooks.switch(endpoint, active=not endpoint.active, actor=cast.director, at=at)
    if not endpoint.active:
        webhooks.switch(endpoint, active=True, actor=cast.director, at=at)
    return Entry.objects.latest("pk")
