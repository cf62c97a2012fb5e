"""Which status of a complaint follows which (GB/T 19012: receipt, verification, decision, reply, closure)."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class ComplaintStatus(TextChoices):
    REGISTERED = "registered", "待核实"
    VERIFIED = "verified", "待决定"
    DECIDED = "decided", "处理中"
    REPLIED = "replied", "已答复"
    CLOSED = "closed", "已办结"


RUNNING = (
    ComplaintStatus.REGISTERED,
    ComplaintStatus.VERIFIED,
    ComplaintStatus.DECIDED,
    ComplaintStatus.REPLIED,
)

VERIFY = Move(
    "verify", "核实", (ComplaintStatus.REGISTERED,), ComplaintStatus.VERIFIED, "complaints.verify", needs_note=True
)
DECIDE = Move("decide", "决定", (ComplaintStatus.VERIFIED,), ComplaintStatus.DECIDED, "complaints.decide")
REPLY = Move(
    "reply",
    "答复",
    (ComplaintStatus.DECIDED,),
    ComplaintStatus.REPLIED,
    "complaints.reply",
    needs_note=True,
)
REJECT = Move(
    "reject", "客户不满意", (ComplaintStatus.REPLIED,), ComplaintStatus.DECIDED, "complaints.reply", needs_note=True
)
CLOSE = Move("close", "办结", (ComplaintStatus.REPLIED,), ComplaintStatus.CLOSED, "complaints.close")
REOPEN = Move(
    "reopen", "重开", (ComplaintStatus.CLOSED,), ComplaintStatus.REGISTERED, "complaints.verify", needs_note=True
)
MOVES = (VERIFY, DECIDE, REPLY, REJECT, CLOSE, REOPEN)
