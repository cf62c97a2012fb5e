"""Seals: one a day, the missed ones too; a day proved again says what is wrong with it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal import proving, sealing
from huiyin.foundation.journal.chain import BEGINNING, content_of_line, follow
from huiyin.foundation.journal.models import Entry, Head, Link, Seal

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 25)
AFTER_MIDNIGHT = datetime(2026, 11, 28, 0, 10, tzinfo=SHANGHAI)


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


def say(actor: User, day: int, hour: int, *, estate_id: int = 1) -> Entry:
    at = datetime(2026, 11, day, hour, tzinfo=SHANGHAI)
    return journal.record("sample.said", subject=("sample", 1), estate_id=estate_id, actor=actor, at=at)


def sealed(estate_id: int = 1) -> list[tuple[int, int, int]]:
    found = Seal.objects.filter(estate_id=estate_id).order_by("day")
    return [(one.day.day, one.place, one.count) for one in found]


@pytest.fixture
def three_days(anna: User) -> User:
    """Three lines on the 25th, none on the 26th, two on the 27th, one after midnight."""
    for day, hour in ((25, 9), (25, 10), (25, 23), (27, 0), (27, 9), (28, 0)):
        say(anna, day, hour)
    say(anna, 26, 9, estate_id=2)
    return anna


def test_every_day_that_is_over_is_sealed_and_no_day_twice(three_days: User) -> None:
    assert sealing.seal_days(at=AFTER_MIDNIGHT) == 5
    assert sealed() == [(25, 3, 3), (26, 3, 0), (27, 5, 2)]
    assert sealed(2) == [(26, 1, 1), (27, 1, 0)]
    assert sealing.seal_days(at=AFTER_MIDNIGHT + timedelta(hours=3)) == 0
    say(three_days, 28, 9)
    assert sealing.seal_days(at=AFTER_MIDNIGHT + timedelta(days=1)) == 2
    assert sealed()[-1] == (28, 7, 2)
    assert list(proving.broken_seals()) == []


def test_what_is_taken_over_belongs_to_the_day_it_was_written_on(anna: User) -> None:
    say(anna, 25, 9)
    journal.record_past(
        [journal.PastLine("sample.past", ("sample", n), "", datetime(2020, 1, 1, tzinfo=SHANGHAI)) for n in range(3)],
        estate_id=1,
        actor=anna,
    )
    say(anna, 26, 9)
    sealing.seal_days(at=AFTER_MIDNIGHT)
    assert sealed() == [(25, 4, 4), (26, 5, 1), (27, 5, 0)]


def test_a_line_from_a_clock_gone_wrong_holds_nothing_up(anna: User) -> None:
    say(anna, 25, 9)
    say(anna, 30, 9)
    say(anna, 26, 9)
    sealing.seal_days(at=AFTER_MIDNIGHT)
    assert sealed() == [(25, 2, 2), (26, 3, 1), (27, 3, 0)]


def test_a_day_proved_again_says_nothing_when_all_agrees(three_days: User) -> None:
    sealing.seal_days(at=AFTER_MIDNIGHT)
    assert [proving.check_day(1, DAY + timedelta(days=n)) for n in range(3)] == ["", "", ""]


@pytest.mark.usefixtures("unguarded")
def test_an_altered_line_is_named_by_its_day_alone(three_days: User) -> None:
    sealing.seal_days(at=AFTER_MIDNIGHT)
    altered = Entry.objects.filter(estate_id=1).order_by("pk")[1]
    Entry.objects.filter(pk=altered.pk).update(note="改过")
    assert proving.check_day(1, DAY) == f"第 2 行:日志 #{altered.pk} 与当时写下的不一样"
    assert proving.check_day(1, DAY + timedelta(days=2)) == ""
    assert list(proving.broken_lines()) == [f"小区 1 第 2 行:日志 #{altered.pk} 与当时写下的不一样"]


@pytest.mark.usefixtures("unguarded")
def test_whoever_alters_a_line_and_the_whole_chain_after_it_is_found_by_the_seal(three_days: User) -> None:
    sealing.seal_days(at=AFTER_MIDNIGHT)
    Entry.objects.filter(estate_id=1).update(note="改过")
    _chain_anew()
    assert [*proving.broken_lines(), *proving.broken_heads()] == []
    assert proving.check_day(1, DAY) == "封存时的日志与现在的不一样"
    assert len(list(proving.broken_seals())) == 3


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"count": 9}, "封条与内容对不上"),
        ({"digest": "0" * 64}, "封条与内容对不上"),
        ({"day": date(2026, 12, 1)}, "封条与内容对不上"),
    ],
)
def test_an_altered_seal_is_found(three_days: User, changed: dict[str, object], says: str) -> None:
    sealing.seal_days(at=AFTER_MIDNIGHT)
    last = Seal.objects.filter(estate_id=1).latest("day")
    Seal.objects.filter(pk=last.pk).update(**changed)
    assert [line.partition(":")[2] for line in proving.broken_seals()] == [says]


@pytest.mark.usefixtures("unguarded")
def test_lines_taken_from_the_end_a_gap_and_a_line_slipped_in_are_found(three_days: User) -> None:
    last = Link.objects.filter(estate_id=1).latest("place")
    Link.objects.filter(pk=last.pk).delete()
    Entry.objects.filter(pk=last.pk).delete()
    assert list(proving.broken_heads()) == ["小区 1 的日志末尾与账头不一致:末尾被删过或加过"]
    second, third = Link.objects.filter(estate_id=1, place__in=(2, 3)).order_by("place")
    Link.objects.filter(pk=second.pk).delete()
    assert list(proving.broken_lines()) == [
        "小区 1 第 2 行:不见了",
        f"小区 1 第 3 行:日志 #{third.pk} 与当时写下的不一样",
        f"日志 #{second.pk} sample.said 没有接进链里",
    ]


def _chain_anew() -> None:
    for head in Head.objects.all():
        digest = BEGINNING
        for one in Link.objects.filter(estate_id=head.pk).select_related("entry").order_by("place"):
            e = one.entry
            line = (e.pk, e.at, e.kind, e.estate_id, e.actor_id, e.subject_type, e.subject_id, e.thread, e.note, e.rule)
            digest = follow(digest, content_of_line(*line, e.values))
            Link.objects.filter(pk=one.pk).update(digest=digest)
        Head.objects.filter(pk=head.pk).update(digest=digest)
