"""What is owed is found by person, post, team and estate, in the order of its time, never past a cap."""

from datetime import datetime, timedelta

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.foundation.journal.models import Entry
from huiyin.standards import queries
from huiyin.standards.models import Commitment
from tests.cast import AT, Cast

SOON = (AT, AT + timedelta(hours=2))
LATER = (AT + timedelta(hours=2), queries.LATEST)
LATE = (queries.EARLIEST, AT)


def owe(estate: Estate, cast: Cast, due_at: datetime, **more: object) -> int:
    entry, _ = Entry.objects.get_or_create(
        kind="test", estate_id=estate.pk, actor=cast.system, defaults={"at": AT, "subject_type": "t", "subject_id": 1}
    )
    return Commitment.objects.create(
        estate_id=estate.pk,
        code="promise",
        does="办",
        subject_type="t",
        subject_id=1,
        thread="t:1",
        opened_at=AT - timedelta(days=1),
        opened_by=entry,
        due_at=due_at,
        calendar="cn",
        **more,
    ).pk


@pytest.fixture
def owed(estate: Estate, cast: Cast) -> dict[str, int]:
    hour = timedelta(hours=1)
    return {
        "mine, late": owe(estate, cast, AT - hour, owner=cast.clerk),
        "mine, soon": owe(estate, cast, AT + hour, owner=cast.clerk, owner_post="front_desk"),
        "of my post": owe(estate, cast, AT + hour / 2, owner_post="front_desk"),
        "of my post, with a name": owe(estate, cast, AT + hour, owner=cast.butler, owner_post="front_desk"),
        "of another post": owe(estate, cast, AT + hour, owner_post="technician"),
        "paused": owe(estate, cast, AT + hour, owner=cast.clerk, state="paused"),
        "waived": owe(estate, cast, AT + hour, owner=cast.clerk, state="waived", ended_at=AT),
        "missed, still owed": owe(estate, cast, AT - 2 * hour, owner=cast.clerk, state="missed"),
        "of my post elsewhere": owe(Estate.objects.get(code="BJ"), cast, AT + hour, owner_post="front_desk"),
    }


def names(owed: dict[str, int], found: list[list[int]]) -> list[list[str]]:
    by_id = {pk: name for name, pk in owed.items()}
    return [[by_id[pk] for pk in part] for part in found]


def test_a_person_owes_by_name_and_by_post(estate: Estate, cast: Cast, owed: dict[str, int]) -> None:
    whose = queries.of_person(cast.clerk.pk, {estate.pk: ["front_desk", "front_desk"]})
    assert names(owed, queries.owed_in(whose, [LATE, SOON, LATER], limits=[9, 9, 9])) == [
        ["missed, still owed", "mine, late"],
        ["of my post", "mine, soon"],
        [],
    ]
    assert queries.count_owed_in(whose, [LATE, SOON, LATER], cap=9) == [2, 2, 0]


def test_it_is_what_the_plain_query_says(estate: Estate, cast: Cast, owed: dict[str, int]) -> None:
    posts = {estate.pk: ["front_desk"]}
    ours = queries.owed_in(queries.of_person(cast.clerk.pk, posts), [(queries.EARLIEST, queries.LATEST)], limits=[99])
    plain = queries.owed_by(cast.clerk.pk, posts).exclude(state="paused")
    assert ours[0] == [one.pk for one in plain]


@pytest.mark.parametrize("few", [16, 0], ids=["by holder", "along the estate"])
def test_a_team_owes_alike_either_way(
    estate: Estate, cast: Cast, owed: dict[str, int], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(queries, "_FEW", few)
    whose = queries.of_team(estate.pk, ["front_desk"], [cast.clerk.pk, cast.butler.pk])
    assert names(owed, queries.owed_in(whose, [SOON], limits=[9])) == [
        ["of my post", "mine, soon", "of my post, with a name"]
    ]


def test_a_team_of_nobody_owes_nothing(estate: Estate, cast: Cast, owed: dict[str, int]) -> None:
    whose = queries.of_team(estate.pk, [], [])
    assert queries.owed_in(whose, [SOON], limits=[9]) == [[]]
    assert queries.count_owed_in(whose, [SOON], cap=9) == [0]
    assert queries.load_of(whose, SOON, at=AT, cap=9) == ([], True)


def test_pages_follow_one_another_without_a_gap(estate: Estate, cast: Cast) -> None:
    for minute in range(7):
        owe(estate, cast, AT + timedelta(minutes=minute), owner=cast.clerk if minute % 2 else None, owner_post="butler")
    whose = queries.of_person(cast.clerk.pk, {estate.pk: ["butler"]})
    whole = queries.owed_in(whose, [SOON], limits=[99])[0]
    assert len(whole) == 7
    assert [queries.owed_in(whose, [SOON], limits=[3], skip=skip)[0] for skip in (0, 3, 6, 9)] == [
        whole[:3],
        whole[3:6],
        whole[6:],
        [],
    ]


def test_counting_stops_past_the_cap(estate: Estate, cast: Cast) -> None:
    for minute in range(7):
        owe(estate, cast, AT + timedelta(minutes=minute), owner=cast.clerk)
    assert queries.count_owed_in(queries.of_estate(estate.pk), [SOON], cap=5) == [6]
    loads, whole = queries.load_of(queries.of_estate(estate.pk), SOON, at=AT, cap=5)
    assert [(load.owner_id, load.due) for load in loads] == [(cast.clerk.pk, 5)] and not whole


def test_the_most_burdened_stands_first(estate: Estate, cast: Cast, owed: dict[str, int]) -> None:
    loads, whole = queries.load_of(queries.of_estate(estate.pk), (queries.EARLIEST, SOON[1]), at=AT, cap=99)
    assert whole
    assert [(load.owner_id, load.owner_post, load.late, load.due) for load in loads] == [
        (cast.clerk.pk, "", 2, 3),
        (None, "front_desk", 0, 1),
        (None, "technician", 0, 1),
        (cast.butler.pk, "", 0, 1),
    ]


def test_a_tally_leaves_the_waived_and_the_running_out_of_the_share(
    estate: Estate, cast: Cast, owed: dict[str, int]
) -> None:
    tally = queries.tally(estate.pk, (queries.EARLIEST, queries.LATEST), at=AT)
    assert (tally.open, tally.paused, tally.missed, tally.waived, tally.due) == (4, 1, 2, 1, 8)
    assert (tally.judged, tally.on_time_percent) == (2, 0)
    assert queries.Tally().on_time_percent is None
