"""What must hold of promises and draws."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connection

from huiyin.foundation.invariants import Invariant, by_query, rows_of
from huiyin.standards import promise_invariants, sampling, shares
from huiyin.standards.in_force import book_for

_STRATA = """
SELECT s.id, s.rule_code, s.period, s.key, s.seen, s.taken, MAX(d.rule_id),
       COUNT(*) FILTER (WHERE d.reason = 'capped' AND t.id IS NULL)
FROM standards_stratum s JOIN standards_draw d ON d.stratum_id = s.id
LEFT JOIN standards_draw t ON t.tops_up_id = d.id
GROUP BY s.id, s.rule_code, s.period, s.key, s.seen, s.taken HAVING MAX(d.window_to) < %s
"""


def _redrawn(at: datetime) -> Iterator[str]:
    """Draw every one again from the recorded seed."""
    return (f"{one.name}: {one.wrong}" for one in shares.redraw() if one.wrong)


def _short(at: datetime) -> Iterator[str]:
    """What is missing from the rate is never more than what the cap on contacts cost."""
    for _, code, period, key, seen, taken, rule_id, capped in rows_of(_STRATA, [_moment(at)]):
        if sampling.shortage(book_for(rule_id).rules[code].rate, seen=seen, taken=taken) > capped:
            yield f"{code} {period} {key}: {taken}/{seen}"


def _moment(at: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(at.astimezone(UTC))


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
        looked_at=lambda at: int(next(rows_of("SELECT COUNT(*) FROM standards_draw"))[0]),
        broken=_redrawn,
    ),
    Invariant(
        "draw.share",
        "窗口已过的每一层,抽中的不少于标准要求的比例,少了的都是因为住户联系次数到顶",
        looked_at=lambda at: sum(1 for _ in rows_of(_STRATA, [_moment(at)])),
        broken=_short,
    ),
    by_query(
        "duty.promise",
        "每一项到期要办的事都有同一条规则的承诺",
        looked_at="standards_occurrence",
        broken="""
SELECT o.rule_code || ' ' || o.period || ' ' || o.key
FROM standards_occurrence o LEFT JOIN standards_commitment c ON c.id = o.commitment_id
WHERE c.id IS NULL OR c.code <> o.rule_code OR c.estate_id <> o.estate_id
   OR c.subject_type <> 'standards.duty' OR c.subject_id <> o.id
""",
    ),
    by_query(
        "duty.done",
        "登记为已办的事,承诺都已了结并有日志作证",
        looked_at="standards_occurrence WHERE done_note <> ''",
        broken="""
SELECT o.rule_code || ' ' || o.period || ' ' || o.key FROM standards_occurrence o
WHERE o.done_note <> '' AND NOT EXISTS (
    SELECT 1 FROM standards_commitment c JOIN journal_entry e ON e.id = c.met_by_id
    WHERE c.subject_type = 'standards.duty' AND c.subject_id = o.id
      AND e.kind = 'standards.duty.done' AND e.subject_id = o.id)
""",
    ),
    by_query(
        "threshold.counted",
        "每次触发警戒都有算进去的事作证",
        looked_at="journal_entry WHERE kind = 'standards.threshold.reached'",
        broken="""
SELECT e.thread || ' #' || e.id FROM journal_entry e
LEFT JOIN standards_occurrence o ON o.id = e.subject_id AND e.subject_type = 'standards.duty'
WHERE e.kind = 'standards.threshold.reached'
  AND (o.id IS NULL OR NOT EXISTS (
    SELECT 1 FROM standards_counted n WHERE n.raised_id = e.id AND n.rule_code = o.rule_code AND n.key = o.key))
""",
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
    by_query(
        "standard.drafted",
        "小区自己的标准,每一版都由一人提请、另一人发布",
        looked_at="standards_standardversion v JOIN standards_standard s ON s.id = v.standard_id WHERE s.estate_id IS NOT NULL",
        broken="""
SELECT s.code || ' ' || v.number FROM standards_standardversion v
JOIN standards_standard s ON s.id = v.standard_id LEFT JOIN standards_draft d ON d.published_id = v.id
WHERE s.estate_id IS NOT NULL
  AND (d.id IS NULL OR d.status <> 'published' OR d.estate_id <> s.estate_id OR d.published_by_id = d.proposed_by_id)
""",
    ),
    *promise_invariants.INVARIANTS,
)
