"""Two people press the same button at the same moment, each on a connection of their own to one real database.

Exactly one wins, the other reads a sentence, nothing is lost, and what `huiyin verify` asks still holds.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import Offer, Transfer, Turn, WorkOrder
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Department
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import operations as signing_in
from huiyin.foundation.signing_in.models import LinkKind
from huiyin.foundation.signing_in.rules import AT_ACCOUNT
from huiyin.standards import composition
from huiyin.standards import operations as standards
from huiyin.standards.models import Adoption, Commitment, Draft, Draw, Miss, Standard, StandardVersion, Step, Waiver
from huiyin.standards.operations import drafting
from huiyin.surfaces.cli import verify
from tests import cast as people
from tests.cast import AT, Cast, tell

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LATER = AT + timedelta(minutes=5)
WON = ""
Act = Callable[[], object]


@dataclass(frozen=True)
class House:
    estate: Estate
    cast: Cast


@pytest.fixture
def house(real_database: None, recommended_only: Path) -> Iterator[House]:
    estate = people.open_estate()
    cast = people.gather(estate)
    since = AT - timedelta(days=90)
    standards.load_catalogue(at=since, folder=recommended_only)
    standards.adopt(estate.pk, "recommended", since=since, actor=cast.system, at=since)
    yield House(estate, cast)
    assert {one.code: found for one in verify.invariants() if (found := list(one.broken(LATER)))} == {}


def press_together(*acts: Act) -> list[str]:
    """Let each act run in a thread and on a connection of its own; return what each read: nothing, or the refusal.

    Whatever is no refusal is shown as it is, so that it can stand in no expected sentence.
    """
    read = ["never ran"] * len(acts)
    gate = threading.Barrier(len(acts), timeout=60)

    def run(place: int) -> None:
        with closing(connections["default"]):
            try:
                connections["default"].ensure_connection()
                gate.wait()
                acts[place]()
                read[place] = WON
            except Refused as refusal:
                read[place] = refusal.sentence
            except Exception as error:  # noqa: BLE001  (shown, never swallowed)
                read[place] = repr(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return read


def one_wins(*acts: Act) -> tuple[int, str]:
    """Return who won, and what the other one read."""
    read = press_together(*acts)
    assert read.count(WON) == 1, read
    winner = read.index(WON)
    return winner, read[1 - winner]


def too_late(step: str, status: str, winner: User) -> str:
    return f"现在是「{status}」,刚由{winner.name}处理,不能再{step};您填写的内容还在"


def order_of(case: Case) -> WorkOrder:
    return WorkOrder.objects.select_related("case__responsible_post", "technician").get(case=case)


def walk(order: WorkOrder, house: House, *, to: str) -> None:
    """Bring the order to where the two meet it."""
    cast = house.cast
    steps: Sequence[tuple[str, Act]] = (
        ("assigned", lambda: repairs.dispatch(order, technician=cast.technician, actor=cast.lead, at=AT)),
        ("accepted", lambda: repairs.accept(order, actor=cast.technician, at=AT)),
        ("working", lambda: repairs.arrive(order, actor=cast.technician, at=AT)),
        ("finished", lambda: repairs.finish(order, work_done="换了阀芯", actor=cast.technician, at=AT)),
    )
    for status, step in steps:
        step()
        if status == to:
            return


def lines(kind: str) -> int:
    return Entry.objects.filter(kind=kind).count()


def test_two_dispatch_one_order(house: House) -> None:
    case, cast = tell(house.estate, house.cast.clerk), house.cast
    mine, yours = order_of(case), order_of(case)
    who, said = one_wins(
        lambda: repairs.dispatch(mine, technician=cast.technician, actor=cast.lead, at=LATER),
        lambda: repairs.dispatch(yours, technician=cast.second_technician, actor=cast.supervisor, at=LATER),
    )
    assert said == too_late("派单", "已派单", (cast.lead, cast.supervisor)[who])
    assert order_of(case).technician == (cast.technician, cast.second_technician)[who]
    assert lines("repairs.order.dispatched") == 1
    owed = Commitment.objects.get(thread=case.thread, code="repair.accept")
    assert (owed.owner_id, owed.ended_at) == (order_of(case).technician_id, None)


def open_offer(house: House) -> tuple[Case, Offer]:
    case = tell(house.estate, house.cast.clerk)
    return case, repairs.lay_open(order_of(case), actor=house.cast.lead, at=AT)


def offered(offer: Offer) -> Offer:
    """Read the offer anew, as each phone does."""
    return Offer.objects.select_related("order__case__responsible_post", "order__technician").get(pk=offer.pk)


def test_two_grab_one_order(house: House) -> None:
    (case, offer), cast = open_offer(house), house.cast
    mine, yours = offered(offer), offered(offer)
    who, said = one_wins(
        lambda: repairs.grab(mine, actor=cast.technician, at=LATER),
        lambda: repairs.grab(yours, actor=cast.second_technician, at=LATER),
    )
    winner = (cast.technician, cast.second_technician)[who]
    assert said == f"慢了一步:这张单已在{winner.name}手里,看看别的单"
    order = order_of(case)
    assert (order.technician, order.status, Offer.objects.get().taken_by) == (winner, "accepted", winner)
    assert (lines("repairs.order.dispatched"), lines("repairs.order.accepted")) == (1, 1)


def test_one_grabs_while_the_lead_gives_it_to_another(house: House) -> None:
    (case, offer), cast = open_offer(house), house.cast
    mine, yours = offered(offer), order_of(case)
    who, said = one_wins(
        lambda: repairs.grab(mine, actor=cast.technician, at=LATER),
        lambda: repairs.dispatch(yours, technician=cast.second_technician, actor=cast.lead, at=LATER),
    )
    if who:
        assert said == "慢了一步:这张单已在赵刚手里,看看别的单"
    else:
        assert said == too_late("派单", "已接单", cast.technician)
    assert order_of(case).technician == (cast.technician, cast.second_technician)[who]
    assert Offer.objects.get().state == ("taken", "withdrawn")[who]


def test_one_person_grabbing_two_at_once_keeps_to_the_cap(house: House) -> None:
    repairs.set_policy(
        house.estate.pk,
        urgency="normal",
        mode="grab",
        load_cap=1,
        grab_minutes=10,
        slots_from=time(8),
        slots_until=time(18),
        slot_minutes=120,
        per_slot=0,
        actor=house.cast.lead,
        at=AT,
    )
    one, two = offered(open_offer(house)[1]), offered(open_offer(house)[1])
    technician = house.cast.technician
    _, said = one_wins(
        lambda: repairs.grab(one, actor=technician, at=LATER), lambda: repairs.grab(two, actor=technician, at=LATER)
    )
    assert said == "这张单您抢不了:手上已有 1 张,上限 1 张"


def test_a_colleague_takes_an_order_over_while_the_lead_takes_it_back(house: House) -> None:
    case, cast = tell(house.estate, house.cast.clerk), house.cast
    walk(order_of(case), house, to="accepted")
    asked = repairs.ask_transfer(
        order_of(case), receiver=cast.second_technician, reason="要下班了", actor=cast.technician, at=AT
    )
    assert asked
    mine = Transfer.objects.select_related("order__case__responsible_post", "order__technician", "giver").get()
    yours = order_of(case)
    read = press_together(
        lambda: repairs.take_over(mine, actor=cast.second_technician, at=LATER),
        lambda: repairs.take_back(yours, reason="另有急修", actor=cast.lead, at=LATER),
    )
    order = order_of(case)
    if read[0] == WON and order.status == "accepted":
        assert order.technician == cast.second_technician
    else:
        assert (order.status, order.technician, read[1]) == ("new", None, WON)
    assert Transfer.objects.get().state in ("taken", "ended")


def test_two_leads_give_two_orders_in_turn(house: House) -> None:
    cast = house.cast
    one, two = order_of(tell(house.estate, cast.clerk)), order_of(tell(house.estate, cast.clerk))
    read = press_together(
        lambda: repairs.rotate(one, actor=cast.lead, at=LATER),
        lambda: repairs.rotate(two, actor=cast.supervisor, at=LATER),
    )
    assert read == [WON, WON]
    assert set(Turn.objects.values_list("technician", flat=True)) == {cast.technician.pk, cast.second_technician.pk}


@pytest.mark.parametrize(
    ("before", "act", "label", "now", "kind"),
    [
        ("assigned", lambda o, u: repairs.accept(o, actor=u, at=LATER), "接单", "已接单", "accepted"),
        ("accepted", lambda o, u: repairs.arrive(o, actor=u, at=LATER), "到达", "维修中", "arrived"),
        ("working", lambda o, u: repairs.finish(o, work_done="修好", actor=u, at=LATER), "完工", "待验收", "finished"),
    ],
)
def test_a_technician_presses_twice(
    house: House, before: str, act: Callable[[WorkOrder, User], None], label: str, now: str, kind: str
) -> None:
    case, technician = tell(house.estate, house.cast.clerk), house.cast.technician
    walk(order_of(case), house, to=before)
    one, two = order_of(case), order_of(case)
    _, said = one_wins(lambda: act(one, technician), lambda: act(two, technician))
    assert said == too_late(label, now, technician)
    assert lines(f"repairs.order.{kind}") == 1


def test_a_phone_sends_the_same_step_twice_and_both_are_told_it_is_done(house: House) -> None:
    case, technician = tell(house.estate, house.cast.clerk), house.cast.technician
    walk(order_of(case), house, to="assigned")
    one, two = order_of(case), order_of(case)
    read = press_together(
        lambda: repairs.accept(one, actor=technician, at=LATER, key="phone-1"),
        lambda: repairs.accept(two, actor=technician, at=LATER, key="phone-1"),
    )
    assert read == [WON, WON]
    assert lines("repairs.order.accepted") == 1


def test_the_signature_and_the_paper_slip_meet(house: House) -> None:
    case, cast = tell(house.estate, house.cast.clerk), house.cast
    walk(order_of(case), house, to="finished")
    signature = keep_signature(house.estate)
    one, two = order_of(case), order_of(case)
    paper = {"paper_slip": "A1", "signer": "王丽", "written_at": AT}
    who, said = one_wins(
        lambda: repairs.accept_by_signature(one, signature=signature, signer="王丽", actor=cast.technician, at=LATER),
        lambda: repairs.accept_by_paper(two, **paper, actor=cast.clerk, at=LATER),
    )
    assert said.startswith("现在是「已验收」") and said.endswith("不能再验收;您填写的内容还在")
    assert order_of(case).acceptance == ("signature", "paper")[who]
    assert Draw.objects.count() == ReturnVisit.objects.count() == 1
    assert Case.objects.get(pk=case.pk).status == "closed"


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


def test_somebody_leaves_while_being_given_an_order(house: House) -> None:
    case, cast = tell(house.estate, house.cast.clerk), house.cast
    order, leaver = order_of(case), User.objects.get(pk=cast.technician.pk)
    read = press_together(
        lambda: repairs.dispatch(order, technician=cast.technician, actor=cast.lead, at=LATER),
        lambda: staffing.let_go(leaver, estate_id=house.estate.pk, actor=cast.director, at=LATER),
    )
    assert read[1] == WON
    assert read[0] in (WON, f"{cast.technician.name}不在本小区维修岗位上,请另选")
    assert (order_of(case).status, order_of(case).technician) == ("new", None)


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


def proposed_draft(house: House, says: str = "投诉 12 小时内答复") -> Draft:
    cast, version = house.cast, composition.bases(house.estate.pk, at=AT).current
    assert version is not None
    draft = drafting.start_draft(house.estate.pk, version, title="云河苑服务标准", actor=cast.supervisor, at=AT)
    reply = composition.specs_of(version)["complaint.reply"]
    drafting.change_rule(draft, {**reply, "within": "12 h", "says": says}, actor=cast.supervisor, at=AT)
    drafting.propose(draft, effective_from=AT + timedelta(days=1), note="改", actor=cast.supervisor, at=AT)
    return draft


def test_two_publish_one_draft(house: House) -> None:
    draft, cast = proposed_draft(house), house.cast
    one, two = (Draft.objects.get(pk=draft.pk) for _ in range(2))
    who, said = one_wins(
        lambda: drafting.publish(one, actor=cast.director, at=LATER),
        lambda: drafting.publish(two, actor=cast.lead, at=LATER),
    )
    assert said == too_late("发布", "已发布", (cast.director, cast.lead)[who])
    assert Draft.objects.get().published_by == (cast.director, cast.lead)[who]
    own = Standard.objects.get(estate_id=house.estate.pk)
    assert (own.versions.count(), Adoption.objects.filter(standard=own).count()) == (1, 1)
    assert lines("standards.draft.published") == 1


def test_two_publish_two_drafts_of_one_estate(house: House) -> None:
    """The second would undo the first, which it has not seen."""
    first, second = proposed_draft(house), proposed_draft(house, "投诉半天内答复")
    who, said = one_wins(
        lambda: drafting.publish(Draft.objects.get(pk=first.pk), actor=house.cast.director, at=LATER),
        lambda: drafting.publish(Draft.objects.get(pk=second.pk), actor=house.cast.director, at=LATER),
    )
    assert said == "起草之后现行版本已经变了,请先把草稿移到现行版本上,改动会保留"
    version = StandardVersion.objects.get(standard__estate_id=house.estate.pk)
    assert version.draft.pk == (first.pk, second.pk)[who]
    assert Draft.objects.get(pk=(second.pk, first.pk)[who]).status == "proposed"


def test_one_publishes_what_another_sends_back(house: House) -> None:
    draft, cast = proposed_draft(house), house.cast
    who, said = one_wins(
        lambda: drafting.publish(Draft.objects.get(pk=draft.pk), actor=cast.director, at=LATER),
        lambda: drafting.return_draft(Draft.objects.get(pk=draft.pk), reason="再想想", actor=cast.supervisor, at=LATER),
    )
    ended, actor = (("已发布", cast.director), ("起草中", cast.supervisor))[who]
    assert said == too_late(("退回起草", "发布")[who], ended, actor)
    assert StandardVersion.objects.filter(standard__estate_id=house.estate.pk).count() == (1, 0)[who]


def test_two_change_one_rule_of_a_draft(house: House) -> None:
    draft, cast = proposed_draft(house), house.cast
    drafting.return_draft(draft, reason="再想想", actor=cast.supervisor, at=AT)
    spec = composition.drafted(Draft.objects.select_related("base__standard").get(pk=draft.pk))["complaint.reply"]
    seen = composition.digest_of(spec)

    def change(hours: int, actor: User) -> Act:
        mine = Draft.objects.select_related("base__standard").get(pk=draft.pk)
        new = {**spec, "within": f"{hours} h", "says": f"投诉 {hours} 小时内答复"}
        return lambda: drafting.change_rule(mine, new, actor=actor, at=LATER, seen=seen)

    who, said = one_wins(change(6, cast.supervisor), change(8, cast.director))
    assert said == "这一条刚被别人改过,请对照现在的内容再改;您填写的内容还在"
    assert Draft.objects.get().changes["complaint.reply"]["within"] == ("6 h", "8 h")[who]


def take(house: House, *, key: str = "", text: str = "厨房漏水", **matter: Any) -> Case:
    return desk.take_matter(
        house.estate,
        matter=desk.Matter(**{"kind": "repair", **matter}),
        channel="call",
        text=text,
        caller=Caller("王女士", "13800138000", "3-2-1501"),
        actor=house.cast.clerk,
        at=AT,
        key=key,
    )


def keep_signature(estate: Estate, at: datetime = AT) -> StoredFile:
    return StoredFile.objects.create(
        estate_id=estate.pk,
        subject_type="repairs.order",
        subject_id=0,
        sha256="0" * 64,
        size=1,
        content_type="image/png",
        original_name="签名.png",
        stored_name="two.png",
        uploaded_at=at,
    )


def test_many_guesses_at_once_get_no_further_than_many_in_a_row(house: House) -> None:
    read = press_together(
        *[lambda: signing_in.check_password("clerk", "wrong", address="10.0.0.7", at=AT)] * 2 * AT_ACCOUNT
    )
    assert read.count("账号或密码不对,请核对后再试。") == AT_ACCOUNT
    assert read.count("试错的次数太多,请 15 分钟后再试;急用请找管理员解除限制。") == AT_ACCOUNT


def test_a_link_and_a_code_are_used_once_by_two(house: House) -> None:
    clerk = house.cast.clerk
    token = signing_in.make_link(clerk, kind=LinkKind.RESET, actor=house.cast.director, at=AT)
    _, read = one_wins(*[lambda: signing_in.use_link(token, password="evening-tea-7", at=AT)] * 2)
    assert read.startswith(("这个链接刚刚用过了", "这个链接已经用过了"))
    code = signing_in.add_passkey(clerk, name="手机", credential={}, at=AT)[0]
    _, read = one_wins(*[lambda: signing_in.check_code(clerk, code, address="", at=AT)] * 2)
    assert read.startswith("这个码不对或已经用过")
