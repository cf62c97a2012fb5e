"""What is masked is shown once, with a reason, by one POST that the journal remembers; nothing else shows it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.areas.estate import operations
from huiyin.areas.estate.models import Household, Person
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast
from tests.world import World, furnish

Browser = Callable[[User], Client]
NUMBER = "13800138000"


@pytest.fixture
def world(estate: Any, cast: Cast, home: Household, standard: Any, clock: Any) -> World:
    return furnish(estate, cast, home, standard)


@pytest.fixture
def addresses(world: World) -> dict[str, str]:
    person = world.occupancy.person_id
    return {
        "person": f"/reveal/person/{person}/",
        "case": f"/reveal/case/{world.repair.pk}/",
        "contact": f"/reveal/contact/{world.contact.pk}/",
    }


def looked() -> list[Entry]:
    return list(Entry.objects.filter(kind="privacy.shown").order_by("id"))


@pytest.mark.parametrize("kind", ["person", "case", "contact"])
def test_a_reason_shows_it_and_is_remembered(
    kind: str, addresses: dict[str, str], world: World, browser_of: Browser
) -> None:
    browser = browser_of(world.cast.clerk)
    asked = browser.get(addresses[kind])
    assert NUMBER not in asked.content.decode()
    assert looked() == []
    shown = browser.post(addresses[kind], {"reason": "call_back"})
    assert NUMBER in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    (line,) = looked()
    assert (line.actor, line.note, line.estate_id, line.thread) == (world.cast.clerk, "回电", world.estate.pk, "")
    assert line.subject_id == int(addresses[kind].split("/")[-2])
    assert NUMBER not in str(line.values) + line.note
    assert NUMBER not in browser.get(addresses[kind]).content.decode()


@pytest.mark.parametrize("said", [{}, {"reason": "other"}, {"reason": "other", "note": "  "}, {"reason": "curious"}])
@pytest.mark.parametrize("kind", ["person", "case", "contact"])
def test_without_a_reason_nothing_is_shown(
    kind: str, said: dict[str, str], addresses: dict[str, str], world: World, browser_of: Browser
) -> None:
    answer = browser_of(world.cast.clerk).post(addresses[kind], said)
    assert NUMBER not in answer.content.decode()
    assert looked() == []


def test_another_reason_is_written_out(addresses: dict[str, str], world: World, browser_of: Browser) -> None:
    answer = browser_of(world.cast.clerk).post(addresses["person"], {"reason": "other", "note": "核对车位"})
    assert NUMBER in answer.content.decode()
    assert [line.note for line in looked()] == ["核对车位"]


def test_who_may_not_is_not_even_offered_it(addresses: dict[str, str], world: World, browser_of: Browser) -> None:
    browser = browser_of(world.cast.auditor)
    for address in addresses.values():
        assert browser.post(address, {"reason": "verify"}).status_code == 403
    for page in (
        f"/units/{world.home.unit_id}/",
        f"/cases/{world.repair.number}/",
        f"/desk/ledger/{world.contact.number}/",
    ):
        text = browser.get(page).content.decode()
        assert "138****8000" in text
        assert "/reveal/" not in text
    assert looked() == []


def test_the_outsider_finds_nothing(addresses: dict[str, str], world: World, browser_of: Browser) -> None:
    for address in addresses.values():
        assert browser_of(world.cast.outsider).post(address, {"reason": "verify"}).status_code == 404
    assert browser_of(world.cast.clerk).get("/reveal/password/1/").status_code == 404


def test_the_side_panel_gets_the_part_alone(addresses: dict[str, str], world: World, browser_of: Browser) -> None:
    part = browser_of(world.cast.clerk).get(addresses["person"], headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "为什么要看" in part


def test_details_are_shown_the_same_way(world: World, browser_of: Browser) -> None:
    person = Person.objects.get(pk=world.occupancy.person_id)
    address = f"/reveal/details/{person.pk}/"
    browser = browser_of(world.cast.clerk)
    assert "没有登记" in browser.post(address, {"reason": "urgent"}).content.decode()
    operations.switch_detail(person.estate, item="health", on=True, note="急救", actor=world.cast.director, at=AT)
    operations.record_details(world.occupancy, said={"health": "装有心脏起搏器"}, actor=world.cast.director, at=AT)
    assert "起搏器" not in browser.get(address).content.decode()
    assert "起搏器" in browser.post(address, {"reason": "urgent"}).content.decode()
    assert [line.values["what"] for line in looked()] == ["登记的资料"]


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("/cases/", "王**"),
        ("/desk/ledger/", "王**"),
        ("/search/?q=1501", "王**女士"),
        ("/estates/?q=1501", "王**女士"),
        ("/estates/buildings/{}/", "王**女士"),
    ],
)
def test_names_on_lists_are_shortened_for_who_may_not_look_behind_them(
    where: str, shown: str, world: World, browser_of: Browser
) -> None:
    where = where.format(world.building.pk)
    whole = browser_of(world.cast.clerk).get(where).content.decode()
    short = browser_of(world.cast.auditor).get(where).content.decode()
    assert "王女士" in whole or "王丽" in whole
    assert shown in short
    assert "王女士" not in short and "王丽" not in short
