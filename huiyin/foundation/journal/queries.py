"""Reading the record."""

from collections.abc import Iterable

from django.db.models import QuerySet

from huiyin.foundation.journal.models import Entry
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
