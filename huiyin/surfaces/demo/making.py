"""Make the demonstration: the estate, its months, and a Today with something to do for everybody."""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import now

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.refusals import Refused
from huiyin.foundation.sqlite.statistics import lay_down_statistics
from huiyin.standards import operations as standards
from huiyin.standards.in_force import rule_book
from huiyin.standards.models import Commitment
from huiyin.standards.operations.draws import seeded
from huiyin.surfaces.demo import assets, charges, desk, dispatching, follow, materials, rounds, scenes, upkeep
from huiyin.surfaces.demo.clock import SHANGHAI, Life
from huiyin.surfaces.demo.estate import CODE, NAME, PASSWORD, STAFF, build

STANDARD = "recommended"
DAYS_A_MONTH = 30
MANY, FEW = 1.6, 0.8  # contacts a month and household, in a small estate and in a large one


class AlreadyThere(Refused):
    """The demonstration is in this database already."""


class NotInForce(Refused):
    """The standard of this database begins after the demonstration would."""


@dataclass(frozen=True)
class Made:
    """What the demonstration came to."""

    households: int
    contacts: int
    cases: int
    visits: int
    promises: int


def make(households: int, months: int, seed: int = 1, *, until: datetime | None = None, show: bool = False) -> Made:
    """Make the demonstration estate and let it live some months, until now.

    The same numbers, seed and end give the same estate. Refused when there is one already.
    """
    if Estate.objects.filter(code=CODE).exists():
        raise AlreadyThere(f"已经有小区 {CODE}({NAME})了;要重新演示,请换一个空的数据目录(HUIYIN_HOME)")
    until = (until or now()).astimezone(SHANGHAI).replace(second=0, microsecond=0)
    since = (until - timedelta(days=DAYS_A_MONTH * months)).replace(hour=0, minute=0)
    rng = random.Random(f"{seed}|{households}|{months}")
    with seeded(_seeds(rng)):
        place = build(
            households=households,
            rng=rng,
            at=since - timedelta(days=1),
            until=until,
            actor=system_actor(),
            show=show,
        )
        estate = place.estate
        standards.adopt(estate.pk, STANDARD, since=since, actor=system_actor(), at=since)
        if not rule_book(estate.pk, at=since).rules:
            raise NotInForce("这个数据库里的标准生效得太晚,演不了以前的日子;请换一个空的数据目录(HUIYIN_HOME)再来")
        charges.set_up(place, since)
        dispatching.settle(place, at=since)
        life = Life(place, rng=rng, since=since, until=until)
        _wind_up(life, households)
        life.live(show=show)
        standards.note_misses(at=until, actor=system_actor())
        standards.climb(at=until, actor=system_actor())
    lay_down_statistics()
    if show:
        _tell_refusals(life)
    ours = {"estate": estate}
    return Made(
        households=len(place.homes),
        contacts=Contact.objects.filter(**ours).count(),
        cases=Case.objects.filter(**ours).count(),
        visits=ReturnVisit.objects.filter(estate_id=estate.pk).count(),
        promises=Commitment.objects.filter(estate_id=estate.pk).count(),
    )


def accounts_card() -> str:
    """Return whom one can sign in as, for the screen of whoever has just started it."""
    lines = [f"演示账号(密码都是 {PASSWORD}):"]
    lines += [f"  {username:<9}{name}  {what}" for username, name, _, _, what in STAFF if what]
    return "\n".join(lines)


def _wind_up(life: Life, households: int) -> None:
    """Set going what repeats itself."""
    a_day = households * (FEW + (MANY - FEW) * min(1.0, 120 / households)) / DAYS_A_MONTH
    desk.day_begins(life, life.since, a_day)
    life.at(life.on_day(life.since, 0, 6.25), rounds.sweep)
    life.at(life.on_day(life.since, 0, 2), rounds.top_up)
    life.at(life.on_day(life.since, 0, 7.5), rounds.open_duties)
    life.at(life.on_day(life.since, 0, 8.7), rounds.plan_visits)
    life.at(life.on_day(life.since, 0, 8.4), rounds.look_after_orders)
    life.at(life.on_day(life.since, 0, 15.2), rounds.tell_progress)
    life.at(life.on_day(life.since, 0, 11.5), rounds.join_twins)
    life.at(life.since + (life.until - life.since) * 0.6 + timedelta(hours=10), rounds.one_leaves, "weixiu4")
    materials.set_up(life)
    assets.set_up(life)
    scenes.set_up(life)
    upkeep.set_up(life)
    follow.begin(life)


def _seeds(rng: random.Random) -> Callable[[], str]:
    apart = random.Random(rng.random())
    return lambda: f"{apart.getrandbits(64):016x}"


def _tell_refusals(life: Life) -> None:
    for sentence, times in life.refused.most_common():
        print(f"  {times} 次 {sentence}", file=sys.stderr)
