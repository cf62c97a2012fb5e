"""What follows an order: copies, talks, contact details, and that the same fault again raises what the standard says."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.estate.models import Estate, Household, Person, Phone
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import CommunicationNote, ContactChange, OrderCopies, WorkOrder
from huiyin.areas.repairs.operations import FollowRefused, FollowUp
from huiyin.areas.repairs.rules import repeats
from huiyin.areas.repairs.states import CONTACT_MOVES, ContactChangeStatus
from huiyin.areas.repairs.tests.factories import fresh, minutes, order_in
from huiyin.foundation.states.moves import MovedMeanwhile
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def closed(estate: Estate, cast: Cast, home: Household, standard: Standard) -> WorkOrder:
    order = order_in("closed", estate, cast)
    return WorkOrder.objects.select_related("case__estate", "case__unit", "technician").get(pk=order.pk)


def owed(order: WorkOrder) -> dict[str, tuple[int | None, str]]:
    found = Commitment.objects.filter(thread=order.thread, ended_at=None, code__startswith="repair.co")
    return {one.code: (one.owner_id, one.owner_post) for one in found}


def copies(order: WorkOrder) -> OrderCopies:
    found = queries.copies_of(order)
    assert found is not None
    return found


def test_an_accepted_order_owes_both_copies_though_the_case_is_closed(closed: WorkOrder, cast: Cast) -> None:
    assert Case.objects.get(pk=closed.case_id).status == "closed"
    assert owed(closed) == {
        "repair.copy.back": (cast.technician.pk, "technician"),
        "repair.copy.seen": (None, "maintenance_lead"),
    }


def test_the_second_copy_comes_back_checked_and_once(closed: WorkOrder, cast: Cast) -> None:
    with pytest.raises(FollowRefused):
        operations.take_copy_back(copies(closed), materials="differ", actor=cast.clerk, at=minutes(90))
    assert copies(closed).back_at is None
    told = {"materials": "differ", "note": "少一个角阀", "actor": cast.clerk}
    operations.take_copy_back(copies(closed), **told, at=minutes(90))
    assert set(owed(closed)) == {"repair.copy.seen"}
    with pytest.raises(FollowRefused):
        operations.take_copy_back(copies(closed), materials="agree", actor=cast.clerk, at=minutes(95))
    assert (copies(closed).materials, copies(closed).back_at) == ("differ", minutes(90))


def test_the_first_copy_is_looked_at_by_another_and_may_teach(closed: WorkOrder, cast: Cast) -> None:
    with pytest.raises(FollowRefused):
        operations.look_at_copy(copies(closed), actor=cast.technician, at=minutes(90))
    with pytest.raises(FollowRefused):
        operations.look_at_copy(copies(closed), training=True, actor=cast.lead, at=minutes(90))
    operations.look_at_copy(
        copies(closed), training=True, training_note="老式角阀怎么拆", note="用时合理", actor=cast.lead, at=minutes(90)
    )
    assert set(owed(closed)) == {"repair.copy.back"}
    (found,) = queries.copies_listed(cast.lead, closed.estate_id, show="training")
    assert (found.training_note, found.seen_by) == ("老式角阀怎么拆", cast.lead)
    with pytest.raises(FollowRefused):
        operations.look_at_copy(copies(closed), actor=cast.lead, at=minutes(91))


def test_lists_show_what_is_not_back(estate: Estate, cast: Cast, closed: WorkOrder) -> None:
    def numbers(show: str) -> list[str]:
        return [one.order.number for one in queries.copies_listed(cast.clerk, estate.pk, show=show)]

    assert numbers("back") == numbers("seen") == [closed.number]
    operations.take_copy_back(copies(closed), materials="agree", actor=cast.clerk, at=minutes(90))
    assert (numbers("back"), numbers("seen"), numbers("differ")) == ([], [closed.number], [])
    assert list(queries.copies_listed(cast.outsider, estate.pk)) == []


def talk(order: WorkOrder, cast: Cast, **more: Any) -> CommunicationNote:
    said = {"told_by": cast.technician, "talked_at": minutes(45), "points": "讲了怎么用", "at": minutes(60)}
    return operations.enter_talk(order, **{**said, "actor": cast.clerk, **more})


def test_a_talk_with_something_left_to_do_becomes_a_case_raised_by_this_one(closed: WorkOrder, cast: Cast) -> None:
    note = talk(closed, cast, follow_up=FollowUp("阳台地漏也要通", "repair"), key="k1")
    assert note.follow_up_case is not None
    assert (note.follow_up_case.kind, note.follow_up_case.raised_by_id) == ("repair", closed.case_id)
    assert WorkOrder.objects.get(case=note.follow_up_case).status == "new"
    assert talk(closed, cast, follow_up=FollowUp("阳台地漏也要通", "repair"), key="k1") == note
    assert CommunicationNote.objects.count() == 1


def test_a_talk_during_the_work_may_set_the_next_step(estate: Estate, cast: Cast, standard: Standard) -> None:
    order = fresh(order_in("working", estate, cast))
    when = minutes(600)
    note = talk(order, cast, follow_up=FollowUp("下午给业主回话", next_at=when))
    assert note.follow_up_case_id == order.case_id
    assert Case.objects.get(pk=order.case_id).promised_at == when


@pytest.mark.parametrize(
    "wrong",
    [{"points": " "}, {"talked_at": minutes(600)}, {"talked_at": AT - timedelta(days=1)}],
    ids=["no points", "ahead of now", "before the report"],
)
def test_a_talk_that_cannot_have_been_is_refused(closed: WorkOrder, cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(FollowRefused):
        talk(closed, cast, **wrong)
    assert CommunicationNote.objects.count() == 0


def confirm(order: WorkOrder, cast: Cast, **more: Any) -> ContactChange:
    person = Person.objects.get(name="王丽")
    told = {"name": "王丽", "phone": "13800138000", "person": person, "actor": cast.clerk, "at": minutes(70)}
    return operations.confirm_contact(order, **{**told, **more})


def phones() -> list[str]:
    return list(Phone.objects.filter(person__name="王丽").values_list("number", flat=True))


def test_what_agrees_with_the_roster_needs_nobody(closed: WorkOrder, cast: Cast) -> None:
    assert confirm(closed, cast).status == "same"
    assert "repair.contact.decide" not in owed(closed)


def test_a_new_phone_changes_the_household_only_when_another_accepts(closed: WorkOrder, cast: Cast) -> None:
    change = confirm(closed, cast, phone="139 0013 9000")
    assert (change.status, change.old_phone, phones()) == ("proposed", "13800138000", ["13800138000"])
    assert "repair.contact.decide" in owed(closed)
    with pytest.raises(FollowRefused):
        confirm(closed, cast, phone="13700137000")
    with pytest.raises(FollowRefused):
        operations.accept_contact(change, actor=cast.clerk, at=minutes(80))
    operations.accept_contact(change, actor=cast.butler, at=minutes(80))
    assert phones() == ["13900139000"]
    assert (change.status, change.decided_by) == ("accepted", cast.butler)
    assert "repair.contact.decide" not in owed(closed)


def test_refused_leaves_the_household_as_it_is(closed: WorkOrder, cast: Cast) -> None:
    change = confirm(closed, cast, phone="13900139000")
    operations.refuse_contact(change, reason="空号", actor=cast.butler, at=minutes(80))
    assert (change.status, phones()) == ("refused", ["13800138000"])
    with pytest.raises(MovedMeanwhile):
        operations.accept_contact(change, actor=cast.butler, at=minutes(81))
    assert phones() == ["13800138000"]


def test_somebody_new_moves_in_when_accepted(closed: WorkOrder, cast: Cast) -> None:
    change = confirm(closed, cast, name="王小宝", phone="13600136000", person=None, kind="family")
    operations.accept_contact(change, actor=cast.butler, at=minutes(80))
    found = queries.card_of(closed)
    assert found is not None
    assert [one.person.name for one in found.people] == ["王丽", "王小宝"]


def test_what_was_changed_meanwhile_refuses_the_whole_step(closed: WorkOrder, cast: Cast) -> None:
    change = confirm(closed, cast, phone="13900139000")
    Phone.objects.filter(person__name="王丽").update(number="13500135000")
    with pytest.raises(Exception, match="刚被别人改过"):
        operations.accept_contact(change, actor=cast.butler, at=minutes(80))
    assert ContactChange.objects.get().status == "proposed"
    assert phones() == ["13500135000"]


@pytest.mark.parametrize("move", CONTACT_MOVES, ids=lambda move: move.code)
@pytest.mark.parametrize("status", ContactChangeStatus.values)
def test_only_what_waits_is_decided(closed: WorkOrder, cast: Cast, move: Any, status: str) -> None:
    change = confirm(closed, cast, phone="13800138000" if status == "same" else "13900139000")
    if status == "accepted":
        operations.accept_contact(change, actor=cast.butler, at=minutes(80))
    if status == "refused":
        operations.refuse_contact(change, reason="空号", actor=cast.butler, at=minutes(80))
    decide = {"accept": operations.accept_contact, "refuse": operations.refuse_contact}[move.code]
    more = {"reason": "空号"} if move.code == "refuse" else {}
    if status in move.sources:
        decide(change, actor=cast.butler, at=minutes(81), **more)
        assert change.status == move.target
    else:
        with pytest.raises(MovedMeanwhile):
            decide(change, actor=cast.butler, at=minutes(81), **more)


def repaired(estate: Estate, cast: Cast, *, at: datetime, code: str = "water.tap") -> WorkOrder:
    category = Category.objects.get(kind="repair", code=code)
    return order_in("closed", estate, cast, at=at, text="龙头漏水", category=category)


def raised(estate: Estate) -> set[str]:
    found = Commitment.objects.filter(estate_id=estate.pk, code__startswith="repair.repeat")
    return set(found.values_list("code", flat=True))


def test_the_second_in_30_days_sends_the_lead_and_the_third_in_90_is_a_nonconformity(
    estate: Estate, cast: Cast, home: Household, standard: Standard
) -> None:
    """By whole orders from the call to the signature, filed under different leaves of the same class."""
    cases.load_categories()
    day = timedelta(days=1)
    repaired(estate, cast, at=AT)
    assert raised(estate) == set()
    repaired(estate, cast, at=AT + 20 * day, code="water.shower")
    assert raised(estate) == {"repair.repeat.visit"}
    repaired(estate, cast, at=AT + 25 * day, code="drain")
    third = repaired(estate, cast, at=AT + 60 * day, code="water")
    assert raised(estate) == {"repair.repeat.visit", "repair.repeat"}
    # Nobody heads the department here, so the search for the cause falls to the director.
    lead, head = (
        Commitment.objects.filter(code=code).latest("id") for code in ("repair.repeat.visit", "repair.repeat")
    )
    assert (lead.owner_post, head.owner_post) == ("maintenance_lead", "centre_director")
    seen = queries.came_back(third.case, at=AT + 61 * day)
    assert (seen.repeats.short, seen.repeats.long) == (0, 2)
    assert {one.code for one in seen.standing} == {"repair.repeat.visit", "repair.repeat"}
    assert {one.code for one in queries.standing(estate.pk, "3-2-1501")} == {"repair.repeat.visit", "repair.repeat"}
    again = order_in(
        "new", estate, cast, at=AT + 62 * day, category=Category.objects.get(kind="repair", code="water.tap")
    )
    assert queries.repeats_on([again], at=AT + 62 * day)[again.pk].short == 1


@pytest.mark.parametrize(
    ("days", "counted"),
    [((), (0, 0)), ((1,), (1, 1)), ((30, 31), (1, 2)), ((89, 90, 91), (0, 2)), ((-1,), (0, 0))],
)
def test_repeats_are_counted_within_their_spans(days: tuple[int, ...], counted: tuple[int, int]) -> None:
    found = repeats([AT - timedelta(days=n) for n in days], at=AT)
    assert (found.short, found.long) == counted
    assert bool(found.words) == found.again == (counted[1] > 0)
