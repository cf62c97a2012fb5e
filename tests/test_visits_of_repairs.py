"""Which return visits a repair leads to, by its size."""

from typing import Any

import pytest

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.repairs.tests.factories import minutes, order_in
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.standards.models import Standard
from tests.cast import Cast


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def test_a_large_repair_is_visited_twice_by_type(
    estate: Estate, cast: Cast, home: Household, standard: Standard
) -> None:
    """The repair itself soon, by the lead at the door; the work again after a month or two, where it was drawn."""
    order = order_in("closed", estate, cast, large=True)
    small = order_in("closed", estate, cast, at=minutes(200))
    visits = ReturnVisit.objects.filter(case=order.case)
    assert "repair" in set(visits.values_list("type", flat=True)) <= {"repair", "project"}
    assert set(ReturnVisit.objects.filter(case=small.case).values_list("type", flat=True)) == {"repair"}
