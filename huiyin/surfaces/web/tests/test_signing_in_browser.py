"""The second step in a real browser: an app's code switched on and used, a passkey added and used."""

import os
import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from huiyin.areas.estate.models import Estate
from tests import cast as people
from tests.browser import launch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def code_of(secret: str, *, later: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


@pytest.fixture
def page(live_server: LiveServer, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    # Playwright keeps an event loop in this thread, which Django takes for async code.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    people.hire("clerk", "陈晓", estate=estate, role="clerk", post="front_desk")
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = launch(play)
        page = browser.new_context(base_url=live_server.url).new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()
    assert complaints == []


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_label("账号").fill("clerk")
    page.get_by_label("密码").fill(people.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator("summary[aria-label^='我:']").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/sign-in/$"))


def test_an_app_is_set_up_and_then_asked_for(page: Page) -> None:
    sign_in(page)
    page.locator("summary[aria-label^='我:']").click()
    page.get_by_role("link", name="我的安全").click()
    page.get_by_role("link", name="开启动态码").click()
    page.get_by_text("扫不了,手工输入").click()
    secret = page.locator("[data-copy]").get_attribute("data-copy") or ""
    page.get_by_label("手机上显示的 6 位数字").fill("000000")
    page.get_by_role("button", name="开启").click()
    expect(page.get_by_role("alert")).to_contain_text("这个码不对")
    page.get_by_label("手机上显示的 6 位数字").fill(code_of(secret))
    page.get_by_role("button", name="开启").click()
    expect(page.locator(".security-codes li")).to_have_count(10)
    spare = page.locator(".security-codes li").first.inner_text()
    page.get_by_role("link", name="都收好了").click()
    expect(page.get_by_role("main")).to_contain_text("还剩 10 个没用过")
    sign_out(page)

    sign_in(page)
    expect(page.get_by_role("heading", name="还差一步")).to_be_visible()
    page.get_by_label("动态码或恢复码").fill(code_of(secret, later=1))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="今日")).to_be_visible()
    sign_out(page)

    sign_in(page)
    page.get_by_label("动态码或恢复码").fill(spare)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="今日")).to_be_visible()
    page.goto("/me/security/")
    expect(page.get_by_role("main")).to_contain_text("还剩 9 个没用过")
    expect(page.get_by_text("就是这里")).to_have_count(1)


def test_a_passkey_is_added_and_opens_the_door(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})["authenticatorId"]
    sign_in(page)
    page.goto("/me/security/")
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("给它起个名字").fill("前台电脑")
    page.get_by_role("button", name="添加").click()
    expect(page.locator(".security-codes li")).to_have_count(10)
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": made})["credentials"]) == 1
    page.get_by_role("link", name="都收好了").click()
    expect(page.get_by_role("main")).to_contain_text("前台电脑")
    sign_out(page)

    page.goto("/sign-in/?next=/cases/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(re.compile("/cases/$"))
    sign_out(page)

    sign_in(page)
    expect(page.get_by_role("heading", name="还差一步")).to_be_visible()
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.get_by_role("heading", name="今日")).to_be_visible()

    page.goto("/me/security/")
    page.locator("li", has_text="前台电脑").locator("summary").click()
    page.get_by_role("button", name="去掉「前台电脑」").click()
    expect(page.get_by_role("status")).to_contain_text("通行密钥「前台电脑」已关闭")
    sign_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("alert")).to_contain_text("没有成")
