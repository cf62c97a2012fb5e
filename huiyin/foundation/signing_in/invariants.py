"""What must hold of links."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "signing_in.links",
        "停用的账号没有还能用的链接",
        looked_at="signing_in_link WHERE used_at IS NULL AND revoked_at IS NULL",
        broken="""
SELECT u.username FROM signing_in_link l JOIN accounts_user u ON u.id = l.user_id
WHERE NOT u.is_active AND l.used_at IS NULL AND l.revoked_at IS NULL
""",
    ),
)
