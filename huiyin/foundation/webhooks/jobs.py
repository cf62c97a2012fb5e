"""Telling endpoints after the transaction: each telling is a job, which lays down its own next attempt."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.webhooks import operations, queries, rules, sending
from huiyin.foundation.webhooks.models import Delivery

KEPT = timedelta(days=30)
LATE = timedelta(minutes=5)


@task
def deliver(delivery_id: int) -> str:
    """Make one attempt. May run twice: whoever is told twice knows it by the number of the telling."""
    delivery = operations.take_up(delivery_id, at=now())
    if delivery is None:
        return "not due"
    outcome = _post(delivery)
    again = operations.settle(delivery, outcome, at=now())
    if again is not None:
        deliver.using(run_after=again).enqueue(delivery_id=delivery_id)
    return str(outcome.status)


def _post(delivery: Delivery) -> sending.Outcome:
    at, endpoint = now(), delivery.endpoint
    body = rules.payload(delivery.pk, entry=delivery.entry, attempt=delivery.attempts)
    secret = rules.secret_of(endpoint.salt, key=settings.SECRET_KEY)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Huiyin-Webhooks/1",
        "Huiyin-Signature": rules.signature(body, secret=secret, at=at),
        "Huiyin-Delivery": str(delivery.pk),
        "X-Request-Id": uuid4().hex[:16],
    }
    return sending.post(endpoint.url, body, headers, inside=settings.WEBHOOKS_INSIDE)


@task
def pick_up_lost_deliveries() -> int:
    """Enqueue again what should have been told long ago; return how many."""
    lost = queries.overdue(before=now() - LATE)
    for delivery_id in lost:
        deliver.enqueue(delivery_id=delivery_id)
    return len(lost)


@task
def forget_old_deliveries() -> int:
    """Delete what arrived longer ago than KEPT, batch by batch."""
    before, deleted = now() - KEPT, 0
    while batch := operations.forget_delivered(before=before):
        deleted += batch
    return deleted
