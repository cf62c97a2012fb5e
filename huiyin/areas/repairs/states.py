"""Which status of a work order follows which."""

from django.db.models import TextChoices

from huiyin.foundation.states.moves import Move


class OrderStatus(TextChoices):
    NEW = "new", "待派单"
    ASSIGNED = "assigned", "已派单"
    ACCEPTED = "accepted", "已接单"
    WORKING = "working", "维修中"
    ON_HOLD = "on_hold", "挂起"
    FINISHED = "finished", "待验收"
    CLOSED = "closed", "已验收"
    VOIDED = "voided", "作废"


RUNNING = (
    OrderStatus.NEW,
    OrderStatus.ASSIGNED,
    OrderStatus.ACCEPTED,
    OrderStatus.WORKING,
    OrderStatus.ON_HOLD,
    OrderStatus.FINISHED,
)
# In somebody's hands, or waiting for the household to accept what he did.
HELD = tuple(status for status in RUNNING if status != OrderStatus.NEW)
_HELD_BY_TECHNICIAN = (OrderStatus.ASSIGNED, OrderStatus.ACCEPTED, OrderStatus.WORKING)

DISPATCH = Move("dispatch", "派单", (OrderStatus.NEW,), OrderStatus.ASSIGNED, "repairs.dispatch")
REASSIGN = Move("reassign", "改派", _HELD_BY_TECHNICIAN, OrderStatus.ASSIGNED, "repairs.dispatch", needs_note=True)
GRAB = Move("grab", "抢单", (OrderStatus.NEW,), OrderStatus.ACCEPTED, "repairs.work")
TRANSFER = Move("transfer", "转单", _HELD_BY_TECHNICIAN, OrderStatus.ACCEPTED, "repairs.work")
ACCEPT = Move("accept", "接单", (OrderStatus.ASSIGNED,), OrderStatus.ACCEPTED, "repairs.work")
RETURN = Move(
    "return",
    "退单",
    (OrderStatus.ASSIGNED, OrderStatus.ACCEPTED),
    OrderStatus.NEW,
    "repairs.work",
    needs_note=True,
)
TAKE_BACK = Move(
    "take_back",
    "收回",
    (OrderStatus.ASSIGNED, OrderStatus.ACCEPTED, OrderStatus.WORKING, OrderStatus.ON_HOLD),
    OrderStatus.NEW,
    "repairs.dispatch",
    needs_note=True,
)
ARRIVE = Move("arrive", "到达", (OrderStatus.ACCEPTED,), OrderStatus.WORKING, "repairs.work")
HOLD = Move(
    "hold",
    "挂起",
    (OrderStatus.ACCEPTED, OrderStatus.WORKING),
    OrderStatus.ON_HOLD,
    "repairs.work",
    needs_note=True,
)
RESUME = Move("resume", "恢复", (OrderStatus.ON_HOLD,), OrderStatus.ACCEPTED, "repairs.work")
FINISH = Move("finish", "完工", (OrderStatus.WORKING,), OrderStatus.FINISHED, "repairs.work", needs_note=True)
REWORK = Move("rework", "验收不通过", (OrderStatus.FINISHED,), OrderStatus.WORKING, "repairs.work", needs_note=True)
SIGN_OFF = Move("sign_off", "验收", (OrderStatus.FINISHED,), OrderStatus.CLOSED, "repairs.work")
VOID = Move("void", "作废", RUNNING, OrderStatus.VOIDED, "repairs.dispatch", needs_note=True)
MOVES = (
    DISPATCH,
    REASSIGN,
    GRAB,
    TRANSFER,
    ACCEPT,
    RETURN,
    TAKE_BACK,
    ARRIVE,
    HOLD,
    RESUME,
    FINISH,
    REWORK,
    SIGN_OFF,
    VOID,
)


class IncidentStatus(TextChoices):
    OPEN = "open", "进行中"
    OVER = "over", "已结束"


END_INCIDENT = Move("end", "结束", (IncidentStatus.OPEN,), IncidentStatus.OVER, "repairs.incident", needs_note=True)
INCIDENT_MOVES = (END_INCIDENT,)


class ContactChangeStatus(TextChoices):
    SAME = "same", "核对无误"
    PROPOSED = "proposed", "待核"
    ACCEPTED = "accepted", "已更新"
    REFUSED = "refused", "没有更新"


ACCEPT_CONTACT = Move(
    "accept", "更新住户资料", (ContactChangeStatus.PROPOSED,), ContactChangeStatus.ACCEPTED, "estate.edit"
)
REFUSE_CONTACT = Move(
    "refuse", "不更新", (ContactChangeStatus.PROPOSED,), ContactChangeStatus.REFUSED, "estate.edit", needs_note=True
)
CONTACT_MOVES = (ACCEPT_CONTACT, REFUSE_CONTACT)
