"""What must hold of cases: nothing is lost, nothing is owed in vain, every number and every step can be accounted for."""

from huiyin.foundation.invariants import by_query

_OPEN = "status IN ('new', 'working', 'on_hold')"
# Which entry of the journal shows how a case came to its status.
_SHOWN_BY = """
CASE c.status
    WHEN 'closed' THEN e.kind IN ('cases.case.closed', 'cases.case.closed_before')
    WHEN 'merged' THEN e.kind = 'cases.case.merged'
    WHEN 'voided' THEN e.kind = 'cases.case.voided'
    WHEN 'on_hold' THEN e.kind = 'cases.case.held'
    WHEN 'working' THEN e.kind IN ('cases.case.taken', 'cases.case.resumed', 'cases.case.reopened', 'cases.case.unmerged')
    ELSE e.kind IN ('cases.case.registered', 'cases.case.taken_over')
END
"""

INVARIANTS = (
    by_query(
        "case.next_step",
        "开着的事项都有负责的岗位或人、下一步和时间",
        looked_at=f"cases_case WHERE {_OPEN}",
        broken=f"""
SELECT number FROM cases_case
WHERE {_OPEN} AND ((responsible_id IS NULL AND responsible_post_id IS NULL) OR next_step = '' OR next_at IS NULL)
""",
    ),
    by_query(
        "case.owed",
        "开着的事项至少有一项没了结的承诺,在某个人的清单上",
        looked_at=f"cases_case WHERE {_OPEN}",
        broken=f"""
SELECT c.number FROM cases_case c
WHERE c.{_OPEN} AND NOT EXISTS (
    SELECT 1 FROM standards_commitment k
    WHERE k.thread = 'case:' || c.id AND k.ended_at IS NULL AND NOT k.after_closing
)
""",
    ),
    by_query(
        "case.owed_in_vain",
        "已办结、并案、作废的事项不再欠办理的承诺",
        looked_at=f"cases_case WHERE NOT {_OPEN}",
        broken=f"""
SELECT c.number || ' ' || k.does FROM standards_commitment k
JOIN cases_case c ON c.id = CAST(SUBSTR(k.thread, 6) AS INTEGER)
WHERE k.ended_at IS NULL AND NOT k.after_closing AND k.thread LIKE 'case:%' AND NOT c.{_OPEN}
""",
    ),
    by_query(
        "case.paused",
        "承诺暂停的事项都挂起着",
        looked_at="standards_commitment WHERE state = 'paused'",
        broken="""
SELECT c.number || ' ' || k.does FROM standards_commitment k
JOIN cases_case c ON c.id = CAST(SUBSTR(k.thread, 6) AS INTEGER)
WHERE k.state = 'paused' AND k.thread LIKE 'case:%' AND c.status <> 'on_hold'
""",
    ),
    by_query(
        "case.merged",
        "并案的事项顺着指向总能走到本小区同一类别、没有并掉的一件",
        looked_at="cases_case WHERE status = 'merged'",
        broken="""
SELECT c.number FROM cases_case c LEFT JOIN cases_case s ON s.id = c.merged_into_id
WHERE c.status = 'merged' AND (s.id IS NULL OR s.estate_id <> c.estate_id OR s.kind <> c.kind)
UNION
SELECT c.number FROM (
    WITH RECURSIVE chain(start_id, here_id, steps) AS (
        SELECT id, merged_into_id, 1 FROM cases_case WHERE status = 'merged'
        UNION ALL
        SELECT chain.start_id, n.merged_into_id, chain.steps + 1
        FROM chain JOIN cases_case n ON n.id = chain.here_id
        WHERE n.status = 'merged' AND chain.steps < 50
    )
    SELECT start_id FROM chain WHERE steps = 50
) lost JOIN cases_case c ON c.id = lost.start_id
""",
    ),
    by_query(
        "case.number",
        "事项编号按小区、类别、日期连续,与号码簿一致",
        looked_at="cases_case",
        broken="""
WITH kept AS (
    SELECT c.estate_id, SUBSTR(c.number, 1, LENGTH(e.code) + 8) AS head, COUNT(*) AS n,
           MIN(CAST(SUBSTR(c.number, LENGTH(e.code) + 10) AS INTEGER)) AS lowest,
           MAX(CAST(SUBSTR(c.number, LENGTH(e.code) + 10) AS INTEGER)) AS highest
    FROM cases_case c JOIN estate_estate e ON e.id = c.estate_id
    GROUP BY c.estate_id, SUBSTR(c.number, 1, LENGTH(e.code) + 8)
), given AS (
    SELECT k.estate_id, k.last,
           e.code || '-' || CASE k.kind
               WHEN 'case.enquiry' THEN 'Z' WHEN 'case.complaint' THEN 'T' WHEN 'case.repair' THEN 'W'
               WHEN 'case.suggestion' THEN 'J' WHEN 'case.compliment' THEN 'B' WHEN 'case.special_service' THEN 'F'
               WHEN 'case.past' THEN 'H'
           END || SUBSTR(CAST(k.day AS TEXT), 3, 2) || SUBSTR(CAST(k.day AS TEXT), 6, 2)
               || SUBSTR(CAST(k.day AS TEXT), 9, 2) AS head
    FROM numbers_counter k JOIN estate_estate e ON e.id = k.estate_id WHERE k.kind LIKE 'case.%'
)
SELECT kept.head FROM kept LEFT JOIN given ON given.estate_id = kept.estate_id AND given.head = kept.head
WHERE given.last IS NULL OR given.last <> kept.n OR kept.lowest <> 1 OR kept.highest <> kept.n
UNION ALL
SELECT given.head FROM given LEFT JOIN kept ON given.estate_id = kept.estate_id AND given.head = kept.head
WHERE kept.head IS NULL
""",
    ),
    by_query(
        "case.journal",
        "事项现在的状态都有日志说明是怎么来的",
        looked_at="cases_case",
        broken=f"""
SELECT c.number || ' ' || c.status FROM cases_case c
WHERE NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || c.id AND {_SHOWN_BY})
""",
    ),
    by_query(
        "case.estate",
        "事项的岗位、房屋、业户都在本小区",
        looked_at="cases_case",
        broken="""
SELECT c.number FROM cases_case c
LEFT JOIN staffing_post p ON p.id = c.responsible_post_id
LEFT JOIN estate_unit u ON u.id = c.unit_id
LEFT JOIN estate_household h ON h.id = c.household_id
WHERE p.estate_id <> c.estate_id OR u.estate_id <> c.estate_id OR h.estate_id <> c.estate_id
""",
    ),
    by_query(
        "case.left",
        "离岗的人名下没有开着的事项",
        looked_at="accounts_user WHERE NOT is_active AND NOT is_system",
        broken=f"""
SELECT c.number || ' ' || u.username FROM cases_case c
JOIN accounts_user u ON u.id = c.responsible_id WHERE c.{_OPEN} AND NOT u.is_active
""",
    ),
)
