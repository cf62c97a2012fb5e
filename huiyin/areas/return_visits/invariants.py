"""What must hold of return visits: drawn means visited, a bad answer means a case and a second visit."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "visit.drawn",
        "抽中的都有回访,没抽中的没有,而且是同一件事项",
        looked_at="standards_draw",
        broken="""
SELECT d.thread || ' #' || d.id FROM standards_draw d
LEFT JOIN return_visits_returnvisit v ON v.draw_id = d.id
WHERE (d.taken AND v.id IS NULL) OR (NOT d.taken AND v.id IS NOT NULL) OR d.thread <> COALESCE('case:' || v.case_id, 'home:' || v.home_id)
""",
    ),
    by_query(
        "visit.failed",
        "不合格的回访都立了事项,也都有下一次回访",
        looked_at="return_visits_returnvisit WHERE status = 'failed'",
        broken="""
SELECT COALESCE('case:' || v.case_id, 'home:' || v.home_id) || ' #' || v.id FROM return_visits_returnvisit v
LEFT JOIN cases_case c ON c.id = v.raised_case_id
LEFT JOIN return_visits_returnvisit n ON n.follows_id = v.id
WHERE v.status = 'failed' AND (c.id IS NULL OR n.id IS NULL OR n.round <> v.round + 1 OR COALESCE(n.case_id, 0) <> COALESCE(v.case_id, 0)
    OR COALESCE(n.home_id, 0) <> COALESCE(v.home_id, 0))
""",
    ),
    by_query(
        "visit.doer",
        "没有人回访自己办的事",
        looked_at="return_visits_returnvisit WHERE visitor_id IS NOT NULL",
        broken="""
SELECT COALESCE('case:' || case_id, 'home:' || home_id) || ' #' || id FROM return_visits_returnvisit WHERE visitor_id = doer_id
""",
    ),
    by_query(
        "visit.owed",
        "没做的回访都有人欠着,做完、免掉的不再欠",
        looked_at="return_visits_returnvisit",
        broken="""
SELECT COALESCE('case:' || v.case_id, 'home:' || v.home_id) || ' #' || v.id FROM return_visits_returnvisit v
LEFT JOIN (
    WITH RECURSIVE asked (id, subject_id, ended_at) AS (
        SELECT c.id, c.subject_id, c.ended_at FROM standards_commitment c JOIN journal_entry e ON e.id = c.opened_by_id
        WHERE c.subject_type = 'return_visits.visit' AND e.kind = 'return_visits.visit.opened'
        UNION SELECT r.id, r.subject_id, r.ended_at FROM standards_commitment r JOIN asked ON r.follows_id = asked.id
        WHERE r.subject_type = 'return_visits.visit' AND r.revision > 1
    )
    SELECT DISTINCT subject_id FROM asked WHERE ended_at IS NULL
) k ON k.subject_id = v.id
WHERE (v.status = 'due' AND k.subject_id IS NULL) OR (v.status <> 'due' AND k.subject_id IS NOT NULL)
""",
    ),
    by_query(
        "visit.journal",
        "回访现在的状态都有日志说明是怎么来的",
        looked_at="return_visits_returnvisit",
        broken="""
SELECT COALESCE('case:' || v.case_id, 'home:' || v.home_id) || ' #' || v.id FROM return_visits_returnvisit v
WHERE NOT EXISTS (
    SELECT 1 FROM journal_entry e
    WHERE e.thread = COALESCE('case:' || v.case_id, 'home:' || v.home_id) AND e.subject_type = 'return_visits.visit' AND e.subject_id = v.id
      AND CASE v.status
        WHEN 'due' THEN e.kind = 'return_visits.visit.opened'
        WHEN 'exempt' THEN e.kind = 'return_visits.visit.excused'
        ELSE e.kind = 'return_visits.visit.made'
    END
)
""",
    ),
    by_query(
        "visit.left",
        "离岗的人名下没有等着做的回访",
        looked_at="return_visits_returnvisit WHERE assigned_id IS NOT NULL",
        broken="""
SELECT COALESCE('case:' || v.case_id, 'home:' || v.home_id) || ' #' || v.id FROM return_visits_returnvisit v
JOIN accounts_user u ON u.id = v.assigned_id WHERE v.status = 'due' AND NOT u.is_active
""",
    ),
)
