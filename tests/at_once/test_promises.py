"""Two work at once on what was promised: misses, ladders, receipts, waivers."""

from datetime import timedelta

import pytest

from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.foundation.accounts.queries import system_actor
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment, Miss, Step, Waiver
from tests.at_once.pressing import LATER, WON, House, lines, one_wins, press_together
from tests.cast import AT, tell

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_workers_note_the_same_miss_once(house: House) -> None:
    for _ in range(3):
        tell(house.estate, house.cast.clerk)
    late = AT + timedelta(days=2)
    due = Commitment.objects.filter(ended_at=None, due_at__lt=late).count()
    noted: list[int] = []

    def sweep() -> None:
        noted.append(standards.note_misses(at=late, actor=system_actor()))

    assert press_together(sweep, sweep) == [WON, WON]
    assert sum(noted) == due == Miss.objects.count() == lines("standards.commitment.missed")


def test_two_workers_take_each_step_once(house: House) -> None:
    cases_told = [tell(house.estate, house.cast.clerk, kind="complaint") for _ in range(3)]
    threads = [case.thread for case in cases_told]
    late = AT + timedelta(days=2)
    due = Step.objects.filter(commitment__thread__in=threads, at__lte=late).count()
    assert due > 5
    taken: list[int] = []

    def sweep() -> None:
        taken.append(standards.climb(at=late, actor=system_actor()))

    assert press_together(sweep, sweep) == [WON, WON]
    assert sum(taken) == due == Step.objects.filter(state="taken").count() == lines("standards.step.taken")


def test_a_promise_is_kept_while_its_ladder_is_climbed(house: House) -> None:
    case = tell(house.estate, house.cast.clerk, kind="complaint")
    complaint = Complaint.objects.get(case=case)
    late = AT + timedelta(hours=15)
    read = press_together(
        lambda: complaints.verify(complaint, finding="属实", validity="valid", actor=house.cast.butler, at=late),
        lambda: standards.climb(at=late, actor=system_actor()),
    )
    assert read == [WON, WON]
    kept = Commitment.objects.get(thread=case.thread, code="complaint.verify")
    told = Step.objects.filter(commitment=kept, state="taken").count()
    assert lines("standards.step.taken") == Step.objects.filter(state="taken").count()
    assert kept.state in ("met", "late") and told <= Step.objects.filter(commitment=kept, at__lte=late).count()
    standards.climb(at=late + timedelta(days=9), actor=system_actor())
    assert not Step.objects.filter(commitment=kept, state="waiting").exists()


def test_two_confirm_one_receipt(house: House) -> None:
    tell(house.estate, house.cast.clerk, kind="complaint")
    standards.climb(at=AT + timedelta(days=2), actor=system_actor())
    step = Step.objects.filter(state="taken", told=house.cast.supervisor).first()
    assert step is not None
    one, two = (Step.objects.get(pk=step.pk) for _ in range(2))
    _, said = one_wins(
        lambda: standards.confirm_receipt(one, actor=house.cast.supervisor, posts={}, at=LATER),
        lambda: standards.confirm_receipt(two, actor=house.cast.supervisor, posts={}, at=LATER),
    )
    assert said == "已经有人确认过了"
    assert lines("standards.step.received") == 1


def test_two_decide_one_waiver(house: House) -> None:
    case = tell(house.estate, house.cast.clerk, kind="complaint")
    owed = Commitment.objects.filter(thread=case.thread, state="open").earliest("pk")
    waiver = standards.ask_waiver(owed, reason="客户撤回", actor=house.cast.clerk, at=AT)
    one, two = (Waiver.objects.get(pk=waiver.pk) for _ in range(2))
    who, said = one_wins(
        lambda: standards.decide_waiver(one, granted=True, note="", actor=house.cast.supervisor, at=LATER),
        lambda: standards.decide_waiver(two, granted=False, note="不行", actor=house.cast.director, at=LATER),
    )
    assert said == "这项申请已经有人批过了"
    assert Waiver.objects.get().granted is (who == 0)
    assert Commitment.objects.get(pk=owed.pk).state == ("waived" if who == 0 else "open")
