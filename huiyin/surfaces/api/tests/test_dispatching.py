"""Giving out orders by API: settings, the plan of an order, grabbing, turns, passing on; what is refused changes nothing."""

from collections.abc import Callable

import pytest

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.repairs.models import DispatchPolicy, WorkOrder
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell
from tests.programs import Program

Of = Callable[..., Program]
SAID = {"estate": "YH", "urgency": "normal", "mode": "grab", "load_cap": 1, "per_slot": 1}


@pytest.fixture
def order(estate: Estate, cast: Cast, home: Household, standard: Standard, clock: object) -> WorkOrder:
    return WorkOrder.objects.get(case=tell(estate, cast.clerk, at=AT))


def test_what_the_estate_chose_is_set_and_read(order: WorkOrder, cast: Cast, program_of: Of) -> None:
    lead = program_of(cast.lead)
    assert lead.post("/dispatching", {**SAID, "slots_until": "07:00"}).json()["error"]["message"].startswith("时段要")
    assert lead.post("/dispatching", {**SAID, "load_cap": -1}).status_code == 422
    assert not DispatchPolicy.objects.exists()
    assert lead.post("/dispatching", SAID).status_code == 200
    first = lead.get("/dispatching", estate="YH").json()["items"][0]
    assert first == {
        "urgency": "normal",
        "mode": "grab",
        "load_cap": 1,
        "grab_minutes": 10,
        "slots_from": "08:00",
        "slots_until": "18:00",
        "slot_minutes": 120,
        "per_slot": 1,
    }


def test_the_plan_says_who_and_when(order: WorkOrder, cast: Cast, program_of: Of) -> None:
    program_of(cast.lead).post("/dispatching", SAID)
    plan = program_of(cast.clerk).get(f"/orders/{order.number}/plan").json()
    assert [(one["name"], one["fit"], one["says"]) for one in plan["candidates"]] == [
        ("李强", True, "在岗 · 手上没有单"),
        ("赵刚", True, "在岗 · 手上没有单"),
    ]
    assert {(slot["capacity"], slot["taken"]) for slot in plan["slots"]} == {(2, 0)}


def test_one_grabs_and_the_other_is_told(order: WorkOrder, cast: Cast, program_of: Of) -> None:
    one, two = program_of(cast.technician), program_of(cast.second_technician)
    program_of(cast.lead).post(f"/orders/{order.number}/offer")
    assert [line["number"] for line in two.get("/offers").json()["items"]] == [order.number]
    assert one.post(f"/orders/{order.number}/grab").status_code == 200
    late = two.post(f"/orders/{order.number}/grab")
    assert (late.status_code, late.json()["error"]["message"]) == (409, "慢了一步:这张单已在李强手里,看看别的单")
    assert two.get("/offers").json()["items"] == []


def test_in_turn_and_passed_on(order: WorkOrder, cast: Cast, program_of: Of) -> None:
    lead, one, two = (program_of(user) for user in (cast.lead, cast.technician, cast.second_technician))
    assert lead.post("/rotate", {"estate": "YH"}).json() == {"given": 1, "left": 0}
    assert lead.post(f"/orders/{order.number}/rotate").status_code == 409
    asked = {"receiver_id": cast.second_technician.pk, "note": "离你近"}
    assert one.post(f"/orders/{order.number}/pass-on", asked).status_code == 200
    assert [line["reason"] for line in two.get("/transfers").json()["items"]] == ["离你近"]
    assert one.post(f"/orders/{order.number}/take-over").status_code == 409
    assert two.post(f"/orders/{order.number}/take-over").status_code == 200
    assert WorkOrder.objects.get(pk=order.pk).technician == cast.second_technician
