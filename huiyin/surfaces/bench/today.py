"""The Today page at 200,000 open cases against the same page at 1,000: its time must not follow what exists."""

import time
from typing import Any

from django.db import connection
from django.test import Client
from django.utils.timezone import now

from huiyin.foundation.accounts.models import User
from huiyin.surfaces.bench.multiply import copy_as, multiply, use
from huiyin.surfaces.bench.stage import set_stage, take_matters
from huiyin.surfaces.bench.statistics import p95
from huiyin.surfaces.cli.serve import gather_static

CASES, COPIES, TURNS, PER_TURN = 1_000, 199, 9, 5
ASKED = (
    ("front_desk", "/"),
    ("maintenance_lead", "/"),
    ("cs_supervisor", "/"),
    ("cs_supervisor", "/?whose=all"),
    ("cs_supervisor", "/?show=overdue"),
)


def run() -> dict[str, Any]:
    """Measure every kind of Today on two files, by turns, in one process after a warm-up; p95 over all of them."""
    stage = set_stage(at=now().replace(microsecond=0))
    gather_static()
    list(take_matters(stage, CASES))
    small = str(connection.settings_dict["NAME"])
    large = copy_as("large")
    multiply(day=stage.at.astimezone().date(), copies=COPIES)
    times: dict[str, list[float]] = {small: [], large: []}
    for turn in range(TURNS):
        for file, measured in times.items():
            use(file)
            found = _measure()
            if turn > 0:  # the first turn fills the caches
                measured += found
    ours, baseline = p95(times[large]), p95(times[small])
    return {
        "name": "today",
        "ratio": round(ours / baseline, 3),
        "ours": round(ours * 1000, 2),
        "baseline": round(baseline * 1000, 2),
        "unit": "ms, p95",
        "rows": CASES * (COPIES + 1),
    }


def _measure() -> list[float]:
    clients = {name: _signed_in(name) for name, _ in ASKED}
    times = []
    for turn in range(1 + PER_TURN):
        for name, address in ASKED:
            began = time.perf_counter()
            response = clients[name].get(address, headers={"host": "localhost"})
            took = time.perf_counter() - began
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")
            if turn > 0:
                times.append(took)
    return times


def _signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    connection.ensure_connection()
    return client
