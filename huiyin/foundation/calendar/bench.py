"""The calendar's part of the performance budget: due times a second, against walking day by day."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter

from huiyin.foundation.calendar import walking
from huiyin.foundation.calendar.chinese import chinese_calendar

HOUR = 3600
PROMISES = tuple(hours * HOUR for hours in (1, 2, 4, 8, 16, 24, 40))
ROUNDS = 5


def run(rows: int = 20_000) -> dict[str, object]:
    """Measure single calls over the years of the published table, the best of a few rounds."""
    calendar = chinese_calendar()
    chance = random.Random(20260101)
    start = datetime(2020, 1, 1, tzinfo=UTC)
    asked = [
        (
            start + timedelta(seconds=chance.randrange(6 * 366 * 24 * HOUR)),
            chance.choice(PROMISES),
        )
        for _ in range(rows)
    ]
    few = asked[: max(rows // 50, 1)]
    ours = max(_rate(asked, calendar.add_seconds) for _ in range(ROUNDS))
    baseline = _rate(few, lambda at, seconds: walking.add_seconds(calendar, at, seconds))
    return {
        "name": "calendar",
        "unit": "due times/s",
        "rows": rows,
        "ours": ours,
        "baseline": baseline,
        "ratio": ours / baseline,
    }


def _rate(asked: Sequence[tuple[datetime, int]], due: Callable[[datetime, int], datetime]) -> float:
    began = perf_counter()
    for at, seconds in asked:
        due(at, seconds)
    return len(asked) / (perf_counter() - began)
