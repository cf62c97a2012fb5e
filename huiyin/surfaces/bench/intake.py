"""Taking a repair with all its promises and journal lines, against a bare transaction inserting the same rows."""

import time
from typing import Any

from django.utils.timezone import now

from huiyin.foundation.guards import installing
from huiyin.surfaces.bench.rows import insert, marks, remove, since
from huiyin.surfaces.bench.stage import set_stage, take_matters

ROUNDS, PER_ROUND, WARM_UP = 12, 25, 30
# In the order in which they can be inserted.
TABLES = (
    "journal_entry",
    "journal_link",
    "service_desk_contact",
    "cases_case",
    "repairs_workorder",
    "service_desk_contactcase",
    "standards_commitment",
    "standards_step",
    "idempotency_command",
)


def run() -> dict[str, Any]:
    """Measure both in alternating rounds on one file with the same settings; each transaction is durable."""
    stage = set_stage(at=now().replace(microsecond=0))
    list(take_matters(stage, WARM_UP, kinds=("repair",)))
    ours = bare = 0.0
    rows = 0
    for number in range(ROUNDS):
        taken = []
        for one in range(PER_ROUND):
            before = marks(TABLES)
            first = WARM_UP + number * PER_ROUND + one
            began = time.perf_counter()
            list(take_matters(stage, 1, kinds=("repair",), first=first))
            ours += time.perf_counter() - began
            taken.append(since(before))
        with installing.set_aside():
            for matter in reversed(taken):
                remove(matter)
            for matter in taken:
                rows += sum(map(len, matter.values()))
                began = time.perf_counter()
                insert(matter)
                bare += time.perf_counter() - began
    count = ROUNDS * PER_ROUND
    return {
        "name": "intake",
        "ratio": round(bare / ours, 3),
        "ours": round(count / ours, 1),
        "baseline": round(count / bare, 1),
        "unit": "repairs/s",
        "rows": rows,
    }
