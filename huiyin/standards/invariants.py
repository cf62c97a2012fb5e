"""What must hold of promises and draws."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache

from django.db import connection

from huiyin.foundation.invariants import Invariant, by_query, rows_of
from huiyin.standards import sampling
from huiyin.standards.models import Rule
from huiyin.standards.rules import CompiledRule, compile_rule

_ENDED_OR_SEEN = "SELECT COUNT(*) FROM standards_draw d JOIN standards_rule r ON r.id = d.rule_id"
_DRAWN = """
SELECT d.id, d.rule_id, d.position, d.taken, s.seed, s.key, d.thread
FROM standards_draw d JOIN standards_stratum s ON s.id = d.stratum_id
WHERE d.position IS NOT NULL ORDER BY d.rule_id, d.stratum_id, d.position
"""
_STRATA = """
SELECT s.id, s.rule_code, s.period, s.key, s.seen, s.taken, MAX(d.rule_id)
FROM standards_stratum s JOIN standards_draw d ON d.stratum_id = s.id
GROUP BY s.id, s.rule_code, s.period, s.key, s.seen, s.taken HAVING MAX(d.window_to) < %s
"""


def _redrawn(at: datetime) -> Iterator[str]:
    """Draw every one again from the recorded seed."""
    for draw_id, rule_id, position, taken, seed, key, thread in rows_of(_DRAWN):
        if bool(taken) != sampling.is_taken(_rule(rule_id).rate, seed=seed, stratum=key, position=position):
            yield f"{thread} #{draw_id}"


def _short(at: datetime) -> Iterator[str]:
    for _, code, period, key, seen, taken, rule_id in rows_of(_STRATA, [_moment(at)]):
        if sampling.shortage(_rule(rule_id).rate, seen=seen, taken=taken):
            yield f"{code} {period} {key}: {taken}/{seen}"


def _moment(at: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(at.astimezone(UTC))


@lru_cache(maxsize=1024)
def _rule(rule_id: int) -> CompiledRule:
    row = Rule.objects.get(pk=rule_id)
    return compile_rule(row.spec, rule_id=row.pk)


INVARIANTS = (
    by_query(
        "commitment.evidence",
        "办到的承诺都有同一事项里的日志作证,而且在时限之内",
        looked_at="standards_commitment WHERE state IN ('met', 'late')",
        broken="""
SELECT c.thread || ' ' || c.does || ' #' || c.id
FROM standards_commitment c LEFT JOIN journal_entry e ON e.id = c.met_by_id
WHERE c.state IN ('met', 'late')
  AND (e.id IS NULL OR e.thread <> c.thread OR c.met_at IS NULL OR (c.state = 'met' AND c.met_at > c.due_at))
""",
    ),
    by_query(
        "commitment.miss",
        "逾期的承诺都留有逾期记录",
        looked_at="standards_commitment WHERE state IN ('late', 'missed')",
        broken="""
SELECT c.thread || ' ' || c.does || ' #' || c.id
FROM standards_commitment c LEFT JOIN standards_miss m ON m.commitment_id = c.id
WHERE c.state IN ('late', 'missed') AND m.id IS NULL
""",
    ),
    by_query(
        "commitment.pause",
        "暂停的承诺正好有一段没结束的暂停,别的没有",
        looked_at="standards_commitment WHERE state = 'paused'",
        broken="""
SELECT c.thread || ' ' || c.does || ' #' || c.id FROM standards_commitment c
WHERE c.state = 'paused'
  AND (SELECT COUNT(*) FROM standards_pause p WHERE p.commitment_id = c.id AND p.until IS NULL) <> 1
UNION ALL
SELECT c.thread || ' ' || c.does || ' #' || c.id
FROM standards_pause p JOIN standards_commitment c ON c.id = p.commitment_id
WHERE p.until IS NULL AND c.state <> 'paused'
""",
    ),
    by_query(
        "draw.counts",
        "每一层抽样的位置从头到尾不断号,计数与抽签记录一致",
        looked_at="standards_stratum",
        broken="""
SELECT s.rule_code || ' ' || s.period || ' ' || s.key
FROM standards_stratum s LEFT JOIN standards_draw d ON d.stratum_id = s.id
GROUP BY s.id, s.rule_code, s.period, s.key, s.seen, s.taken
HAVING COUNT(DISTINCT d.position) <> s.seen
    OR COUNT(d.position) <> s.seen
    OR COALESCE(MAX(d.position) + 1, 0) <> s.seen
    OR COALESCE(SUM(CASE WHEN d.taken THEN 1 ELSE 0 END), 0) <> s.taken
""",
    ),
    Invariant(
        "draw.repeatable",
        "每一次抽签都能用留下的种子重抽出同样的结果",
        looked_at=lambda at: int(next(rows_of(_ENDED_OR_SEEN + " WHERE d.position IS NOT NULL"))[0]),
        broken=_redrawn,
    ),
    Invariant(
        "draw.share",
        "窗口已过的每一层,抽中的不少于标准要求的比例",
        looked_at=lambda at: sum(1 for _ in rows_of(_STRATA, [_moment(at)])),
        broken=_short,
    ),
    by_query(
        "standard.adopted",
        "每个小区采用的标准都有已发布的版本",
        looked_at="standards_adoption",
        broken="""
SELECT 'estate ' || a.estate_id FROM standards_adoption a
WHERE NOT EXISTS (SELECT 1 FROM standards_standardversion v WHERE v.standard_id = a.standard_id)
""",
    ),
)
