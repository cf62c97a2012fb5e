"""Numbers have no gaps: a rollback gives them back, and each estate, kind and day counts for itself."""

from datetime import date

import pytest
from django.db import transaction

from huiyin.foundation.numbers.models import Counter
from huiyin.foundation.numbers.operations import next_number, next_numbers

DAY = date(2026, 11, 25)


@pytest.mark.django_db
def test_each_estate_kind_and_day_counts_from_one() -> None:
    assert [next_number(1, "case", DAY) for _ in range(3)] == [1, 2, 3]
    assert next_number(2, "case", DAY) == 1
    assert next_number(1, "contact", DAY) == 1
    assert next_number(1, "case", date(2026, 11, 26)) == 1
    assert next_number(1, "case", DAY) == 4
    assert Counter.objects.get(estate_id=1, kind="case", day=DAY).last == 4


@pytest.mark.django_db
def test_a_rollback_leaves_no_gap() -> None:
    assert next_number(1, "case", DAY) == 1
    with transaction.atomic():
        assert [next_number(1, "case", DAY), next_number(1, "case", DAY)] == [2, 3]
        transaction.set_rollback(True)
    assert next_number(1, "case", DAY) == 2


@pytest.mark.django_db
def test_several_numbers_follow_one_another() -> None:
    assert next_number(1, "case", DAY) == 1
    assert list(next_numbers(1, "case", DAY, count=3)) == [2, 3, 4]
    assert next_number(1, "case", DAY) == 5


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given() -> None:
    with pytest.raises(RuntimeError, match="a number is only given inside a transaction"):
        next_number(1, "case", DAY)
    assert not Counter.objects.exists()
