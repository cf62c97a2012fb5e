"""Two press at once: giving out, grabbing, taking over and doing work orders."""

from collections.abc import Callable
from datetime import datetime, time

import pytest

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import Offer, Transfer, Turn, WorkOrder
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.standards.models import Commitment, Draw
from tests.at_once.pressing import LATER, WON, House, lines, one_wins, order_of, press_together, too_late, walk
from tests.cast import AT, tell

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


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
