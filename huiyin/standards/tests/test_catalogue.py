"""The shipped standards as text: they parse, cite real clauses, and speak only of things there are."""

import csv
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from huiyin.standards import reading
from huiyin.standards.checking import check, schema
from huiyin.standards.rules import KINDS, compile_rule
from huiyin.standards.vocabulary import CATALOGUE, clauses, vocabulary

MANUALS = ("s0", "s1", "s2", "s3", "s4")
LAW = "law-national"
STANDARDS = (*MANUALS, "recommended", LAW)
Rule = dict[str, Any]


def files() -> list[Path]:
    return sorted(CATALOGUE.glob("*/*.yaml"))


@cache
def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = reading.load(path.read_text(encoding="utf-8"))
    return document


def rules_of(standard: str) -> list[Rule]:
    return [rule for path in files() if path.parent.name == standard for rule in read(path)["rules"]]


def rule_of(standard: str, code: str) -> Rule:
    (found,) = [rule for rule in rules_of(standard) if rule["code"] == code]
    return found


def every_rule() -> list[tuple[str, Rule]]:
    return [(standard, rule) for standard in STANDARDS for rule in rules_of(standard)]


def test_all_clauses_of_the_five_manuals_are_shipped() -> None:
    with (CATALOGUE / "clauses.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["id", "manual", "line", "module", "kind", "priority", "paraphrase_en", "param_key"]
    assert len({row["id"] for row in rows}) == len(rows) == 587
    assert Counter(row["manual"] for row in rows) == {"0": 83, "1": 154, "2": 97, "3": 185, "4": 68}
    assert all(row["id"].startswith(f"S{row['manual']}-") for row in rows)


def test_clauses_are_paraphrased_never_quoted() -> None:
    assert [one.id for one in clauses().values() if re.search(r"[\u3400-\u9fff]", one.says + one.parameter)] == []


def test_the_shipped_standards_have_no_error() -> None:
    assert [str(problem) for problem in check(CATALOGUE)] == []


def test_the_schema_is_a_schema_that_refuses() -> None:
    assert json.loads((CATALOGUE / "schema.json").read_text("utf-8")) == schema()
    assert {part["properties"]["kind"]["const"] for part in schema()["$defs"].values() if "kind" in part.get("properties", {})} == set(KINDS)  # fmt: skip


def test_every_standard_is_there() -> None:
    assert {path.parent.name for path in files()} == set(STANDARDS)
    assert len({read(path)["title"] for path in files()}) == len(STANDARDS)
    assert {standard: len(rules_of(standard)) > 15 for standard in STANDARDS} == dict.fromkeys(STANDARDS, True)
    assert {rule["kind"] for rule in rules_of("recommended")} == set(KINDS)


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_names_its_folder_and_subject(path: Path) -> None:
    document = read(path)
    assert list(document) == schema()["required"]
    assert (document["standard"], document["subject"]) == (path.parent.name, path.stem)
    assert {read(other)["title"] for other in path.parent.glob("*.yaml")} == {document["title"]}


def test_the_same_code_asks_the_same_question_in_every_standard() -> None:
    questions: dict[str, set[tuple[str, str]]] = {}
    for _, rule in every_rule():
        asked_on = rule.get("opens") or rule.get("gates") or rule.get("counts") or rule.get("records") or ""
        questions.setdefault(rule["code"], set()).add((rule["kind"], asked_on))
    assert {code: found for code, found in questions.items() if len(found) > 1} == {}


def test_the_engine_reads_every_rule() -> None:
    assert [rule["code"] for _, rule in every_rule()] == [compile_rule(rule).code for _, rule in every_rule()]


def test_a_manual_cites_its_own_clauses_and_the_law_its_article() -> None:
    for standard, rule in every_rule():
        cited = {clause.split("-")[0].lower() for clause in rule["clauses"]}
        if standard in MANUALS:
            assert cited == {standard}, rule["code"]
        elif standard == LAW:
            assert not cited and set(rule["source"]) == {"law", "article", "date"}, rule["code"]
        else:
            assert cited <= set(MANUALS) and cited, rule["code"]


def test_sentences_are_short_and_end_without_a_full_stop() -> None:
    assert [rule["code"] for _, rule in every_rule() if rule["says"].endswith(("。", "."))] == []


def test_the_recommended_standard_says_why_when_it_settles_several_manuals() -> None:
    several = [rule for rule in rules_of("recommended") if len({one[:2] for one in rule["clauses"]}) > 1]
    assert len(several) > 40
    assert [rule["code"] for rule in several if not rule.get("because")] == []


def test_what_a_manual_says_is_answered_by_the_recommended_standard() -> None:
    """Except where the recommended standard says it in another rule, named here."""
    elsewhere = {
        "call.greeting.time": "call.greeting",
        "fund.scope": "fund.rules",
        "inspection.grade.archive": "inspection.grade",
        "inspection.grade.archive.missing": "inspection.grade",
        "inspection.grade.building": "inspection.grade",
        "inspection.grade.image": "inspection.grade",
        "inspection.grade.staff": "inspection.grade",
        "log.review": "case.progress",
        "repair.hold": "case.progress.next",
        "return_visit.complaint.every": "return_visit.complaint",
        "return_visit.complaint.major": "return_visit.complaint",
        "return_visit.plan": "return_visit.repair",
        "return_visit.repair.flow": "return_visit.repair",
        "return_visit.suggestion": "suggestion.decide",
    }
    recommended = {rule["code"] for rule in rules_of("recommended")}
    asked = {rule["code"] for standard in MANUALS for rule in rules_of(standard)}
    assert asked - recommended == set(elsewhere)
    assert set(elsewhere.values()) <= recommended


def test_manual_one_keeps_both_of_its_repair_visit_rates() -> None:
    rates = {code: rule_of("s0", code)["rate"] for code in ("return_visit.repair", "return_visit.repair.flow")}
    assert rates == {"return_visit.repair": "30 %", "return_visit.repair.flow": "100 %"}


def test_the_reply_to_a_complaint_differs_by_manual_and_the_shorter_is_recommended() -> None:
    within = {standard: rule["within"] for standard, rule in every_rule() if rule["code"] == "complaint.reply"}
    assert within == {"s1": "72 h", "s4": "24 h", "recommended": "24 h"}


def test_every_word_of_the_vocabulary_is_chinese_and_used() -> None:
    words = vocabulary()
    says = [word.says for word in (*words.facts.values(), *words.gates.values())]
    says += [*words.fields.values(), *words.posts.values(), *words.visits.values(), *words.records.values()]
    assert [one for one in says if not re.search(r"[\u3400-\u9fff]", one)] == []
    carried = set().union(*(word.values for word in (*words.facts.values(), *words.gates.values())))
    carried = carried.union(*words.members.values())
    assert carried == set(words.fields)
