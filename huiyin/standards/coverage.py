"""How each of the 587 clauses is carried: by rules and gates of the catalogue (computed), by something else (coverage.csv),
or by an area still to come.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from huiyin.standards.vocabulary import CATALOGUE, Clause, clauses
from huiyin.standards.waiting import TO_COME, waiting_area
from huiyin.standards.written import Written, shipped

CARRIED = {
    "rule": "规则",
    "gate": "关口",
    "form": "表单",
    "record": "记录",
    "script": "话术",
    "page": "页面",
    "area": "等区域建成",
    "not_software": "不归软件",
}
# Parts of built areas that are not built themselves; a clause may wait for them as for an area.
PARTS_TO_COME = {*TO_COME.values(), "service_desk.knowledge", "service_desk.scripts"}


@dataclass(frozen=True)
class Carried:
    """How one clause is carried. `by` names what carries it: codes of rules, addresses, models, moments of a script.

    For a clause that waits, `area` is what it waits for and `by` the rules that will carry it.
    """

    clause: Clause
    how: str
    by: tuple[str, ...] = ()
    area: str = ""
    why: str = ""


@lru_cache(maxsize=1)
def coverage() -> tuple[Carried, ...]:
    """Return every clause of the five manuals, in their order, with how it is carried."""
    cited = _cited(shipped())
    written = {row["clause"]: row for row in _rows()}
    return tuple(_carried(clause, cited.get(clause.id, {}), written.get(clause.id)) for clause in clauses().values())


def uncovered() -> list[str]:
    """Return the clauses of which nothing says how they are carried."""
    return [one.clause.id for one in coverage() if not one.how]


def written_twice() -> list[str]:
    """Return the clauses that coverage.csv carries although a rule does, or carries twice, or that do not exist."""
    cited, seen = _cited(shipped()), set()
    wrong = []
    for row in _rows():
        if row["clause"] in cited or row["clause"] in seen or row["clause"] not in clauses():
            wrong.append(row["clause"])
        seen.add(row["clause"])
    return wrong


def _carried(clause: Clause, rules: Mapping[str, tuple[str, str]], row: Mapping[str, str] | None) -> Carried:
    if rules:
        working = {code: kind for code, (kind, waits) in rules.items() if not waits}
        if not working:
            return Carried(clause, "area", tuple(rules), next(waits for _, waits in rules.values()))
        gates_only = set(working.values()) == {"requirement"}
        return Carried(clause, "gate" if gates_only else "rule", tuple(working))
    if row is None:
        return Carried(clause, "")
    named = tuple(row["by"].split())
    if row["carried"] == "area":
        return Carried(clause, "area", (), named[0], row["why"])
    return Carried(clause, row["carried"], named, "", row["why"])


def _cited(standards: Sequence[Written]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return, for each clause, the rules that cite it: their kind and what they wait for."""
    cited: dict[str, dict[str, tuple[str, str]]] = {}
    for standard in standards:
        for spec in standard.rules:
            for clause in spec["clauses"]:
                cited.setdefault(clause, {})[spec["code"]] = (spec["kind"], waiting_area(spec))
    return cited


def _rows() -> list[dict[str, str]]:
    with (CATALOGUE / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
