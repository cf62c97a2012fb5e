"""Reading what waits and who was told of it: for the board, and for the rules that give out orders."""

from collections.abc import Iterable

from huiyin.areas.repairs import states
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries.orders import RELATED, haste
from huiyin.areas.staffing.words import POSTS
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Step, StepState


def climbed(orders: Iterable[WorkOrder]) -> dict[int, str]:
    """Return who was told last of what is still owed on these orders: the name, or the title of the post."""
    ids = [order.pk for order in orders]
    taken = Step.objects.filter(
        state=StepState.TAKEN,
        commitment__subject_type=WorkOrder.journal_name,
        commitment__subject_id__in=ids,
        commitment__ended_at=None,
    ).order_by("taken_at", "id")
    return {
        subject: name or POSTS.get(post, post)
        for subject, name, post in taken.values_list("commitment__subject_id", "told__name", "told_post")
    }


def waits_of(orders: Iterable[WorkOrder]) -> dict[int, Entry]:
    """Return of those of the orders that are on hold why, as the newest journal line of each tells."""
    known = {order.pk: order for order in orders}
    told = Entry.objects.filter(
        thread__in=[order.thread for order in known.values()],
        subject_id__in=list(known),
        kind=f"{WorkOrder.journal_name}.held",
    )
    held = {pk for pk, order in known.items() if order.status == states.OrderStatus.ON_HOLD}
    return {entry.subject_id: entry for entry in told.order_by("id") if entry.subject_id in held}


def waiting_orders(estate_id: int) -> list[WorkOrder]:
    """Return the orders of the estate that wait for dispatch in matters that run, the most urgent first."""
    waiting = WorkOrder.objects.filter(estate_id=estate_id, status=states.OrderStatus.NEW)
    running = waiting.filter(case__status__in=("new", "working")).select_related(*RELATED)
    return list(running.annotate(haste=haste()).order_by("haste", "id"))


def order_by_id(order_id: int) -> WorkOrder | None:
    """Return the order for a rule that acts on it."""
    return WorkOrder.objects.select_related(*RELATED).filter(pk=order_id).first()
