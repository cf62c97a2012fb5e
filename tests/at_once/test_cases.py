"""Two press at once: registering, cases, complaints and return visits."""

from datetime import timedelta

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.staffing.models import Department
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Commitment
from tests.at_once.pressing import (
    LATER,
    WON,
    Act,
    House,
    lines,
    one_wins,
    order_of,
    press_together,
    take,
    too_late,
    walk,
)
from tests.cast import AT, tell

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_take_one_case(house: House) -> None:
    case, cast = tell(house.estate, house.cast.clerk, kind="enquiry"), house.cast
    one, two = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    who, said = one_wins(
        lambda: cases.take_case(one, actor=cast.clerk, at=LATER),
        lambda: cases.take_case(two, actor=cast.butler, at=LATER),
    )
    winner = (cast.clerk, cast.butler)[who]
    assert said == too_late("受理", "处理中", winner)
    assert Case.objects.get(pk=case.pk).responsible == winner
    owed = Commitment.objects.filter(thread=case.thread, ended_at=None, follows_subject=True)
    assert {one.owner_id for one in owed} == {winner.pk}


def test_two_close_one_case_with_different_words(house: House) -> None:
    case, cast = tell(house.estate, house.cast.clerk, kind="enquiry"), house.cast
    one, two = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    who, said = one_wins(
        lambda: cases.close_case(one, answer="每月十号", actor=cast.clerk, at=LATER),
        lambda: cases.close_case(two, answer="每月五号", actor=cast.butler, at=LATER),
    )
    assert said in ("事项已经结束,请先重开", too_late("办结", "已办结", (cast.clerk, cast.butler)[who]))
    assert Case.objects.get(pk=case.pk).answer == ("每月十号", "每月五号")[who]
    assert lines("cases.case.closed") == lines("cases.case.answered") == 1


def test_two_merge_their_cases_crosswise(house: House) -> None:
    one, two = (tell(house.estate, house.cast.clerk, kind="enquiry") for _ in range(2))
    who, said = one_wins(
        lambda: cases.merge_case(Case.objects.get(pk=one.pk), into=two, actor=house.cast.supervisor, at=LATER),
        lambda: cases.merge_case(Case.objects.get(pk=two.pk), into=one, actor=house.cast.director, at=LATER),
    )
    gone, kept = (one, two) if who == 0 else (two, one)
    assert said == f"{gone.number} 已经结束,不能并入;如是同一问题再次发生,请登记为重复"
    assert Case.objects.get(pk=gone.pk).merged_into == kept
    assert Case.objects.get(pk=kept.pk).is_open


@pytest.mark.parametrize("end", ["close", "void"])
def test_one_merges_into_a_case_the_other_ends(house: House, end: str) -> None:
    one, two = (tell(house.estate, house.cast.clerk, kind="enquiry") for _ in range(2))
    cast, into = house.cast, Case.objects.get(pk=two.pk)
    ends: dict[str, Act] = {
        "close": lambda: cases.close_case(two, answer="每月十号", actor=cast.director, at=LATER),
        "void": lambda: cases.void_case(two, reason="登记错了", actor=cast.director, at=LATER),
    }
    read = press_together(
        lambda: cases.merge_case(Case.objects.get(pk=one.pk), into=into, actor=cast.supervisor, at=LATER), ends[end]
    )
    merged = Case.objects.get(pk=one.pk).status == "merged"
    over = f"{two.number} 已经结束,不能并入;如是同一问题再次发生,请登记为重复"
    blocked = "有 1 件事项并入了这一件,请先撤销并案再作废"
    assert read == [WON if merged else over, blocked if merged and end == "void" else WON]
    assert Case.objects.get(pk=two.pk).status == ("new" if merged and end == "void" else f"{end.rstrip('e')}ed")


def test_two_decide_one_complaint(house: House) -> None:
    case, cast = tell(house.estate, house.cast.clerk, kind="complaint"), house.cast
    complaint = Complaint.objects.get(case=case)
    complaints.verify(complaint, finding="属实", validity="valid", actor=cast.butler, at=AT)
    department = Department.objects.filter(estate=house.estate).first()
    one, two = (Complaint.objects.select_related("case").get(case=case) for _ in range(2))
    who, said = one_wins(
        lambda: complaints.decide(one, method="换人", department=department, actor=cast.supervisor, at=LATER),
        lambda: complaints.decide(two, method="道歉", department=department, actor=cast.director, at=LATER),
    )
    winner = (cast.supervisor, cast.director)[who]
    assert said == too_late("决定", "处理中", winner)
    kept = Complaint.objects.get(case=case)
    assert (kept.decided_by, kept.method) == (winner, ("换人", "道歉")[who])


@pytest.mark.parametrize("grades", [(4, 4, 4), (1, 2, 3)])
def test_two_record_one_visit(house: House, grades: tuple[int, int, int]) -> None:
    case, cast = tell(house.estate, house.cast.clerk), house.cast
    order = order_of(case)
    walk(order, house, to="finished")
    repairs.accept_by_paper(order, paper_slip="A1", signer="王丽", written_at=AT, actor=cast.clerk, at=AT)
    told = Evaluation(*grades, shortcomings="还在滴")
    one, two = (ReturnVisit.objects.select_related("case__estate", "rule").get(case=case) for _ in range(2))
    who, said = one_wins(
        lambda: visits.record_visit(one, mode="phone", evaluation=told, actor=cast.clerk, at=LATER),
        lambda: visits.record_visit(two, mode="phone", evaluation=told, actor=cast.butler, at=LATER),
    )
    winner = (cast.clerk, cast.butler)[who]
    assert winner.name in said and said.endswith("您填写的内容还在")
    failed = min(grades) < 3
    assert ReturnVisit.objects.get(round=1).visitor == winner
    assert ReturnVisit.objects.count() == 1 + failed
    assert Case.objects.filter(raised_by=case).count() == failed


def test_one_form_is_sent_twice_at_once(house: House) -> None:
    made: list[Case] = []
    read = press_together(*[lambda: made.append(take(house, key="form-1")) for _ in range(4)])
    assert read == [WON] * 4
    assert {case.number for case in made} == {"YH-W261125-001"}
    assert (Case.objects.count(), Contact.objects.count(), WorkOrder.objects.count()) == (1, 1, 1)


def test_numbers_have_no_gap_although_four_register_at_once(house: House) -> None:
    rounds = 8

    def register() -> None:
        for turn in range(rounds):
            if turn % 3 == 2:
                with pytest.raises(Refused):
                    take(house, text=" ")
                with pytest.raises(Refused):
                    take(house, kind="repair", appointment_to=AT - timedelta(hours=1), appointment_from=AT)
            take(house)

    assert press_together(*[register] * 4) == [WON] * 4
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == [f"YH-W261125-{n:03d}" for n in range(1, 4 * rounds + 1)]
    assert max(Contact.objects.values_list("number", flat=True)) == f"YH-L261125-{4 * rounds:03d}"
