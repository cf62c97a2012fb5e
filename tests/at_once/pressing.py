"""Two people press the same button at the same moment, each on a connection of their own to one real database.

Exactly one wins, the other reads a sentence, nothing is lost, and what `huiyin verify` asks still holds.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections

from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.service_desk import operations as desk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from tests.cast import AT, Cast

LATER = AT + timedelta(minutes=5)
WON = ""
Act = Callable[[], object]


@dataclass(frozen=True)
class House:
    estate: Estate
    cast: Cast


def press_together(*acts: Act) -> list[str]:
    """Let each act run in a thread and on a connection of its own; return what each read: nothing, or the refusal.

    Whatever is no refusal is shown as it is, so that it can stand in no expected sentence.
    """
    read = ["never ran"] * len(acts)
    gate = threading.Barrier(len(acts), timeout=60)

    def run(place: int) -> None:
        with closing(connections["default"]):
            try:
                connections["default"].ensure_connection()
                gate.wait()
                acts[place]()
                read[place] = WON
            except Refused as refusal:
                read[place] = refusal.sentence
            except Exception as error:  # noqa: BLE001  (shown, never swallowed)
                read[place] = repr(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return read


def one_wins(*acts: Act) -> tuple[int, str]:
    """Return who won, and what the other one read."""
    read = press_together(*acts)
    assert read.count(WON) == 1, read
    winner = read.index(WON)
    return winner, read[1 - winner]


def too_late(step: str, status: str, winner: User) -> str:
    return f"现在是「{status}」,刚由{winner.name}处理,不能再{step};您填写的内容还在"


def order_of(case: Case) -> WorkOrder:
    return WorkOrder.objects.select_related("case__responsible_post", "technician").get(case=case)


def walk(order: WorkOrder, house: House, *, to: str) -> None:
    """Bring the order to where the two meet it."""
    cast = house.cast
    steps: Sequence[tuple[str, Act]] = (
        ("assigned", lambda: repairs.dispatch(order, technician=cast.technician, actor=cast.lead, at=AT)),
        ("accepted", lambda: repairs.accept(order, actor=cast.technician, at=AT)),
        ("working", lambda: repairs.arrive(order, actor=cast.technician, at=AT)),
        ("finished", lambda: repairs.finish(order, work_done="换了阀芯", actor=cast.technician, at=AT)),
    )
    for status, step in steps:
        step()
        if status == to:
            return


def lines(kind: str) -> int:
    return Entry.objects.filter(kind=kind).count()


def take(house: House, *, key: str = "", text: str = "厨房漏水", **matter: Any) -> Case:
    return desk.take_matter(
        house.estate,
        matter=desk.Matter(**{"kind": "repair", **matter}),
        channel="call",
        text=text,
        caller=Caller("王女士", "13800138000", "3-2-1501"),
        actor=house.cast.clerk,
        at=AT,
        key=key,
    )
