"""The sweep of the ladders with a thousand steps due: among a million open promises against the same among ten thousand."""

import time
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.guards import installing
from huiyin.standards import operations as standards
from huiyin.surfaces.bench.commitments import live_by_ladders
from huiyin.surfaces.bench.multiply import copy_as, use
from huiyin.surfaces.bench.stage import Stage, set_stage

SMALL, LARGE, DUE, TURNS = 10_000, 1_000_000, 1_000, 3
_ENTRY = """
INSERT INTO journal_entry (at, kind, estate_id, actor_id, subject_type, subject_id, thread, note, rule, "values")
SELECT '{at}', 'service_desk.contact.registered', {estate}, {actor}, 'service_desk.contact', 1, 'bench:1', '', '', '{{}}'
"""
_NUMBERS = "WITH RECURSIVE n (k) AS (SELECT {first} UNION ALL SELECT k + 1 FROM n WHERE k < {last})"
_PROMISES = """
INSERT INTO standards_commitment (id, estate_id, rule_id, code, does, subject_type, subject_id, thread, opened_at,
    opened_by_id, due_at, calendar, provisional, state, owner_post, follows_subject, after_closing, end_reason, revision)
{numbers}
SELECT k, {estate}, {rule}, 'bench.0', '办完', 'service_desk.contact', k, 'bench:' || k, '{at}',
    {entry}, datetime('{at}', '+' || (86400 + k) || ' seconds'), 'cn', 0, 'open', 'front_desk', 1, 0, '', 1 FROM n
"""
# Of each promise one step; those of the first thousand are due.
_STEPS = """
INSERT INTO standards_step (commitment_id, rule_code, position, at, who, "then", state, told_post)
{numbers}
SELECT k, 'bench.climb', 1,
    CASE WHEN k <= {due} THEN datetime('{at}', '-' || (k + 60) || ' seconds')
         ELSE datetime('{at}', '+' || (7200 + k) || ' seconds') END,
    'post.cs_supervisor', '[]', 'waiting', '' FROM n
"""


def run() -> dict[str, Any]:
    """Measure by turns on two files, each turn with the same thousand due; the first turn warms up and is left out."""
    stage = set_stage(at=now().replace(microsecond=0))
    live_by_ladders(stage)
    small = str(connection.settings_dict["NAME"])
    _fill(stage, 1, SMALL)
    large = copy_as("large")
    _fill(stage, SMALL + 1, LARGE)
    times: dict[str, list[float]] = {small: [], large: []}
    for turn in range(TURNS + 1):
        for file, measured in times.items():
            use(file)
            took = _sweep(stage)
            if turn:
                measured.append(took)
    ours, baseline = min(times[large]), min(times[small])
    return {
        "name": "sweep",
        "ratio": round(ours / baseline, 3),
        "ours": round(ours * 1000, 1),
        "baseline": round(baseline * 1000, 1),
        "unit": "ms",
        "rows": DUE,
    }


def _sweep(stage: Stage) -> float:
    began = time.perf_counter()
    taken = standards.climb(at=stage.at, actor=system_actor())
    took = time.perf_counter() - began
    if taken != DUE:
        raise RuntimeError(f"{taken} steps taken instead of {DUE}")
    with installing.set_aside(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE standards_step SET state = 'waiting', taken_at = NULL, told_id = NULL, told_post = '', "
            "entry_id = NULL WHERE state = 'taken'"
        )
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return took


def _fill(stage: Stage, first: int, last: int) -> None:
    from huiyin.standards.models import Rule  # app ready

    values = {
        "at": f"{stage.at:%Y-%m-%d %H:%M:%S}",
        "estate": stage.estate.pk,
        "actor": system_actor().pk,
        "rule": Rule.objects.get(code="bench.0").pk,
        "due": DUE,
        "numbers": _NUMBERS.format(first=first, last=last),
    }
    raw = connection.connection
    with installing.set_aside(), transaction.atomic():
        if first == 1:
            raw.execute(_ENTRY.format(**values))
        values["entry"] = raw.execute("SELECT MAX(id) FROM journal_entry").fetchone()[0]
        raw.execute(_PROMISES.format(**values))
        raw.execute(_STEPS.format(**values))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
