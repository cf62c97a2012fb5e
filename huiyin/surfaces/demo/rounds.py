"""What happens every day whatever anybody says: the sweep, the 16:00 round, the draw's top-up, the morning look."""

from datetime import datetime, timedelta

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts.queries import system_actor
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import Occurrence
from huiyin.surfaces.demo import desk, repairs, texts, visits
from huiyin.surfaces.demo.clock import Life

DOERS = {"front_desk": "qiantai", "duty_clerk": "qiantai", "maintenance_lead": "banzhang", "butler": "guanjia"}
DONE = ("「{}」已做完,没有发现问题", "「{}」已办,情况记在本子上", "「{}」做完了,有两处已经叫人去整改")
PROGRESS = ("case.progress", "case.progress.next")


def sweep(life: Life, at: datetime) -> None:
    """Note what was missed and take the steps that are due, as the jobs do."""
    standards.note_misses(at=at, actor=system_actor())
    standards.climb(at=at, actor=system_actor())
    life.at(at + timedelta(hours=2), sweep)


def top_up(life: Life, at: datetime) -> None:
    standards.top_up(at=at, actor=system_actor())
    life.at(at + timedelta(days=1), top_up)


def open_duties(life: Life, at: datetime) -> None:
    """Let the calendar ask for its duties, as the job does; most of what is due by tomorrow is done today."""
    standards.open_duties(at=at, actor=system_actor())
    due = promises.owed().filter(subject_type=Occurrence.journal_name, estate_id=life.place.estate.pk)
    for duty_id in due.filter(due_at__lte=at + timedelta(days=1.5)).values_list("subject_id", flat=True):
        if life.chance(0.85):
            life.at_work(at, (60, 540), do_duty, duty_id)
    life.at(at + timedelta(days=1), open_duties)


def do_duty(life: Life, at: datetime, duty_id: int) -> None:
    duty = promises.duty_by_id(duty_id)
    promise = promises.promise_of(duty) if duty else None
    if duty and promise and promise.ended_at is None and promises.is_recorded(duty):
        actor = life.place.staff[DOERS.get(promise.owner_post, "zhuguan")]
        note = life.rng.choice(DONE).format(promise.does)
        standards.record_duty(duty, actor=actor, at=at, note=note)


def plan_visits(life: Life, at: datetime) -> None:
    visits.plan(life, at)
    life.at(at + timedelta(hours=4), plan_visits)


def look_after_orders(life: Life, at: datetime) -> None:
    """Dispatch what lies about: orders of people who left, orders somebody gave back."""
    waiting = WorkOrder.objects.filter(status="new", opened_at__lt=at - timedelta(hours=3), case__status__in=desk.OPEN)
    for order_id, case_id in waiting.order_by("id").values_list("id", "case_id"):
        if case_id not in life.let_be:
            life.after(at, (2, 20), repairs.dispatch, order_id, texts.say("repair", life.rng, urgent=False))
    life.at(at + timedelta(days=1), look_after_orders)


def tell_progress(life: Life, at: datetime) -> None:
    """Before 16:00 those who wait hear how their matters stand."""
    due = promises.owed().filter(estate_id=life.place.estate.pk, code__in=PROGRESS, state="open")
    threads = due.filter(due_at__lte=at + timedelta(hours=1)).values_list("thread", flat=True)
    for case_id in sorted({int(thread.removeprefix("case:")) for thread in threads}):
        if case_id not in life.let_be and life.chance(0.9):
            life.after(at, (1, 38), tell, case_id)
    life.at(at + timedelta(days=1), tell_progress)


def tell(life: Life, at: datetime, case_id: int) -> None:
    case = desk.case_by(case_id)
    if case.status in desk.OPEN:
        cases.comment(
            case,
            text=texts.one_of("progress", life.rng),
            actor=life.place.staff[life.rng.choice(["qiantai", "kefu"])],
            at=at,
            told_caller=True,
        )


def one_leaves(life: Life, at: datetime, username: str) -> None:
    """Somebody leaves; what was theirs finds new hands."""
    life.place.gone.add(username)
    leaver = life.place.staff[username]
    staffing.let_go(leaver, estate_id=life.place.estate.pk, actor=life.place.staff["zhuguan"], at=at)


def join_twins(life: Life, at: datetime) -> None:
    """The supervisor finds two open matters of one unit that are one, and once takes it back."""
    fresh = Case.objects.filter(
        estate=life.place.estate, status="new", kind__in=("enquiry", "special_service"), unit__isnull=False
    ).order_by("id")
    by_unit: dict[tuple[int | None, str], int] = {}
    for case_id, unit_id, kind in fresh.values_list("id", "unit_id", "kind"):
        earlier = by_unit.setdefault((unit_id, kind), case_id)
        if earlier != case_id and case_id not in life.let_be:
            life.after(at, (1, 9), join, case_id, earlier)
    life.at(at + timedelta(days=1), join_twins)


def join(life: Life, at: datetime, case_id: int, into_id: int) -> None:
    boss = life.place.staff["zhuguan"]
    cases.merge_case(desk.case_by(case_id), into=desk.case_by(into_id), actor=boss, at=at)
    if life.chance(0.3):
        life.after(at, (10, 40), part, case_id)


def part(life: Life, at: datetime, case_id: int) -> None:
    case = desk.case_by(case_id)
    if case.status == "merged":
        boss = life.place.staff["zhuguan"]
        cases.unmerge_case(case, reason="住户说是两回事,分开办", actor=boss, at=at)
        life.at_work(at, (60, 400), desk.end, case_id, "两件分开办好了,已逐一回复住户")
