"""A house of its own in a process of its own, which forks one child after another that may be killed.

`python -m tests.child_house <port>` over a database with nothing but tables makes the estate with its cast, and then obeys lines:
`serve` forks a server, `die <fact>` forks somebody who takes every step of the loop and kills itself when the fact is
announced, after everybody has reacted to it; `verify` answers with every broken invariant. Each answers with one line.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import django
import granian

os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.config.settings_test"
django.setup()

from django.conf import settings
from django.utils.timezone import now

from huiyin.areas.cases import operations as cases
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing import queries as roster
from huiyin.config import urls
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import reactions
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.postgres import pool
from huiyin.standards import operations as standards
from huiyin.surfaces.cli import serve, verify
from huiyin.surfaces.cli.setup import FIRST_DAY
from tests import cast as people
from tests.cast import tell
from tests.child_rows import fingerprint


def stage() -> None:
    standards.load_catalogue(at=FIRST_DAY)
    estate = people.open_estate()
    people.gather(estate)
    standards.adopt(estate.pk, "recommended", since=FIRST_DAY, actor=system_actor(), at=FIRST_DAY)


def main(port: int) -> None:
    stage()
    # What every server needs is read here once, and forked with it.
    assert granian and urls.urlpatterns
    say("ready")
    for line in sys.stdin:
        match line.split():
            case ["serve"]:
                say(fork(lambda: serve.serve(host="127.0.0.1", port=port)))
            case ["die", kind]:
                _, status = os.waitpid(fork(lambda: die_at(kind)), 0)
                say(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)
            case ["verify"]:
                at = now()
                say({one.code: found for one in verify.invariants() if (found := list(one.broken(at)))})


def fork(work: Callable[[], None]) -> int:
    """Fork a child that leads a process group of its own, and begins without connections."""
    pool.close_all()
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    os.setsid()
    os.dup2(2, 1)
    work()
    os._exit(0)


def die_at(kind: str) -> None:
    """Carry the loop through once, and be gone the moment the fact has been reacted to, before it is committed.

    After every step that was finished the file `left` says what the database then held.
    """

    def die(fact: Fact, **_: object) -> None:
        if fact.code == kind:
            os.kill(os.getpid(), signal.SIGKILL)

    reactions.register(((Fact, die),))
    for _ in the_loop(now()):
        (settings.HOME / "left").write_text(fingerprint(os.environ["HUIYIN_DATABASE_URL"]))


def the_loop(at: datetime) -> Iterator[object]:
    """Take every step that writes in several areas at once."""
    estate = Estate.objects.get(code="YH")
    by = {user.username: user for user in User.objects.all()}
    clerk, lead, technician, director = by["clerk"], by["lead"], by["technician"], by["director"]
    yield (one := tell(estate, clerk, at=at, kind="enquiry"))
    yield (two := tell(estate, clerk, at=at, kind="enquiry"))
    yield cases.merge_case(one, into=two, actor=lead, at=at)
    yield cases.hold_case(two, reason="等答复", wakes_at=at + timedelta(hours=1), actor=clerk, at=at)
    yield (repair := tell(estate, clerk, at=at))
    order = WorkOrder.objects.get(case=repair)
    yield repairs.dispatch(order, technician=technician, actor=lead, at=at)
    yield repairs.accept(order, actor=technician, at=at)
    yield repairs.arrive(order, actor=technician, at=at)
    yield repairs.finish(order, work_done="换了阀芯", actor=technician, at=at)
    yield repairs.accept_by_paper(order, paper_slip="A1", signer="王丽", written_at=at, actor=lead, at=at)
    yield (complained := tell(estate, clerk, at=at, kind="complaint"))
    complaint = Complaint.objects.get(case=complained)
    yield complaints.verify(complaint, finding="属实", validity="valid", actor=lead, at=at)
    department = roster.departments_of(estate.pk)[0]
    yield complaints.decide(complaint, method="换人", department=department, actor=by["supervisor"], at=at)
    yield complaints.reply(complaint, reply="已换人", actor=lead, at=at)
    yield complaints.close(complaint, actor=director, at=at)
    visit = ReturnVisit.objects.get(case=repair)
    bad = Evaluation(1, 1, 1, "还在滴")
    yield visits.record_visit(visit, mode="phone", evaluation=bad, actor=clerk, at=at)
    yield staffing.let_go(technician, estate_id=estate.pk, actor=director, at=at)


def say(what: object) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
