"""One table of every address and the right it needs; what the views declare and what they do is held against it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import yaml
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from huiyin.areas.estate.models import Building, Estate, Household
from huiyin.areas.staffing.operations import ROLES
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.accounts.queries import access_of, open_grants_of, system_actor
from huiyin.foundation.accounts.scope import OF_THE_WHOLE
from huiyin.foundation.backups.upkeep import back_up
from huiyin.foundation.documents.models import PrintRun
from huiyin.foundation.jobs.models import Job
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.tokens.models import Token
from huiyin.foundation.webhooks import operations as webhooks
from huiyin.foundation.webhooks.models import Delivery, Endpoint
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment, Occurrence, Standard, Step, Waiver
from huiyin.surfaces.web.can import RIGHTS
from tests.cast import AT, Cast, hire
from tests.money import Money, of_money
from tests.programs import lend
from tests.world import World, furnish

ANYBODY = "anybody"
SIGNED_IN = "signed in"
Browsers = Callable[[User], Client]

TABLE = {
    ANYBODY: [
        "accounts:sign_in",
        "accounts:second_step",
        "accounts:passkey_sign_in",
        "accounts:link",
        "web:healthz",
        "web:readyz",
        "web:metrics",
        "fees:gateway",
    ],
    SIGNED_IN: [
        "accounts:sign_out",
        "accounts:password",
        "accounts:security",
        "accounts:app",
        "accounts:codes",
        "accounts:passkey",
        "accounts:passkey_options",
        "accounts:remove_factor",
        "accounts:end_sessions",
        "accounts:powers",
        "accounts:lower_powers",
    ],
    "calendar.edit": ["web:calendar_notice", "web:calendar_hours", "web:calendar_exception"],
    "integrations.edit": [
        "web:integrations",
        "web:api_docs",
        "web:token_make",
        "web:token_revoke",
        "web:webhook_open",
        "web:webhook",
        "web:webhook_switch",
        "web:delivery_replay",
    ],
    "promises.decide": ["web:decide_waiver", "web:re_promise"],
    "today.see": [
        "web:waiting",
        "web:received",
        "repairs:tariff",
        "web:today",
        "web:duty",
        "web:start",
        "web:switch_estate",
        "web:search",
        "web:file",
        "web:forms",
        "web:blank",
        "web:print_run",
        "web:print_file",
    ],
    "estate.see": ["web:household", "web:privacy", "estate:overview", "estate:building"],
    "estate.edit": [
        "estate:open_building",
        "estate:describe_building",
        "estate:open_unit",
        "estate:unit",
        "estate:correct_unit",
        "estate:move_in",
        "estate:add_person",
        "estate:move_out",
        "estate:person",
        "estate:add_phone",
        "estate:change_phone",
        "estate:drop_phone",
        "estate:details",
        "estate:leave",
        "estate:import",
        "estate:template",
        "estate:import_report",
        "estate:import_confirm",
        "repairs:contacts",
        "repairs:contact_decide",
    ],
    "people.reveal": ["web:reveal"],
    "people.export": ["web:person", "web:person_export"],
    "people.govern": ["web:privacy_switch", "web:privacy_log", "web:person_erase"],
    "staffing.edit": [
        "staffing:people",
        "staffing:set_up_department",
        "staffing:set_up_post",
        "staffing:post",
        "staffing:appoint",
        "staffing:hire",
        "staffing:end_assignment",
        "staffing:leave",
        "staffing:absent",
        "staffing:skills",
        "staffing:account",
        "staffing:change_account",
        "staffing:roles",
        "staffing:take_role",
        "staffing:set_up_zone",
        "staffing:roster",
        "staffing:copy_week",
        "staffing:cancel_duty",
        "staffing:print_roster",
    ],
    "cases.see": ["web:case", "cases:list", "web:promise", "cases:print_cases", "cases:print_case", "complaints:print"],
    "control.see": ["web:control", "web:promises", "web:again", "web:board", "web:draws"],
    "figures.see": ["figures:index", "figures:figure", "figures:export"],
    "record.see": ["web:record", "web:behind"],
    "record.explain": ["web:explain"],
    "standards.see": [
        "web:calendar",
        "web:standards",
        "web:standard",
        "web:standard_versions",
        "web:rule",
        "web:draft",
        "web:compare",
        "web:contradictions",
    ],
    "standards.draft": [
        "web:draft_start",
        "web:draft_rule",
        "web:draft_leave_out",
        "web:draft_restore",
        "web:draft_try",
        "web:draft_renew",
        "web:draft_propose",
        "web:draft_return",
        "web:draft_drop",
    ],
    "standards.publish": ["web:draft_publish"],
    "desk.see": [
        "service_desk:ledger",
        "service_desk:contact",
        "service_desk:print_ledger",
        "service_desk:print_contact",
        "service_desk:incidents",
        "service_desk:incident",
    ],
    "repairs.incident": [
        "service_desk:incident_open",
        "service_desk:incident_revise",
        "service_desk:incident_lead",
        "service_desk:incident_end",
    ],
    "repairs.arrange": [
        "repairs:hints",
        "repairs:hint_write",
        "repairs:hint_withdraw",
        "repairs:faults",
        "repairs:fault_add",
        "repairs:fault_import",
        "repairs:fault_template",
        "repairs:fault_retire",
    ],
    "desk.register": [
        "service_desk:join",
        "service_desk:incident_told",
        "service_desk:desk",
        "service_desk:hints",
        "service_desk:find",
        "service_desk:contact_answer",
        "service_desk:contact_promise",
        "service_desk:contact_ask_back",
        "service_desk:contact_call_back",
        "service_desk:contact_pass_on",
    ],
    "cases.export": [
        "service_desk:ledger_export",
        "cases:export",
        "repairs:orders_export",
        "materials:stock_export",
        "materials:assets_export",
        "repairs:talks_export",
        "upkeep:rounds_export",
        "upkeep:plans_export",
        "upkeep:equipment_export",
        "upkeep:projects_export",
        "return_visits:made_export",
        "return_visits:print_calls",
        "repairs:print_talks",
        "web:board_export",
    ],
    "cases.work": [
        "cases:take",
        "cases:transfer",
        "cases:urgency",
        "web:ask_waiver",
        "cases:return",
        "cases:comment",
        "cases:progress",
        "cases:promise",
        "cases:answer",
        "cases:decide",
        "cases:hold",
        "cases:resume",
        "cases:close",
        "cases:reopen",
        "cases:attach",
    ],
    "cases.merge": ["cases:merge", "cases:unmerge"],
    "cases.void": ["cases:void"],
    "complaints.verify": ["complaints:acknowledge", "complaints:verify", "complaints:reopen"],
    "complaints.decide": ["complaints:decide"],
    "complaints.reply": ["complaints:reply", "complaints:reject"],
    "complaints.close": ["complaints:close"],
    "materials.see": [
        "materials:stock",
        "materials:item",
        "materials:requisitions",
        "materials:requisition",
        "materials:print_requisition",
        "materials:plan",
        "materials:purchase_plan",
        "materials:print_plan",
        "materials:assets",
        "materials:asset",
        "materials:print_assets",
    ],
    "materials.ask": ["materials:bag", "materials:top_up", "materials:put_back"],
    "materials.issue": [
        "materials:receive",
        "materials:hand_out",
        "materials:transfer",
        "materials:issue",
        "materials:account",
        "materials:void",
        "materials:make_plan",
    ],
    "materials.count": [
        "materials:counts",
        "materials:begin_count",
        "materials:count",
        "materials:write_down",
        "materials:post_count",
        "materials:drop_count",
        "materials:register_asset",
        "materials:change_asset",
        "materials:hand_over_asset",
        "materials:check_asset",
        "materials:set_aside_asset",
        "materials:put_back_asset",
        "materials:send_asset_to_repair",
        "materials:lose_asset",
        "materials:find_asset",
    ],
    "materials.edit": [
        "materials:open_store",
        "materials:set_up_item",
        "materials:change_item",
        "materials:set_prices",
        "materials:write_off",
        "materials:scrap_asset",
        "materials:import",
        "materials:template",
        "materials:import_report",
        "materials:import_confirm",
    ],
    "upkeep.see": [
        "upkeep:rounds",
        "upkeep:round",
        "upkeep:plans",
        "upkeep:plan",
        "upkeep:print_plans",
        "upkeep:equipment_list",
        "upkeep:equipment",
        "upkeep:projects",
        "upkeep:project",
    ],
    "upkeep.do": [
        "upkeep:record_round",
        "upkeep:hand_in_project",
        "upkeep:start_stage",
        "upkeep:hand_in_stage",
    ],
    "upkeep.edit": [
        "upkeep:drop_round",
        "upkeep:end_plan",
        "upkeep:enter_equipment",
        "upkeep:change_equipment",
        "upkeep:stop_equipment",
        "upkeep:restart_equipment",
        "upkeep:scrap_equipment",
        "upkeep:record_overhaul",
        "upkeep:make_plan",
        "upkeep:open_project",
        "upkeep:void_project",
    ],
    "upkeep.accept": [
        "upkeep:complete_project",
        "upkeep:send_back_project",
        "upkeep:accept_stage",
        "upkeep:reject_stage",
    ],
    "house.run": ["web:house", "web:dead_jobs", "web:backups", "web:retry_job", "web:drop_job"],
    "repairs.see": [
        "repairs:board",
        "repairs:orders",
        "repairs:plan",
        "repairs:print_orders",
        "repairs:print_order",
        "repairs:follow",
        "repairs:copies",
        "repairs:talks",
    ],
    "repairs.dispatch": [
        "repairs:dispatch",
        "repairs:dispatching",
        "repairs:skills",
        "repairs:lay_open",
        "repairs:rotate",
        "repairs:rotate_all",
        "repairs:appoint",
        "repairs:take_back",
        "repairs:void",
        "repairs:reopen",
        "repairs:copy_seen",
    ],
    "repairs.charge": [
        "repairs:charge",
        "repairs:check_terms",
        "repairs:decide_charge",
        "repairs:quote",
        "repairs:consent",
        "repairs:tell_code",
    ],
    "repairs.override": ["repairs:override_charge"],
    "repairs.set_up": [
        "repairs:tariff_template",
        "repairs:tariff_import",
        "repairs:tariff_report",
        "repairs:tariff_take_in",
        "repairs:warranties",
        "past_cases:import",
        "past_cases:template",
        "past_cases:import_report",
        "past_cases:import_confirm",
    ],
    "repairs.paper": ["repairs:paper", "repairs:copy_back", "repairs:talk", "repairs:contact"],
    "return_visits.see": [
        "return_visits:calls",
        "return_visits:made",
        "return_visits:visit",
        "return_visits:print_made",
        "return_visits:print_month",
        "return_visits:print_visit",
    ],
    "return_visits.visit": [
        "return_visits:record",
        "return_visits:verdict",
        "return_visits:attempt",
        "return_visits:rectify",
    ],
    "return_visits.excuse": ["return_visits:excuse"],
    "return_visits.review": ["return_visits:assign", "return_visits:review"],
    "fees.see": [
        "fees:charges",
        "fees:charge",
        "fees:receipts",
        "fees:print_receipts",
        "fees:print_receipt",
        "fees:handovers",
        "fees:waivers",
        "fees:slips",
        "fees:slip",
        "fees:print_slips",
        "fees:print_slip",
    ],
    "fees.charge": ["fees:withdraw", "fees:settlement", "fees:slips_make", "fees:slip_void"],
    "fees.collect": [
        "fees:mine",
        "fees:pay",
        "fees:code_make",
        "fees:code",
        "fees:code_cancel",
        "fees:code_rehearse",
        "fees:invoice",
        "fees:hand_over",
        "fees:waiver_ask",
        "fees:take_back",
        "fees:slip_sign",
        "fees:slip_pay",
    ],
    "fees.void": ["fees:void", "fees:refund", "fees:code_pay_back"],
    "fees.waive": ["fees:approve", "fees:refuse"],
    "fees.receive_cash": ["fees:receive", "fees:send_back"],
    "fees.export": ["fees:charges_export", "fees:receipts_export"],
    "repairs.work": [
        "repairs:mine",
        "repairs:my_orders",
        "figures:mine",
        "repairs:worker",
        "repairs:signal",
        "repairs:unsent",
        "repairs:keep_unsent",
        "repairs:not_let_in",
        "repairs:photos",
        "repairs:job",
        "repairs:accept",
        "repairs:grab",
        "repairs:pass_on",
        "repairs:take_over",
        "repairs:decline",
        "repairs:keep",
        "repairs:return",
        "repairs:arrive",
        "repairs:start",
        "repairs:hold",
        "repairs:resume",
        "repairs:finish",
        "repairs:rework",
        "repairs:sign",
        "repairs:materials",
        "repairs:ask_materials",
        "repairs:use_own_material",
        "repairs:account_materials",
    ],
}
RIGHT_OF = {name: right for right, names in TABLE.items() for name in names}


def a_duty() -> int:
    """Open what the calendar asks for, and return the first of it."""
    standards.open_duties(at=AT, actor=system_actor())
    return int(Occurrence.objects.earliest("pk").pk)


def a_promise(world: World) -> Commitment:
    """Ask for release from a promise of the estate, and return it."""
    owed = Commitment.objects.filter(estate_id=world.estate.pk, ended_at=None).exclude(rule=None).earliest("pk")
    if not Waiver.objects.filter(commitment=owed).exists():
        standards.ask_waiver(owed, reason="客户撤回", actor=world.cast.system, at=AT)
    return owed


def a_dead_job() -> Job:
    """Return a job that ran out of attempts."""
    values = {
        "task": back_up.module_path,
        "queue": "default",
        "attempts": 3,
        "max_attempts": 3,
        "last_error": "磁盘空间不足",
    }
    moments = {"run_after": AT, "enqueued_at": AT, "finished_at": AT}
    return Job.objects.create(status="failed", **values, **moments)


def a_print(world: World) -> PrintRun:
    """Return a batch that the clerk asked for: nobody else may see it."""
    asked = {
        "estate_id": world.estate.pk,
        "form": "F-03",
        "title": "留言记录",
        "wanted": [world.contact.pk],
        "total": 1,
    }
    return PrintRun.objects.get_or_create(**asked, made_by=world.cast.clerk, defaults={"made_at": AT})[0]


def a_step(world: World) -> Step:
    """Return a step of a ladder; nobody is the right one to confirm it, so that knocking changes nothing."""
    return Step.objects.filter(commitment__estate_id=world.estate.pk).earliest("pk")


def a_token(world: World) -> Token:
    """Return a token of the estate."""
    return lend(world.cast.clerk, estates=[world.estate.pk], at=AT)[0]


def an_endpoint(world: World) -> Endpoint:
    """Return an address that is told of the estate's facts."""
    known = Endpoint.objects.first()
    return known or webhooks.open_endpoint(
        "热线",
        url="https://example.com/hook",
        kinds=(),
        estates=[world.estate.pk],
        inside=False,
        actor=world.cast.director,
        at=AT,
    )


def a_delivery(world: World) -> Delivery:
    """Return a telling that still waits, so that knocking changes nothing."""
    endpoint, entry = an_endpoint(world), Entry.objects.earliest("pk")
    return Delivery.objects.get_or_create(endpoint=endpoint, entry=entry, defaults={"next_at": AT})[0]


def money(world: World) -> Money:
    """Return one of everything about money."""
    return of_money(world.estate, world.cast, world.home)


# Which record the key in an address stands for: by the area and the name of the key.
KEYS: dict[str, Callable[[World], Any]] = {
    "accounts token": lambda world: "no-such-link",
    "accounts factor_id": lambda world: 1,
    "web:case number": lambda world: world.repair.number,
    "cases number": lambda world: world.repair.number,
    "complaints number": lambda world: world.complaint.case.number,
    "service_desk number": lambda world: world.contact.number,
    "service_desk:join number": lambda world: world.repair.number,
    "service_desk incident": lambda world: world.incident.number,
    "repairs:copy_back number": lambda world: world.accepted.number,
    "repairs:copy_seen number": lambda world: world.accepted.number,
    "repairs change_id": lambda world: world.contact_change.pk,
    "repairs hint_id": lambda world: world.hint.pk,
    "repairs category_id": lambda world: world.own_category.pk,
    "repairs number": lambda world: world.order.number,
    "repairs sheet_id": lambda world: world.prices.pk,
    "repairs slip": lambda world: world.slip.number,
    "materials asset_id": lambda world: world.asset.pk,
    "materials item_id": lambda world: world.item.pk,
    "materials number": lambda world: world.slip.number,
    "materials:count number": lambda world: world.count.number,
    "materials:write_down number": lambda world: world.count.number,
    "materials:post_count number": lambda world: world.count.number,
    "materials:drop_count number": lambda world: world.count.number,
    "materials:purchase_plan number": lambda world: world.plan.number,
    "materials:print_plan number": lambda world: world.plan.number,
    "materials sheet_id": lambda world: world.item_sheet.pk,
    "upkeep round_id": lambda world: world.upkeep_round.pk,
    "upkeep plan_id": lambda world: world.upkeep_plan.pk,
    "upkeep equipment_id": lambda world: world.equipment.pk,
    "upkeep number": lambda world: world.project.number,
    "upkeep position": lambda world: 1,
    "return_visits visit_id": lambda world: world.visit.pk,
    "fees number": lambda world: money(world).charge.number,
    "fees reference": lambda world: money(world).intent.reference,
    "fees waiver_id": lambda world: money(world).waiver.pk,
    **dict.fromkeys(
        (f"fees:{name} number" for name in ("void", "refund", "invoice", "print_receipt")),
        lambda world: money(world).receipt.number,
    ),
    **dict.fromkeys(
        (f"fees:{name} number" for name in ("receive", "send_back")), lambda world: money(world).handover.number
    ),
    **dict.fromkeys(
        (f"fees:{name} number" for name in ("slip", "slip_sign", "slip_void", "slip_pay", "print_slip")),
        lambda world: money(world).slip.number,
    ),
    "figures code": lambda world: "costs",
    "web unit_id": lambda world: world.home.unit_id,
    "estate unit_id": lambda world: world.home.unit_id,
    "estate building_id": lambda world: world.building.pk,
    "estate occupancy_id": lambda world: world.occupancy.pk,
    "estate number": lambda world: world.sheet.pk,
    "past_cases number": lambda world: world.past_orders.pk,
    "staffing post_id": lambda world: world.assignment.post_id,
    "staffing assignment_id": lambda world: world.assignment.pk,
    "staffing user_id": lambda world: world.assignment.user_id,
    "staffing grant_id": lambda world: open_grants_of(world.assignment.user)[0].pk,
    "staffing duty_id": lambda world: world.duty.pk,
    "web duty_id": lambda world: a_duty(),
    "web kind": lambda world: "person",
    "web key": lambda world: world.occupancy.person_id,
    "web person_id": lambda world: world.occupancy.person_id,
    "web commitment_id": lambda world: a_promise(world).pk,
    "web step_id": lambda world: a_step(world).pk,
    "web token_id": lambda world: a_token(world).pk,
    "web endpoint_id": lambda world: an_endpoint(world).pk,
    "web delivery_id": lambda world: a_delivery(world).pk,
    "web run_id": lambda world: a_print(world).pk,
    "web form_code": lambda world: "F-22",
    "web file_id": lambda world: world.file.pk,
    "web rule_id": lambda world: world.rule.pk,
    "web code": lambda world: "recommended",
    "web job_id": lambda world: a_dead_job().pk,
    "web draft_id": lambda world: world.draft.pk,
    "web rule_code": lambda world: "complaint.reply",
}
# What only one person has, whatever the rights of the others.
OWNED = {"repairs:job": "technician", "web:print_run": "clerk", "web:print_file": "clerk"}
# Slips are the desk's: a technician collects for his own work only.
OWNED |= {"fees:slip_sign": "cashier", "fees:slip_pay": "cashier"}
# The standards and the blank forms are the same for everybody; and what is a page of nobody's estate is not out of sight.
PUBLIC_TO_STAFF = {"web:rule", "web:standard", "web:standard_versions", "web:blank"}
# A figure is named, not numbered: everybody with the right sees his own estate's.
PUBLIC_TO_STAFF |= {"figures:figure", "figures:export"}
# Jobs and backups belong to the installation, to no estate or company of it.
OF_THE_INSTALLATION = {"web:retry_job", "web:drop_job"}


def every_view() -> Iterator[tuple[str, URLPattern]]:
    def walk(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                if one.namespace != "api":  # its addresses are held against their own table, see test_api_rights
                    yield from walk(one, f"{one.namespace}:" if one.namespace else space)
            else:
                yield f"{space}{one.name}", one

    yield from walk(get_resolver(), "")


VIEWS = dict(every_view())


def address(name: str, world: World) -> str:
    area = name.partition(":")[0]
    keys = {key: (KEYS.get(f"{name} {key}") or KEYS[f"{area} {key}"])(world) for key in VIEWS[name].pattern.converters}
    return reverse(name, kwargs=keys)


def knock(browser: Client, url: str) -> HttpResponse:
    """Ask for the page, or press the button where there is no page."""
    answer = browser.get(url)
    answer.close()
    return browser.post(url) if answer.status_code == 405 else answer


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    return furnish(estate, cast, home, standard)


def test_every_address_stands_in_the_table() -> None:
    assert sorted(VIEWS) == sorted(RIGHT_OF)


def test_every_view_carries_the_right_of_the_table() -> None:
    declared = {name: getattr(one.callback, "right", None) for name, one in VIEWS.items()}
    expected = {name: None if right in (ANYBODY, SIGNED_IN) else right for name, right in RIGHT_OF.items()}
    assert declared == expected


def test_roles_and_templates_know_the_same_rights() -> None:
    in_roles = {right for role in yaml.safe_load(ROLES.read_text("utf-8")) for right in role["rights"]}
    assert in_roles == set(RIGHTS)
    assert set(TABLE) - {ANYBODY, SIGNED_IN} <= set(RIGHTS)


def test_the_anonymous_are_sent_to_sign_in(world: World) -> None:
    let_in = [
        name
        for name in VIEWS
        if not (answer := knock(Client(), address(name, world))).headers.get("Location", "").startswith("/sign-in/")
        or answer.status_code != 302
    ]
    assert let_in == TABLE[ANYBODY]


MEMBERS = (
    "clerk",
    "butler",
    "technician",
    "lead",
    "supervisor",
    "director",
    "cashier",
    "archivist",
    "auditor",
    "group",
)


class Untouched:
    """Watches what a refused request does to the database: no statement of it may write, no row may differ after it."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.rows = self.all_rows()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        verb = sql.split(None, 1)[0].upper()
        if verb not in ("SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK"):
            self.written.append(sql)
        return execute(sql, params, many, context)

    def refuse(self, browser: Client, url: str) -> HttpResponse:
        """Knock, and see that being turned away wrote nothing."""
        with connection.execute_wrapper(self):
            answer = knock(browser, url)
        answer.close()
        if answer.status_code in (403, 404):
            assert self.written == [], f"{url} wrote before it answered {answer.status_code}"
        self.written.clear()
        return answer

    def holds(self) -> bool:
        """Tell whether every row of every table is as it was."""
        return self.rows == self.all_rows()

    @staticmethod
    def all_rows() -> dict[str, int]:
        sums = {}
        with connection.cursor() as cursor:
            for table in sorted(connection.introspection.table_names(cursor)):
                if table != "django_session":
                    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                    sums[table] = hash(tuple(sorted(map(repr, cursor.fetchall()))))
        return sums


@pytest.mark.parametrize("member", MEMBERS)
def test_who_lacks_the_right_is_refused_and_who_has_it_is_not(
    member: str, world: World, browser_of: Browsers, clock: object
) -> None:
    user = getattr(world.cast, member)
    access, browser = access_of(user), browser_of(user)
    browser.raise_request_exception = False
    wrong = {}
    urls = {name: address(name, world) for name in RIGHT_OF}
    untouched = Untouched()
    for name, right in RIGHT_OF.items():
        if right in (ANYBODY, SIGNED_IN):
            continue
        # A button is pressed only by those who may not: pressing it would change what the next address stands for.
        if access.may(right):
            answer = browser.get(urls[name])
            answer.close()
        else:
            answer = untouched.refuse(browser, urls[name])
        allowed = answer.status_code in (200, 302, 303, 405)
        theirs = getattr(world.cast, OWNED.get(name, member)) == user
        if allowed != access.may(right) and (theirs or allowed):
            wrong[name] = answer.status_code
        if not access.may(right) and answer.status_code != 403:
            wrong[name] = answer.status_code
    assert wrong == {}
    assert untouched.holds()


def test_records_of_another_company_are_out_of_sight(world: World, browser_of: Browsers, clock: object) -> None:
    omnipotent = accounts.define_role("everything", title="全部", rights=RIGHTS)
    outsider = world.cast.outsider
    accounts.grant_role(outsider, omnipotent, estate_id=None, at=AT)
    assert seen_of_the_world(browser_of(outsider), world) == {}


def seen_of_the_world(
    browser: Client, world: World, public: Iterable[str] = PUBLIC_TO_STAFF | OF_THE_INSTALLATION
) -> dict[str, int]:
    """Ask for every record of the world by its address; return those that do not answer 404, and how."""
    keyed = [name for name, one in VIEWS.items() if one.pattern.converters and name not in set(public)]
    urls = {name: address(name, world) for name in keyed}
    untouched = Untouched()
    seen = {
        name: answer.status_code
        for name in keyed
        if (answer := untouched.refuse(browser, urls[name])).status_code != 404
    }
    assert untouched.holds()
    return seen


def test_an_outsider_with_a_role_of_his_own_gets_no_further_than_the_door(
    world: World, browser_of: Browsers, clock: object
) -> None:
    """403 where his own role does not go, 404 where it does: he learns nothing, not even that there is something."""
    access = access_of(world.cast.outsider)
    seen = seen_of_the_world(browser_of(world.cast.outsider), world)
    assert seen == {
        name: 403
        for name, one in VIEWS.items()
        if one.pattern.converters
        and name not in PUBLIC_TO_STAFF | OF_THE_INSTALLATION
        and RIGHT_OF[name] not in (SIGNED_IN, ANYBODY)
        and not access.may(RIGHT_OF[name])
    }


def test_a_right_held_elsewhere_does_not_count_here(
    world: World, estate: Estate, browser_of: Browsers, clock: object
) -> None:
    """Somebody who only reads here and leads in another estate of the company presses every button here."""
    other = Estate.objects.create(company=estate.company, code="YX", name="云溪苑")
    user = hire("both", "两边跑", estate=estate, role="auditor")
    omnipotent = accounts.define_role("everything", title="全部", rights=RIGHTS)
    accounts.grant_role(user, omnipotent, estate_id=other.pk, at=AT)
    reads = set(Role.objects.get(code="auditor").rights)
    browser = browser_of(user)
    browser.raise_request_exception = False
    done = {
        name: answer.status_code
        for name, one in VIEWS.items()
        if one.pattern.converters
        and RIGHT_OF[name] not in reads
        and name not in PUBLIC_TO_STAFF | OF_THE_INSTALLATION
        and (answer := knock(browser, address(name, world))).status_code not in (403, 404)
    }
    assert done == {}


# What is about the estate or its people as a whole, not about a place in it; the rights that open these pages are not
# given by a role that is limited to buildings, so that they answer 403 before they look.
OF_NO_PLACE = {"staffing:", "web:duty", "web:rule", "web:standard", "web:draft", "web:compare", "web:received"}


def test_what_lies_in_other_buildings_is_out_of_sight(
    world: World, estate: Estate, browser_of: Browsers, clock: object
) -> None:
    """Somebody with every right in building 5 asks for everything of building 3: not found, and not on any list."""
    other = Building.objects.create(estate=estate, code="5")
    user = hire("five", "五栋管家", estate=estate, role="clerk", buildings=[other.pk])
    omnipotent = accounts.define_role("everything", title="全部", rights=RIGHTS)
    accounts.grant_role(user, omnipotent, estate_id=estate.pk, at=AT, building_ids=[other.pk])
    browser = browser_of(user)
    browser.raise_request_exception = False
    away = {name for name in VIEWS if any(name.startswith(start) for start in OF_NO_PLACE)}
    seen = seen_of_the_world(browser, world, public=away | PUBLIC_TO_STAFF | OF_THE_INSTALLATION)
    assert {name: status for name, status in seen.items() if RIGHT_OF[name] not in OF_THE_WHOLE} == {}
    assert {status for name, status in seen.items() if RIGHT_OF[name] in OF_THE_WHOLE} <= {403}
    shown = {
        name
        for name, one in VIEWS.items()
        if not one.pattern.converters and names_the_home(browser.get(reverse(name)), world)
    }
    assert shown == set()


def names_the_home(answer: HttpResponse, world: World) -> bool:
    words = b"" if answer.streaming else answer.content
    answer.close()
    said = ("王女士", "王丽", world.repair.number, world.order.number, f"/units/{world.home.unit_id}/")
    return any(one.encode() in words for one in said)
