"""Reading webhooks: who is to be told of a fact, and how the tellings went."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import QuerySet

from huiyin.foundation import rows
from huiyin.foundation.transactions import once_a_command
from huiyin.foundation.webhooks.models import Delivery, DeliveryState, Endpoint

_ACTIVE = "SELECT id, kinds, estates FROM webhooks_endpoint WHERE active"


@dataclass(frozen=True)
class Listener:
    """Who is told of what, where."""

    id: int
    kinds: frozenset[str]
    estates: frozenset[int]

    def hears(self, code: str, estate_id: int) -> bool:
        return estate_id in self.estates and (not self.kinds or code in self.kinds)


def listeners() -> list[Listener]:
    """Return who is told of anything: one small read in a command, whatever it announces."""
    return once_a_command("webhooks.listeners", _read)


def _read() -> list[Listener]:
    return [
        Listener(pk, frozenset(_list(kinds)), frozenset(_list(estates)))
        for pk, kinds, estates in rows.read(_ACTIVE, [])
    ]


def _list(kept: Any) -> list[Any]:
    return orjson.loads(kept) if isinstance(kept, str) else kept  # type: ignore[no-any-return]  # JSON has no type


def endpoints_in(estates: Collection[int]) -> list[Endpoint]:
    """Return the endpoints that are told of any of these estates, the newest first."""
    every = Endpoint.objects.select_related("made_by").order_by("-id")
    return [one for one in every if not set(estates).isdisjoint(one.estates)]


def endpoint_by_id(endpoint_id: int, estates: Collection[int]) -> Endpoint | None:
    """Return the endpoint if it is told of one of these estates."""
    found = Endpoint.objects.filter(pk=endpoint_id).select_related("made_by").first()
    return found if found and not set(estates).isdisjoint(found.estates) else None


def deliveries_of(endpoint: Endpoint) -> QuerySet[Delivery]:
    """Return what the endpoint was told, the newest first, each with its attempts."""
    return endpoint.deliveries.select_related("entry").prefetch_related("log").order_by("-id")


def delivery_of(endpoint: Endpoint, delivery_id: int) -> Delivery | None:
    return endpoint.deliveries.select_related("endpoint").filter(pk=delivery_id).first()


def overdue(*, before: datetime, limit: int = 500) -> list[int]:
    """Return the tellings that should have been taken up before the moment: their job was lost."""
    late = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lt=before, endpoint__active=True)
    return list(late.order_by("next_at").values_list("pk", flat=True)[:limit])
