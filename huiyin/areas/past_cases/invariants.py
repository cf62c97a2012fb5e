"""What must hold of matters taken over from other books."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "past_case.estate",
        "接管来的事项都在来源的小区里",
        looked_at="past_cases_importedcase",
        broken="""
SELECT i.key FROM past_cases_importedcase i
JOIN past_cases_source s ON s.id = i.source_id JOIN cases_case c ON c.id = i.case_id
WHERE c.estate_id <> s.estate_id
""",
    ),
    by_query(
        "past_case.journal",
        "接管来的事项都有日志说明从哪里来",
        looked_at="past_cases_importedcase",
        broken="""
SELECT i.key FROM past_cases_importedcase i
WHERE NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || i.case_id AND e.kind = 'cases.case.taken_over'
)
""",
    ),
    by_query(
        "past_case.order",
        "以前的维修单都是按单号接管来的,在自己的报修事项上;保修算在那一户,修好了才有",
        looked_at="repairs_pastorder",
        broken="""
SELECT p.number FROM repairs_pastorder p JOIN cases_case c ON c.id = p.case_id
WHERE c.kind <> 'repair' OR c.estate_id <> p.estate_id OR NOT EXISTS (
    SELECT 1 FROM past_cases_importedcase i WHERE i.case_id = p.case_id AND i.key = p.number
)
UNION
SELECT p.number FROM repairs_warranty w
JOIN repairs_pastorder p ON p.id = w.past_order_id JOIN cases_case c ON c.id = p.case_id
WHERE w.unit_id <> c.unit_id OR p.closed_at IS NULL
""",
    ),
)
