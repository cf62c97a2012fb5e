"""The clause board of a year over a million promises, as a whole page, against its figures by hand-written SQL."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils.timezone import now

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import operations as journal
from huiyin.standards.models import Rule
from huiyin.surfaces.bench.stage import set_stage
from huiyin.surfaces.bench.statistics import p50
from huiyin.surfaces.cli.serve import gather_static

PROMISES, DRAWS, DAYS, TURNS = 1_000_000, 50_000, 360, 5
STATES = ("met", "met", "met", "met", "met", "met", "late", "missed", "waived", "open")

_FILL = """
INSERT INTO standards_commitment (estate_id, rule_id, code, does, subject_type, subject_id, thread, opened_at,
    opened_by_id, due_at, calendar, provisional, state, owner_post, follows_subject, after_closing, met_at, met_by_id,
    ended_at, end_reason, revision)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %(last)s),
made AS (
    SELECT i, rule.id AS rule_id, rule.code, state.state,
           datetime(%(until)s, '-' || (i * 7919 %% %(minutes)s) || ' minutes') AS due
    FROM n JOIN bench_rule rule ON rule.position = i %% %(rules)s
           JOIN bench_state state ON state.position = i / %(rules)s %% %(states)s
)
SELECT %(estate)s, rule_id, code, '办', 'cases.case', i, 'case:' || i, datetime(due, '-1 day'), %(entry)s, due,
       'cn', 0, state, 'front_desk', 0, 0,
       CASE state WHEN 'met' THEN due WHEN 'late' THEN datetime(due, '+1 hour') END,
       CASE WHEN state IN ('met', 'late') THEN %(entry)s END,
       CASE state WHEN 'met' THEN due WHEN 'late' THEN datetime(due, '+1 hour') WHEN 'waived' THEN due END, '', 1
FROM made
"""
_STRATA = """
INSERT INTO standards_stratum (estate_id, rule_code, period, key, seed, seen, taken)
SELECT DISTINCT %(estate)s, %(code)s, strftime('%%Y-%%m', datetime(%(until)s, '-' || i || ' days')), '', 'bench', 0, 0
FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %(days)s) SELECT i FROM n)
"""
_DRAW = """
INSERT INTO standards_draw (stratum_id, rule_id, at, subject_type, subject_id, thread, position, taken, reason,
    window_from, window_to)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %(last)s),
made AS (SELECT i, datetime(%(until)s, '-' || (i * 7919 %% %(minutes)s) || ' minutes') AS at FROM n)
SELECT s.id, %(rule)s, at, 'repairs.order', i, 'case:' || i, i, i %% 3 = 0,
       CASE WHEN i %% 3 = 0 THEN 'drawn' ELSE 'not_drawn' END, at, datetime(at, '+3 days')
FROM made JOIN standards_stratum s ON s.period = strftime('%%Y-%%m', at) AND s.rule_code = %(code)s
"""
_BY_HAND = (
    """SELECT code, count(*), sum(state = 'met'), sum(state = 'late'), sum(state = 'missed' OR state = 'open' AND due_at < %s),
       sum(state = 'waived'), sum(state = 'open' AND due_at >= %s), sum(state = 'paused')
FROM standards_commitment WHERE estate_id = %s AND due_at >= %s AND due_at < %s AND state <> 'replaced' GROUP BY code""",
    """SELECT s.rule_code, sum(d.reason NOT LIKE 'exempt:%%' AND d.tops_up_id IS NULL), sum(d.taken), sum(d.reason = 'capped'),
       sum(d.reason LIKE 'exempt:%%')
FROM standards_stratum s JOIN standards_draw d ON d.stratum_id = s.id
WHERE s.estate_id = %s AND d.at >= %s AND d.at < %s GROUP BY s.rule_code""",
)


def run() -> dict[str, Any]:
    """Fill one estate's year and measure page and statements by turns, after a warm-up; the middle of each."""
    stage = set_stage(at=now().replace(microsecond=0))
    gather_static()
    fill(stage.estate.pk, until=stage.at + timedelta(days=10))
    client = Client()
    client.force_login(User.objects.get(username="centre_director"))
    first, last = (stage.at + timedelta(days=days) for days in (10 - DAYS - 5, 11))
    address = f"/standards/board/?period=dates&first={first:%Y-%m-%d}&last={last:%Y-%m-%d}"
    ours, baseline = [], []
    for turn in range(TURNS + 1):
        began = time.perf_counter()
        answer = client.get(address, headers={"host": "localhost"})
        took = time.perf_counter() - began
        if answer.status_code != 200 or f"{PROMISES:,}" not in answer.content.decode():
            raise RuntimeError(f"{address}: {answer.status_code}")
        began = time.perf_counter()
        by_hand(stage.estate.pk, first, last, at=stage.at)
        bare = time.perf_counter() - began
        if turn > 0:  # the first turn fills the caches
            ours.append(took)
            baseline.append(bare)
    return {
        "name": "board",
        "ratio": round(p50(ours) / p50(baseline), 3),
        "ours": round(p50(ours) * 1000, 1),
        "baseline": round(p50(baseline) * 1000, 1),
        "unit": "ms",
        "rows": PROMISES,
    }


def fill(estate_id: int, *, until: datetime) -> None:
    """Promise and draw as if for a year, by set statements. Only for an empty SQLite file."""
    rules = list(Rule.objects.filter(version__standard__code="recommended", kind__in=("deadline", "sampling")))
    sampled = next(rule for rule in rules if rule.code == "return_visit.repair")
    entry = journal.record(
        "bench.filled", subject=("bench", 1), estate_id=estate_id, actor=system_actor(), at=until, values={}
    )
    asked = {
        "estate": estate_id, "entry": entry.pk, "until": _written(until), "minutes": DAYS * 24 * 60, "days": DAYS + 31,
        "rules": len(rules), "states": len(STATES), "rule": sampled.pk, "code": sampled.code,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_rule (position INTEGER PRIMARY KEY, id INTEGER, code TEXT)")
        cursor.executemany(
            "INSERT INTO bench_rule VALUES (%s, %s, %s)", [(n, rule.pk, rule.code) for n, rule in enumerate(rules)]
        )
        cursor.execute("CREATE TEMP TABLE bench_state (position INTEGER PRIMARY KEY, state TEXT)")
        cursor.executemany("INSERT INTO bench_state VALUES (%s, %s)", list(enumerate(STATES)))
        cursor.execute(_FILL, asked | {"last": PROMISES - 1})
        cursor.execute(_STRATA, asked)
        cursor.execute(_DRAW, asked | {"last": DRAWS - 1})
        cursor.execute("ANALYZE")


def by_hand(estate_id: int, first: datetime, last: datetime, *, at: datetime) -> list[Any]:
    """Ask for the same figures as one would at the console."""
    moments = [_written(one) for one in (at, first, last)]
    with connection.cursor() as cursor:
        cursor.execute(_BY_HAND[0], [moments[0], moments[0], estate_id, *moments[1:]])
        promised = cursor.fetchall()
        cursor.execute(_BY_HAND[1], [estate_id, *moments[1:]])
        return [*promised, *cursor.fetchall()]


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
