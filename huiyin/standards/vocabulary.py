"""The words standards are written in: facts, gates, the values they carry, posts, records. Data: catalogue/vocabulary.yaml."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from huiyin.standards import reading

CATALOGUE = Path(__file__).with_name("catalogue")


@dataclass(frozen=True)
class Word:
    """A fact or a gate: what people call it, and the values that conditions may ask for."""

    says: str
    values: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """Everything a rule may speak of. `members` are the features by which a quota chooses whom it covers."""

    facts: Mapping[str, Word]
    gates: Mapping[str, Word]
    fields: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    members: Mapping[str, frozenset[str]]
    posts: Mapping[str, str]
    visits: Mapping[str, str]
    records: Mapping[str, str]
    holds: Mapping[str, str]


@dataclass(frozen=True)
class Clause:
    """A clause of one of the five manuals, as the catalogue lists it."""

    id: str
    manual: str
    line: str
    module: str
    kind: str
    says: str
    parameter: str


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Read the words of the shipped catalogue."""
    read = reading.load((CATALOGUE / "vocabulary.yaml").read_text("utf-8"))
    return Vocabulary(
        facts={code: _word(row) for code, row in read["facts"].items()},
        gates={code: _word(row) for code, row in read["gates"].items()},
        fields=read["fields"],
        choices=read["choices"],
        members={population: frozenset(fields) for population, fields in read["members"].items()},
        posts=read["posts"],
        visits=read["visits"],
        records=read["records"],
        holds=read["holds"],
    )


@lru_cache(maxsize=1)
def clauses() -> Mapping[str, Clause]:
    """Return every clause of the five manuals by its id, in their order."""
    with (CATALOGUE / "clauses.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: Clause(
                row["id"],
                row["manual"],
                row["line"],
                row["module"],
                row["kind"],
                row["paraphrase_en"],
                row["param_key"],
            )
            for row in csv.DictReader(file)
        }


def _word(row: Mapping[str, object]) -> Word:
    values = row.get("values", ())
    return Word(str(row["says"]), frozenset(values if isinstance(values, list) else ()))
