"""What must hold of the accounts."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "accounts.closed",
        "停用的账号不再有任何权限",
        looked_at="accounts_user WHERE NOT is_active AND NOT is_system",
        broken="""
SELECT u.username FROM accounts_user u JOIN accounts_grant g ON g.user_id = u.id
WHERE NOT u.is_active AND g.until IS NULL
""",
    ),
    by_query(
        "accounts.signed_out",
        "停用的账号在哪里都没有登录着",
        looked_at="accounts_user WHERE NOT is_active AND NOT is_system",
        broken="""
SELECT u.username FROM accounts_user u JOIN accounts_session s ON s.user_id = u.id WHERE NOT u.is_active
""",
    ),
)
