"""What must hold of the tokens."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "token.journal",
        "令牌的建立和撤销都在记录里",
        looked_at="tokens_token",
        broken="""
SELECT t.name FROM tokens_token t
WHERE NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.subject_type = 'tokens.token' AND e.subject_id = t.id AND e.kind = 'tokens.token.made'
) OR (t.revoked_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM journal_entry e
    WHERE e.subject_type = 'tokens.token' AND e.subject_id = t.id AND e.kind = 'tokens.token.revoked'
))
""",
    ),
)
