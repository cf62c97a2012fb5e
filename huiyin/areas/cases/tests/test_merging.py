"""Cases told several times are merged by pointer, counted, and taken apart again."""

from datetime import timedelta

from huiyin.areas.cases import operations, queries
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, Cast, tell


def three(estate: Estate, cast: Cast, kind: str = "enquiry") -> tuple[Case, Case, Case]:
    a, b, c = (tell(estate, cast.clerk, kind=kind, text=f"第 {n} 次") for n in (1, 2, 3))
    return a, b, c


def counts(*cases: Case) -> list[int]:
    return [queries.callers_of(case) for case in cases]


def running(case: Case) -> int:
    return Commitment.objects.filter(thread=case.thread, ended_at=None).count()


def test_callers_are_counted_through_the_chain_and_given_back(estate: Estate, cast: Cast, standard: Standard) -> None:
    a, b, c = three(estate, cast)
    operations.merge_case(a, into=b, actor=cast.supervisor, at=AT)
    assert counts(a, b, c) == [1, 2, 1]
    operations.merge_case(b, into=c, actor=cast.supervisor, at=AT)
    assert counts(a, b, c) == [1, 2, 3]
    assert (running(a), running(b), running(c)) == (0, 0, 1)
    operations.unmerge_case(b, reason="不是一件", actor=cast.supervisor, at=AT)
    assert counts(a, b, c) == [1, 2, 1]
    assert running(b) == 1
    operations.unmerge_case(a, reason="也不是", actor=cast.supervisor, at=AT)
    assert counts(a, b, c) == [1, 1, 1]
    assert set(Case.objects.values_list("status", "merged_into")) == {("new", None), ("working", None)}


def test_the_survivor_is_told_who_came_and_who_left(estate: Estate, cast: Cast, standard: Standard) -> None:
    a, b, _ = three(estate, cast)
    operations.merge_case(a, into=b, actor=cast.supervisor, at=AT)
    operations.unmerge_case(a, reason="不是一件", actor=cast.supervisor, at=AT)
    told = Entry.objects.filter(thread=b.thread).order_by("id")[1:]
    caller = {"number": a.number, "caller": "3-2-1501 王女士"}
    assert [(line.kind, line.values) for line in told] == [("cases.case.joined", caller), ("cases.case.parted", caller)]


def test_an_unmerged_case_has_somebody_and_a_next_step(estate: Estate, cast: Cast, standard: Standard) -> None:
    a, b, _ = three(estate, cast)
    operations.merge_case(a, into=b, actor=cast.supervisor, at=AT)
    assert (a.next_step, a.next_at) == ("", None)
    operations.unmerge_case(a, reason="不是一件", actor=cast.supervisor, at=AT + timedelta(hours=1))
    found = Case.objects.get(pk=a.pk)
    assert (found.status, found.responsible) == ("working", cast.clerk)
    assert found.next_step and found.next_at and running(found) == 1


def test_related_matters_are_told_apart(estate: Estate, cast: Cast, standard: Standard) -> None:
    a, b, c = three(estate, cast)
    operations.merge_case(a, into=b, actor=cast.supervisor, at=AT)
    again = tell(estate, cast.clerk, kind="enquiry", repeat_of=b)
    raised = tell(estate, cast.clerk, kind="complaint", raised_by=b)
    found = queries.related_to(b)
    assert (found.merged, found.repeats, found.raised) == ([a], [again], [raised])
    assert found.look_alikes == [again, c]
