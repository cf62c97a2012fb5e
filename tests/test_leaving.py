"""Who leaves is out of the house at once, and nothing they owed stays with them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from conftest import Clock
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Grant, Role, Session, User
from huiyin.foundation.signing_in import operations as signing_in
from huiyin.foundation.signing_in.models import Link, LinkKind
from huiyin.foundation.signing_in.operations import LinkRefused, NotLetIn
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, PASSWORD, Cast
from tests.world import furnish

Browsers = Callable[..., Client]


def owed_by(user: User) -> set[str]:
    return set(Commitment.objects.filter(owner=user, ended_at=None).values_list("does", flat=True))


@pytest.mark.parametrize("leaver", ["clerk", "technician"])
def test_who_leaves_is_out_at_once_and_owes_nothing(
    leaver: str,
    estate: Estate,
    cast: Cast,
    home: Household,
    standard: Standard,
    clock: Clock,
    browser_of: Browsers,
) -> None:
    world = furnish(estate, cast, home, standard)
    user = getattr(cast, leaver)
    role = Role.objects.get(code="lead")
    accounts.grant_role(user, role, estate_id=estate.pk, at=AT, lapses_at=AT + timedelta(days=9))
    token = signing_in.make_link(user, kind=LinkKind.RESET, actor=cast.director, at=AT)
    phone, desk = browser_of(user), browser_of(user)
    assert phone.get("/me/security/").status_code == 200
    before = Commitment.objects.filter(ended_at=None).count()
    assert owed_by(user)

    assert browser_of(cast.director).post(f"/staff/people/{user.pk}/leave/").status_code == 303

    assert [one.get("/me/security/").status_code for one in (phone, desk)] == [302, 302]
    assert not Session.objects.filter(user=user).exists()
    assert not Grant.objects.filter(user=user, until=None).exists()
    with pytest.raises(NotLetIn):
        signing_in.check_password(user.username, PASSWORD, address="", at=AT)
    with pytest.raises(LinkRefused):
        signing_in.use_link(token, password="evening-tea-7", at=AT)
    assert Link.objects.get(user=user).revoked_at is not None
    assert owed_by(user) == set()
    assert Commitment.objects.filter(ended_at=None).count() >= before, "nothing owed was dropped"
    assert not Commitment.objects.filter(ended_at=None, owner=None, owner_post="").exists()
    assert not Case.objects.filter(responsible=user, status__in=["new", "working", "on_hold"]).exists()
    if leaver == "technician":
        order = WorkOrder.objects.get(pk=world.order.pk)
        assert (order.technician, order.status) == (None, "new")


def test_a_refused_leaving_leaves_everything_as_it_was(
    estate: Estate, cast: Cast, clock: Clock, browser_of: Browsers
) -> None:
    phone = browser_of(cast.clerk)
    staffing.let_go(cast.butler, estate_id=estate.pk, actor=cast.director, at=AT)
    with pytest.raises(staffing.NotLetGo):
        staffing.let_go(cast.butler, estate_id=estate.pk, actor=cast.director, at=AT)
    with pytest.raises(staffing.NotLetGo):
        staffing.let_go(cast.clerk, estate_id=estate.pk, actor=cast.clerk, at=AT)
    assert phone.get("/").status_code == 200
    assert Grant.objects.filter(user=cast.clerk, until=None).exists()
