"""Noting what a change behind the operations' back was: somebody with the right says it once, for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Behind, Explanation
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command, take_turn

EXPLAINED: Final = "journal.behind.explained"
LONGEST: Final = 2_000


class NotExplained(Refused):
    """Nothing is chosen, nothing is said, or it was explained before."""


@command
def explain(changes: Sequence[int], *, note: str, estate_id: int, actor: User, at: datetime) -> int:
    """Record what these changes were, who says so and when; return how many. The words stay as they are.

    Each is also a line of the journal of the estate in which it is said. Refused without words, and when nothing is
    left to explain.
    """
    said = note.strip()
    if not said:
        raise NotExplained("请写明这是什么改动、为什么这样改")
    if len(said) > LONGEST:
        raise NotExplained(f"说明最多 {LONGEST} 字,现在有 {len(said)} 字")
    take_turn("journal.explaining")
    waiting = list(Behind.objects.filter(pk__in=changes, explanation=None).order_by("pk"))
    if not waiting:
        raise NotExplained("没有选中还没说明的改动,请先勾选;也可能刚由别人说明过了")
    Explanation.objects.bulk_create(Explanation(change=one, note=said, by=actor, at=at) for one in waiting)
    for one in waiting:
        journal.record(
            EXPLAINED,
            subject=("journal.behind", one.pk),
            estate_id=estate_id,
            actor=actor,
            at=at,
            note=said,
            values={"table": one.table_name, "key": one.key, "operation": one.operation},
        )
    return len(waiting)
