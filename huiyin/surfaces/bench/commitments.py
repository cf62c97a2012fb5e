"""Opening promises with their spans and steps, pausing and resuming them, against bare inserts of the same rows."""

import time
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils.timezone import now

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.guards import installing
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.transactions import command
from huiyin.standards import operations as standards
from huiyin.surfaces.bench.rows import insert, marks, remove, since
from huiyin.surfaces.bench.stage import Stage, set_stage

ROUNDS, PER_ROUND, WARM_UP = 10, 25, 20
EACH = 5  # promises one act opens
TABLES = ("journal_entry", "journal_link", "standards_commitment", "standards_pause", "standards_step")
LADDER = ("2 h before due", "subject"), ("due", "post.cs_supervisor"), ("24 h after due", "post.centre_director")


def run() -> dict[str, Any]:
    """Measure both in alternating rounds on one file; each act is one durable transaction, like the bare one.

    An act opens five promises, each with its ladder of three, and stands still once; its spans are records.
    """
    stage = set_stage(at=now().replace(microsecond=0))
    live_by_ladders(stage)
    numbers = count(1)
    for _ in range(WARM_UP):
        _act(stage, next(numbers))
    ours = bare = 0.0
    rows = 0
    for _ in range(ROUNDS):
        taken = []
        for _ in range(PER_ROUND):
            before = marks(TABLES)
            began = time.perf_counter()
            _act(stage, next(numbers))
            ours += time.perf_counter() - began
            taken.append(since(before))
        with installing.set_aside():
            for act in reversed(taken):
                remove(act)
            for act in taken:
                rows += sum(map(len, act.values()))
                began = time.perf_counter()
                insert(act)
                bare += time.perf_counter() - began
    done = ROUNDS * PER_ROUND * EACH
    return {
        "name": "commitments",
        "ratio": round(bare / ours, 3),
        "ours": round(done / ours, 1),
        "baseline": round(done / bare, 1),
        "unit": "promises/s",
        "rows": rows,
    }


def live_by_ladders(stage: Stage) -> None:
    """Let the stage's estate live by a small standard: five promises an act, all of which climb a ladder of three."""
    from huiyin.standards.models import Adoption, Rule, Standard, StandardVersion  # app ready

    begun = stage.at - timedelta(days=300)
    standard = Standard.objects.create(code="bench", title="测量标准")
    version = StandardVersion.objects.create(standard=standard, number=1, effective_from=begun, digest="bench")
    shared: dict[str, Any] = {"clauses": [], "says": "测量", "does": "办完"}
    specs = [
        shared
        | {
            "code": f"bench.{n}",
            "kind": "deadline",
            "opens": "service_desk.contact.registered",
            "keeps": [f"bench.act.kept{n}"],
            "within": within,
        }
        for n, within in enumerate(("30 min", "4 h", "24 h", "3 working d", "8 working h"))
    ]
    steps = [{"at": at, "who": who} for at, who in LADDER]
    specs.append(
        {
            "code": "bench.climb",
            "kind": "escalation",
            "clauses": [],
            "says": "逐级提醒",
            "of": ["bench.*"],
            "steps": steps,
        }
    )
    Rule.objects.bulk_create(
        Rule(version=version, code=spec["code"], kind=spec["kind"], says=spec["says"], spec=spec) for spec in specs
    )
    Adoption.objects.create(estate_id=stage.estate.pk, standard=standard, since=begun)


@command
def _act(stage: Stage, number: int) -> None:
    from huiyin.areas.service_desk.events import ContactRegistered  # app ready

    at: datetime = stage.at + timedelta(seconds=number)
    thread = f"bench:{number}"
    fact = ContactRegistered(
        subject_id=number,
        estate_id=stage.estate.pk,
        thread=thread,
        responsible_post="front_desk",
        channel="call",
        contact_id=number,
    )
    journal.announce(fact, actor=system_actor(), at=at)
    standards.pause(thread, reason="等客户回话", wakes_at=at + timedelta(hours=1), at=at + timedelta(minutes=5))
    standards.resume(thread, at=at + timedelta(minutes=20))
