"""When a repair has come back: the same class of fault in the same home, counted over 30 and 90 days (S0-45, S4-24)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SHORT, LONG = timedelta(days=30), timedelta(days=90)


@dataclass(frozen=True)
class Repeats:
    """How often the same was repaired here before, within each span."""

    short: int = 0
    long: int = 0

    @property
    def again(self) -> bool:
        return self.long > 0

    @property
    def words(self) -> str:
        """Say it in one breath; the shorter span where something lies in it."""
        if self.short:
            more = f",90 天内 {self.long} 次" if self.long > self.short else ""
            return f"同样的毛病 30 天内修过 {self.short} 次{more}"
        return f"同样的毛病 90 天内修过 {self.long} 次" if self.long else ""


def repeats(moments: Iterable[datetime], *, at: datetime) -> Repeats:
    """Count the repairs that ended within the spans before this moment."""
    ended = [one for one in moments if one <= at]
    return Repeats(sum(1 for one in ended if one >= at - SHORT), sum(1 for one in ended if one >= at - LONG))
