"""The loop walked at random: real operations in any order, refusals that change nothing, and nothing lost after any of it.

`HYPOTHESIS_PROFILE=deep pytest tests/test_state_machine.py` walks for minutes; without it the walk is short and the same
every time.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases import states as case_states
from huiyin.areas.cases.models import Case, CaseKind
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.states import ComplaintStatus
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.states import RUNNING, OrderStatus
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.return_visits.states import VisitStatus
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.service_desk.states import ContactStatus
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing import queries as roster
from huiyin.areas.staffing.models import Department, Post
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.refusals import Refused
from huiyin.standards import operations as standards
from huiyin.standards.models import Occurrence, Standard
from huiyin.surfaces.cli import verify
from tests.cast import Cast, hire
from tests.replaying import as_kept

settings.register_profile(
    "walk",
    derandomize=True,
    max_examples=8,
    stateful_step_count=70,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile(
    "deep",
    max_examples=120,
    stateful_step_count=120,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "walk")

EVERY = 2 if PROFILE == "deep" else 6  # turns between two looks at everything
SEEDS = st.integers(0, 2**20)
KINDS = [*CaseKind.values, "repair", "repair", "complaint"]
WORDS = 3 * ["已经说明", "换了阀芯", "请再看看", "照办", "王丽", "好的"]
ON_SITE = ("front_desk", "butler", "technician", "maintenance_lead", "cs_supervisor", "cs_manager")
ROLES = dict(zip(ON_SITE, ("clerk", "butler", "technician", "lead", "supervisor", "supervisor"), strict=True))
CASE_STEPS = ("take", "transfer", "return", "comment", "told", "promise", "answer", "decide", "hold", "resume", "close")
COMPLAINT_STEPS = (*ComplaintStatus.values, "acknowledge", "reject")
ORDER_STEPS = (*RUNNING, "hold", "return", "take_back", "reassign", "rework", "paper", "slip", "void", "appoint")
VISIT_STEPS = ("attempt", "excuse", "assign", "rectify", "review")


@dataclass(frozen=True)
class Stage:
    estate: Estate
    home: Household
    signature: StoredFile
    system: User
    start: datetime


class House(RuleBasedStateMachine):
    """Each rule is given one number, from which it picks rows, people and words: mostly such as fit, now and then any."""

    stage: ClassVar[Stage]
    did: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.at = self.stage.start
        self.hired = self.turn = 0
        self.people: list[User] = []
        self.sendings: dict[str, tuple[Callable[[], Any], int]] = {}
        self.walk = transaction.atomic()
        self.walk.__enter__()
        try:
            for kind in KINDS:
                self.draw(len(kind))
                self.take(kind)
        except BaseException:
            self.forget()  # else every later walk stands in what is left of this one
            raise

    def teardown(self) -> None:
        try:
            assert list(broken(self.at)) == []
        finally:
            self.forget()

    def forget(self) -> None:
        transaction.set_rollback(True)
        self.walk.__exit__(None, None, None)

    @rule(seed=SEEDS)
    def somebody_calls(self, seed: int) -> None:
        self.draw(seed)
        match self.luck.randrange(6):
            case 0 | 1 | 2:
                self.take(self.luck.choice(KINDS))
            case 3:
                urgency = self.luck.choice(["", "urgent"])
                about = self.told() | {"kind": self.luck.choice(KINDS), "urgency": urgency}
                self.send(desk.register_contact, self.stage.estate, key=self.key("contact"), **about)
            case 4:
                self.act(desk.settle_at_desk, self.stage.estate, ending=self.ending(), **self.told())
            case 5 if into := self.pick(Case.objects.all(), status__in=case_states.OPEN):
                self.act(desk.report_again, self.stage.estate, into=into, **self.told())

    @rule(seed=SEEDS)
    def contact_goes_on(self, seed: int) -> None:
        self.draw(seed)
        contact = self.pick(Contact.objects.all(), status__in=[ContactStatus.OPEN, ContactStatus.PROMISED])
        if contact is None:
            return
        match self.luck.randrange(5):
            case 0:
                self.act(desk.answer_contact, contact, answer=self.words())
            case 1:
                self.act(desk.promise_contact, contact, promised_at=self.soon(), by=self.person())
            case 2:
                self.act(desk.ask_callback, contact, by=self.person())
            case 3:
                self.act(desk.call_back, contact, answer=self.words())
            case 4:
                self.send(desk.pass_on, contact, matter=self.matter(self.luck.choice(KINDS)), key=self.key("pass"))

    @rule(seed=SEEDS)
    def work_goes_on(self, seed: int) -> None:
        """Up to six steps, each the one a row is waiting for."""
        self.draw(seed)
        for _ in range(self.luck.randrange(1, 7)):
            kind = self.luck.choice(["order", "order", "order", "complaint", "complaint", "visit", "plain"])
            if kind == "order" and (order := self.pick(WorkOrder.objects.all(), status__in=RUNNING)):
                self.order_step(order, order.status)
            elif kind == "complaint" and (complaint := self.running_complaint()):
                self.complaint_step(complaint, complaint.status)
            elif kind == "visit":
                self.record_visit()
            elif case := self.pick(Case.objects.exclude(kind__in=["repair", "complaint"]), status__in=case_states.OPEN):
                waits_for = {"new": "take", "on_hold": "resume"}.get(case.status, "close" if case.answer else "answer")
                self.case_step(case, waits_for)

    @rule(seed=SEEDS)
    def any_case_step(self, seed: int) -> None:
        self.draw(seed)
        if case := self.pick(Case.objects.all(), status__in=case_states.OPEN):
            self.case_step(case, self.luck.choice(CASE_STEPS))

    @rule(seed=SEEDS)
    def any_complaint_step(self, seed: int) -> None:
        self.draw(seed)
        if complaint := self.running_complaint():
            self.complaint_step(complaint, self.luck.choice(COMPLAINT_STEPS))

    @rule(seed=SEEDS)
    def any_order_step(self, seed: int) -> None:
        self.draw(seed)
        if order := self.pick(WorkOrder.objects.all(), status__in=RUNNING):
            self.order_step(order, self.luck.choice(ORDER_STEPS))

    @rule(seed=SEEDS)
    def any_visit_step(self, seed: int) -> None:
        self.draw(seed)
        step = self.luck.choice(VISIT_STEPS)
        wanted = VisitStatus.FAILED if step in ("rectify", "review") else VisitStatus.DUE
        visit = self.pick(ReturnVisit.objects.all(), status=wanted)
        if visit is None:
            return
        match step:
            case "attempt":
                self.act(visits.record_attempt, visit, mode="phone", result="no_answer", note=self.words())
            case "excuse":
                self.act(visits.excuse, visit, reason="refused", note=self.words())
            case "assign":
                self.act(visits.assign, visit, to=self.person())
            case "rectify":
                self.act(visits.send_rectification, visit, text=self.words())
            case "review":
                self.act(visits.review, visit, opinion=self.words())

    @rule(seed=SEEDS)
    def a_duty_is_done(self, seed: int) -> None:
        self.draw(seed)
        if duty := self.pick(Occurrence.objects.select_related("rule"), done_note=""):
            self.act(standards.record_duty, duty, note=self.words())

    @rule(seed=SEEDS)
    def cases_end_and_come_back(self, seed: int) -> None:
        self.draw(seed)
        match self.luck.randrange(7):
            case 0 | 1 | 2 if case := self.pick(Case.objects.all(), status="closed"):
                self.reopen(case)
            case 3 | 4 if case := self.pick(Case.objects.all(), status__in=case_states.OPEN):
                others = Case.objects.exclude(pk=case.pk)
                if into := self.pick(others, status__in=case_states.OPEN, kind=case.kind):
                    self.act(cases.merge_case, case, into=into)
            case 5 if case := self.pick(Case.objects.all(), status="merged"):
                self.act(cases.unmerge_case, case, reason=self.words())
            case 6 if case := self.pick(Case.objects.all(), status__in=case_states.OPEN):
                self.act(cases.void_case, case, reason=self.words())

    @rule(seed=SEEDS)
    def time_passes(self, seed: int) -> None:
        self.draw(seed)
        hours = self.luck.choice([0.3, 1, 5, 24, 24, 96] + ([24 * 31] if seed % 8 == 0 else []))
        until = self.at + timedelta(hours=hours)
        while self.at < until:
            self.at = min(self.at + timedelta(days=4), until)
            self.act(standards.note_misses, actor=self.stage.system)
            self.act(standards.top_up, actor=self.stage.system)
            self.act(standards.open_duties, actor=self.stage.system)

    @precondition(lambda self: self.hired < 4)
    @rule(seed=SEEDS)
    def people_come_and_go(self, seed: int) -> None:
        self.draw(seed)
        self.people = []
        if self.luck.random() < 0.6:
            self.act(staffing.let_go, self.person(), estate_id=self.stage.estate.pk)
        if self.luck.random() < 0.8 or len(roster.colleagues(self.stage.estate.pk)) < 4:
            self.hired += 1
            post, name = self.luck.choice(ON_SITE), f"new{self.hired}"
            hire(name, name, estate=self.stage.estate, role=ROLES[post], post=post, at=self.at)
        self.people = []

    @precondition(lambda self: self.sendings)
    @rule(seed=SEEDS)
    def a_form_is_sent_again(self, seed: int) -> None:
        """A key sent before finds what the first sending made, and makes nothing."""
        repeat, made = self.sendings[sorted(self.sendings)[seed % len(self.sendings)]]
        before = everything()
        assert repeat().pk == made
        assert everything() == before

    @invariant()
    def nothing_is_lost(self) -> None:
        if self.turn % EVERY == 0:
            assert list(broken(self.at)) == []

    # Steps

    def take(self, kind: str) -> None:
        self.send(desk.take_matter, self.stage.estate, matter=self.matter(kind), key=self.key("matter"), **self.told())

    def case_step(self, case: Case, step: str) -> None:
        match step:
            case "take":
                self.act(cases.take_case, case)
            case "transfer":
                self.act(cases.transfer_case, case, to=self.somebody(), note=self.words())
            case "return":
                self.act(cases.return_case, case, note=self.words())
            case "comment" | "told":
                about = {"text": self.words(), "told_caller": step == "told"}
                self.send(cases.comment, case, key=self.key("comment"), **about)
            case "promise":
                self.act(cases.promise_time, case, promised_at=self.soon(), does="再来看一次", key=self.key("promise"))
            case "answer":
                self.act(cases.answer_case, case, answer=self.words())
            case "decide":
                self.act(cases.decide_suggestion, case, adopted=self.luck.random() < 0.5, note=self.words())
            case "hold":
                self.act(cases.hold_case, case, reason=self.words(), wakes_at=self.soon())
            case "resume":
                self.act(cases.resume_case, case)
            case "close":
                self.act(cases.close_case, case, answer=self.luck.choice(["", "办好了"]))

    def complaint_step(self, complaint: Complaint, step: str) -> None:
        match step:
            case "registered":
                self.act(complaints.verify, complaint, finding=self.words(), validity=self.luck.choice(["valid", ""]))
            case "verified":
                self.act(
                    complaints.decide,
                    complaint,
                    method=self.words(),
                    department=self.pick(Department.objects.filter(estate=self.stage.estate)),
                    resolve_by=self.luck.choice([None, self.soon()]),
                    severity=self.luck.choice(["", "important", "major"]),
                )
            case "decided":
                self.act(complaints.reply, complaint, reply=self.words())
            case "replied":
                self.act(complaints.close, complaint)
            case "acknowledge":
                self.act(complaints.acknowledge, complaint)
            case "reject":
                self.act(complaints.reject_reply, complaint, reason=self.words())
            case "closed":
                self.act(complaints.reopen, complaint, reason=self.words())

    def order_step(self, order: WorkOrder, step: str) -> None:
        mine = {"actor": order.technician if self.luck.random() < 0.9 else None}
        sent = mine | {"key": self.key(step)}
        match step:
            case OrderStatus.NEW:
                self.act(repairs.dispatch, order, technician=self.technician())
            case "reassign":
                self.act(repairs.dispatch, order, technician=self.technician(), note=self.words())
            case OrderStatus.ASSIGNED:
                self.act(repairs.accept, order, **sent)
            case OrderStatus.ACCEPTED:
                self.act(repairs.arrive, order, **sent)
            case OrderStatus.WORKING:
                self.act(repairs.finish, order, work_done=self.words(), **sent)
            case OrderStatus.ON_HOLD:
                self.act(repairs.resume, order, **sent)
            case OrderStatus.FINISHED:
                about = {"signature": self.stage.signature, "signer": self.words()}
                self.act(repairs.accept_by_signature, order, **about, **mine)
            case "paper":
                self.act(repairs.accept_by_paper, order, **self.slip(), key=self.key("paper"))
            case "slip":
                self.act(
                    repairs.key_in_slip,
                    order,
                    technician=order.technician or self.technician(),
                    arrived_at=self.before(240),
                    finished_at=self.before(60),
                    work_done=self.words(),
                    **self.slip(),
                )
            case "hold":
                self.act(repairs.hold, order, reason=self.words(), wakes_at=self.soon(), **sent)
            case "return":
                self.act(repairs.return_order, order, reason=self.words(), **sent)
            case "rework":
                self.act(repairs.rework, order, reason=self.words(), **sent)
            case "take_back":
                self.act(repairs.take_back, order, reason=self.words())
            case "void":
                self.act(repairs.void_order, order, reason=self.words())
            case "appoint":
                start = self.soon()
                self.act(repairs.appoint, order, start=start, end=start + timedelta(hours=1))

    def record_visit(self) -> None:
        visit = self.pick(ReturnVisit.objects.all(), status=VisitStatus.DUE, window_from__lte=self.at)
        if visit is None:
            return
        door = self.luck.random() < 0.4
        self.act(
            visits.record_visit,
            visit,
            mode="door" if door else "phone",
            evaluation=Evaluation(*self.luck.choice([(4, 4, 3), (3, 2, 4)]), shortcomings=self.words()),
            signature=self.stage.signature if door and self.luck.random() < 0.9 else None,
            next_visit_at=self.luck.choice([None, self.soon()]),
            visited_at=self.luck.choice([None, self.before(600)]),
        )

    def reopen(self, case: Case) -> None:
        if case.kind == "repair":
            self.act(repairs.reopen, case, reason=self.words())
        elif case.kind == "complaint":
            self.act(complaints.reopen, Complaint.objects.get(case=case), reason=self.words())
        else:
            self.act(cases.open_again, case, reason=self.words())

    # What is picked

    def draw(self, seed: int) -> None:
        self.turn += 1
        self.luck = Random(f"{seed}/{self.turn}")

    def pick(self, rows: "QuerySet[Any]", **usual: Any) -> Any:
        """Return a row such as the step is meant for; one time in eight any row."""
        found = list((rows.filter(**usual) if self.luck.random() < 0.88 else rows).order_by("pk"))
        return self.luck.choice(found) if found else None

    def running_complaint(self) -> Complaint | None:
        complaint: Complaint | None = self.pick(Complaint.objects.all(), case__status__in=case_states.OPEN)
        return complaint

    def person(self) -> User:
        self.people = self.people or roster.colleagues(self.stage.estate.pk)
        return self.luck.choice(self.people)

    def technician(self) -> User:
        people = roster.people_on(self.stage.estate.pk, "technician")
        return self.luck.choice(people) if people and self.luck.random() < 0.9 else self.person()

    def somebody(self) -> Responsible:
        post = self.luck.choice(list(Post.objects.filter(estate=self.stage.estate).order_by("pk")))
        return Responsible(post, self.luck.choice([None, *roster.holders_of(post)]))

    def words(self) -> str:
        return self.luck.choice([*WORDS, "  ", ""])

    def soon(self) -> datetime:
        return self.at + timedelta(hours=self.luck.choice([-1, 0.5, 3, 20, 50]))

    def before(self, minutes: int) -> datetime:
        return self.at - timedelta(minutes=self.luck.randrange(minutes))

    def key(self, step: str) -> str:
        return self.luck.choice(["", f"{step}-{self.luck.randrange(1000)}"])

    def told(self) -> dict[str, Any]:
        known = self.luck.random() < 0.7
        unit = self.stage.home.unit
        return {
            "channel": self.luck.choice(["call", "visit", "letter", "online"]),
            "text": self.luck.choice([*WORDS, ""]),
            "caller": Caller("王丽女士", "13800138000", unit.code) if known else Caller("", "", ""),
            "home": desk.Home(unit=unit, household=self.stage.home) if known else None,
        }

    def ending(self) -> desk.Ending:
        by = self.luck.choice([None, self.person()])
        return self.luck.choice([desk.Ending("每月十号", by=by), desk.Ending("", self.soon(), by), desk.Ending(by=by)])

    def slip(self) -> dict[str, Any]:
        return {"paper_slip": self.luck.choice(["A1", "A2", ""]), "signer": self.words(), "written_at": self.before(90)}

    def matter(self, kind: str) -> desk.Matter:
        start = self.luck.choice([None, self.soon()])
        return desk.Matter(
            kind=kind,
            urgency=self.luck.choice(["normal", "normal", "urgent", "emergency"]),
            severity=self.luck.choice(["minor", "important", "major"]),
            important=self.luck.random() < 0.5,
            about_person=self.luck.choice([None, None, self.person()]),
            reply_letter_only=self.luck.random() < 0.1,
            large=self.luck.random() < 0.4,
            location_kind=self.luck.choice(["in_unit", "common_part"]),
            appointment_from=start,
            appointment_to=start and start + timedelta(hours=2),
        )

    # Acting

    def send(self, operation: Callable[..., Any], *args: Any, key: str, **about: Any) -> None:
        """Act, and remember what the key made, for when the same form is sent again."""
        if key in self.sendings:
            return
        actor = self.person()
        made = self.act(operation, *args, actor=actor, key=key, **about)
        if key and made is not None:
            self.sendings[key] = (lambda: operation(*args, actor=actor, at=self.at, key=key, **about), made.pk)

    def act(self, operation: Callable[..., Any], *args: Any, actor: User | None = None, **about: Any) -> Any:
        """Carry the operation out; a refusal says a sentence and changes nothing at all."""
        self.at += timedelta(seconds=7)
        before = everything()
        actor = actor or self.person()
        said = [f"{type(one).__name__} {one.pk}" for one in args if isinstance(one, Model)]
        note(f"{self.at:%d %H:%M:%S} {actor.username}: {operation.__name__} {', '.join(said)} {about}")
        try:
            made = operation(*args, actor=actor, at=self.at, **about)
        except Refused as refusal:
            note(f"    {refusal.sentence}")
            assert refusal.sentence
            assert everything() == before, f"{operation.__name__} refused and changed something"
            return None
        self.did[operation.__name__] += 1
        return made


def everything() -> dict[str, int]:
    """Return a fingerprint of every row of the house; of what is only ever added, how much there is."""
    with connection.cursor() as cursor:
        found = {table: cursor.execute(f"SELECT count(*), max(id) FROM {table}").fetchone() for table in ADDED}
        for table, columns in CHANGED.items():
            found[table] = hash(frozenset(cursor.execute(f"SELECT {columns} FROM {table}").fetchall()))
    return found


ADDED = ("journal_entry", "standards_miss", "standards_draw", "files_storedfile")
STILL = {"estate", "jobs", "past_cases"}
CHANGED = {
    model._meta.db_table: as_kept(connection, [field.column for field in model._meta.concrete_fields])
    for model in apps.get_models()
    if model.__module__.startswith("huiyin.")
    and model._meta.app_label not in STILL
    and model._meta.db_table not in (*ADDED, "standards_rule", "cases_category", "accounts_role", "files_storedfile")
}

# What `huiyin verify` does not ask, by id.
NOWHERE = {
    "an open case in which nothing runs": """
        SELECT o.id FROM cases_case o WHERE o.status IN ('new','working','on_hold') AND NOT EXISTS (
            SELECT 1 FROM standards_commitment c WHERE c.thread = 'case:' || o.id AND c.ended_at IS NULL
            AND NOT c.after_closing AND c.state <> 'paused')""",
    "a promise kept in time with a miss": """
        SELECT c.id FROM standards_commitment c JOIN standards_miss m ON m.commitment_id = c.id
        WHERE c.state IN ('met','open','paused')""",
    "a pause that ended before it began": "SELECT id FROM standards_pause WHERE until < since",
    "an open repair without exactly one running order": """
        SELECT o.id FROM cases_case o WHERE o.kind = 'repair' AND o.status IN ('new','working','on_hold') AND (
            SELECT count(*) FROM repairs_workorder w
            WHERE w.case_id = o.id AND w.status NOT IN ('closed','voided')) <> 1""",
    "an order on hold in a case that is not": """
        SELECT w.id FROM repairs_workorder w JOIN cases_case o ON o.id = w.case_id
        WHERE w.status = 'on_hold' AND o.status <> 'on_hold'""",
    "a promise about an order that another owes than the technician who holds it": """
        SELECT c.id FROM standards_commitment c
        JOIN repairs_workorder w ON c.subject_type = 'repairs.order' AND c.subject_id = w.id
        WHERE c.ended_at IS NULL AND c.follows_subject AND w.status IN ('assigned','accepted','working','on_hold')
        AND c.owner_id IS DISTINCT FROM w.technician_id""",
    "finished work that was never drawn": """
        SELECT e.id FROM journal_entry e WHERE e.kind IN ('repairs.order.closed','complaints.complaint.closed')
        AND NOT EXISTS (SELECT 1 FROM standards_draw d
            WHERE d.subject_type = e.subject_type AND d.subject_id = e.subject_id AND d.at = e.at)""",
    "a job that did what people do": """
        SELECT e.id FROM journal_entry e JOIN accounts_user u ON u.id = e.actor_id WHERE u.is_system
        AND e.kind NOT IN ('standards.commitment.missed','standards.draw.topped_up','return_visits.visit.opened',
                           'standards.standard.adopted','standards.duty.opened')""",
}


def broken(at: datetime) -> Iterator[str]:
    """Say what `huiyin verify` finds, and what the walk asks beside it."""
    for promise in verify.invariants():
        if found := list(promise.broken(at)):
            yield f"{promise.says}: {found[:3]}"
    with connection.cursor() as cursor:
        for what, sql in NOWHERE.items():
            if rows := cursor.execute(sql).fetchall():
                yield f"{what}: {rows[:3]}"


@pytest.fixture
def stage(standard: Standard, cast: Cast, home: Household, at: datetime) -> Stage:
    estate = home.estate
    hire("manager", "何静", estate=estate, role="supervisor", post="cs_manager")
    signature = StoredFile.objects.create(
        estate_id=estate.pk,
        subject_type="repairs.order",
        subject_id=0,
        sha256="0" * 64,
        size=1,
        content_type="image/png",
        original_name="签名.png",
        stored_name="walk.png",
        uploaded_at=at,
    )
    return Stage(estate, home, signature, cast.system, at)


@pytest.mark.slow
def test_the_loop_holds_whatever_is_done(stage: Stage) -> None:
    House.stage, House.did = stage, Counter()
    run_state_machine_as_test(House, settings=settings.get_profile(PROFILE))
    assert sorted(EVERY_VERB - set(House.did)) == []


EVERY_VERB = {"take_matter"}
