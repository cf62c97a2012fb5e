"""A crew to give work to: who is there when, through which span, and when they come again; what each can do."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations, queries
from huiyin.areas.staffing.models import Assignment, Post
from huiyin.areas.staffing.operations import SkillUnknown
from huiyin.areas.staffing.queries import Hand
from huiyin.foundation.accounts.models import User
from tests.cast import AT, Cast

DAY = datetime(2026, 11, 25, tzinfo=UTC)


def hour(number: float) -> datetime:
    return DAY + timedelta(hours=number)


def hand(*, duties: tuple[tuple[int, int], ...] = (), away: tuple[tuple[int, int], ...] = (), planned: int = 0) -> Hand:
    spans = [tuple((hour(since), hour(until)) for since, until in lines) for lines in (duties, away)]
    return Hand(User(), (), spans[0], spans[1], hour(planned) if planned else None)


@pytest.mark.parametrize(
    ("who", "at", "there", "again"),
    [
        (hand(), 9, True, None),
        (hand(duties=((8, 16),), planned=16), 8, True, None),
        (hand(duties=((8, 16),), planned=16), 7, False, 8),
        (hand(duties=((8, 16),), planned=40), 16, False, None),
        (hand(duties=((8, 16),), planned=16), 16, True, None),
        (hand(away=((8, 10),)), 8, False, 10),
        (hand(away=((8, 10),)), 10, True, None),
        (hand(duties=((8, 16), (32, 40)), away=((9, 20),), planned=40), 12, False, 32),
    ],
    ids=[
        "no roster",
        "begins",
        "before",
        "after, others still",
        "past all rosters",
        "away",
        "back",
        "away over the duty",
    ],
)
def test_who_is_there_and_when_again(who: Hand, at: float, there: bool, again: float | None) -> None:
    assert who.is_there(hour(at)) is there
    assert there or who.there_again(hour(at)) == (None if again is None else hour(again))


def test_a_span_is_manned_only_from_its_start_to_its_end() -> None:
    who = hand(duties=((8, 16),), away=((10, 11),), planned=16)
    assert who.is_there_all(hour(11), hour(16))
    assert not who.is_there_all(hour(8), hour(10.5))
    assert not who.is_there_all(hour(14), hour(17))


def test_the_crew_is_read_in_three_queries(
    estate: Estate, cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    post = Post.objects.get(estate=estate, code="technician")
    operations.plan_duty(post, cast.technician, starts_at=AT, ends_at=AT + timedelta(hours=8))
    operations.report_absent(
        cast.second_technician,
        estate_id=estate.pk,
        until=AT + timedelta(hours=2),
        reason="看病",
        actor=cast.supervisor,
        at=AT,
    )
    with django_assert_num_queries(3):
        found = queries.crew_of(estate.pk, "technician", since=AT)
    assert [(one.user, one.is_there(AT)) for one in found] == [(cast.technician, True), (cast.second_technician, False)]


def test_skills_belong_to_somebody_who_works_here(estate: Estate, cast: Cast) -> None:
    def record(user: User, *skills: str) -> None:
        operations.record_skills(user, estate_id=estate.pk, skills=skills, actor=cast.supervisor, at=AT)

    record(cast.technician, "electric", "plumbing")
    assert queries.skills_of(cast.technician, estate.pk) == ["plumbing", "electric"]
    for user, skills, says in ((cast.technician, ("flying",), "flying"), (cast.outsider, ("lift",), "没有岗位")):
        with pytest.raises(SkillUnknown, match=says):
            record(user, *skills)
    assert Assignment.objects.get(user=cast.technician).skills == ["plumbing", "electric"]
    record(cast.technician)
    assert queries.skills_of(cast.technician, estate.pk) == []
