"""How archives are called, which are kept, and when the last good one is too old. Values in, answer out."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from huiyin.foundation.refusals import Refused

TOO_OLD = timedelta(hours=26)
PLAIN, SEALED = ".tar", ".tar.sealed"
DAYS, WEEKS, MONTHS = 7, 5, 12
_NAME = re.compile(r"huiyin-(\d{8}-\d{6})\.tar(\.sealed)?")
_STAMP = "%Y%m%d-%H%M%S"


class BackupRefused(Refused):
    """The backup cannot be made, read or put back; the sentence says why."""


def name_of(at: datetime, *, sealed: bool) -> str:
    """Return what the archive made at this local time is called."""
    return f"huiyin-{at.strftime(_STAMP)}{SEALED if sealed else PLAIN}"


def to_thin(names: Iterable[str]) -> list[str]:
    """Return the archives to delete: all but the newest of each of the last 7 days, 5 weeks and 12 months.

    Days, weeks and months without an archive do not count, so that an installation left alone for a year keeps what
    it has. What is not called like an archive is never returned.
    """
    made = {name: datetime.strptime(found[1], _STAMP) for name in names if (found := _NAME.fullmatch(name))}
    newest_first = sorted(made, key=lambda name: made[name], reverse=True)
    kept = set(newest_first[:1])
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (DAYS, lambda at: at.date()),
        (WEEKS, lambda at: at.isocalendar()[:2]),
        (MONTHS, lambda at: (at.year, at.month)),
    )
    for count, period in periods:
        first_of: dict[object, str] = {}
        for name in newest_first:
            first_of.setdefault(period(made[name]), name)
        kept.update(list(first_of.values())[:count])
    return [name for name in newest_first if name not in kept]
