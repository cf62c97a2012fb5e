"""An invariant counts everything that is broken and names the first."""

from datetime import datetime

import pytest

from huiyin.foundation.accounts.models import User
from huiyin.foundation.invariants import EXAMPLES, Invariant, by_query

pytestmark = pytest.mark.django_db


def names_of_more_than(length: int) -> Invariant:
    return by_query(
        "test.names",
        "名字都不长",
        looked_at="accounts_user WHERE NOT is_system",
        broken=f"SELECT username FROM accounts_user WHERE NOT is_system AND LENGTH(username) > {length} ORDER BY id",
    )


def test_all_violations_are_counted_and_the_first_named(at: datetime) -> None:
    User.objects.bulk_create(User(username=f"u{n:04d}", name="某") for n in range(EXAMPLES + 5))
    found = names_of_more_than(4).check(at=at)
    assert (found.looked_at, found.violations) == (EXAMPLES + 5, EXAMPLES + 5)
    assert found.examples == tuple(f"u{n:04d}" for n in range(EXAMPLES))


def test_what_holds_has_no_examples(at: datetime) -> None:
    User.objects.create(username="u1", name="某")
    found = names_of_more_than(4).check(at=at)
    assert (found.looked_at, found.violations, found.examples) == (1, 0, ())


def test_percent_signs_in_queries_stay_what_they_are(at: datetime) -> None:
    User.objects.create(username="50%", name="某")
    like = by_query(
        "test.like", "", looked_at="accounts_user", broken="SELECT username FROM accounts_user WHERE username LIKE '5%'"
    )
    assert like.check(at=at).examples == ("50%",)
