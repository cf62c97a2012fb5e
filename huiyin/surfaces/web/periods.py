"""Days and months as the pages count them: in the zone of the house, half-open.

A promise due at midnight belongs to the day that ends with it ("today" is due at 24:00), so spans of due times are
the same days, moved by the smallest step of the clock.
"""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone

from huiyin.standards.queries import Span

_STEP = timedelta(microseconds=1)
_NAMES = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^(\d{4})-(\d{2})-(\d{2})$", "{1} 月 {2} 日"),
        (r"^(\d{4})-W(\d{2})$", "{0} 年第 {1} 周"),
        (r"^(\d{4})-(\d{2})$", "{0} 年 {1} 月"),
        (r"^(\d{4})-Q(\d)$", "{0} 年第 {1} 季度"),
        (r"^(\d{4})-H1$", "{0} 年上半年"),
        (r"^(\d{4})-H2$", "{0} 年下半年"),
        (r"^(\d{4})$", "{0} 年"),
        (r"^#1$", ""),
        (r"^#(\d+)$", "第 {0} 次"),
    )
]


def due_in(span: Span) -> Span:
    """Return the due times that belong to these days."""
    return span[0] + _STEP, span[1] + _STEP


def day_of(at: datetime) -> Span:
    """Return the local day of the moment."""
    first = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return first, first + timedelta(days=1)


def month_of(at: datetime) -> Span:
    """Return the local month of the moment."""
    first = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, (first + timedelta(days=32)).replace(day=1)


def days(span: Span) -> dict[str, str]:
    """Return the span as the dates of a filter: first and last day."""
    last = timezone.localtime(span[1]) - timedelta(days=1)
    return {"due_from": timezone.localtime(span[0]).date().isoformat(), "due_to": last.date().isoformat()}


def in_words(period: str) -> str:
    """Say a period by its name: 2026-W48 as 2026 年第 48 周, #2 as 第 2 次."""
    for pattern, words in _NAMES:
        if found := pattern.match(period):
            return words.format(*(int(part) for part in found.groups()))
    return period


def span_of(first: date | None, last: date | None, *, otherwise: Span) -> Span:
    """Return the due times from the first to the last day, both included; an open end is taken from `otherwise`."""
    zone = timezone.get_current_timezone()
    start = datetime(first.year, first.month, first.day, tzinfo=zone) + _STEP if first else otherwise[0]
    end = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1) + _STEP if last else otherwise[1]
    return start, end
