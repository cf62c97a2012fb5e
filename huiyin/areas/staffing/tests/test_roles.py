"""Roles given and taken back on a page: for a time, over some buildings, never one's own, never beyond one's reach."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.staffing import operations
from huiyin.areas.staffing.operations import OutOfReach
from huiyin.areas.staffing.queries import posts_of
from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast

Browsers = Callable[..., Client]


@pytest.fixture(autouse=True)
def stopped(clock: Any) -> None:
    """The pages ask the clock; here it stands."""


def page_of(who: User) -> str:
    return f"/staff/people/{who.pk}/roles/"


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def held(who: User) -> set[str]:
    return set(Grant.objects.filter(user=who, until=None).values_list("role__code", flat=True))


def said(kind: str) -> dict[str, Any]:
    return Entry.objects.get(kind=kind).values


def test_a_role_is_given_until_a_day(estate: Estate, cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.supervisor)
    until = AT + timedelta(days=3)
    typed = {"role": role("auditor").pk, "lapses_at": f"{until:%Y-%m-%dT%H:%M}"}
    assert browser.post(page_of(cast.clerk), typed).status_code == 303
    assert held(cast.clerk) == {"clerk", "auditor"}
    assert "审计" in browser.get(page_of(cast.clerk)).content.decode()
    given = said("staffing.role.given")
    assert (given["person"], given["role"]) == (cast.clerk.name, "审计(只看)") and given["until"]
    assert Grant.objects.get(user=cast.clerk, role__code="auditor").lapses_at == until
    assert "止" in browser.get(page_of(cast.clerk)).content.decode()


def test_a_role_is_given_over_some_buildings(estate: Estate, cast: Cast, browser_of: Browsers) -> None:
    new = User.objects.get(pk=cast.cashier.pk)
    operations.assign(new, posts_of(estate.pk)["front_desk"], since_date=AT.date())
    browser = browser_of(cast.supervisor)
    third = Building.objects.get(estate=estate)
    grant = Grant.objects.get(user=new, until=None)
    wrong = browser.post(page_of(new), {"role": role("clerk").pk, "buildings": [third.pk]})
    assert wrong.status_code == 422 and "先收回原来的角色" in wrong.content.decode()
    assert held(new) == {"cashier"}
    assert browser.post(f"{page_of(new)}{grant.pk}/take/").status_code == 303
    assert held(new) == set()
    assert browser.post(page_of(new), {"role": role("clerk").pk, "buildings": [third.pk]}).status_code == 303
    assert Grant.objects.get(user=new, until=None).building_ids == [third.pk]
    assert "只管" in browser.get(page_of(new)).content.decode()
    assert said("staffing.role.taken")["role"] == "收费员"


def test_nobody_gives_or_takes_their_own(estate: Estate, cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.supervisor)
    assert "自己的角色请别人来给" in browser.get(page_of(cast.supervisor)).content.decode()
    assert browser.post(page_of(cast.supervisor), {"role": role("cashier").pk}).status_code == 422
    mine = Grant.objects.get(user=cast.supervisor, until=None)
    assert browser.post(f"{page_of(cast.supervisor)}{mine.pk}/take/").status_code == 409
    assert held(cast.supervisor) == {mine.role.code}
    assert not Entry.objects.filter(kind__startswith="staffing.role").exists()


def test_nobody_reaches_who_may_do_more(estate: Estate, cast: Cast) -> None:
    with pytest.raises(OutOfReach, match="没有全部"):
        operations.give_role(cast.director, role("clerk"), estate=estate, actor=cast.lead, at=AT)
    given = Grant.objects.get(user=cast.director, until=None)
    with pytest.raises(OutOfReach, match="没有全部"):
        operations.take_role(given, estate=estate, actor=cast.lead, at=AT)


def test_an_end_in_the_past_and_a_second_taking_are_refused(estate: Estate, cast: Cast) -> None:
    with pytest.raises(OutOfReach, match="晚于现在"):
        operations.give_role(cast.clerk, role("cashier"), estate=estate, lapses_at=AT, actor=cast.supervisor, at=AT)
    given = operations.give_role(cast.clerk, role("cashier"), estate=estate, actor=cast.supervisor, at=AT)
    operations.take_role(given, estate=estate, actor=cast.supervisor, at=AT)
    with pytest.raises(OutOfReach, match="已经收回"):
        operations.take_role(given, estate=estate, actor=cast.supervisor, at=AT)


def test_what_counts_everywhere_is_not_taken_in_one_estate(estate: Estate, cast: Cast) -> None:
    given = Grant.objects.create(user=cast.clerk, role=role("auditor"), estate_id=None, since=AT)
    with pytest.raises(OutOfReach, match="全公司"):
        operations.take_role(given, estate=estate, actor=cast.system, at=AT)


def test_the_page_asks_as_often_for_many_roles_as_for_one(
    estate: Estate, cast: Cast, browser_of: Browsers, django_assert_num_queries: Any
) -> None:
    browser = browser_of(cast.supervisor)
    browser.get(page_of(cast.clerk))
    with django_assert_num_queries(22):
        browser.get(page_of(cast.clerk))
    for code in ("cashier", "archivist"):
        operations.give_role(cast.clerk, role(code), estate=estate, actor=cast.supervisor, at=AT)
    with django_assert_num_queries(22):
        browser.get(page_of(cast.clerk))
