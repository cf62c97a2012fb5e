"""Reading the record."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from huiyin.foundation.journal.models import Behind, Entry, Head, Seal
from huiyin.foundation.rows import Prepared


def timeline(threads: Iterable[str]) -> QuerySet[Entry]:
    """Return what happened in these threads, newest first, with who did it."""
    return Entry.objects.filter(thread__in=list(threads)).select_related("actor").order_by("-id")


_LATEST = Prepared(lambda thread: timeline([thread])[:101])


def latest_of(thread: str) -> list[Entry]:
    """Return the last hundred and one things that happened in the thread, newest first: one more than a page shows."""
    return _LATEST.all(thread)


def last_of(thread: str) -> Entry | None:
    return Entry.objects.filter(thread=thread).select_related("actor").order_by("-id").first()


def seals(*, since: date | None = None) -> QuerySet[Seal]:
    """Return the seals of every estate, in the order they follow from each other."""
    found = Seal.objects.order_by("estate_id", "day")
    return found.filter(day__gte=since) if since else found


def seals_of(estate_id: int) -> QuerySet[Seal]:
    return Seal.objects.filter(estate_id=estate_id)


def head_of(estate_id: int) -> Head | None:
    """Return where the chain of the estate stands; None before its first line."""
    return Head.objects.filter(pk=estate_id).first()


def behind(*, explained: bool | None = None) -> QuerySet[Behind]:
    """Return what was changed behind the operations, with what was said of it; only what is (not) explained if asked."""
    found = Behind.objects.select_related("explanation__by")
    return found if explained is None else found.filter(explanation__isnull=not explained)
