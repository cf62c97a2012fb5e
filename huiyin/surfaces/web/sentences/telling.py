"""Entries of the journal as lines of a timeline."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from huiyin.foundation.journal.models import Entry
from huiyin.foundation.kit.entries import Entry as Line
from huiyin.surfaces.web.sentences.cases import CASES
from huiyin.surfaces.web.sentences.house import HOUSE
from huiyin.surfaces.web.sentences.money import MONEY
from huiyin.surfaces.web.sentences.repairs import REPAIRS
from huiyin.surfaces.web.sentences.shape import RuleShown, Sentence
from huiyin.surfaces.web.sentences.standards import STANDARDS
from huiyin.surfaces.web.sentences.upkeep import UPKEEP

SENTENCES: dict[str, Sentence] = CASES | REPAIRS | UPKEEP | MONEY | STANDARDS | HOUSE
# A move recorded without a fact of its own is said by its name.
MOVES: dict[str, str] = {
    "materials.sheet.take_in": "确认导入材料表",
    "materials.sheet.fault": "材料表没有导入",
    "past_cases.sheet.pass": "检查了以前的维修单",
    "past_cases.sheet.fault": "以前的维修单没有导入",
    "past_cases.sheet.start": "确认导入以前的维修单",
    "past_cases.sheet.finish": "导入了以前的维修单",
    "service_desk.contact.promise": "约好回电时间",
    "standards.draft.propose": "提请第二人发布",
    "standards.draft.return": "退回起草",
    "standards.draft.drop": "放弃了这份草稿",
}
UNSPOKEN = Sentence("办了一步", "internal")


def is_spoken(kind: str) -> bool:
    """Tell whether there is a sentence for lines of this kind."""
    return kind in SENTENCES or kind in MOVES


def tell(entries: Iterable[Entry], *, now: datetime, rules: Mapping[str, RuleShown] | None = None) -> list[Line]:
    """Say the entries as lines of a timeline, in their order; what one act says twice is said once.

    `rules` has the rules by code, to name the one behind an automatic line.
    """
    return [line(entry, now=now, rules=rules or {}) for entry in without_echoes(entries)]


def without_echoes(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out the entries that say what another one of the same act says."""
    listed = list(entries)
    acts: dict[tuple[datetime, int], set[str]] = {}
    for entry in listed:
        acts.setdefault((entry.at, entry.actor_id), set()).add(entry.kind)
    return [entry for entry in listed if not acts[entry.at, entry.actor_id].intersection(_sentence(entry.kind).unless)]


def _sentence(kind: str) -> Sentence:
    if kind in MOVES:
        return Sentence(MOVES[kind])
    return SENTENCES.get(kind, UNSPOKEN)


def _doer(entry: Entry) -> str:
    """Name who did it; of a slip keyed in later, also whose step it was."""
    if entry.actor.is_system:
        return ""
    other = entry.values.get("on_behalf_of")
    return f"{entry.actor.name}代{other}补录" if other else entry.actor.name


def line(entry: Entry, *, now: datetime, rules: Mapping[str, RuleShown]) -> Line:
    """Say one entry."""
    sentence = _sentence(entry.kind)
    says = sentence.says if isinstance(sentence.says, str) else sentence.says(entry.values, now)
    rule = rules.get(entry.rule)
    return Line(
        at=entry.at,
        says=says,
        who="" if sentence.side == "rule" else _doer(entry),
        kind=sentence.side,
        rule=f"《{rule.standard}》{rule.says}" if rule else "",
        rule_url=rule.url if rule else "",
        detail=entry.note,
    )
