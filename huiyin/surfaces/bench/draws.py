"""Deciding which finished work is visited: stratum, position, cap and record, against bare inserts of the same rows."""

import tempfile
import time
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import yaml
from django.db import connection
from django.utils.timezone import now

from huiyin.areas.repairs.events import OrderClosed
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.guards import installing
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.standards.models import Draw
from huiyin.surfaces.bench.stage import Stage, set_stage

ROUNDS, PER_ROUND, WARM_UP = 10, 100, 200
HOUSEHOLDS = 400
RULE = {
    "code": "bench.visit",
    "kind": "sampling",
    "clauses": [],
    "says": "每层抽三成,每户 30 天内至多 2 次",
    "opens": "repairs.order.closed",
    "rate": "30 %",
    "window": "0 d .. 3 d",
    "stratum": ["fault", "urgency"],
    "visit": "repair",
    "exempt": ["anonymous"],
    "cap": "2 within 30 d",
    "does": "回访",
}


def run() -> dict[str, Any]:
    """Measure both in alternating rounds on one file; each decision is one durable transaction, like the bare one."""
    stage = set_stage(at=now().replace(microsecond=0))
    _live_by_draws(stage)
    numbers = count(1)
    for _ in range(WARM_UP):
        _draw(stage, next(numbers))
    ours = bare = 0.0
    for _ in range(ROUNDS):
        first = next(numbers)
        began = time.perf_counter()
        for number in range(first, first + PER_ROUND):
            _draw(stage, number)
        ours += time.perf_counter() - began
        numbers = count(first + PER_ROUND)
        with installing.set_aside():
            bare += _insert_again(first)
    decided = ROUNDS * PER_ROUND
    return {
        "name": "draws",
        "ratio": round(bare / ours, 3),
        "ours": round(decided / ours, 1),
        "baseline": round(decided / bare, 1),
        "unit": "draws/s",
        "rows": 2 * decided,
    }


def _live_by_draws(stage: Stage) -> None:
    """Let the stage's estate live by one sampling rule from ten days ago."""
    since = stage.at - timedelta(days=10)
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        place = Path(folder) / "bench"
        place.mkdir()
        written = {"standard": "bench", "title": "测量标准", "rules": [RULE]}
        (place / "rules.yaml").write_text(yaml.safe_dump(written, allow_unicode=True))
        standards.load_catalogue(at=since, folder=Path(folder))
    standards.adopt(stage.estate.pk, "bench", since=since, actor=system_actor(), at=since)


@command
def _draw(stage: Stage, number: int) -> None:
    fact = OrderClosed(
        subject_id=number,
        estate_id=stage.estate.pk,
        thread=f"case:{number}",
        case_id=number,
        urgency="urgent" if number % 10 == 0 else "normal",
        location_kind="in_unit",
        fault=f"fault{number % 7}",
        household_id=number % HOUSEHOLDS,
    )
    standards.draw(fact, at=stage.at + timedelta(seconds=number))


def _insert_again(first: int) -> float:
    """Insert the rows of the last round once more, each with its stratum's count in one transaction; return the time."""
    columns = [column.column for column in Draw._meta.concrete_fields if not column.primary_key]
    raw = connection.connection
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
    texts = ", ".join(f'"{name}" AS "{name}_"' for name in columns)
    rows = raw.execute(f"SELECT {texts} FROM standards_draw WHERE subject_id >= ?", [first]).fetchall()
    raw.execute("DELETE FROM standards_draw WHERE subject_id >= ?", [first])
    stratum = columns.index("stratum_id")
    began = time.perf_counter()
    for row in rows:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("UPDATE standards_stratum SET seen = seen WHERE id = ?", [row[stratum]])
        raw.execute(f"INSERT INTO standards_draw ({names}) VALUES ({marks})", row)
        raw.execute("COMMIT")
    return time.perf_counter() - began
