"""What differs between two states of a standard, said for a page: rule by rule, value by value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huiyin.standards.rules.comparing import RuleChange, looser
from huiyin.surfaces.web import standards_kinds as kinds
from huiyin.surfaces.web import standards_words as words

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class ValueSaid:
    """One value before and after."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangeSaid:
    """One rule that was added, left out or changed. `loosened` names the values by which a public promise binds less."""

    code: str
    how: str
    subject: str
    pieces: Pieces
    was: Pieces
    values: list[ValueSaid]
    loosened: list[str]


def said(changes: Sequence[RuleChange], titles: Mapping[str, str]) -> list[ChangeSaid]:
    """Say the changes in their order."""
    return [_said(change, titles) for change in changes]


def _said(change: RuleChange, titles: Mapping[str, str]) -> ChangeSaid:
    spec = change.new or change.old
    assert spec is not None
    kind = str(spec["kind"])
    values = [
        ValueSaid(
            kinds.NAMES.get(one.key, one.key),
            kinds.said(kind, one.key, one.old, titles),
            kinds.said(kind, one.key, one.new, titles),
        )
        for one in change.values
        if one.key != "says"
    ]
    reworded = change.old is not None and change.new is not None and change.old["says"] != change.new["says"]
    keys = looser(change.old, change.new) if change.old and change.old.get("public") else ()
    return ChangeSaid(
        code=change.code,
        how="新增" if change.old is None else "删去" if change.new is None else "改动",
        subject=words.subject_of(change.code),
        pieces=words.emphasised(str(spec["says"])),
        was=words.emphasised(str(change.old["says"])) if reworded and change.old else [],
        values=values,
        loosened=[kinds.NAMES.get(key, key) for key in keys],
    )
