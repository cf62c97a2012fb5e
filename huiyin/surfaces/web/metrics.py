"""What is counted about requests and read off the database, in the words of Prometheus.

Requests are counted in each server process; where there are several, `huiyin serve` lets them count into shared files,
so that whichever of them is asked answers for all. The rest is read off the database when somebody asks.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from math import inf

from django.utils.timezone import now
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from huiyin.foundation.backups import queries as backups
from huiyin.foundation.jobs import queries as jobs
from huiyin.standards import queries as promises

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
STEPS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_own = CollectorRegistry()
_answered = Counter("huiyin_requests_total", "Requests answered", ["view", "method", "status"], registry=_own)
_took = Histogram("huiyin_request_seconds", "Time to answer", ["view"], buckets=STEPS, registry=_own)
# A label is looked up once: the library takes a lock for it each time.
_counter = lru_cache(maxsize=4096)(lambda *labels: _answered.labels(*labels))
_timer = lru_cache(maxsize=1024)(lambda view: _took.labels(view))


def count(view: str, method: str, status: int, seconds: float) -> None:
    """Count one answer. A method nobody knows is counted as other: its name is the sender's to choose."""
    _counter(view, method if method in METHODS else "other", status).inc()
    _timer(view).observe(seconds)


def written() -> bytes:
    """Return everything, as Prometheus reads it."""
    registry = _own
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # the library's own switch, turned by `huiyin serve`
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    house = CollectorRegistry()
    house.register(Standing(now()))
    return generate_latest(registry) + generate_latest(house)


class Standing(Collector):
    """How the jobs and the promises stand at the moment."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        queue = jobs.standing(self.at)
        unswept = promises.longest_unswept(at=self.at)
        yield _gauge("huiyin_jobs_due", "Jobs that are due and wait for a worker", queue.due)
        yield _gauge("huiyin_jobs_running", "Jobs in the hands of a worker", queue.running)
        yield _gauge("huiyin_jobs_dead", "Jobs that ran out of attempts", queue.failed)
        yield _gauge("huiyin_jobs_lag_seconds", "How long the longest-waiting due job waits", queue.lag.total_seconds())
        yield _gauge(
            "huiyin_sweep_lag_seconds",
            "How long the longest-overdue promise or reminder has been due without being looked at",
            unswept.total_seconds(),
        )
        age = backups.age_of_last_good(self.at)
        yield _gauge(
            "huiyin_backup_age_seconds",
            "How old the last good backup is; infinite when there is none",
            age.total_seconds() if age is not None else inf,
        )


def _gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)
