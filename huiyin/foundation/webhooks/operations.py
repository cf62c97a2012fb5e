"""Writing about webhooks: endpoints, what they are to be told, and what came of each attempt."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import codes
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.foundation.webhooks import rules, sending
from huiyin.foundation.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint
from huiyin.foundation.webhooks.sending import Outcome

HELD = timedelta(minutes=2)


class WebhookRefused(Refused):
    """The address, or what is asked for, cannot be."""


@command
def open_endpoint(
    name: str,
    *,
    url: str,
    kinds: Collection[str],
    estates: Collection[int],
    inside: bool,
    actor: User,
    at: datetime,
) -> Endpoint:
    """Begin to tell an address of facts. `inside`: addresses of one's own network are allowed.

    Refused without a name or an estate, for an address that is not https, and for a fact nobody announces.
    """
    if not name.strip() or not estates:
        raise WebhookRefused("请写明推送给谁,并至少选一个小区")
    if wrong := sending.problem_with(url, inside=inside):
        raise WebhookRefused(wrong)
    if not set(kinds) <= set(codes()):
        raise WebhookRefused("有的事件不存在,请重新选择")
    endpoint = Endpoint.objects.create(
        name=name.strip(),
        url=url,
        salt=secrets.token_hex(16),
        kinds=sorted(set(kinds)),
        estates=sorted(set(estates)),
        made_at=at,
        made_by=actor,
    )
    _record(endpoint, "opened", actor=actor, at=at)
    return endpoint


@command
def switch(endpoint: Endpoint, *, active: bool, actor: User, at: datetime) -> None:
    """Stop telling the endpoint, or begin again: what happened meanwhile is not told. Refused when it is so already."""
    if not Endpoint.objects.filter(pk=endpoint.pk, active=not active).update(active=active):
        raise WebhookRefused("已经是这样了")
    endpoint.active = active
    _record(endpoint, "resumed" if active else "stopped", actor=actor, at=at)


@command
def tell(endpoint_ids: Sequence[int], *, entry: Entry, at: datetime) -> list[int]:
    """Lay down that these endpoints are to be told of the line; return the tellings."""
    told = [
        rows.insert(rows.new(Delivery, endpoint_id=pk, entry=entry, state=DeliveryState.WAITING.value, next_at=at))
        for pk in endpoint_ids
    ]
    return [one.pk for one in told]


@command
def take_up(delivery_id: int, *, at: datetime) -> Delivery | None:
    """Take up a telling that is due, for a little while; None when it is not, or when somebody else was faster."""
    due = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING, next_at__lte=at, endpoint__active=True)
    delivery = due.select_related("endpoint", "entry").first()
    if delivery is None:
        return None
    mine = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.WAITING)
    if mine.update(attempts=delivery.attempts + 1, next_at=at + HELD) != 1:
        return None
    delivery.attempts += 1
    return delivery


@command
def settle(delivery: Delivery, outcome: Outcome, *, at: datetime) -> datetime | None:
    """Record what came of the attempt; return when to try again, if so."""
    Attempt.objects.create(delivery=delivery, at=at, status=outcome.status, took_ms=outcome.took_ms, said=outcome.said)
    mine = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.WAITING)
    if outcome.arrived:
        mine.update(state=DeliveryState.DELIVERED)
        return None
    wait = rules.wait_after(delivery.attempts)
    if wait is None:
        mine.update(state=DeliveryState.DEAD)
        return None
    mine.update(next_at=at + wait)
    return at + wait


@command
def replay(delivery: Delivery, *, actor: User, at: datetime) -> None:
    """Tell it once more from the beginning, whatever became of it. Refused while it waits, or the endpoint is stopped."""
    if not delivery.endpoint.active:
        raise WebhookRefused("推送已停用,请先启用")
    over = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.WAITING)
    if not over.update(state=DeliveryState.WAITING, attempts=0, next_at=at):
        raise WebhookRefused("这一条还在发送中")
    _record(delivery.endpoint, "replayed", actor=actor, at=at, values={"delivery": delivery.pk})


def forget_delivered(*, before: datetime, limit: int = 1_000) -> int:
    """Delete tellings that arrived and are older than the moment, with their log, a batch at a time."""
    old = Delivery.objects.filter(state=DeliveryState.DELIVERED, next_at__lt=before).order_by("pk")
    found = list(old.values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=found).delete()
    return len(found)


def _record(
    endpoint: Endpoint, what: str, *, actor: User, at: datetime, values: dict[str, object] | None = None
) -> None:
    journal.record(
        f"{Endpoint.journal_name}.{what}",
        subject=(Endpoint.journal_name, endpoint.pk),
        estate_id=endpoint.estates[0],
        actor=actor,
        at=at,
        thread=f"webhook:{endpoint.pk}",
        values={"name": endpoint.name, **(values or {})},
    )
