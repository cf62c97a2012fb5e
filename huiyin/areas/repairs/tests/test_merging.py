"""A work order follows its case when that is merged and taken apart again."""

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.tests.factories import everything
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell


def test_a_repair_in_somebodys_hands_is_not_merged_away(estate: Estate, cast: Cast, standard: Standard) -> None:
    a, b = (tell(estate, cast.clerk) for _ in range(2))
    order = WorkOrder.objects.get(case=a)
    repairs.dispatch(order, technician=cast.technician, actor=cast.lead, at=AT)
    a.refresh_from_db()
    before = everything()
    with pytest.raises(repairs.OrderUnderWay):
        cases.merge_case(a, into=b, actor=cast.supervisor, at=AT)
    assert everything() == before


def test_an_unstarted_repair_drops_its_order_and_gets_a_new_one_when_unmerged(
    estate: Estate, cast: Cast, standard: Standard
) -> None:
    a, b = (tell(estate, cast.clerk) for _ in range(2))
    cases.merge_case(a, into=b, actor=cast.supervisor, at=AT)
    assert list(WorkOrder.objects.filter(case=a).values_list("status", flat=True)) == ["voided"]
    cases.unmerge_case(a, reason="两家的事", actor=cast.supervisor, at=AT)
    assert list(WorkOrder.objects.filter(case=a).order_by("id").values_list("status", flat=True)) == ["voided", "new"]
