"""How values are written on paper: moments in full, long words breakable."""

import re
from datetime import datetime, timedelta

from django.utils.timezone import get_current_timezone

_LONG_RUN = re.compile(r"[!-~]{24,}")
_BREAK = "\u200b"


def moment(at: datetime | None) -> str:
    """Write a moment as forms do: 2026-11-22 09:19; nothing for none."""
    return f"{at.astimezone(get_current_timezone()):%Y-%m-%d %H:%M}" if at else ""


def day(at: datetime | None) -> str:
    return f"{at.astimezone(get_current_timezone()):%Y-%m-%d}" if at else ""


def short(at: datetime | None) -> str:
    """Write a moment where the year stands in the head of the page: 11-22 09:19."""
    return moment(at)[5:]


def span(start: datetime | None, end: datetime | None) -> str:
    """Write a window: 2026-11-22 14:00–16:00; over midnight both in full. Midnight ends the day before it: 24:00."""
    if start is None or end is None:
        return moment(start or end)
    last = moment(end)
    if last.endswith("00:00"):
        last, end = f"{day(end - timedelta(minutes=1))} 24:00", end - timedelta(minutes=1)
    return f"{moment(start)}–{last[11:] if day(start) == day(end) else last}"


def name(thing: object) -> str:
    """Write somebody or something by name; nothing for none."""
    return str(getattr(thing, "name", None) or thing) if thing else ""


def breakable(text: str) -> str:
    """Let a long run without blanks (an address of the web, a serial) break inside its cell."""
    return _LONG_RUN.sub(lambda run: _BREAK.join(re.findall(".{1,12}", run[0])), text)
