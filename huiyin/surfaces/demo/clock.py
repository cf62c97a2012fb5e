"""The simulated clock: what is going to happen stands in a heap and happens in order, a day at a time."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from tqdm import tqdm

from huiyin.foundation.refusals import Refused
from huiyin.surfaces.demo.estate import Place

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE_OPENS, OFFICE_CLOSES = time(8), time(18)
Act = Callable[..., None]


class Life:
    """What happens in the place from `since` to `until`. Nothing later than `until` ever happens."""

    def __init__(self, place: Place, *, rng: random.Random, since: datetime, until: datetime) -> None:
        self.place = place
        self.rng = rng
        self.since = since
        self.until = until
        self.refused: Counter[str] = Counter()
        self.let_be: set[int] = set()  # cases that stay as they are, so that somebody finds something to do
        self.planned_visits: set[int] = set()
        self._coming: list[tuple[datetime, int, Act, tuple[Any, ...]]] = []
        self._turn = 0
        self._nth: dict[str, list[str]] = {}

    def at(self, moment: datetime, act: Act, *about: Any) -> None:
        """Let it happen at that moment."""
        if moment <= self.until:
            self._turn += 1
            heapq.heappush(self._coming, (moment, self._turn, act, about))

    def after(self, moment: datetime, minutes: tuple[float, float], act: Act, *about: Any) -> None:
        """Let it happen some minutes later, day or night."""
        self.at(moment + self.minutes(*minutes), act, *about)

    def at_work(self, moment: datetime, minutes: tuple[float, float], act: Act, *about: Any) -> None:
        """Let it happen some minutes later, or when the office opens again."""
        self.at(self.office(moment + self.minutes(*minutes)), act, *about)

    def minutes(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=round(self.rng.uniform(least, most) * 60))

    def nth(self, kind: str, number: str) -> int:
        """Return the how manieth of its kind this is, in every life alike: ids go on counting after a life undone."""
        known = self._nth.setdefault(kind, [])
        if number not in known:
            known.append(number)
        return known.index(number)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def office(self, moment: datetime) -> datetime:
        """Return the moment, or a moment soon after the office opens next."""
        local = moment.astimezone(SHANGHAI)
        if OFFICE_OPENS <= local.time() < OFFICE_CLOSES:
            return local
        day = local.date() + timedelta(days=local.time() >= OFFICE_CLOSES)
        return datetime.combine(day, OFFICE_OPENS, SHANGHAI) + self.minutes(0, 18)

    def on_day(self, moment: datetime, days: int, hour: float, spread: float = 0) -> datetime:
        """Return an hour of the day some days later."""
        day = moment.astimezone(SHANGHAI).date() + timedelta(days=days)
        return datetime.combine(day, time(), SHANGHAI) + timedelta(hours=hour) + self.minutes(0, spread * 60)

    def live(self, *, show: bool = False) -> None:
        """Let everything happen. One transaction a day, because one a step would wait for the disk each time."""
        days = (self.until.date() - self.since.date()).days + 1
        with tqdm(total=days, unit="天", desc="演示小区", disable=not show, leave=False) as bar:
            while self._coming:
                day = self._coming[0][0].date()
                with transaction.atomic():
                    while self._coming and self._coming[0][0].date() == day:
                        moment, _, act, about = heapq.heappop(self._coming)
                        self._try(act, moment, about)
                bar.update(1)

    def _try(self, act: Act, moment: datetime, about: tuple[Any, ...]) -> None:
        try:
            act(self, moment, *about)
        except Refused as refusal:
            # People in the demonstration bump into each other as real ones do; the house keeps order.
            self.refused[f"{act.__name__}: {refusal.sentence}"] += 1
