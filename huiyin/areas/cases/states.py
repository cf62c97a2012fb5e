"""Which status of a case follows which."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class CaseStatus(TextChoices):
    NEW = "new", "待受理"
    WORKING = "working", "处理中"
    ON_HOLD = "on_hold", "挂起"
    CLOSED = "closed", "已办结"
    MERGED = "merged", "已并案"
    VOIDED = "voided", "作废"


OPEN = (CaseStatus.NEW, CaseStatus.WORKING, CaseStatus.ON_HOLD)
SET_ASIDE = (CaseStatus.MERGED, CaseStatus.VOIDED)

TAKE = Move("take", "受理", (CaseStatus.NEW,), CaseStatus.WORKING, "cases.work")
HOLD = Move("hold", "挂起", (CaseStatus.NEW, CaseStatus.WORKING), CaseStatus.ON_HOLD, "cases.work", needs_note=True)
RESUME = Move("resume", "恢复", (CaseStatus.ON_HOLD,), CaseStatus.WORKING, "cases.work")
CLOSE = Move("close", "办结", (CaseStatus.NEW, CaseStatus.WORKING), CaseStatus.CLOSED, "cases.work", needs_note=True)
REOPEN = Move("reopen", "重开", (CaseStatus.CLOSED,), CaseStatus.WORKING, "cases.work", needs_note=True)
MERGE = Move("merge", "并案", OPEN, CaseStatus.MERGED, "cases.merge")
UNMERGE = Move("unmerge", "撤销并案", (CaseStatus.MERGED,), CaseStatus.WORKING, "cases.merge", needs_note=True)
VOID = Move("void", "作废", OPEN, CaseStatus.VOIDED, "cases.void", needs_note=True)
MOVES = (TAKE, HOLD, RESUME, CLOSE, REOPEN, MERGE, UNMERGE, VOID)
