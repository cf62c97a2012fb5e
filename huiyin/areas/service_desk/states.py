"""Which status of a ledger line follows which."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class ContactStatus(TextChoices):
    OPEN = "open", "待处理"
    ANSWERED = "answered", "已答复"
    PROMISED = "promised", "已约定"
    PASSED_ON = "passed_on", "已转事项"


_UNSETTLED = (ContactStatus.OPEN, ContactStatus.PROMISED)

ANSWER = Move("answer", "答复", _UNSETTLED, ContactStatus.ANSWERED, "desk.register", needs_note=True)
PROMISE = Move("promise", "约定时间", (ContactStatus.OPEN,), ContactStatus.PROMISED, "desk.register")
PASS_ON = Move("pass_on", "转为事项", _UNSETTLED, ContactStatus.PASSED_ON, "desk.register")
MOVES = (ANSWER, PROMISE, PASS_ON)
