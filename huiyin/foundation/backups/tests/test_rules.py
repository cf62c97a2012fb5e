from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.backups.rules import name_of, to_thin

LAST = datetime(2026, 11, 22, 2, 30)


def daily(days: int) -> list[str]:
    return [name_of(LAST - timedelta(days=back), sealed=False) for back in range(days)]


def test_of_a_year_of_days_seven_five_weeks_and_twelve_months_stay() -> None:
    names = daily(400)

    kept = [name for name in names if name not in to_thin(names)]

    assert kept[:7] == names[:7]
    assert [name[7:15] for name in kept[7:]] == [
        "20261115", "20261108", "20261101", "20261031", "20261025", "20260930", "20260831", "20260731", "20260630",
        "20260531", "20260430", "20260331", "20260228", "20260131", "20251231",
    ]  # fmt: skip


def test_the_last_of_a_day_is_kept_and_an_installation_left_alone_keeps_what_it_has() -> None:
    twice = [name_of(LAST, sealed=True), name_of(LAST - timedelta(hours=1), sealed=True)]

    assert to_thin(twice) == [twice[1]]
    assert to_thin([name_of(datetime(2001, 1, 1), sealed=False)]) == []


def test_what_is_not_called_like_an_archive_is_left_alone() -> None:
    assert to_thin([*daily(1), "huiyin-20200101-000000.tar.gz", "huiyin.tar", ".huiyin-1.partial", "照片.tar"]) == []


@given(st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), min_size=1, max_size=60))
def test_the_newest_is_never_thinned_and_thinning_twice_is_thinning_once(moments: list[datetime]) -> None:
    names = {name_of(at, sealed=False) for at in moments}

    kept = names - set(to_thin(names))

    assert max(names) in kept
    assert to_thin(kept) == []
