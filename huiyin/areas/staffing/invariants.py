"""What must hold of who answers for what."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "commitment.owed",
        "没了结的承诺都有在岗的人或本小区的岗位欠着",
        looked_at="standards_commitment WHERE ended_at IS NULL",
        broken="""
SELECT c.thread || ' ' || c.does || ' #' || c.id FROM standards_commitment c
LEFT JOIN accounts_user u ON u.id = c.owner_id AND u.is_active
LEFT JOIN staffing_post p ON p.estate_id = c.estate_id AND p.code = c.owner_post
WHERE c.ended_at IS NULL AND u.id IS NULL AND (c.owner_id IS NOT NULL OR p.id IS NULL)
""",
    ),
    by_query(
        "staffing.left",
        "离岗的人不再占着岗位,也不再欠任何承诺",
        looked_at="accounts_user WHERE NOT is_active AND NOT is_system",
        broken="""
SELECT u.username || ': ' || p.title FROM accounts_user u
JOIN staffing_assignment a ON a.user_id = u.id AND a.until_date IS NULL JOIN staffing_post p ON p.id = a.post_id
WHERE NOT u.is_active
UNION ALL
SELECT u.username || ': ' || c.does FROM accounts_user u
JOIN standards_commitment c ON c.owner_id = u.id AND c.ended_at IS NULL
WHERE NOT u.is_active
""",
    ),
    by_query(
        "staffing.ladder",
        "岗位的接替不出小区",
        looked_at="staffing_post WHERE falls_to_id IS NOT NULL",
        broken="""
SELECT p.code FROM staffing_post p JOIN staffing_post f ON f.id = p.falls_to_id WHERE f.estate_id <> p.estate_id
""",
    ),
)
