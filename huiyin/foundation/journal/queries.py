"""Reading the record."""

from collections.abc import Iterable

from django.db.models import QuerySet

from huiyin.foundation.journal.models import Entry


def timeline(threads: Iterable[str]) -> QuerySet[Entry]:
    """Return what happened in these threads, newest first, with who did it."""
    return Entry.objects.filter(thread__in=list(threads)).select_related("actor").order_by("-id")


def last_of(thread: str) -> Entry | None:
    return Entry.objects.filter(thread=thread).select_related("actor").order_by("-id").first()
