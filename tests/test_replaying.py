"""What fixtures write back is what the operations had made, and only on ground that nobody has touched."""

import pytest
from django.db import connection, transaction

from huiyin.areas.estate.models import Company, Estate
from huiyin.foundation.guards import BEHIND
from tests import cast as people
from tests import replaying
from tests.replaying import Ground

pytestmark = pytest.mark.django_db


def laid_out() -> tuple[people.Cast, replaying.Tables]:
    """Lay out estate and cast on fresh ground, and take everything away again."""
    with transaction.atomic():
        ground = Ground()
        ground.watch()
        estate = ground.lay("estate", people.open_estate)
        cast = ground.lay("cast", lambda: people.gather(estate))
        ground.look_away()
        found = replaying._everything(connection)
        transaction.set_rollback(True)
    return cast, found


def test_what_is_written_back_is_what_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "_kept", {})
    made, first = laid_out()
    assert set(replaying._kept) == {("estate",), ("estate", "cast")}
    monkeypatch.setattr(people, "gather", lambda estate: pytest.fail("made anew"))
    again, second = laid_out()
    assert second == first
    assert first["accounts_user"][1]
    assert not first[BEHIND][1]
    assert again == made
    assert again.clerk is not made.clerk


def test_on_ground_that_was_touched_the_operations_run() -> None:
    ground = Ground()
    ground.watch()
    Company.objects.create(name="回音物业")
    estate = ground.lay("estate", people.open_estate)
    assert Estate.objects.get() == estate
    assert Company.objects.count() == 1
    assert ground.lay("anything", lambda: "made") == "made"
    assert not any("anything" in names for names in replaying._kept)
    ground.look_away()
    assert not connection.execute_wrappers
