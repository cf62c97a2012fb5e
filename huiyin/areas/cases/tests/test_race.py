"""Two people press the same button at the same moment, each on a connection of their own to one real database."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connections

from huiyin.areas.cases import operations
from huiyin.areas.cases.models import Case
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment
from tests import cast as people
from tests.cast import AT, Cast, tell

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def press_together(acts: list[Callable[[], None]]) -> list[str]:
    """Let every act run in a thread of its own and return what each read: nothing, or the refusal."""
    read = [""] * len(acts)
    gate = threading.Barrier(len(acts), timeout=30)

    def run(place: int) -> None:
        with closing(connections["default"]):
            gate.wait()
            try:
                acts[place]()
            except Refused as refusal:
                read[place] = refusal.sentence

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return read


@pytest.fixture
def staff(real_database: None, recommended_only: Path) -> Cast:
    estate = people.open_estate()
    cast = people.gather(estate)
    standards.load_catalogue(at=AT, folder=recommended_only)
    standards.adopt(estate.pk, "recommended", since=AT, actor=cast.system, at=AT)
    return cast


def _told(cast: Cast) -> Case:
    from_estate = cast.clerk.assignments.select_related("post__estate").get().post.estate
    return tell(from_estate, cast.clerk, kind="enquiry")


@pytest.mark.slow
def test_of_two_who_take_a_case_one_gets_it_and_the_other_reads_who(staff: Cast) -> None:
    for _ in range(ROUNDS):
        case = _told(staff)
        mine, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)

        def take(row: Case, who: User) -> Callable[[], None]:
            return lambda: operations.take_case(row, actor=who, at=AT)

        read = press_together([take(mine, staff.clerk), take(theirs, staff.supervisor)])
        winner = Case.objects.select_related("responsible").get(pk=case.pk).responsible
        assert winner in (staff.clerk, staff.supervisor)
        assert sorted(read) == ["", f"现在是「处理中」,刚由{winner.name}处理,不能再受理;您填写的内容还在"]
        assert Entry.objects.filter(thread=case.thread, kind="cases.case.taken").count() == 1


@pytest.mark.slow
def test_a_close_and_a_void_at_once_leave_one_ending(staff: Cast) -> None:
    for _ in range(ROUNDS):
        case = _told(staff)
        rows = [Case.objects.get(pk=case.pk) for _ in range(2)]
        read = press_together(
            [
                lambda rows=rows: operations.close_case(rows[0], answer="好了", actor=staff.clerk, at=AT),
                lambda rows=rows: operations.void_case(rows[1], reason="错了", actor=staff.supervisor, at=AT),
            ]
        )
        assert sorted(sentence == "" for sentence in read) == [False, True]
        ended = Entry.objects.filter(thread=case.thread, kind__in=["cases.case.closed", "cases.case.voided"])
        assert ended.count() == 1
        assert not Commitment.objects.filter(thread=case.thread, ended_at=None).exists()


@pytest.mark.slow
def test_two_cases_are_not_merged_into_each_other(staff: Cast) -> None:
    for _ in range(ROUNDS):
        a, b = _told(staff), _told(staff)
        pairs = [(Case.objects.get(pk=x.pk), Case.objects.get(pk=y.pk)) for x, y in ((a, b), (b, a))]
        read = press_together(
            [
                lambda pair=pair: operations.merge_case(pair[0], into=pair[1], actor=staff.supervisor, at=AT)
                for pair in pairs
            ]
        )
        assert sorted(sentence == "" for sentence in read) == [False, True]
        assert sorted(Case.objects.filter(pk__in=[a.pk, b.pk]).values_list("status", flat=True)) == ["merged", "new"]
