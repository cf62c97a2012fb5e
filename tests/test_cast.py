"""The fixtures everybody builds upon hold what they promise."""

from datetime import datetime

from django.utils.timezone import now

from conftest import Clock
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.queries import access_of
from huiyin.standards import queries as promises
from huiyin.standards.models import Standard
from tests.cast import Cast, tell


def test_a_told_matter_is_owed_under_the_standard(estate: Estate, cast: Cast, standard: Standard, at: datetime) -> None:
    case = tell(estate, cast.clerk)
    assert case.number == "YH-W261125-001"
    owed = promises.threads_owed([case.thread])
    assert owed and all(one.rule is not None and one.due_at > at for one in owed)


def test_the_outsider_sees_nothing_of_the_estate(estate: Estate, cast: Cast) -> None:
    assert not access_of(cast.outsider).sees(estate.pk)
    assert access_of(cast.director).estate_ids is None


def test_the_clock_stands_still_until_it_is_moved(clock: Clock, at: datetime) -> None:
    assert now() == at
    clock.move(hours=2)
    assert (now() - at).total_seconds() == 7200
