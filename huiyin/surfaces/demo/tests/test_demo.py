"""The demonstration: everything holds in it, everybody has something to do, and it comes out the same again."""

from collections import Counter
from datetime import datetime

import pytest
from django.db import transaction

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Estate, Household, Phone
from huiyin.areas.materials import queries as stock
from huiyin.areas.materials.models import Movement
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing import queries as posts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal.models import Entry
from huiyin.standards import in_force, operations
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Draw
from huiyin.surfaces.cli.setup import FIRST_DAY
from huiyin.surfaces.cli.verify import invariants
from huiyin.surfaces.demo import accounts_card, make, texts
from huiyin.surfaces.demo.making import AlreadyThere

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WITH_WORK = ("qiantai", "guanjia", "banzhang", "weixiu1", "weixiu2", "zhuguan", "zhuren")


@pytest.fixture
def ready(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    system_actor()
    staffing.load_roles()
    cases.load_categories()
    operations.load_catalogue(at=FIRST_DAY)


def made_estate() -> Estate:
    return Estate.objects.get(code="YH")


def counted() -> dict[str, object]:
    return {
        "cases": Counter(Case.objects.values_list("kind", "status")),
        "contacts": Counter(Contact.objects.values_list("channel", "status")),
        "orders": Counter(WorkOrder.objects.values_list("status", "acceptance")),
        "complaints": Counter(Complaint.objects.values_list("status", "severity")),
        "visits": Counter(ReturnVisit.objects.values_list("type", "status")),
        "promises": Counter(Commitment.objects.values_list("code", "state")),
        "draws": Counter(Draw.objects.values_list("stratum__seed", "position", "taken")),
        "entries": Counter(Entry.objects.values_list("kind", flat=True)),
    }


def test_it_lives_by_the_rules_of_the_house(ready: None, at: datetime) -> None:
    made = make(24, 1, seed=3, until=at)
    assert made.households == Household.objects.count() == 24
    broken = {one.code: one.check(at=at) for one in invariants()}
    assert {code: found.examples for code, found in broken.items() if found.violations} == {}
    looked = {code for code, found in broken.items() if found.looked_at}
    assert {
        "case.owed",
        "order.accepted",
        "draw.repeatable",
        "commitment.miss",
        "staffing.left",
        "upkeep.owed",
        "upkeep.stages",
    } <= looked
    for username in WITH_WORK:
        person = User.objects.get(username=username)
        owed = promises.owed_by(person.pk, posts.post_codes_of(person))
        assert owed.exists(), username
    assert promises.overdue(None, at=at).exists()
    # Technicians stand on the roster, and the near store was filled, used and topped up.
    crew = {one.user.username for one in posts.crew_of(made_estate().pk, "technician", since=at) if one.duties}
    assert {"weixiu1", "weixiu2", "weixiu3"} <= crew
    stores = stock.stores_of(made_estate().pk)
    assert [one.name for one in stores] == ["工程部库房", "西区小库"]
    assert all(any(one.quantity for one in stock.holdings_in(store)) for store in stores)
    assert Movement.objects.filter(kind="transfer", to_place=stores[1]).exists()
    assert Phone.objects.exclude(number__startswith="199").count() == 0
    assert not Entry.objects.filter(at__gt=at).exists()
    with pytest.raises(AlreadyThere):
        make(24, 1, seed=3, until=at)


def test_the_same_seed_and_end_come_out_the_same(ready: None, at: datetime) -> None:
    first = _and_undone(7, at)
    again = _and_undone(7, at)
    other = _and_undone(8, at)
    assert first == again
    assert first != other


def _and_undone(seed: int, at: datetime) -> dict[str, object]:
    with transaction.atomic():
        make(10, 1, seed=seed, until=at)
        found = counted()
        transaction.set_rollback(True)
    in_force.forget()
    return found


def test_there_are_many_ways_to_say_things() -> None:
    written = texts.written()
    said = {text for kind in texts.KINDS for spec in written[kind] for text in spec["texts"]}
    assert len(said) >= 120
    for spec in written["complaint"]:
        assert len(spec["texts"]) == len(spec["finding"]) == len(spec["method"]) == len(spec["reply"])
    for spec in written["enquiry"]:
        assert len(spec["texts"]) == len(spec["answers"])


def test_the_card_names_every_account_one_can_sign_in_with() -> None:
    card = accounts_card()
    for username in (*WITH_WORK, "weixiu3", "shenji"):
        assert username in card
    assert "huiyin-2026" in card
