"""What must hold of complaints."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "complaint.case",
        "投诉与它的事项同开同关",
        looked_at="complaints_complaint",
        broken="""
SELECT c.number FROM complaints_complaint k JOIN cases_case c ON c.id = k.case_id
WHERE c.kind <> 'complaint' OR c.estate_id <> k.estate_id
   OR (k.status = 'closed' AND c.status <> 'closed')
   OR (k.status <> 'closed' AND c.status = 'closed')
""",
    ),
    by_query(
        "complaint.recusal",
        "没有人核实、决定自己被投诉的事",
        looked_at="complaints_complaint WHERE about_person_id IS NOT NULL",
        broken="""
SELECT c.number FROM complaints_complaint k JOIN cases_case c ON c.id = k.case_id
WHERE k.about_person_id IN (k.decided_by_id, k.verified_by_id)
""",
    ),
    by_query(
        "complaint.journal",
        "投诉现在的状态都有日志说明是怎么来的",
        looked_at="complaints_complaint",
        broken="""
SELECT c.number || ' ' || k.status FROM complaints_complaint k JOIN cases_case c ON c.id = k.case_id
WHERE NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || k.case_id AND CASE k.status
        WHEN 'closed' THEN e.kind = 'complaints.complaint.closed'
        WHEN 'replied' THEN e.kind = 'complaints.complaint.replied'
        WHEN 'decided' THEN e.kind IN ('complaints.complaint.decided', 'complaints.complaint.rejected')
        WHEN 'verified' THEN e.kind = 'complaints.complaint.verified'
        ELSE e.kind = 'complaints.complaint.registered'
    END
)
""",
    ),
)
