"""What the database refuses, whoever writes to it."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.cases.models import Case
from huiyin.areas.cases.tests.factories import case_in
from huiyin.areas.estate.models import Estate
from huiyin.standards.models import Standard
from tests.cast import AT, Cast


@pytest.mark.parametrize("status", ["new", "working", "on_hold"])
@pytest.mark.parametrize(
    "raw",
    [{"responsible": None, "responsible_post": None}, {"next_step": ""}, {"next_at": None}, {"merged_into": "self"}],
    ids=lambda raw: "+".join(raw),
)
def test_an_open_case_cannot_be_lost(
    raw: dict[str, Any], status: str, estate: Estate, cast: Cast, standard: Standard
) -> None:
    case = case_in(status, estate, cast)
    raw = {name: case.pk if value == "self" else value for name, value in raw.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**raw)
    assert Case.objects.get(pk=case.pk).next_step


@pytest.mark.parametrize(
    ("status", "raw"),
    [
        ("closed", {"closed_at": None}),
        ("closed", {"status": "working"}),
        ("merged", {"merged_into": None}),
        ("new", {"status": "merged"}),
        ("new", {"status": "done"}),
        ("new", {"kind": "other"}),
    ],
)
def test_a_status_keeps_what_it_means(
    status: str, raw: dict[str, Any], estate: Estate, cast: Cast, standard: Standard
) -> None:
    case = case_in(status, estate, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**raw)
    assert Case.objects.get(pk=case.pk).status == status


def test_one_of_post_and_person_is_enough(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = case_in("new", estate, cast)
    assert Case.objects.filter(pk=case.pk).update(responsible=None) == 1
    assert Case.objects.filter(pk=case.pk).update(responsible=cast.clerk, responsible_post=None, next_at=AT) == 1
