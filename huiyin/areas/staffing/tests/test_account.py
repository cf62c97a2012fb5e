"""The account of a colleague: let in again, signed out, sent a link; never that of somebody who may do more."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations
from huiyin.areas.staffing.operations import OutOfReach
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, Session, User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.signing_in import operations as signing_in
from huiyin.foundation.signing_in import queries
from huiyin.foundation.signing_in.models import Link
from huiyin.foundation.signing_in.operations import NotLetIn
from tests.cast import AT, PASSWORD, Cast

Browsers = Callable[..., Client]


@pytest.fixture(autouse=True)
def stopped(clock: Any) -> None:
    """The pages ask the clock; here it stands."""


def press(browser: Client, who: User, do: str) -> Any:
    return browser.post(f"/staff/people/{who.pk}/account/change/", {"do": do})


def shown(browser: Client, who: User) -> str:
    return browser.get(f"/staff/people/{who.pk}/account/").content.decode()


def lock(who: User) -> None:
    for _ in range(5):
        with pytest.raises(NotLetIn):
            signing_in.check_password(who.username, "wrong", address="10.0.0.7", at=AT)


def test_a_lock_is_shown_and_lifted(cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.supervisor)
    assert "登录受限制" not in shown(browser, cast.clerk)
    lock(cast.clerk)
    assert "还要等 15 分钟" in shown(browser, cast.clerk)
    assert press(browser, cast.clerk, "unlock").status_code == 303
    assert "登录受限制" not in shown(browser, cast.clerk)
    assert signing_in.check_password("clerk", PASSWORD, address="10.0.0.7", at=AT) == cast.clerk
    assert press(browser, cast.clerk, "unlock").status_code == 409


def test_a_link_is_shown_once_and_sets_the_password(cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.supervisor)
    page = press(browser, cast.clerk, "link")
    assert "no-store" in page.headers["Cache-Control"]
    link = re.search(r'data-copy="http://testserver(/links/[^"]+)"', page.content.decode())
    assert link
    assert link[1] not in shown(browser, cast.clerk)
    assert "重设密码链接,由林芳发出" in shown(browser, cast.clerk)
    typed = {"new_password1": "evening-tea-7", "new_password2": "evening-tea-7"}
    assert Client().post(link[1], typed).status_code == 302
    assert User.objects.get(pk=cast.clerk.pk).check_password("evening-tea-7")


def test_a_link_is_taken_back(cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.supervisor)
    press(browser, cast.clerk, "link")
    assert press(browser, cast.clerk, "take_link_back").status_code == 303
    assert Link.objects.get().revoked_at == AT


def test_a_colleague_is_signed_out_everywhere(cast: Cast, browser_of: Browsers) -> None:
    phone, desk = browser_of(cast.clerk), browser_of(cast.clerk)
    browser = browser_of(cast.supervisor)
    assert "2 处" in shown(browser, cast.clerk)
    press(browser, cast.clerk, "sign_out")
    assert [one.get("/").status_code for one in (phone, desk)] == [302, 302]
    assert not Session.objects.filter(user=cast.clerk).exists()


def test_the_second_step_is_switched_off_for_who_lost_it(cast: Cast, browser_of: Browsers) -> None:
    signing_in.add_passkey(cast.clerk, name="手机", credential={}, at=AT)
    browser = browser_of(cast.supervisor)
    assert "关闭第二步" in shown(browser, cast.clerk)
    press(browser, cast.clerk, "second_step")
    assert not queries.factors_of(cast.clerk)
    line = Entry.objects.latest("id")
    assert (line.kind, line.actor) == ("accounts.factor.removed", cast.supervisor)


@pytest.mark.parametrize("do", ["link", "sign_out", "second_step", "take_link_back"])
def test_nobody_has_the_account_of_who_may_do_more(cast: Cast, estate: Estate, browser_of: Browsers, do: str) -> None:
    """Else a supervisor could set the director's password, and publish standards."""
    signing_in.add_passkey(cast.director, name="手机", credential={}, at=AT)
    before = (list(Link.objects.values()), list(Session.objects.filter(user=cast.director)))
    browser = browser_of(cast.supervisor)
    assert "的权限您没有全部" in shown(browser, cast.director)
    answer = press(browser, cast.director, do)
    assert (answer.status_code, "请找权限更大的人来办" in answer.content.decode()) == (409, True)
    assert (list(Link.objects.values()), list(Session.objects.filter(user=cast.director))) == before
    assert queries.factors_of(cast.director)
    assert press(browser_of(cast.director), cast.supervisor, "link").status_code == 200


def test_ones_own_second_step_is_not_switched_off_here(cast: Cast) -> None:
    signing_in.add_passkey(cast.supervisor, name="手机", credential={}, at=AT)
    with pytest.raises(OutOfReach, match="我的安全"):
        operations.drop_second_step(cast.supervisor, actor=cast.supervisor, at=AT)


@pytest.mark.parametrize("do", ["link", "sign_out", "unlock"])
def test_who_may_not_changes_nothing(cast: Cast, browser_of: Browsers, do: str) -> None:
    lock(cast.clerk)
    lines = Entry.objects.count()
    assert press(browser_of(cast.butler), cast.clerk, do).status_code == 403
    assert press(browser_of(cast.outsider), cast.clerk, do).status_code == 404
    assert (Link.objects.count(), Entry.objects.count()) == (0, lines)


def test_a_button_there_is_none_of_changes_nothing(cast: Cast, browser_of: Browsers) -> None:
    lines = Entry.objects.count()
    assert press(browser_of(cast.supervisor), cast.clerk, "burn").status_code == 303
    assert Entry.objects.count() == lines


def test_a_role_for_a_time_is_shown_with_its_end(cast: Cast, estate: Estate, browser_of: Browsers) -> None:
    role = Role.objects.get(code="butler")
    accounts.grant_role(cast.clerk, role, estate_id=estate.pk, at=AT, lapses_at=AT + timedelta(days=3))
    assert "管家(到 2026-11-28 10:00" in shown(browser_of(cast.supervisor), cast.clerk)
