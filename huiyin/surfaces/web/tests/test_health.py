"""What machines are told: alive, ready or why not, the figures; and to whom."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils.timezone import now

from huiyin.areas.estate.models import Estate
from huiyin.foundation.backups.models import Backup
from huiyin.foundation.jobs import operations as jobs
from huiyin.foundation.jobs.tests.sample_tasks import add, fragile
from huiyin.foundation.jobs.worker import run_due_jobs
from huiyin.standards.models import Commitment, Standard
from huiyin.surfaces.cli.schedule import SCHEDULES
from huiyin.surfaces.web import health
from tests.cast import Cast, tell


@pytest.fixture(autouse=True)
def looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_all_applied", False)


@pytest.fixture
def swept(db: None) -> None:
    """A worker has just done every schedule."""
    jobs.synchronise(SCHEDULES, at=now() - timedelta(days=2))
    jobs.start_due_schedules(at=now())
    run_due_jobs()


def missing(answer: object) -> dict[str, str]:
    assert answer.status_code == 503
    return dict(answer.json()["missing"])


def test_alive_is_said_without_the_database_and_by_any_name(client: Client) -> None:
    answer = client.get("/healthz", headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


def test_ready_when_a_worker_has_just_swept(swept: None, client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_not_ready_when_no_worker_was_heard_from(db: None, client: Client) -> None:
    assert missing(client.get("/readyz")) == {"worker": "no sweep was done for 5 minutes: is a worker running?"}


def test_not_ready_when_the_disk_is_nearly_full(swept: None, client: Client, settings: object) -> None:
    settings.DISK_FLOOR_MB = 10**9
    assert list(missing(client.get("/readyz"))) == ["disk"]


def test_not_ready_before_the_migrations_are_applied(swept: None, client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'return_visits'")
    assert list(missing(client.get("/readyz"))) == ["migrations"]


def test_not_ready_without_the_database(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("password of huiyin at 10.0.0.9 refused")

    with monkeypatch.context() as cut:
        cut.setattr(connection, "cursor", refuse)
        answer = client.get("/readyz")
    assert missing(answer) == {"database": "the database does not answer"}


class TestMetrics:
    def test_it_says_how_requests_jobs_and_promises_stand(
        self, estate: Estate, cast: Cast, standard: Standard, at: datetime, clock: object, client: Client
    ) -> None:
        tell(estate, cast.clerk, at=at - timedelta(days=30))
        earliest = Commitment.objects.filter(state="open").earliest("due_at").due_at
        client.get("/healthz")

        said = figures(client.get("/metrics").content.decode())

        assert said['huiyin_requests_total{method="GET",status="200",view="web:healthz"}'] >= 1
        assert said['huiyin_request_seconds_bucket{le="+Inf",view="web:healthz"}'] >= 1
        assert said["huiyin_sweep_lag_seconds"] == (at - earliest).total_seconds() > 0
        assert {name: said[f"huiyin_jobs_{name}"] for name in ("due", "running", "dead", "lag_seconds")} == {
            "due": 0,
            "running": 0,
            "dead": 0,
            "lag_seconds": 0,
        }

    def test_a_job_without_attempts_left_and_one_that_waits_are_counted(self, db: None, client: Client) -> None:
        replace(fragile, max_attempts=1).enqueue()
        run_due_jobs()
        add.using(run_after=now() - timedelta(hours=1)).enqueue(1, 2)

        said = figures(client.get("/metrics").content.decode())

        assert (said["huiyin_jobs_dead"], said["huiyin_jobs_due"]) == (1, 1)
        assert 3600 <= said["huiyin_jobs_lag_seconds"] < 3700

    def test_the_age_of_the_last_good_backup_is_given_and_infinite_without_one(
        self, at: datetime, clock: object, db: None, client: Client
    ) -> None:
        Backup.objects.create(at=at - timedelta(hours=1), error="磁盘空间不足")
        assert figures(client.get("/metrics").content.decode())["huiyin_backup_age_seconds"] == inf

        Backup.objects.create(at=at - timedelta(hours=3), path="/srv/b/huiyin-1.tar", size=1)

        assert figures(client.get("/metrics").content.decode())["huiyin_backup_age_seconds"] == 3 * 3600

    def test_methods_and_addresses_of_the_sender_s_own_make_no_figures(self, db: None, client: Client) -> None:
        client.generic("BREW", "/no/such/page/13800138000")

        said = client.get("/metrics").content.decode()

        assert 'method="other",status="404",view="none"' in said
        assert "BREW" not in said
        assert "13800138000" not in said

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({}, 200),
            ({"REMOTE_ADDR": "10.0.0.8"}, 403),
            ({"REMOTE_ADDR": "10.0.0.8", "HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
            ({"REMOTE_ADDR": "10.0.0.8", "HTTP_AUTHORIZATION": "Bearer the-token"}, 200),
            ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ],
        ids=["here", "elsewhere", "wrong token", "token", "through a proxy here"],
    )
    def test_only_this_machine_and_the_holder_of_the_token_read_them(
        self, sent: dict[str, str], status: int, db: None, client: Client, settings: object
    ) -> None:
        settings.METRICS_TOKEN = "the-token"
        assert client.get("/metrics", **sent).status_code == status

    def test_no_token_is_not_an_empty_token(self, db: None, client: Client) -> None:
        answer = client.get("/metrics", REMOTE_ADDR="10.0.0.8", headers={"Authorization": "Bearer "})
        assert answer.status_code == 403


def figures(text: str) -> dict[str, float]:
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line[0] != "#"}
