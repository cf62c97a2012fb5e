"""Which status of a draft follows which. What is proposed does not change any more: another person publishes it."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class DraftState(TextChoices):
    DRAFTING = "drafting", "起草中"
    PROPOSED = "proposed", "待第二人发布"
    PUBLISHED = "published", "已发布"
    DROPPED = "dropped", "已放弃"


PROPOSE = Move("propose", "提请发布", (DraftState.DRAFTING,), DraftState.PROPOSED, "standards.draft")
RETURN = Move("return", "退回起草", (DraftState.PROPOSED,), DraftState.DRAFTING, "standards.draft", needs_note=True)
PUBLISH = Move("publish", "发布", (DraftState.PROPOSED,), DraftState.PUBLISHED, "standards.publish")
DROP = Move(
    "drop", "放弃", (DraftState.DRAFTING, DraftState.PROPOSED), DraftState.DROPPED, "standards.draft", needs_note=True
)
MOVES = (PROPOSE, RETURN, PUBLISH, DROP)
