"""Who is proposed first, who may not be without a reason, whose turn it is, how full a slot is: by properties."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.areas.repairs import rules
from huiyin.areas.repairs.rules import Hand, Wanted

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
SKILLS = ("plumbing", "electric", "lift")


def hour(number: float) -> datetime:
    return AT + timedelta(hours=number)


spans = st.tuples(st.integers(0, 12), st.integers(1, 4)).map(lambda pair: (hour(pair[0]), hour(pair[0] + pair[1])))
hands = st.builds(
    Hand,
    person_id=st.integers(1, 50),
    name=st.sampled_from(["李强", "赵刚", "阿卜杜热西提·吐尔逊"]),
    there=st.booleans(),
    there_again=st.none() | st.integers(1, 40).map(hour),
    skills=st.frozensets(st.sampled_from(SKILLS)),
    load=st.integers(0, 9),
    visits=st.lists(spans, max_size=3).map(tuple),
    last_turn=st.none() | st.integers(-500, 0).map(hour),
)
crews = st.lists(hands, max_size=8, unique_by=lambda one: one.person_id)
asked = st.builds(
    Wanted,
    skill=st.sampled_from(["", *SKILLS]),
    skill_says=st.just("这行"),
    load_cap=st.integers(0, 6),
    visit=st.none() | spans,
)


@given(crew=crews, wanted=asked)
def test_everybody_is_shown_once_and_the_fit_come_first(crew: list[Hand], wanted: Wanted) -> None:
    ranked = rules.rank(crew, wanted, at=AT)
    assert sorted(one.person_id for one in ranked) == sorted(one.person_id for one in crew)
    fit = [one.fit for one in ranked]
    assert fit == sorted(fit, reverse=True)
    assert all(one.says for one in ranked)
    assert all(one.fit == (not one.against) for one in ranked)


@given(crew=crews, wanted=asked, seed=st.randoms())
def test_the_order_does_not_depend_on_how_they_are_listed(crew: list[Hand], wanted: Wanted, seed: object) -> None:
    shuffled = list(crew)
    seed.shuffle(shuffled)
    assert rules.rank(shuffled, wanted, at=AT) == rules.rank(crew, wanted, at=AT)
    assert rules.whose_turn(shuffled, wanted, at=AT) == rules.whose_turn(crew, wanted, at=AT)


@given(hand=hands, wanted=asked)
def test_going_off_duty_or_taking_more_on_never_makes_anybody_fitter(hand: Hand, wanted: Wanted) -> None:
    now = rules.judge(hand, wanted, at=AT)
    gone = rules.judge(Hand(**{**vars(hand), "there": False}), wanted, at=AT)
    more = rules.judge(Hand(**{**vars(hand), "load": hand.load + 1}), wanted, at=AT)
    assert not gone.fit
    assert len(more.against) >= len(now.against)


@given(hand=hands)
def test_an_estate_that_decided_nothing_asks_for_nobody_in_particular(hand: Hand) -> None:
    assert rules.judge(hand, Wanted(), at=AT).fit == hand.there


@given(crew=crews, wanted=asked)
def test_the_turn_is_always_that_of_somebody_fit(crew: list[Hand], wanted: Wanted) -> None:
    turn = rules.whose_turn(crew, wanted, at=AT)
    fit = {one.person_id for one in rules.rank(crew, wanted, at=AT) if one.fit}
    assert (turn is None) == (not fit)
    assert turn is None or turn.person_id in fit


@given(count=st.integers(1, 7), rounds=st.integers(1, 4))
def test_of_equals_everybody_has_the_same_number_of_turns(count: int, rounds: int) -> None:
    crew = {number: Hand(number, str(number)) for number in range(count)}
    had = dict.fromkeys(crew, 0)
    for step in range(count * rounds):
        turn = rules.whose_turn(crew.values(), Wanted(), at=AT)
        assert turn
        had[turn.person_id] += 1
        crew[turn.person_id] = Hand(turn.person_id, turn.name, last_turn=hour(step))
    assert set(had.values()) == {rounds}


@pytest.mark.parametrize(
    ("hand", "wanted", "says", "against"),
    [
        (
            Hand(1, "李强", skills=frozenset({"plumbing"}), load=2, visits=((hour(4), hour(6)),)),
            Wanted("plumbing", "水暖"),
            "在岗 · 会水暖 · 手上 2 张 · 今天 14:00–16:00 有约",
            (),
        ),
        (Hand(1, "李强"), Wanted("plumbing", "水暖"), "在岗 · 没登记会什么 · 手上没有单", ()),
        (
            Hand(1, "李强", there=False, there_again=hour(22), skills=frozenset({"electric"})),
            Wanted("plumbing", "水暖"),
            "不在岗(明天 08:00 来) · 不会水暖 · 手上没有单",
            ("不在岗(明天 08:00 来)", "不会水暖"),
        ),
        (Hand(1, "李强", load=3), Wanted(load_cap=3), "手上已有 3 张,上限 3 张 · 在岗", ("手上已有 3 张,上限 3 张",)),
        (
            Hand(1, "李强", visits=((hour(4), hour(6)),)),
            Wanted(visit=(hour(5), hour(7))),
            "今天 14:00–16:00 已有约 · 在岗 · 手上没有单",
            ("今天 14:00–16:00 已有约",),
        ),
        (
            Hand(1, "李强", visits=((hour(1), hour(2)), (hour(4), hour(6)))),
            Wanted(visit=(hour(2), hour(4))),
            "在岗 · 手上没有单 · 今天 11:00–12:00 等 2 处有约",
            (),
        ),
    ],
)
def test_the_words(hand: Hand, wanted: Wanted, says: str, against: tuple[str, ...]) -> None:
    judged = rules.judge(hand, wanted, at=AT)
    assert (judged.says, judged.against) == (says, against)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (18 * 60, "还剩 18 分钟"),
        (18 * 60 - 1, "还剩 18 分钟"),
        (0, "还剩 0 分钟"),
        (3600, "还剩 1 小时"),
        (7500, "还剩 2 小时 5 分"),
        (-1, "已超 0 分钟"),
        (-425, "已超 7 分钟"),
    ],
)
def test_time_left_is_said_to_the_minute(seconds: int, said: str) -> None:
    assert rules.countdown(AT + timedelta(seconds=seconds), at=AT) == said


@pytest.mark.parametrize(
    ("why", "said", "words"),
    [
        ("parts", "", "等配件"),
        ("parts", "角阀,明天送到", "等配件:角阀,明天送到"),
        ("parts", "等配件,供应商说今天到", "等配件,供应商说今天到"),
        ("other", " 门被杂物堵住 ", "门被杂物堵住"),
        ("other", "", ""),
    ],
)
def test_a_reason_from_the_list_says_it_all_and_another_needs_words(why: str, said: str, words: str) -> None:
    assert rules.hold_words(why, said) == words


@pytest.mark.parametrize("urgency", ["normal", "urgent", "emergency"])
@pytest.mark.parametrize("reached", [True, False])
@pytest.mark.parametrize("why", list(rules.HOLD_REASONS))
def test_only_an_emergency_nobody_has_reached_does_not_wait(urgency: str, reached: bool, why: str) -> None:
    refused = urgency == "emergency" and not reached and why != "resident"
    assert rules.may_wait(urgency=urgency, reached=reached, why=why) is not refused


ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 25)


@given(first=st.integers(6, 12), hours=st.integers(1, 10), minutes=st.sampled_from([30, 60, 90, 120, 180, 240]))
def test_slots_follow_one_another_and_end_in_time(first: int, hours: int, minutes: int) -> None:
    last = time(min(23, first + hours))
    found = rules.spans_of_day(DAY, first=time(first), last=last, minutes=minutes, zone=ZONE)
    assert all(end - start == timedelta(minutes=minutes) for start, end in found)
    assert [end for _, end in found[:-1]] == [start for start, _ in found[1:]]
    assert all(end <= datetime.combine(DAY, last, ZONE) for _, end in found)


@given(span=spans, visits=st.lists(spans, max_size=9), hands=st.integers(0, 4), per_hand=st.integers(1, 3))
def test_a_slot_has_room_for_what_its_hands_can_do(
    span: rules.slots.Span, visits: list[rules.slots.Span], hands: int, per_hand: int
) -> None:
    slot = rules.filled(span, visits, hands=hands, per_hand=per_hand)
    assert slot.taken == len([one for one in visits if one[0] < span[1] and one[1] > span[0]])
    assert slot.free == max(0, hands * per_hand - slot.taken)
    more = rules.filled(span, [*visits, span], hands=hands, per_hand=per_hand)
    assert more.taken == slot.taken + 1


@given(visit=spans)
def test_a_visit_lies_in_every_slot_it_touches_or_in_itself(visit: rules.slots.Span) -> None:
    slots = rules.spans_of_day(DAY, first=time(8), last=time(18), minutes=120, zone=ZONE)
    inside = [one for one in slots if rules.overlaps(one, visit)]
    assert rules.touched(visit, slots) == (inside or [visit])
