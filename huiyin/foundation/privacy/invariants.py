"""What must hold of encrypted fields."""

from huiyin.foundation.invariants import Invariant
from huiyin.foundation.privacy import rotating

INVARIANTS = (
    Invariant(
        "privacy.readable",
        "加密的内容都读得出,密钥都在",
        looked_at=lambda at: sum(rotating.count_by_mark().values()),
        broken=lambda at: rotating.unreadable(),
    ),
)
