"""The API and the pages: the same verbs, the same rights, the same sight."""

import re
from typing import Any

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.tokens import limits
from huiyin.standards.models import Standard
from huiyin.surfaces.api.assembly import PREFIX, schema
from huiyin.surfaces.web.can import RIGHTS
from tests.cast import AT, Cast, hire
from tests.programs import Program, lend
from tests.test_permission_table import RIGHT_OF, VIEWS, a_duty, a_promise, a_step, money
from tests.world import World, furnish

# Pages whose button, or whose list, has no twin in the API, and why.
LEFT_OUT = {
    "accounts:sign_in": "a program shows a token",
    "accounts:sign_out": "a program shows a token",
    "accounts:password": "a password is its owner's",
    "accounts:second_step": "a program shows a token",
    "accounts:passkey_sign_in": "a program shows a token",
    "accounts:link": "an invitation is its person's",
    "accounts:security": "a person's own keys and sessions",
    "accounts:app": "a person's own second factor",
    "accounts:codes": "a person's own second factor",
    "accounts:passkey": "a person's own second factor",
    "accounts:passkey_options": "a person's own second factor",
    "accounts:remove_factor": "a person's own second factor",
    "accounts:end_sessions": "a person's own sessions",
    "accounts:powers": "powers are raised by a person",
    "accounts:lower_powers": "powers are raised by a person",
    "staffing:account": "sessions and factors of a colleague, for people",
    "staffing:change_account": "makes links that open an account, for people to hand over",
    "staffing:roles": "who may do what is decided by a person who has just confirmed who they are",
    "staffing:take_role": "who may do what is decided by a person who has just confirmed who they are",
    "web:record": "proves the seals of the journal, for people",
    "web:behind": "what was changed past the operations, for people",
    "web:explain": "somebody who looked into it answers for it by name",
    "web:healthz": "asked without a token already",
    "web:readyz": "asked without a token already",
    "web:metrics": "asked by the monitoring already",
    "web:reveal": "what is masked is shown to a person who gives a reason; programs get it masked",
    "web:privacy": "what is kept of people and why, for people",
    "web:privacy_switch": "which details are kept is decided by people",
    "web:privacy_log": "who looked at what, for people",
    "web:person": "what is known of one person, for people",
    "web:person_export": "handed to the person it is about",
    "web:person_erase": "decided by people",
    "service_desk:find": "finds while somebody types; homes are at /homes",
    "estate:details": "details that are kept only where people decided so",
    "web:switch_estate": "a page remembers the estate; a program names it in each request",
    "service_desk:hints": "helps while somebody types; writes nothing",
    "return_visits:verdict": "says beforehand what a record will lead to; writes nothing",
    "web:draft_try": "goes through months of facts; by page or command",
    "repairs:materials": "the slips of an order are at /requisitions",
    "figures:index": "each figure has an address of its own under /figures",
    "figures:figure": "each figure has an address of its own under /figures",
    "figures:export": "the same tables are under /figures",
    "web:forms": "paper is for people; a program reads the record",
    "web:blank": "paper is for people; a program reads the record",
    "web:print_run": "paper is for people; a program reads the record",
    "web:print_file": "paper is for people; a program reads the record",
    "staffing:print_roster": "paper is for people; a program reads the record",
    "cases:print_cases": "paper is for people; a program reads the record",
    "cases:print_case": "paper is for people; a program reads the record",
    "complaints:print": "paper is for people; a program reads the record",
    "service_desk:print_ledger": "paper is for people; a program reads the record",
    "service_desk:print_contact": "paper is for people; a program reads the record",
    "repairs:print_orders": "paper is for people; a program reads the record",
    "repairs:print_order": "paper is for people; a program reads the record",
    "return_visits:print_calls": "paper is for people; a program reads the record",
    "return_visits:print_made": "paper is for people; a program reads the record",
    "return_visits:print_month": "paper is for people; a program reads the record",
    "return_visits:print_visit": "paper is for people; a program reads the record",
    "web:search": "a program knows numbers; homes are found at /homes",
    "web:control": "a composition of figures; the lists behind them are at /promises and /draws",
    "web:again": "a composition of figures",
    "web:board": "a composition of figures; the promises behind them are at /promises",
    "web:compare": "a composition; the rules are at /standards",
    "web:contradictions": "a composition; the rules are at /standards",
    "fees:gateway": "told by the payment gateway, by its signature",
    "fees:code_rehearse": "plays the payer for people while no gateway is set",
    "fees:charges_export": "the same charges are at /fees/charges",
    "fees:receipts_export": "the same receipts are at /fees/receipts",
    "fees:print_receipts": "paper is for people; a program reads the record",
    "fees:print_receipt": "paper is for people; a program reads the record",
    "fees:print_slips": "paper is for people; a program reads the record",
    "fees:print_slip": "paper is for people; a program reads the record",
    "repairs:board": "the same orders are at /orders",
    "repairs:worker": "a script of the pages",
    "repairs:signal": "tells a browser its token and the time; a program has both",
    "repairs:unsent": "what a browser keeps; the server knows nothing of it",
    "repairs:keep_unsent": "a remark on the matter, for who lost the order; a program says it at /cases",
    "estate:template": "an empty sheet for people",
    "repairs:tariff_template": "an empty sheet for people",
    "past_cases:template": "an empty sheet for people",
    "service_desk:ledger_export": "the same lines are at /contacts",
    "cases:export": "the same cases are at /cases",
    "repairs:orders_export": "the same orders are at /orders",
    "repairs:talks_export": "the same talks are at /talks",
    "repairs:print_talks": "paper is for people; a program reads the record",
    "repairs:fault_import": "a program adds category by category",
    "repairs:fault_template": "an empty sheet for people",
    "return_visits:made_export": "the same visits are at /visits/made",
    "web:board_export": "a composition of figures",
    "materials:stock_export": "the same materials are at /materials",
    "materials:assets_export": "the same assets are at /assets",
    "materials:print_assets": "paper is for people; a program reads the record",
    "upkeep:rounds_export": "the same rounds are at /upkeep/rounds",
    "upkeep:plans_export": "the same plans are at /upkeep/plans",
    "upkeep:equipment_export": "the same equipment is at /upkeep/equipment",
    "upkeep:projects_export": "the same projects are at /upkeep/projects",
    "upkeep:print_plans": "paper is for people; a program reads the record",
    "materials:template": "an empty sheet for people",
    "materials:print_requisition": "paper is for people; a program reads the record",
    "materials:print_plan": "paper is for people; a program reads the record",
}
# Pages whose twin goes by another name: the page of a household is that of its unit.
NAMED = {
    "web:case": "cases_case",
    "web:household": "estate_unit",
    "web:calendar": "web_calendar",
    "web:promises": "web_promise_list",
}
# Operations that need another right than the page of that name, and why.
OTHER_RIGHT = {"estate_unit": "estate.see"}  # the page shows forms; the household page shows the same to readers

DOCUMENT = schema()
OPERATIONS: dict[str, tuple[str, str, str]] = {
    one["operationId"]: (method, path, one["x-right"])
    for path, methods in DOCUMENT["paths"].items()
    for method, one in methods.items()
}
ASKED = {"estate": "YH", "text": "3-2-1501", "week": "2026-11-25"}
# Which of these an address knows; others would be refused before anything else.
KNOWN = [
    (
        re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path.removeprefix(PREFIX))),
        {one["name"] for one in methods["get"].get("parameters", ()) if one["in"] == "query"},
    )
    for path, methods in DOCUMENT["paths"].items()
    if "get" in methods
]


@pytest.fixture(autouse=True)
def nothing_counted() -> Any:
    yield
    limits.forget()


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard, clock: object) -> World:
    return furnish(estate, cast, home, standard)


def keys_of(world: World) -> dict[str, object]:
    return {
        "/cases/{number}": world.repair.number,
        "/complaints/{number}": world.complaint.case.number,
        "/contacts/{number}": world.contact.number,
        "{incident}": world.incident.number,
        "{change_id}": world.contact_change.pk,
        "{hint_id}": world.hint.pk,
        "{category_id}": world.own_category.pk,
        "/orders/{number}": world.order.number,
        "/orders/mine/{number}": world.order.number,
        "/imports/{number}": world.sheet.pk,
        "/tariff/sheets/{sheet_id}": world.prices.pk,
        "/past-orders/sheets/{number}": world.past_orders.pk,
        "/materials/items/{item_id}": world.item.pk,
        "/requisitions/{number}": world.slip.number,
        "/counts/{number}": world.count.number,
        "/plans/{number}": world.plan.number,
        "/materials/sheets/{sheet_id}": world.item_sheet.pk,
        "{slip}": world.slip.number,
        "{asset_id}": world.asset.pk,
        "{equipment_id}": world.equipment.pk,
        "{plan_id}": world.upkeep_plan.pk,
        "{round_id}": world.upkeep_round.pk,
        "/projects/{number}": world.project.number,
        "{position}": 1,
        "{visit_id}": world.visit.pk,
        "{unit_id}": world.home.unit_id,
        "{building_id}": world.building.pk,
        "{occupancy_id}": world.occupancy.pk,
        "{post_id}": world.assignment.post_id,
        "{assignment_id}": world.assignment.pk,
        "{user_id}": world.assignment.user_id,
        "/roster/{duty_id}": world.duty.pk,
        "/duties/{duty_id}": a_duty(),
        "{commitment_id}": a_promise(world).pk,
        "{step_id}": a_step(world).pk,
        "{file_id}": world.file.pk,
        "{rule_id}": world.rule.pk,
        "{code}": "recommended",
        "{draft_id}": world.draft.pk,
        "{rule_code}": "complaint.reply",
        "{thread}": world.repair.thread,
        "/fees/charges/{number}": money(world).charge.number,
        "/fees/codes/{number}": money(world).intent.reference,
        "/fees/receipts/{number}": money(world).receipt.number,
        "/fees/handovers/{number}": money(world).handover.number,
        "/fees/slips/{number}": money(world).slip.number,
        "{waiver_id}": money(world).waiver.pk,
    }


def address(path: str, keys: dict[str, object]) -> str:
    short = path.removeprefix(PREFIX)
    for place, key in keys.items():
        short = short.replace(place, place[: place.index("{")] + str(key)) if place in short else short
    assert "{" not in short, short
    return short


def knock(program: Program, method: str, where: str) -> int:
    """Ask, or send a command without what it needs: nothing is carried out."""
    known = {name for pattern, names in KNOWN if pattern.fullmatch(where) for name in names}
    asked = {name: value for name, value in ASKED.items() if name in known}
    answered = program.get(where, **asked) if method == "get" else program.post(where, {}, key="")
    answered.close()
    return answered.status_code


def twin_of(page: str) -> str:
    return NAMED.get(page) or page.replace(":", "_")


def test_every_page_has_its_twin_or_a_reason() -> None:
    without = [page for page in VIEWS if twin_of(page) not in OPERATIONS and page not in LEFT_OUT]
    assert [page for page in without if page not in OWN_PAGES] == []
    assert sorted(set(LEFT_OUT) - set(VIEWS)) == []
    assert [page for page in LEFT_OUT if twin_of(page) in OPERATIONS] == []


# Tokens and webhooks are handed out by people on pages: no program makes itself another. The machine is looked after on
# pages and by commands.
OWN_PAGES = {name for name in VIEWS if RIGHT_OF.get(name) in ("integrations.edit", "house.run")}


def test_a_twin_needs_the_right_of_its_page() -> None:
    rights = {twin_of(page): RIGHT_OF[page] for page in VIEWS if twin_of(page) in OPERATIONS}
    needed = {name: OTHER_RIGHT.get(name, OPERATIONS[name][2]) for name in rights}
    assert needed == {name: OTHER_RIGHT.get(name, right) for name, right in rights.items()}


def test_a_twin_of_a_button_that_reaches_far_needs_a_token_of_the_day() -> None:
    far = {name for name, view in VIEWS.items() if getattr(view.callback, "raised", False)}
    raised = {one["operationId"] for path in DOCUMENT["paths"].values() for one in path.values() if one["x-raised"]}
    assert raised == {twin_of(page) for page in far if twin_of(page) in OPERATIONS}


def test_a_token_of_long_standing_does_not_reach_far(world: World) -> None:
    director = world.cast.director
    body = {"estate": "YH", "channel": "desk", "day": "2026-12-01", "slots": [], "reason": "停电"}
    long, short = (
        Program(lend(director, estates=[world.estate.pk], at=AT, days=days)[1]).post("/calendar/exception", body)
        for days in (30, 1)
    )
    assert (long.status_code, long.json()["error"]["code"]) == (403, "powers_down")
    assert short.status_code == 200


def test_every_operation_needs_a_known_right() -> None:
    assert {right for _, _, right in OPERATIONS.values()} <= set(RIGHTS)


def test_no_address_is_open_without_a_token(world: World) -> None:
    keys, client = keys_of(world), Client()
    opened = {
        name: answered
        for name, (method, path, _) in OPERATIONS.items()
        if (answered := getattr(client, method)(f"{PREFIX}{address(path, keys)}").status_code) != 401
    }
    assert opened == {}


MEMBERS = ("clerk", "butler", "technician", "lead", "supervisor", "director", "auditor")
# What is in sight of its technician only, and what the member may not see though the right is held.
PERSONAL = {"repairs_job", "fees_slip_sign", "fees_slip_pay"}


@pytest.mark.parametrize("member", MEMBERS)
def test_who_lacks_the_right_is_refused_and_who_has_it_is_not(member: str, world: World) -> None:
    user: User = getattr(world.cast, member)
    keys, held = keys_of(world), access_of(user)
    program = Program(lend(user, estates=[world.estate.pk], at=AT)[1])
    wrong = {}
    for name, (method, path, right) in OPERATIONS.items():
        status = knock(program, method, address(path, keys))
        expected = (200,) if method == "get" else (400, 422)
        if not held.may(right) and status != 403:
            wrong[name] = status
        if held.may(right) and status not in expected and name not in PERSONAL:
            wrong[name] = status
    assert wrong == {}


def test_a_token_lends_no_more_than_it_names(world: World) -> None:
    director = world.cast.director
    program = Program(lend(director, estates=[world.estate.pk], rights=["cases.see"], at=AT)[1])
    keys = keys_of(world)
    let_in = {
        name for name, (method, path, _) in OPERATIONS.items() if knock(program, method, address(path, keys)) != 403
    }
    assert let_in == {name for name, (_, _, right) in OPERATIONS.items() if right == "cases.see"}


def test_a_token_lends_no_more_than_its_owner_still_holds(world: World) -> None:
    program = Program(lend(world.cast.clerk, estates=[world.estate.pk], at=AT)[1])
    assert knock(program, "get", "/cases") == 200
    accounts.revoke_roles(world.cast.clerk, estate_id=world.estate.pk, at=AT)
    assert knock(program, "get", "/cases") == 403


COMPANY_WIDE = {"web_rule", "web_standard_versions", "web_standard_rules"}  # the shipped standards are everybody's


def test_records_of_another_company_are_out_of_sight(world: World) -> None:
    outsider = world.cast.outsider
    omnipotent = accounts.define_role("everything", title="全部", rights=RIGHTS)
    accounts.grant_role(outsider, omnipotent, estate_id=None, at=AT)
    outsider = User.objects.get(pk=outsider.pk)
    own = Estate.objects.get(company_id=outsider.company_id)
    program, keys = Program(lend(outsider, estates=[own.pk], at=AT)[1]), keys_of(world)
    seen = {
        name: status
        for name, (method, path, _) in OPERATIONS.items()
        if "{" in path
        and name not in COMPANY_WIDE
        and (status := _asked_well(program, method, name, address(path, keys))) != 404
    }
    assert seen == {}


def test_an_estate_the_token_does_not_name_is_out_of_sight(world: World) -> None:
    other = Estate.objects.create(company=world.estate.company, code="YX", name="云溪苑")
    user = hire("both", "两边跑", estate=world.estate, role="director", everywhere=True)
    program, keys = Program(lend(user, estates=[other.pk], at=AT)[1]), keys_of(world)
    for path in ("/cases", "/contacts", "/orders", "/promises", "/drafts"):
        assert program.get(path, estate="YH").status_code == 404
        assert program.get(path, estate="YX").status_code == 200
    assert program.get(f"/cases/{keys['/cases/{number}']}").status_code == 404
    assert program.get("/estates").json()["items"] == [{"id": other.pk, "code": "YX", "name": "云溪苑"}]


def _asked_well(program: Program, method: str, name: str, where: str) -> int:
    """Ask with a body that is well formed, so that the answer tells whether the record was seen."""
    if method == "get":
        return knock(program, method, where)
    answered = program.post(where, example_of(name))
    return answered.status_code


def example_of(name: str) -> Any:
    """Make the smallest body the operation takes, from its schema."""
    method, path, _ = OPERATIONS[name]
    body = DOCUMENT["paths"][path][method].get("requestBody")
    if body is None:
        return None
    return _example(body["content"]["application/json"]["schema"])


def _example(one: dict[str, Any]) -> Any:
    if "$ref" in one:
        return _example(DOCUMENT["components"]["schemas"][one["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in one:
        return _example(next(part for part in one["anyOf"] if part.get("type") != "null"))
    if "enum" in one:
        return one["enum"][0]
    if "const" in one:
        return one["const"]
    match one.get("type"):
        case "object":
            return {name: _example(one["properties"][name]) for name in one.get("required", ())}
        case "array":
            return [_example(one["items"]) for _ in range(one.get("minItems", 0))]
        case "integer":
            return max(1, one.get("minimum", 1))
        case "boolean":
            return True
    if "0-9]{1," in one.get("pattern", ""):
        return "88.5"
    if one.get("format") == "date-time":
        return "2026-12-01T10:00:00+08:00"
    if one.get("format") == "date":
        return "2026-12-01"
    if "[01][0-9]" in one.get("pattern", ""):
        return "09:00"
    return "abcdefgh"
