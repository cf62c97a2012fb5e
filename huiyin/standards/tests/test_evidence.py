"""The board's figures against a naive count of the same rows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Entry
from huiyin.standards import evidence
from huiyin.standards import queries as promises
from huiyin.standards.evidence import Evidence, board, draws_for, total
from huiyin.standards.models import Commitment, Draw, Rule, Standard, StandardVersion, Stratum

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)
MONTH = (datetime(2026, 11, 1, tzinfo=SHANGHAI), datetime(2026, 12, 1, tzinfo=SHANGHAI))
DAY = timedelta(days=1)
ESTATE = 7
STATES = ("open", "paused", "met", "late", "missed", "waived", "replaced")


@pytest.fixture
def entry(db: None) -> Entry:
    return journal.record(
        "sample.work.opened", subject=("sample.work", 1), estate_id=ESTATE, actor=system_actor(), at=AT, values={}
    )


@pytest.fixture
def two(db: None) -> Iterator[list[Rule]]:
    """One rule of the same code in two standards."""
    rules = []
    for code in ("one", "two"):
        standard = Standard.objects.create(code=code, title=code)
        version = StandardVersion.objects.create(standard=standard, number=1, effective_from=AT, digest=code)
        rules.append(
            Rule.objects.create(version=version, code="a.b", kind="sampling", says="说", spec={"rate": "50 %"})
        )
    yield rules


def promised(entry: Entry, state: str, due_at: datetime, *, code: str = "a.b", rule: Rule | None = None) -> Commitment:
    ended = state in ("met", "late", "waived", "replaced")
    kept = state in ("met", "late")
    met_at = due_at - DAY if state == "met" else due_at + DAY if state == "late" else None
    return Commitment.objects.create(
        estate_id=ESTATE,
        rule=rule,
        code=code,
        does="做",
        subject_type="sample.work",
        subject_id=1,
        thread="case:1",
        opened_at=due_at - 2 * DAY,
        opened_by=entry,
        due_at=due_at,
        calendar="cn",
        state=state,
        owner_post="front_desk",
        met_at=met_at,
        met_by=entry if kept else None,
        ended_at=(met_at or due_at) if ended else None,
    )


def drawn(rule: Rule, at: datetime, *, reason: str, taken: bool, tops_up: Draw | None = None, number: int = 1) -> Draw:
    stratum, _ = Stratum.objects.get_or_create(
        estate_id=ESTATE, rule_code=rule.code, period=f"{at:%Y-%m}", key="", defaults={"seed": "s", "seen": 99}
    )
    return Draw.objects.create(
        stratum=stratum,
        rule=rule,
        at=at,
        subject_type="sample.work",
        subject_id=number,
        thread=f"case:{number}",
        position=None if reason.startswith("exempt") else number,
        taken=taken,
        reason=reason,
        window_from=at,
        window_to=at + 3 * DAY,
        tops_up=tops_up,
    )


def test_every_state_is_counted_where_it_belongs(entry: Entry) -> None:
    for number, state in enumerate(STATES):
        for _ in range(number + 1):
            promised(entry, state, AT + 2 * DAY)
    assert board(ESTATE, due=MONTH, happened=MONTH, at=AT) == {
        "a.b": Evidence(open=1, paused=2, met=3, late=4, missed=5, waived=6)
    }


def test_what_is_overdue_and_not_noted_yet_is_missed(entry: Entry) -> None:
    promised(entry, "open", AT - DAY)
    promised(entry, "open", AT + DAY)
    assert board(ESTATE, due=MONTH, happened=MONTH, at=AT) == {"a.b": Evidence(open=1, missed=1)}


def test_the_span_is_half_open_and_others_do_not_count(entry: Entry) -> None:
    for due_at, code in product((MONTH[0] - DAY, MONTH[0], MONTH[1] - DAY, MONTH[1]), ("a.b", "c.d")):
        promised(entry, "met", due_at, code=code)
    found = board(ESTATE, due=MONTH, happened=MONTH, at=AT)
    assert {code: one.met for code, one in found.items()} == {"a.b": 2, "c.d": 2}
    assert board(ESTATE + 1, due=MONTH, happened=MONTH, at=AT) == {}


def test_numbers_open_exactly_their_records(entry: Entry, two: list[Rule]) -> None:
    for state in STATES:
        promised(entry, state, AT + DAY)
        promised(entry, state, AT + DAY)
    found = board(ESTATE, due=MONTH, happened=MONTH, at=AT)["a.b"]
    for state in ("open", "paused", "met", "late", "missed", "waived"):
        listed = promises.promises_for(ESTATE, at=AT, state=state, code="a.b", span=MONTH)
        assert listed.count() == getattr(found, state), state
    assert promises.promises_for(ESTATE, at=AT, code="a.b", span=MONTH).count() == found.due


def test_a_replaced_promise_counts_neither_in_the_tallies(entry: Entry) -> None:
    promised(entry, "replaced", AT + DAY)
    promised(entry, "met", AT + DAY)
    assert promises.tallies(ESTATE, MONTH, at=AT)["a.b"].due == 1


@pytest.mark.usefixtures("unguarded")
def test_draws_are_counted_by_when_the_event_happened(two: list[Rule], entry: Entry) -> None:
    rule = two[0]
    drawn(rule, AT, reason="drawn", taken=True, number=1)
    left = drawn(rule, AT, reason="not_drawn", taken=False, number=2)
    drawn(rule, AT, reason="not_drawn", taken=False, number=3)
    drawn(rule, AT, reason="capped", taken=False, number=4)
    drawn(rule, AT, reason="exempt:anonymous", taken=False, number=5)
    drawn(rule, AT + 20 * DAY, reason="not_drawn", taken=False, number=6)
    stratum_of_november = left
    top_up = drawn(rule, AT + 7 * DAY, reason="top_up", taken=True, tops_up=stratum_of_november, number=2)
    Draw.objects.filter(pk=top_up.pk).update(stratum=left.stratum)
    found = board(ESTATE, due=MONTH, happened=MONTH, at=AT)["a.b"]
    assert (found.seen, found.taken, found.capped, found.exempt) == (4, 2, 1, 1)
    assert found.drawn_percent == 50
    for how in evidence.HOW_DRAWN:
        expected = {"seen": 4, "taken": 2, "left": 1, "capped": 1, "exempt": 1}[how]
        assert draws_for(ESTATE, happened=MONTH, code="a.b", how=how).count() == expected, how
    assert draws_for(ESTATE, happened=MONTH, code="a.b").count() == 5
    assert draws_for(ESTATE, happened=MONTH, code="x.y").count() == 0


def test_one_standard_shows_only_what_was_promised_under_it(two: list[Rule], entry: Entry) -> None:
    promised(entry, "met", AT + DAY, rule=two[0])
    promised(entry, "met", AT + DAY, rule=two[1])
    promised(entry, "missed", AT + DAY, rule=two[1])
    drawn(two[1], AT, reason="drawn", taken=True)
    first, second = (
        board(ESTATE, due=MONTH, happened=MONTH, at=AT, standard_id=rule.version.standard_id)["a.b"] for rule in two
    )
    assert (first.due, first.seen) == (1, 0)
    assert (second.due, second.missed, second.taken) == (2, 1, 1)


def test_nothing_to_judge_has_no_share() -> None:
    assert Evidence(open=3, waived=2).kept_percent is None
    assert Evidence(exempt=4).drawn_percent is None
    assert Evidence(met=2, missed=1).kept_percent == 66


def test_all_together_is_the_sum() -> None:
    assert total([Evidence(met=1, seen=2), Evidence(met=3, late=1)]) == Evidence(met=4, late=1, seen=2)
    assert total([]) == Evidence()


def test_it_is_one_query_that_reads_the_covering_index(entry: Entry) -> None:
    promised(entry, "met", AT + DAY)
    with CaptureQueriesContext(connection) as made:
        board(ESTATE, due=MONTH, happened=MONTH, at=AT)
    (query,) = [one for one in made if "standards_commitment" in one["sql"]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        assert "USING COVERING INDEX promise_by_due" in plan
