"""The shipped standards as text: they parse, cite real clauses, and speak only of facts that exist."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from huiyin.standards.rules import compile_rule

CATALOGUE = Path(__file__).parents[1] / "catalogue"
MANUALS = ("s0", "s1", "s2", "s3", "s4")
STANDARDS = (*MANUALS, "recommended")

FACTS: dict[str, set[str]] = {
    "service_desk.contact.registered": {"channel", "urgency", "kind", "receiver"},
    "service_desk.contact.promised": {"promised_at"},
    "service_desk.contact.answered": set(),
    "service_desk.contact.callback_asked": set(),
    "service_desk.contact.called_back": set(),
    "cases.case.registered": {"kind", "urgency", "anonymous", "channel", "category", "important"},
    "cases.case.promised": {"promised_at"},
    "cases.case.answered": set(),
    "cases.case.progress_told": set(),
    "cases.case.closed": {"kind", "anonymous"},
    "cases.case.reopened": set(),
    "cases.case.decided": set(),
    "complaints.complaint.registered": {"urgency", "severity", "responsibility", "anonymous", "channel"},
    "complaints.complaint.acknowledged": set(),
    "complaints.complaint.verified": set(),
    "complaints.complaint.decided": set(),
    "complaints.complaint.replied": set(),
    "complaints.complaint.resolve_promised": {"promised_at"},
    "complaints.complaint.closed": {"severity", "anonymous", "reply_letter_only", "unit", "responsibility"},
    "repairs.order.registered": {"urgency", "location_kind", "fault"},
    "repairs.order.dispatched": set(),
    "repairs.order.accepted": set(),
    "repairs.order.appointed": {"appointment_to"},
    "repairs.order.arrived": set(),
    "repairs.order.finished": set(),
    "repairs.order.closed": {"urgency", "location_kind", "fault", "size", "charge", "unit", "anonymous"},
    "repairs.order.held": set(),
    "repairs.order.resumed": set(),
    "return_visits.visit.opened": {"type", "round", "severity", "promised_at"},
    "return_visits.visit.made": {"mode", "verdict"},
    "return_visits.visit.failed": {"type", "severity"},
    "return_visits.visit.rectification_sent": set(),
    "return_visits.visit.reviewed": set(),
    "return_visits.visit.next_promised": {"promised_at"},
}

GATES = {
    "service_desk.contact.close": {"answered", "promised_at", "cases"},
    "cases.case.close": {"answer"},
    "complaints.complaint.decide": {"decider_is_complained", "method", "department"},
    "complaints.complaint.close": {"replied", "closer_is_complained", "closer_is_sole_handler", "severity"},
    "repairs.order.finish": {"work_done"},
    "repairs.order.accept_by_resident": {"acceptance"},
    "return_visits.visit.record": {
        "mode",
        "signature",
        "verdict",
        "linked_case",
        "visitor_is_doer",
        "round",
        "severity",
    },
}

CHOICES: dict[str, set[object]] = {
    "kind": {"enquiry", "complaint", "repair", "suggestion", "compliment", "special_service"},
    "urgency": {"normal", "urgent", "emergency"},
    "severity": {"minor", "important", "major"},
    "responsibility": {"internal", "external"},
    "location_kind": {"in_unit", "common_part"},
    "size": {"ordinary", "large"},
    "charge": {"free", "paid"},
    "mode": {"door", "phone", "sms", "email"},
    "verdict": {"pass", "fail"},
    "anonymous": {True, False},
    "important": {True, False},
}

POSTS = {
    "front_desk",
    "duty_clerk",
    "cs_agent",
    "butler",
    "butler_lead",
    "cs_supervisor",
    "cs_manager",
    "centre_director",
    "estate_manager",
    "maintenance_lead",
    "technician",
    "department_head",
}

OPERATORS = {"is", "is_not", "in", "not_in", "at_least", "at_most", "present", "absent"}

WITHIN = (
    r"[1-9]\d* min",
    r"[1-9]\d* h",
    r"[1-9]\d* working min",
    r"[1-9]\d* working h",
    r"[1-9]\d* d",
    r"[1-9]\d* working d",
    r"end of day",
    r"at ([01]\d|2[0-3]):[0-5]\d",
    r"promised: (?P<field>[a-z_]+)",
)

Rule = dict[str, Any]


def files() -> list[Path]:
    return sorted(CATALOGUE.glob("*/*.yaml"))


@cache
def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def rules_of(standard: str) -> list[Rule]:
    return [rule for path in files() if path.parent.name == standard for rule in read(path)["rules"]]


def every_rule() -> list[Any]:
    return [
        pytest.param(standard, rule, id=f"{standard}:{rule['code']}")
        for standard in STANDARDS
        for rule in rules_of(standard)
    ]


def as_list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def values_of(rule: Rule) -> set[str]:
    return GATES[rule["gates"]] if rule["kind"] == "requirement" else FACTS[rule["opens"]]


def conditions_of(rule: Rule) -> Iterator[dict[str, Any]]:
    yield from rule.get("when", [])
    for case in rule.get("by_when", []):
        yield from case["when"]


def days(text: str) -> int:
    count, unit = text.split(" ")
    return int(count) * (1 if unit == "d" else 30)


@pytest.fixture(scope="module")
def clauses() -> list[dict[str, str]]:
    with (CATALOGUE / "clauses.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def clause_ids(clauses: list[dict[str, str]]) -> set[str]:
    return {clause["id"] for clause in clauses}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    shape: dict[str, Any] = json.loads((CATALOGUE / "schema.json").read_text(encoding="utf-8"))
    return shape


def test_all_clauses_of_the_five_manuals_are_shipped(clauses: list[dict[str, str]]) -> None:
    assert list(clauses[0]) == ["id", "manual", "line", "module", "kind", "priority", "paraphrase_en", "param_key"]
    assert len({clause["id"] for clause in clauses}) == len(clauses) == 587
    assert Counter(clause["manual"] for clause in clauses) == {"0": 83, "1": 154, "2": 97, "3": 185, "4": 68}
    assert all(clause["id"].startswith(f"S{clause['manual']}-") for clause in clauses)


def test_clauses_are_paraphrased_never_quoted(clauses: list[dict[str, str]]) -> None:
    assert [c["id"] for c in clauses if re.search(r"[\u3400-\u9fff]", "".join(c.values()))] == []


def test_every_standard_is_there() -> None:
    assert {path.parent.name for path in files()} == set(STANDARDS)
    assert 30 <= len(rules_of("recommended")) <= 45
    assert len({read(path)["title"] for path in files()}) == len(STANDARDS)


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_names_its_folder_and_subject(path: Path, schema: dict[str, Any]) -> None:
    document = read(path)

    assert list(document) == schema["required"]
    assert document["standard"] == path.parent.name
    assert document["subject"] == path.stem
    assert document["standard"] in schema["properties"]["standard"]["enum"]
    assert document["subject"] in schema["properties"]["subject"]["enum"]
    titles = {read(other)["title"] for other in path.parent.glob("*.yaml")}
    assert titles == {document["title"]}


@pytest.mark.parametrize("standard", STANDARDS)
def test_codes_are_unique_in_a_standard(standard: str) -> None:
    counts = Counter(rule["code"] for rule in rules_of(standard))

    assert [code for code, count in counts.items() if count > 1] == []


def test_the_same_code_asks_the_same_question_in_every_standard() -> None:
    questions: dict[str, set[tuple[str, str]]] = {}
    for standard in STANDARDS:
        for rule in rules_of(standard):
            asked_on = rule.get("opens") or rule["gates"]
            questions.setdefault(rule["code"], set()).add((rule["kind"], asked_on))

    assert {code: found for code, found in questions.items() if len(found) > 1} == {}


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_a_rule_has_the_keys_of_its_kind(standard: str, rule: Rule, schema: dict[str, Any]) -> None:
    shape = schema["$defs"][rule["kind"]]

    assert set(shape["required"]) <= set(rule) <= set(shape["properties"])
    if rule["kind"] == "requirement":
        assert rule.get("needs") or rule.get("forbids")
    if rule["kind"] == "sampling":
        assert not ("joint" in rule and "never_by" in rule)


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_the_engine_reads_every_rule(standard: str, rule: Rule) -> None:
    assert compile_rule(rule).code == rule["code"]


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_cited_clauses_exist(standard: str, rule: Rule, clause_ids: set[str]) -> None:
    cited = rule["clauses"]

    assert cited
    assert set(cited) <= clause_ids
    assert len(set(cited)) == len(cited)
    if standard in MANUALS:
        assert {clause.split("-")[0].lower() for clause in cited} == {standard}


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_a_rule_speaks_only_of_known_facts_and_values(standard: str, rule: Rule) -> None:
    known = values_of(rule)

    assert set(as_list(rule.get("keeps", []))) <= set(FACTS)
    assert set(rule.get("needs", [])) <= known
    assert set(rule.get("forbids", [])) <= known
    assert set(rule.get("stratum", [])) <= known
    assert set(rule.get("exempt", [])) <= known


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_conditions_use_known_fields_operators_and_values(standard: str, rule: Rule) -> None:
    for condition in conditions_of(rule):
        operator, field = condition["op"], condition["field"]
        assert field in values_of(rule)
        assert operator in OPERATORS
        assert set(condition) == {"field", "op"} | (set() if operator in ("present", "absent") else {"value"})
        assert isinstance(condition.get("value"), list) == (operator in ("in", "not_in"))
        if operator in ("at_least", "at_most"):
            assert isinstance(condition["value"], int)
        elif "value" in condition:
            value = condition["value"]
            wanted = set(value) if isinstance(value, list) else {value}
            assert wanted <= CHOICES[field]


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_durations_follow_the_documented_forms(standard: str, rule: Rule, schema: dict[str, Any]) -> None:
    if rule["kind"] == "deadline":
        matches = [found for form in WITHIN if (found := re.fullmatch(form, rule["within"]))]
        assert len(matches) == 1
        assert re.search(schema["$defs"]["within"]["pattern"], rule["within"])
        field = matches[0].groupdict().get("field")
        assert field is None or field in FACTS[rule["opens"]]
        if "not_before" in rule:
            assert re.fullmatch(r"\d+ (min|h|working min|working h|d|working d)", rule["not_before"])
    if rule["kind"] == "sampling":
        assert re.fullmatch(r"\d+ %", rule["rate"])
        assert 1 <= int(rule["rate"].removesuffix(" %")) <= 100
        assert re.fullmatch(r"\d+ (d|months?) \.\. \d+ (d|months?)", rule["window"])
        opening, closing = rule["window"].split(" .. ")
        assert days(opening) < days(closing)


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_someone_known_owes_it(standard: str, rule: Rule) -> None:
    if rule["kind"] == "deadline":
        assert rule["who"] in {"subject", "receiver"} | {f"post.{post}" for post in POSTS}
    if rule["kind"] == "sampling":
        named = [rule["by"], *(case["by"] for case in rule.get("by_when", []))]
        assert all(named)
        assert {post for posts in named for post in posts} <= POSTS
        allowed = {rule["signature"]} if "signature" in rule else set()
        assert allowed | set(rule.get("second_modes", [])) <= set(rule["modes"]) <= CHOICES["mode"]


@pytest.mark.parametrize(("standard", "rule"), every_rule())
def test_sentences_are_short_enough_to_show(standard: str, rule: Rule) -> None:
    assert 4 <= len(rule["says"]) <= 40
    assert not rule["says"].endswith(("。", "."))
    assert len(rule.get("because", "")) <= 80
    if rule["kind"] != "requirement":
        assert 2 <= len(rule["does"]) <= 12


@pytest.mark.parametrize("rule", rules_of("recommended"), ids=lambda rule: rule["code"])
def test_the_recommended_standard_says_why_when_it_settles_several_manuals(rule: Rule) -> None:
    manuals = {clause.split("-")[0] for clause in rule["clauses"]}

    assert len(manuals) < 2 or rule["because"]


def test_manual_one_keeps_both_of_its_repair_visit_rates() -> None:
    rates = {rule["code"]: rule.get("rate") for rule in rules_of("s0")}

    assert rates["return_visit.repair"] == "30 %"
    assert rates["return_visit.repair.flow"] == "100 %"


def test_the_reply_to_a_complaint_differs_by_manual_and_the_shorter_is_recommended() -> None:
    within = {
        standard: rule["within"]
        for standard in STANDARDS
        for rule in rules_of(standard)
        if rule["code"] == "complaint.reply"
    }

    assert within == {"s1": "72 h", "s4": "24 h", "recommended": "24 h"}
