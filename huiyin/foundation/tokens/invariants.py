"""What must hold of the tokens."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "tokens.lent",
        "令牌只留摘要,最长一年",
        looked_at="tokens_token",
        broken="SELECT name FROM tokens_token WHERE length(digest) <> 64 OR expires_at <= made_at",
    ),
)
