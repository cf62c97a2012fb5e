"""Going through facts again: what opens, keeps, pauses and ends promises, draws and thresholds, from values alone."""

import tracemalloc
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.foundation.calendar.chinese import chinese_calendar
from huiyin.standards import replay, turns
from huiyin.standards.replay import PastFact, Promise, Raised, Replay, Stratum
from huiyin.standards.rules import compile_rule

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CALENDAR = chinese_calendar()
TURNS = {
    "a.matter.held": turns.RESTS,
    "a.matter.resumed": turns.RUNS_ON,
    "a.matter.closed": turns.ENDS,
    "a.call.answered": turns.ANSWERS,
    "a.visit.made": turns.VISITED,
    "a.visit.excused": turns.EXCUSED,
    "a.visit.opened": turns.VISIT_OWED,
}
REPLY: dict[str, Any] = {
    "code": "reply", "kind": "deadline", "clauses": [], "says": "4 小时内答复", "opens": "a.matter.told",
    "keeps": "a.matter.replied", "within": "4 h", "who": "post.clerk", "does": "答复",
}  # fmt: skip
VISIT: dict[str, Any] = {
    "code": "visit", "kind": "sampling", "clauses": [], "says": "抽访", "opens": "a.matter.closed", "rate": "50 %",
    "window": "0 d .. 3 d", "visit": "matter", "by": ["butler", "clerk"], "exempt": ["anonymous"], "does": "回访",
}  # fmt: skip


def fact(
    code: str, at: datetime, thread: str = "m:1", subject: tuple[str, int] = ("a.matter", 1), **values: Any
) -> PastFact:
    return PastFact(code, at, thread, subject, values)


class Going:
    """A replay with what it told."""

    def __init__(self, *specs: dict[str, Any], seeds: replay.Seeds | None = None) -> None:
        self.ended: list[Promise] = []
        self.raised: list[Raised] = []
        self.replay = Replay(
            [compile_rule(spec) for spec in specs],
            CALENDAR,
            turn_of=TURNS,
            ended=self.ended.append,
            raised=self.raised.append,
            seeds=seeds,
        )

    def through(self, *facts: PastFact, end: datetime = AT + 30 * DAY) -> list[tuple[str, str]]:
        for one in facts:
            self.replay.take(one)
        self.replay.finish(end)
        return [(one.code, one.state) for one in self.ended]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([fact("a.matter.replied", AT + 4 * HOUR)], "met"),
        ([fact("a.matter.replied", AT + 4 * HOUR + MINUTE)], "late"),
        ([fact("a.matter.replied", AT + HOUR, thread="m:2")], "missed"),
        ([fact("a.matter.replied", AT + HOUR, subject=("a.matter", 2))], "missed"),
        ([fact("a.matter.replied", AT + HOUR, subject=("a.order", 2))], "met"),
        ([fact("a.matter.closed", AT + HOUR)], "waived"),
        ([fact("a.matter.closed", AT + 5 * HOUR)], "missed"),
        ([fact("a.call.answered", AT + HOUR)], "met"),
        ([fact("a.call.answered", AT + HOUR, subject=("a.call", 1))], "missed"),
        ([fact("a.matter.held", AT + HOUR)], "paused"),
        ([fact("a.matter.held", AT + 5 * HOUR)], "missed"),
        ([fact("a.matter.held", AT + HOUR), fact("a.matter.replied", AT + 9 * HOUR)], "met"),
        ([fact("a.matter.held", AT + HOUR), fact("a.matter.closed", AT + 9 * HOUR)], "waived"),
        (
            [
                fact("a.matter.held", AT + HOUR),
                fact("a.matter.resumed", AT + 3 * HOUR),
                fact("a.matter.replied", AT + 6 * HOUR),
            ],
            "met",
        ),
        (
            [
                fact("a.matter.held", AT + HOUR),
                fact("a.matter.resumed", AT + 3 * HOUR),
                fact("a.matter.replied", AT + 6 * HOUR + MINUTE),
            ],
            "late",
        ),
    ],
)
def test_a_promise_goes_as_the_facts_went(facts: list[PastFact], state: str) -> None:
    assert Going(REPLY).through(fact("a.matter.told", AT), *facts) == [("reply", state)]


def test_what_is_still_running_at_the_end_is_open() -> None:
    assert Going(REPLY).through(fact("a.matter.told", AT), end=AT + 4 * HOUR) == [("reply", "open")]
    assert Going(REPLY).through(fact("a.matter.told", AT), end=AT + 4 * HOUR + MINUTE) == [("reply", "missed")]


def test_conditions_decide_whether_anything_is_promised() -> None:
    urgent = {**REPLY, "when": [{"field": "urgency", "op": "is", "value": "urgent"}]}
    told = [fact("a.matter.told", AT, urgency=how, thread=how) for how in ("urgent", "normal", "urgent")]
    assert Going(urgent).through(*told) == [("reply", "missed")] * 2


def test_the_promise_names_its_post_and_times() -> None:
    going = Going(REPLY)
    going.through(fact("a.matter.told", AT), fact("a.matter.replied", AT + HOUR))
    one = going.ended[0]
    assert (one.post, one.opened_at, one.due_at, one.ended_at) == ("clerk", AT, AT + 4 * HOUR, AT + HOUR)


def closings(count: int, **values: Any) -> list[PastFact]:
    return [
        fact("a.matter.closed", AT + n * MINUTE, thread=f"m:{n}", subject=("a.matter", n), **values)
        for n in range(count)
    ]


@given(st.integers(0, 60))
def test_the_share_drawn_and_topped_up_reaches_the_rate(count: int) -> None:
    going = Going(VISIT)
    drawn = going.through(*closings(count), end=AT + HOUR)
    stratum = going.replay.strata.get(("visit", "2026-11", ""), Stratum())
    assert (stratum.seen, stratum.taken) == (count, len(drawn))
    assert len(drawn) + going.replay.shortages().get("visit", 0) >= count / 2
    assert all(one.visit == "matter" and one.post == "butler" for one in going.ended)


def test_the_draw_is_the_same_again_and_another_with_another_seed() -> None:
    def drawn(**how: Any) -> list[str]:
        going = Going(VISIT, **how)
        going.through(*closings(40))
        return sorted(one.thread for one in going.ended)

    assert drawn() == drawn()
    assert drawn() != drawn(seeds={("visit", "2026-11", ""): "another"})


def test_exempt_events_are_counted_apart() -> None:
    going = Going({**VISIT, "rate": "100 %"})
    going.through(*closings(3, anonymous=True), *closings(2))
    assert going.replay.strata[("visit", "2026-11", "")] == Stratum(seen=2, taken=2, exempt=3)


def test_of_two_rules_for_one_visit_the_stricter_is_followed() -> None:
    all_of_them = {**VISIT, "code": "all", "rate": "100 %"}
    assert Going(VISIT, all_of_them).through(*closings(3), end=AT) == [("all", "open")] * 3


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        ([fact("a.visit.made", AT + DAY, type="matter")], ["met"]),
        ([fact("a.visit.made", AT + 5 * DAY, type="matter")], ["late"]),
        ([fact("a.visit.made", AT + 5 * DAY, type="matter", visited_at=AT + DAY)], ["met"]),
        ([fact("a.visit.made", AT + DAY, type="other")], ["missed"]),
        ([fact("a.visit.excused", AT + DAY, type="matter")], ["waived"]),
        ([fact("a.matter.held", AT + DAY)], ["missed"]),
        (
            [
                fact("a.visit.made", AT + DAY, type="matter"),
                fact("a.visit.opened", AT + DAY, type="matter", round=2, promised_at=AT + 2 * DAY),
            ],
            ["met", "missed"],
        ),
        ([fact("a.visit.opened", AT, type="matter", round=1)], ["missed"]),
    ],
)
def test_a_drawn_visit_is_made_excused_or_owed_again(facts: list[PastFact], states: list[str]) -> None:
    going = Going({**VISIT, "rate": "100 %"})
    assert [state for _, state in going.through(*closings(1), *[fact_on("m:0", one) for one in facts])] == states


@pytest.mark.parametrize(("at", "subject", "state"), [(1, 9, "waived"), (3, 9, "missed"), (1, 8, "missed")])
def test_excused_is_also_what_a_rule_owes_on_that_visit(at: int, subject: int, state: str) -> None:
    again = {**REPLY, "code": "next", "opens": "a.visit.opened", "keeps": "a.visit.made", "within": "2 d"}
    opened = fact("a.visit.opened", AT, subject=("a.visit", 9), type="matter", round=2)
    excused = fact("a.visit.excused", AT + at * DAY, subject=("a.visit", subject), type="matter")
    assert Going(again).through(opened, excused) == [("next", state)]


def fact_on(thread: str, one: PastFact) -> PastFact:
    return PastFact(one.code, one.at, thread, ("a.visit", 9), one.values)


THRESHOLD: dict[str, Any] = {
    "code": "again", "kind": "threshold", "clauses": [], "says": "一再发生", "counts": "a.matter.told",
    "same": ["unit"], "reaches": "3 within 10 d", "raises": "attention", "who": "post.lead", "does": "看一看",
    "within": "3 d",
}  # fmt: skip


def test_a_threshold_is_raised_by_the_same_within_its_span() -> None:
    def told(unit: str, *days: int) -> list[PastFact]:
        return [fact("a.matter.told", AT + day * DAY, unit=unit, thread=f"{unit}{day}") for day in days]

    going = Going(THRESHOLD)
    going.through(*told("1501", 0, 5, 10), *told("1502", 0, 5, 11), *told("", 1, 2, 3))
    assert [(one.rule.code, one.thread) for one in going.raised] == [("again", "150110")]


def test_while_somebody_is_about_it_further_events_join_the_raise() -> None:
    days = (0, 1, 2, 3, 5, 6, 20)  # raised on day 2, due at the end of day 5, raised anew on day 6
    told = [fact("a.matter.told", AT + day * DAY, unit="1501", thread=f"m{day}") for day in days]
    going = Going(THRESHOLD)
    going.through(*told)
    assert [one.thread for one in going.raised] == ["m2", "m6"]


def test_a_household_is_not_asked_more_often_than_the_cap_allows() -> None:
    capped = {**VISIT, "rate": "100 %", "cap": "2 within 10 d"}

    def closed(day: int, household: int | None) -> PastFact:
        return fact("a.matter.closed", AT + day * DAY, thread=f"m:{day}:{household}", household_id=household)

    going = Going(capped)
    for day, household in ((0, 7), (1, 7), (2, 7), (2, 8), (3, None), (4, None), (5, None), (11, 7), (12, 7)):
        going.replay.take(closed(day, household))
    going.replay.finish(AT + 99 * DAY)
    assert "m:2:7" not in {one.thread for one in going.ended}
    found = {period: (one.seen, one.taken, one.capped) for (_, period, _), one in going.replay.strata.items()}
    assert found == {"2026-11": (7, 6, 1), "2026-12": (2, 2, 0)}


def test_the_kinds_that_matter_are_those_rules_look_for_and_those_with_a_turn() -> None:
    assert Going(REPLY, VISIT, THRESHOLD).replay.kinds == {"a.matter.told", "a.matter.replied", *TURNS}


def test_a_week_is_named_by_its_monday() -> None:
    assert replay.week_of(AT, CALENDAR) == "2026-11-23"
    assert replay.week_of(datetime(2026, 11, 30, 0, 0, tzinfo=AT.tzinfo), CALENDAR) == "2026-11-30"


def test_what_it_keeps_in_mind_follows_what_is_open_not_how_much_happened() -> None:
    def peak(matters: int) -> int:
        going = Replay(
            [compile_rule(spec) for spec in (REPLY, VISIT, THRESHOLD)],
            CALENDAR,
            turn_of=TURNS,
            ended=lambda one: None,
            raised=lambda one: None,
        )
        tracemalloc.start()
        for n in range(matters):
            thread, at = f"m:{n}", AT + n * MINUTE
            going.take(fact("a.matter.told", at, thread, unit=str(n % 50)))
            going.take(fact("a.matter.replied", at + HOUR, thread))
            going.take(fact("a.matter.closed", at + HOUR, thread))
            going.take(fact("a.visit.made", at + 2 * HOUR, thread, type="matter"))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(500)
    assert peak(6000) < 1.5 * peak(2000)
