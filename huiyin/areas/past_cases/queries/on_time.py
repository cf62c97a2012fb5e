"""Reading what was taken over, and the on-time report over it and over our own matters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from huiyin.areas.cases.operations import NEXT_STEP
from huiyin.areas.past_cases.models import Source
from huiyin.standards.operations import WAKE_UP


@dataclass(frozen=True)
class OnTimeRow:
    """Matters of one type, judged by their promises."""

    type: str
    cases: int
    on_time: int
    overdue: int
    no_target: int
    flagged: int
    agreeing: int

    @property
    def share(self) -> float | None:
        """Return the share in time of those that had a target; None when none had."""
        judged = self.on_time + self.overdue
        return self.on_time / judged if judged else None


# A matter is overdue when one of its promises was not kept by its time, as of the moment its book was written (or
# now, for our own). Promises given after that moment, released ones, and steps we only owe to ourselves do not count.
_ON_TIME = """
WITH judged AS (
    SELECT c.id,
           COALESCE(NULLIF(i.label, ''), NULLIF(g.title, ''), c.kind) AS type,
           COALESCE(i.flag, '') AS flag,
           COUNT(k.id) AS promises,
           COALESCE(MAX(CASE
               WHEN k.id IS NULL THEN 0
               WHEN k.met_at IS NOT NULL AND k.met_at <= COALESCE(s.as_of, %s)
                   THEN CASE WHEN k.met_at > k.due_at THEN 1 ELSE 0 END
               WHEN k.due_at < COALESCE(s.as_of, %s) THEN 1 ELSE 0 END), 0) AS late
    FROM cases_case c
    LEFT JOIN past_cases_importedcase i ON i.case_id = c.id
    LEFT JOIN past_cases_source s ON s.id = i.source_id
    LEFT JOIN cases_category g ON g.id = c.category_id
    LEFT JOIN standards_commitment k ON k.thread = 'case:' || c.id
        AND k.opened_at <= COALESCE(s.as_of, %s) AND k.state <> 'waived' AND k.code NOT IN (%s, %s)
        AND NOT k.after_closing
    WHERE c.estate_id = %s AND c.status NOT IN ('merged', 'voided') AND {condition}
    GROUP BY c.id, i.label, g.title, c.kind, i.flag
)
SELECT type, COUNT(*),
       SUM(CASE WHEN promises > 0 AND late = 0 THEN 1 ELSE 0 END),
       SUM(CASE WHEN late = 1 THEN 1 ELSE 0 END),
       SUM(CASE WHEN promises = 0 THEN 1 ELSE 0 END),
       SUM(CASE WHEN flag <> '' THEN 1 ELSE 0 END),
       SUM(CASE WHEN (flag = 'on_time' AND late = 0) OR (flag = 'overdue' AND late = 1) THEN 1 ELSE 0 END)
FROM judged GROUP BY type ORDER BY 2 DESC, 1
"""


def on_time(estate_id: int, *, at: datetime, source: Source | None = None) -> list[OnTimeRow]:
    """Return the on-time figures of the estate by type: of one book, or of everything. One query."""
    moment: Any = connection.ops.adapt_datetimefield_value(at.astimezone(UTC))
    condition = "i.source_id = %s" if source else "1 = 1"
    values = [moment, moment, moment, NEXT_STEP, WAKE_UP, estate_id, *([source.pk] if source else [])]
    with connection.cursor() as cursor:
        cursor.execute(_ON_TIME.format(condition=condition), values)
        return [OnTimeRow(str(row[0]), *(int(figure) for figure in row[1:])) for row in cursor.fetchall()]


def in_all(rows: Iterable[OnTimeRow]) -> OnTimeRow:
    """Return the sum of these rows."""
    figures = [(r.cases, r.on_time, r.overdue, r.no_target, r.flagged, r.agreeing) for r in rows]
    return (
        OnTimeRow("合计", *(sum(column) for column in zip(*figures, strict=True)))
        if figures
        else OnTimeRow("合计", 0, 0, 0, 0, 0, 0)
    )
