"""A fact is laid down with what caused it, told after it, told again when it did not arrive, and never twice as new."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.foundation.accounts.models import User
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.transactions import command
from huiyin.foundation.webhooks import jobs, operations, queries, rules, sending
from huiyin.foundation.webhooks.models import Attempt, Delivery, Endpoint
from huiyin.foundation.webhooks.tests.receiver import Receiver, receiving

NAME, PHONE = "王丽", "13800138000"
pytestmark = pytest.mark.usefixtures("leased_rows")


@dataclass(frozen=True, kw_only=True)
class BellRung(Fact):
    code: ClassVar[str] = "sample.bell.rung"
    subject_type: ClassVar[str] = "sample.bell"
    who: str = ""


@pytest.fixture
def actor(db: None) -> User:
    return User.objects.create(username="ringer", name="周敏")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def endpoint(actor: User, receiver: Receiver, at: datetime, settings: object) -> Endpoint:
    settings.WEBHOOKS_INSIDE = True
    return operations.open_endpoint(
        "热线", url=receiver.url, kinds=["sample.bell.rung"], estates=[7], inside=True, actor=actor, at=at
    )


@command
def ring(actor: User, at: datetime, *, estate_id: int = 7, fail: bool = False) -> Entry:
    fact = BellRung(subject_id=3, estate_id=estate_id, thread="case:9", who=NAME)
    entry = journal.announce(fact, actor=actor, at=at, note=f"{NAME} {PHONE}")
    if fail:
        raise ZeroDivisionError
    return entry


def tell(delivery: Delivery) -> Delivery:
    jobs.deliver.func(delivery_id=delivery.pk)
    return Delivery.objects.get(pk=delivery.pk)


def test_what_is_told_is_signed_and_holds_ids_and_codes_only(
    endpoint: Endpoint, receiver: Receiver, actor: User, at: datetime, settings: object, clock: object
) -> None:
    entry = ring(actor, at)
    delivery = tell(Delivery.objects.get())
    ((headers, body),) = receiver.got
    secret = rules.secret_of(endpoint.salt, key=settings.SECRET_KEY)
    assert delivery.state == "delivered"
    assert headers["Huiyin-Signature"] == rules.signature(body, secret=secret, at=at)
    assert json.loads(body) == {
        "id": delivery.pk,
        "attempt": 1,
        "kind": "sample.bell.rung",
        "at": "2026-11-25T02:00:00+00:00",
        "estate_id": 7,
        "entry": entry.pk,
        "subject": {"type": "sample.bell", "id": 3},
        "thread": "case:9",
    }
    assert NAME not in body.decode() and PHONE not in body.decode()


def test_it_is_laid_down_with_the_fact_or_not_at_all(endpoint: Endpoint, actor: User, at: datetime) -> None:
    with pytest.raises(ZeroDivisionError):
        ring(actor, at, fail=True)
    assert Delivery.objects.count() == Job.objects.count() == 0
    ring(actor, at)
    assert (Delivery.objects.count(), Job.objects.get().kwargs) == (1, {"delivery_id": Delivery.objects.get().pk})


def test_only_the_named_facts_of_the_named_estates_are_told(endpoint: Endpoint, actor: User, at: datetime) -> None:
    ring(actor, at, estate_id=8)
    Endpoint.objects.update(kinds=["cases.case.closed"])
    ring(actor, at)
    assert not Delivery.objects.exists()
    Endpoint.objects.update(kinds=[])
    ring(actor, at)
    assert Delivery.objects.count() == 1


def test_a_failed_attempt_is_made_again_later(
    endpoint: Endpoint, receiver: Receiver, actor: User, at: datetime, clock: object
) -> None:
    receiver.answers = [503, 200]
    ring(actor, at)
    delivery = tell(Delivery.objects.get())
    assert (delivery.state, delivery.next_at) == ("waiting", at + timedelta(seconds=10))
    assert Job.objects.order_by("-pk")[0].run_after == at + timedelta(seconds=10)
    assert tell(delivery).attempts == 1, "not before its time"
    clock.move(seconds=10)
    assert tell(delivery).state == "delivered"
    assert list(Attempt.objects.order_by("pk").values_list("status", "said")) == [
        (503, "thank you"),
        (200, "thank you"),
    ]
    assert [json.loads(body)["id"] for _, body in receiver.got] == [delivery.pk] * 2


def test_after_the_last_attempt_it_rests_and_can_be_replayed(
    endpoint: Endpoint, receiver: Receiver, actor: User, at: datetime, clock: object
) -> None:
    receiver.answers = [500]
    ring(actor, at)
    delivery = Delivery.objects.get()
    for _ in range(rules.MAX_ATTEMPTS):
        clock.move(hours=7)
        delivery = tell(delivery)
    assert (delivery.state, delivery.attempts) == ("dead", rules.MAX_ATTEMPTS)
    operations.replay(delivery, actor=actor, at=clock.at)
    receiver.answers = [204]
    assert tell(delivery).state == "delivered"
    assert Entry.objects.filter(kind="webhooks.endpoint.replayed").count() == 1


def test_what_waits_is_not_replayed(endpoint: Endpoint, actor: User, at: datetime) -> None:
    ring(actor, at)
    with pytest.raises(operations.WebhookRefused):
        operations.replay(Delivery.objects.get(), actor=actor, at=at)


def test_of_two_workers_one_tells(endpoint: Endpoint, actor: User, at: datetime) -> None:
    ring(actor, at)
    pk = Delivery.objects.get().pk
    assert operations.take_up(pk, at=at) is not None
    assert operations.take_up(pk, at=at) is None


def test_a_stopped_endpoint_is_not_told(endpoint: Endpoint, receiver: Receiver, actor: User, at: datetime) -> None:
    ring(actor, at)
    operations.switch(endpoint, active=False, actor=actor, at=at)
    tell(Delivery.objects.get())
    ring(actor, at)
    assert (receiver.got, Delivery.objects.count()) == ([], 1)
    with pytest.raises(operations.WebhookRefused):
        operations.switch(endpoint, active=False, actor=actor, at=at)


def test_a_lost_job_is_picked_up(endpoint: Endpoint, actor: User, at: datetime, clock: object) -> None:
    ring(actor, at)
    Job.objects.all().delete()
    assert jobs.pick_up_lost_deliveries.func() == 0
    clock.move(minutes=6)
    assert jobs.pick_up_lost_deliveries.func() == 1
    assert Job.objects.count() == 1


def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.answers, receiver.location = [302], receiver.url
    outcome = sending.post(receiver.url, b"{}", {}, inside=True)
    assert (outcome.status, outcome.arrived, len(receiver.got)) == (302, False, 1)


def test_the_loopback_is_not_asked_unless_allowed(receiver: Receiver) -> None:
    for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
        outcome = sending.post(url, b"{}", {}, inside=False)
        assert (outcome.status, outcome.said) == (None, "地址在内网,不能推送")
    assert receiver.got == []


def test_nobody_listening_is_an_outcome(receiver: Receiver) -> None:
    outcome = sending.post("http://127.0.0.1:9/", b"{}", {}, inside=True)
    assert outcome.status is None and outcome.said


def test_a_fact_costs_one_small_read_a_command_when_nobody_listens(actor: User, at: datetime) -> None:
    @command
    def ring_often() -> None:
        for _ in range(5):
            journal.announce(BellRung(subject_id=3, estate_id=7), actor=actor, at=at)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        ring_often()
    assert len([one for one in asked if "webhooks_endpoint" in one["sql"]]) == 1
    began = time.process_time()
    for _ in range(300):
        queries.listeners()
    assert (time.process_time() - began) / 300 < 0.000_2


@pytest.mark.parametrize("kinds", [["no.such.fact"]])
def test_a_fact_nobody_announces_is_refused(actor: User, at: datetime, kinds: list[str]) -> None:
    with pytest.raises(operations.WebhookRefused):
        operations.open_endpoint(
            "热线", url="https://example.com/", kinds=kinds, estates=[7], inside=False, actor=actor, at=at
        )
