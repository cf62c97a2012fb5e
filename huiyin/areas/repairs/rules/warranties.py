"""Warranties from plain values: until which day, which one covers a repair, and what may be charged for it.

Numbers stand in `warranties.yaml`. The first day is not counted, the last one is (Civil Code, art. 201, 202, 1259).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).parents[1] / "warranties.yaml"
OWN, BUILDER, COMMON, NONE, UNKNOWN = "own", "builder", "common", "none", "unknown"
FREE, PAID = "free", "paid"
# What a check comes to, as people say it; the first three are free at once.
OUTCOMES = (
    (OWN, "在我们自己的保修期内"),
    (BUILDER, "在开发商的保修期内"),
    (COMMON, "公共部位"),
    (NONE, "不在保修期内"),
    (UNKNOWN, "保修期查不到"),
)
FREE_AT_ONCE = (OWN, BUILDER, COMMON)
BEARERS = {OWN: "本公司", BUILDER: "开发商", COMMON: "物业费或维修资金"}


@dataclass(frozen=True)
class Part:
    """A part of the building, and how long its builder answers for it; without a term nobody does."""

    code: str
    title: str
    years: int = 0
    seasons: int = 0
    season: str = ""
    faults: tuple[str, ...] = ()
    source: str = ""

    @property
    def covered(self) -> bool:
        return bool(self.years or self.seasons)


@dataclass(frozen=True)
class Season:
    """A stretch of every year, from one day of the year to another, perhaps over its end."""

    begins: tuple[int, int]
    ends: tuple[int, int]


@dataclass(frozen=True)
class Table:
    parts: dict[str, Part]
    seasons: dict[str, Season]
    days: int
    by_part: dict[str, int]
    by_fault: dict[str, int]


@dataclass(frozen=True)
class Cover:
    """A warranty that may cover a repair. `close`: it is of the unit itself, not of its building."""

    pk: int
    kind: str
    part: str
    fault: str
    from_date: date
    to_date: date
    close: bool = True


@dataclass(frozen=True)
class Found:
    """What a check came to, and the warranty it came from."""

    outcome: str
    cover: Cover | None = None


@lru_cache(maxsize=1)
def table() -> Table:
    """Read the numbers once."""
    with TABLE.open(encoding="utf-8") as file:
        said: dict[str, Any] = yaml.safe_load(file)
    parts = (
        Part(
            code=row["part"],
            title=row["title"],
            years=row.get("years", 0),
            seasons=row.get("seasons", 0),
            season=row.get("season", ""),
            faults=tuple(row.get("faults", ())),
            source=row.get("source", ""),
        )
        for row in said["parts"]
    )
    seasons = {name: Season(_day(one["from"]), _day(one["to"])) for name, one in said["seasons"].items()}
    own = said["own"]
    return Table({part.code: part for part in parts}, seasons, own["days"], own["by_part"], own["by_fault"])


def _day(said: str) -> tuple[int, int]:
    month, day = said.split("-")
    return int(month), int(day)


def part_choices() -> list[tuple[str, str]]:
    return [(part.code, part.title) for part in table().parts.values()]


def part_of_fault(fault: str) -> str:
    """Return the part a fault usually sits in, to be chosen beforehand; nothing when it is unclear."""
    return next((part.code for part in table().parts.values() if fault in part.faults), "")


def years_after(start: date, years: int) -> date:
    """Return the same day so many years on; of a day that year lacks, the last of the month."""
    year = start.year + years
    return date(year, start.month, min(start.day, monthrange(year, start.month)[1]))


def seasons_after(start: date, count: int, season: Season) -> date:
    """Return the last day of the n-th whole season that begins after the day: one under way is not counted."""
    year = start.year if date(start.year, *season.begins) > start else start.year + 1
    last = year + count - 1
    return date(last + (season.ends < season.begins), *season.ends)


def builder_until(part: Part, handed_over: date) -> date | None:
    """Return the last day the builder answers for the part; nothing for a part nobody answers for."""
    if part.years:
        return years_after(handed_over, part.years)
    if part.seasons:
        return seasons_after(handed_over, part.seasons, table().seasons[part.season])
    return None


def own_days(*, fault: str, part: str) -> int:
    """Return for how many days we answer for our own repair: by fault, else by part, else for all."""
    own = table()
    return own.by_fault.get(fault) or own.by_part.get(part) or own.days


def own_until(done: date, *, fault: str, part: str) -> date:
    return done + timedelta(days=own_days(fault=fault, part=part))


def covers(cover: Cover, *, part: str, fault: str, day: date) -> bool:
    """Tell whether the warranty is for this and runs on the day, its last day included."""
    if not cover.from_date <= day <= cover.to_date:
        return False
    if cover.kind == OWN and cover.fault and fault:
        return cover.fault == fault
    return bool(part) and cover.part == part


def judge(
    known: Sequence[Cover], *, common: bool, part: str, fault: str, day: date, handed_over: bool, seen_over: bool
) -> Found:
    """Return what the check comes to.

    Our own repair comes before the builder's warranty, the unit's own before its building's, the longer before the
    shorter. `handed_over`: it is known when the builder's warranty began; `seen_over`: somebody has seen that it is over.
    """
    running = [one for one in known if covers(one, part=part, fault=fault, day=day)]
    own = [one for one in running if one.kind == OWN]
    # What is said of the unit itself replaces what is said of its building.
    close = any(one.close and one.kind == BUILDER and one.part == part for one in known)
    builder = [one for one in running if one.kind == BUILDER and one.close == close]
    for found in (own, builder):
        if found:
            best = max(found, key=lambda one: (one.to_date, one.pk))
            return Found(best.kind, best)
    if common:
        return Found(COMMON)
    answered = handed_over or seen_over or not table().parts[part].covered
    return Found(NONE if answered else UNKNOWN)


def charge_refused(charge: str, *, outcome: str, over: bool, unseen: bool, ended: bool) -> str:
    """Say why this charge cannot be decided; nothing when it can.

    `over`: by right and reason against the warranty. `unseen`: somebody must look first, and nobody has been there.
    """
    if ended:
        return "已经完工或作废,收不收费不能再改"
    if not outcome:
        return "先查清部位和保修,再定收不收费"
    if charge == FREE:
        return ""
    if unseen:
        return "要先上门查勘,到场看过再定有偿"
    if outcome == UNKNOWN:
        return "这户没有交付日期,查不到开发商保修:先登记交付日期,或写明怎么查到已过保,再定有偿"
    if outcome == COMMON:
        return "公共部位的维修不向住户收费"
    if outcome in FREE_AT_ONCE and not over:
        return f"{dict(OUTCOMES)[outcome]},免费;要收费须由有权的人写明原因"
    return ""
