"""What must hold of revisions, corrected misses and ladders, and that somebody sweeps at all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection

from huiyin.foundation.invariants import Invariant, by_query, rows_of

LAG = timedelta(hours=1)
_EVER_RAN = "SELECT COUNT(*) FROM jobs_schedulerow WHERE last_run_at IS NOT NULL"
_UNSWEPT = """
SELECT thread || ' ' || does || ' #' || id FROM standards_commitment WHERE state = 'open' AND due_at < %s
UNION ALL
SELECT c.thread || ' ' || s.who || ' #' || s.id FROM standards_step s JOIN standards_commitment c ON c.id = s.commitment_id
WHERE s.state = 'waiting' AND s.at < %s AND c.ended_at IS NULL AND c.state <> 'paused'
"""


def _unswept(at: datetime) -> Iterator[str]:
    """Name what has been due for an hour and nobody looked at; where no worker ever ran nobody was to look."""
    if not next(rows_of(_EVER_RAN))[0]:
        return
    before = connection.ops.adapt_datetimefield_value((at - LAG).astimezone(UTC))
    yield from (str(row[0]) for row in rows_of(_UNSWEPT, [before, before]))


INVARIANTS = (
    by_query(
        "commitment.revision",
        "每一项改订的承诺都由下一版接着,改订版都接着被改订的那一项",
        looked_at="standards_commitment WHERE state = 'replaced' OR revision > 1",
        broken="""
SELECT c.thread || ' ' || c.does || ' #' || c.id FROM standards_commitment c
WHERE c.state = 'replaced' AND (
    SELECT COUNT(*) FROM standards_commitment n
    WHERE n.follows_id = c.id AND n.revision = c.revision + 1 AND n.thread = c.thread) <> 1
UNION ALL
SELECT c.thread || ' ' || c.does || ' #' || c.id
FROM standards_commitment c LEFT JOIN standards_commitment o ON o.id = c.follows_id
WHERE c.revision > 1 AND (o.id IS NULL OR o.state <> 'replaced' OR o.revision <> c.revision - 1)
""",
    ),
    by_query(
        "commitment.corrected",
        "记过逾期又算按时的承诺,都有更正的日志",
        looked_at="standards_miss",
        broken="""
SELECT c.thread || ' ' || c.does || ' #' || c.id
FROM standards_miss m JOIN standards_commitment c ON c.id = m.commitment_id
WHERE c.state = 'met' AND NOT EXISTS (
    SELECT 1 FROM journal_entry e
    WHERE e.thread = c.thread AND e.kind = 'standards.commitment.miss_corrected' AND e.subject_id = c.id)
""",
    ),
    by_query(
        "step.taken",
        "每一级催办都有自己的日志,确认过的都知道是谁确认的",
        looked_at="standards_step WHERE taken_at IS NOT NULL",
        broken="""
SELECT 'step #' || s.id FROM standards_step s LEFT JOIN journal_entry e ON e.id = s.entry_id
WHERE (s.taken_at IS NOT NULL
       AND (e.id IS NULL OR e.kind <> 'standards.step.taken' OR e.subject_id <> s.id OR e.rule <> s.rule_code))
   OR (s.received_at IS NOT NULL AND s.received_by_id IS NULL)
""",
    ),
    Invariant(
        "sweep.lag",
        "后台任务没有停:到期一小时以上的承诺和催办都已经处理",
        looked_at=lambda at: int(next(rows_of(_EVER_RAN))[0]),
        broken=_unswept,
    ),
)
