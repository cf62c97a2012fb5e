"""Which status of a return visit follows which."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class VisitStatus(TextChoices):
    DUE = "due", "待回访"
    DONE = "done", "已回访"
    FAILED = "failed", "回访不合格"
    EXEMPT = "exempt", "免回访"


PASS = Move("pass", "回访合格", (VisitStatus.DUE,), VisitStatus.DONE, "return_visits.visit")
FAIL = Move("fail", "回访不合格", (VisitStatus.DUE,), VisitStatus.FAILED, "return_visits.visit", needs_note=True)
EXCUSE = Move("excuse", "免回访", (VisitStatus.DUE,), VisitStatus.EXEMPT, "return_visits.excuse", needs_note=True)
MOVES = (PASS, FAIL, EXCUSE)
