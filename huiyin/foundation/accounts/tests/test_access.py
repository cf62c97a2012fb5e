"""Who may do what, where: by estate or everywhere, from a grant until its end, never for a closed account."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.timezone import now

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Grant, Role, User
from huiyin.foundation.accounts.permissions import PowersDown, needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of, outranks, system_actor
from huiyin.foundation.accounts.scope import OF_THE_WHOLE

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026", company_id=1)


@pytest.fixture
def clerk(db: None) -> Role:
    return accounts.define_role("clerk", title="前台", rights=["desk.see", "cases.work"])


@pytest.fixture
def auditor(db: None) -> Role:
    return accounts.define_role("auditor", title="审计", rights=["cases.see"])


def again_loaded(user: User) -> User:
    """The same, without asking the database."""
    return User(pk=user.pk, is_active=True)


def again(user: User) -> User:
    """The same person at the next request: rights are read once and kept for the request."""
    return User.objects.get(pk=user.pk)


def test_a_right_holds_in_its_estate(anna: User, clerk: Role) -> None:
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    access = access_of(anna)
    assert access.may("desk.see", 7) and not access.may("desk.see", 8)
    assert access.may("desk.see") and not access.may("cases.see")
    assert access.sees(7) and not access.sees(8)
    assert access.estate_ids == [7]


def test_a_role_in_the_company_holds_everywhere(anna: User, clerk: Role, auditor: Role) -> None:
    accounts.grant_role(anna, auditor, estate_id=None, at=AT)
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    access = access_of(anna)
    assert access.may("cases.see", 8) and access.may("cases.see", 7)
    assert access.may("desk.see", 7) and not access.may("desk.see", 8)
    assert access.sees(8)
    assert access.estate_ids is None


def test_several_roles_add_up_and_estates_are_listed_in_order(anna: User, clerk: Role, auditor: Role) -> None:
    for role, estate in ((clerk, 9), (clerk, 7), (auditor, 7)):
        accounts.grant_role(anna, role, estate_id=estate, at=AT)
    access = access_of(anna)
    assert access.rights == {7: {"desk.see", "cases.work", "cases.see"}, 9: {"desk.see", "cases.work"}}
    assert access.estate_ids == [7, 9]


def test_nobody_has_rights_without_a_role(anna: User) -> None:
    access = access_of(anna)
    assert (access.rights, access.estate_ids, access.may("desk.see"), access.sees(7)) == ({}, [], False, False)


def test_rights_are_read_once_for_a_request(anna: User, clerk: Role) -> None:
    assert not access_of(anna).may("desk.see")
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    assert not access_of(anna).may("desk.see")
    assert access_of(again(anna)).may("desk.see")


def test_revoked_roles_hold_no_more_and_stay_on_the_record(anna: User, clerk: Role, auditor: Role) -> None:
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    accounts.grant_role(anna, auditor, estate_id=8, at=AT)
    assert accounts.revoke_roles(anna, estate_id=7, at=AT) == 1
    assert access_of(again(anna)).estate_ids == [8]
    assert list(Grant.objects.order_by("id").values_list("estate_id", "until")) == [(7, AT), (8, None)]
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    assert access_of(again(anna)).estate_ids == [7, 8]


@pytest.mark.parametrize(("lapses", "held"), [(timedelta(hours=1), [7]), (timedelta(hours=-1), []), (None, [7])])
def test_a_role_given_for_a_time_counts_until_then(
    anna: User, clerk: Role, lapses: timedelta | None, held: list[int]
) -> None:
    """The database's own clock decides, at each page; nobody has to end it."""
    accounts.grant_role(anna, clerk, estate_id=7, at=AT, lapses_at=now() + lapses if lapses else None)
    assert access_of(again(anna)).estate_ids == held


def test_a_role_that_lapsed_is_given_anew_and_one_that_runs_gets_another_end(anna: User, clerk: Role) -> None:
    first = accounts.grant_role(anna, clerk, estate_id=7, at=AT, lapses_at=AT + timedelta(days=1))
    later = AT + timedelta(days=2)
    second = accounts.grant_role(anna, clerk, estate_id=7, at=later, lapses_at=later + timedelta(days=1))
    assert second != first
    assert accounts.grant_role(anna, clerk, estate_id=7, at=later) == second
    assert list(Grant.objects.order_by("id").values_list("since", "until", "lapses_at")) == [
        (AT, AT + timedelta(days=1), AT + timedelta(days=1)),
        (later, None, None),
    ]


def test_the_rights_cost_one_query_of_fixed_words(anna: User, clerk: Role, django_assert_num_queries: Any) -> None:
    accounts.grant_role(anna, clerk, estate_id=7, at=AT, lapses_at=now() + timedelta(hours=1))
    with django_assert_num_queries(1):
        assert access_of(again_loaded(anna)).may("desk.see", 7)


def test_who_may_have_whose_account_in_hand(anna: User, clerk: Role) -> None:
    """Of everybody who may do no more, there or anywhere, than oneself may do or give."""
    chief = accounts.define_role("chief", title="主管", rights=["staffing.edit", "cases.void"])
    boss = accounts.define_role("boss", title="主任", rights=["staffing.edit", "cases.void", "standards.publish"])
    people = {}
    for name, role, estate in (("chief", chief, 7), ("boss", boss, 7), ("far", chief, 8), ("all", chief, None)):
        people[name] = accounts.create_user(name, name=name, password="huiyin-2026")
        accounts.grant_role(people[name], role, estate_id=estate, at=AT)
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    reach = {
        name: [other for other, who in {**people, "anna": anna}.items() if outranks(one, who)]
        for name, one in people.items()
    }
    assert reach == {
        "chief": ["chief", "anna"],
        "boss": ["chief", "boss", "anna"],
        "far": ["far"],
        "all": ["chief", "far", "all", "anna"],
    }


def test_a_closed_account_has_nothing(anna: User, clerk: Role) -> None:
    accounts.grant_role(anna, clerk, estate_id=None, at=AT)
    accounts.disable_user(anna, at=AT)
    kept = again(anna)
    assert (kept.is_active, access_of(kept).rights) == (False, {})
    assert Grant.objects.get().until == AT


def test_an_inactive_account_has_nothing_even_with_an_open_role(anna: User, clerk: Role) -> None:
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    User.objects.update(is_active=False)
    assert access_of(again(anna)).rights == {}


@pytest.mark.parametrize("estate", [7, None])
def test_a_role_is_granted_once(anna: User, clerk: Role, estate: int | None) -> None:
    first = accounts.grant_role(anna, clerk, estate_id=estate, at=AT)
    assert accounts.grant_role(anna, clerk, estate_id=estate, at=AT) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=anna, role=clerk, estate_id=estate, since=AT)


def test_a_role_is_given_its_rights_anew(anna: User, clerk: Role) -> None:
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    assert accounts.define_role("clerk", title="接待", rights=["b", "a", "b"]) == clerk
    assert access_of(again(anna)).rights == {7: {"a", "b"}}
    assert list(Role.objects.values_list("title", "rights")) == [("接待", ["a", "b"])]


def test_an_account_name_is_taken_once(anna: User) -> None:
    with pytest.raises(accounts.NameTaken, match="账号 anna 已被使用,请换一个"):
        accounts.create_user("anna", name="别的安娜", password="huiyin-2026")
    assert User.objects.count() == 1


def test_a_password_is_kept_as_a_hash_and_can_be_changed(anna: User) -> None:
    assert "huiyin-2026" not in anna.password
    accounts.set_password(anna, password="huiyin-2027")
    assert again(anna).check_password("huiyin-2027") and not again(anna).check_password("huiyin-2026")


@pytest.mark.django_db
def test_there_is_one_system_actor_who_cannot_sign_in() -> None:
    system = system_actor()
    assert (system_actor(), system.name, system.is_active, system.has_usable_password()) == (
        system,
        "系统",
        False,
        False,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="other", name="另一个", is_system=True)


# The gate


@needs("desk.see")
def page(request: HttpRequest, number: str = "") -> HttpResponse:
    """Show the desk."""
    return HttpResponse(f"{signed_in(request).username} {number}")


def request_of(user: object) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_the_gate_lets_through_whoever_holds_the_right_somewhere(anna: User, clerk: Role) -> None:
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    assert page(request_of(anna), number="3").content == b"anna 3"


def test_the_gate_stops_whoever_does_not(anna: User, auditor: Role) -> None:
    accounts.grant_role(anna, auditor, estate_id=None, at=AT)
    for stranger in (anna, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            page(request_of(stranger))


def test_the_gate_keeps_the_right_and_the_name_of_the_view() -> None:
    assert (page.right, page.__name__, page.__doc__) == ("desk.see", "page", "Show the desk.")


@needs("desk.see", raised=True)
def button(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def test_the_gate_lets_nobody_change_what_reaches_far_with_powers_down(anna: User, clerk: Role, auditor: Role) -> None:
    """Whatever the pages ask before: without the word of the middleware the gate stays shut."""
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    request = request_of(anna)
    assert button(request).content == b"done", "looking is free"
    request.method = "POST"
    with pytest.raises(PowersDown):
        button(request)
    request.powers_up = True
    assert button(request).content == b"done"


def test_a_right_is_required_in_its_estate(anna: User, clerk: Role) -> None:
    accounts.grant_role(anna, clerk, estate_id=7, at=AT)
    require_right(anna, "desk.see", 7)
    for right, estate in (("desk.see", 8), ("cases.see", 7)):
        with pytest.raises(PermissionDenied):
            require_right(anna, right, estate)


class TestBuildings:
    def test_a_role_may_be_limited_to_buildings_of_an_estate(self, anna: User, clerk: Role) -> None:
        accounts.grant_role(anna, clerk, estate_id=7, at=AT, building_ids=[3, 2, 3])
        access = access_of(again(anna))
        assert access.buildings == {7: {2, 3}}
        assert access.may("desk.see", 7)

    def test_most_people_have_no_such_limit(self, anna: User, clerk: Role) -> None:
        accounts.grant_role(anna, clerk, estate_id=7, at=AT)
        assert access_of(again(anna)).buildings == {}

    def test_what_is_about_the_whole_estate_is_not_given_by_a_part_of_it(self, anna: User) -> None:
        boss = accounts.define_role("boss", title="主任", rights=["desk.see", *OF_THE_WHOLE])
        accounts.grant_role(anna, boss, estate_id=7, at=AT, building_ids=[3])
        assert access_of(again(anna)).rights == {7: {"desk.see"}}

    @pytest.mark.parametrize("where", [7, None])
    def test_two_scopes_in_one_estate_are_refused(
        self, anna: User, clerk: Role, auditor: Role, where: int | None
    ) -> None:
        accounts.grant_role(anna, clerk, estate_id=where, at=AT)
        with pytest.raises(accounts.ScopesDiffer):
            accounts.grant_role(anna, auditor, estate_id=7, at=AT, building_ids=[3])
        assert access_of(again(anna)).buildings == {}

    def test_buildings_without_an_estate_are_refused(self, anna: User, clerk: Role) -> None:
        with pytest.raises(accounts.ScopesDiffer):
            accounts.grant_role(anna, clerk, estate_id=None, at=AT, building_ids=[3])

    def test_scopes_that_differ_in_the_database_all_the_same_only_narrow(
        self, anna: User, clerk: Role, auditor: Role
    ) -> None:
        for role, buildings in ((clerk, [2, 3]), (auditor, [3, 4])):
            Grant.objects.create(user=anna, role=role, estate_id=7, since=AT, building_ids=buildings)
        assert access_of(again(anna)).buildings == {7: {3}}
