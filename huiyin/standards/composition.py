"""Reading what an estate composes of a standard: its drafts, what they are based on, what they change, the history."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any

from django.db.models import Q, QuerySet

from huiyin.foundation import rows
from huiyin.standards import queries
from huiyin.standards.models import Adoption, Draft, DraftState, Rule, Standard, StandardVersion
from huiyin.standards.rules.comparing import Loosened, RuleChange, composed, difference, loosened_promises

Specs = dict[str, Mapping[str, Any]]
OPEN = (DraftState.DRAFTING, DraftState.PROPOSED)


@dataclass(frozen=True)
class Bases:
    """From what an estate may draft: the version it lives by (or has published to live by), and a newer one of the
    standard its own is based on."""

    current: StandardVersion | None
    newer: StandardVersion | None

    def allow(self, version: StandardVersion) -> bool:
        return version.pk in {one.pk for one in (self.current, self.newer) if one}


def bases(estate_id: int, *, at: datetime) -> Bases:
    """Return from what the estate may draft now."""
    adopted = Adoption.objects.filter(estate_id=estate_id).select_related("standard").order_by("-since").first()
    if adopted is None:
        return Bases(None, None)
    versions = StandardVersion.objects.select_related("standard", "based_on__standard")
    if adopted.standard.estate_id is None:
        return Bases(queries.version_of(adopted.standard.code, at=at), None)
    own = versions.filter(standard=adopted.standard).order_by("-number").first()
    return Bases(own, newer_base(own, at=at) if own else None)


def newer_base(version: StandardVersion, *, at: datetime) -> StandardVersion | None:
    """Return the newest version of the standard this one is based on, when it came after it."""
    if version.based_on is None:
        return None
    newest = queries.version_of(version.based_on.standard.code, at=at)
    return newest if newest and newest.number > version.based_on.number else None


def specs_of(version: StandardVersion) -> Specs:
    """Return the written rules of a version by code, in their order."""
    return dict(Rule.objects.filter(version=version).order_by("pk").values_list("code", "spec"))


def drafted(draft: Draft) -> Specs:
    """Return the rules as the draft would have them."""
    return composed(specs_of(draft.base), draft.changes)


def changes_against_base(draft: Draft) -> list[RuleChange]:
    """Return what the draft changes in the version it is based on."""
    base = specs_of(draft.base)
    return difference(base, composed(base, draft.changes))


def in_force_by_code(estate_id: int, *, at: datetime) -> Specs:
    return {rule.code: rule.spec for rule in queries.rules_in_force(estate_id, at=at)}


def loosened_by(draft: Draft, *, at: datetime) -> list[Loosened]:
    """Return the public promises in force that the draft does not surely keep up."""
    return loosened_promises(in_force_by_code(draft.estate_id, at=at), drafted(draft))


def fingerprint(draft: Draft) -> str:
    """Name exactly this state of the draft, so that somebody publishes what they have seen and nothing else."""
    return digest_of([draft.base_id, draft.changes, draft.effective_from and draft.effective_from.isoformat()])


def digest_of(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def drafts_of(estate_id: int) -> QuerySet[Draft]:
    """Return the estate's drafts, those under way first, each with who drafted it and on what."""
    related = ("base__standard", "drafted_by", "proposed_by", "published_by", "published__standard")
    return Draft.objects.filter(estate_id=estate_id).select_related(*related).order_by("-pk")


def open_drafts(estate_id: int) -> list[Draft]:
    return list(drafts_of(estate_id).filter(status__in=OPEN))


def draft_by_id(draft_id: int, estate_ids: Collection[int]) -> Draft | None:
    """Return the draft if it is of one of these estates."""
    related = ("base__standard", "base__based_on__standard", "drafted_by", "proposed_by", "published_by", "published")
    return Draft.objects.select_related(*related).filter(pk=draft_id, estate_id__in=estate_ids).first()


def visible_standards(estate_ids: Collection[int]) -> list[Standard]:
    """Return the shipped standards and these estates' own, the own ones first, then the recommended one."""
    found = [one for one in queries.standards() if one.estate_id is None or one.estate_id in estate_ids]
    return sorted(found, key=lambda one: one.estate_id is None)


def standard_by_code(code: str, estate_ids: Collection[int]) -> Standard | None:
    """Return the standard, unless it is another estate's own."""
    shown = Q(estate_id=None) | Q(estate_id__in=estate_ids)
    return Standard.objects.filter(shown, code=code).first()


def versions_of(standard: Standard) -> list[StandardVersion]:
    """Return the versions of the standard, the newest first, with who published each and on what."""
    found = standard.versions.select_related("published_by", "based_on__standard", "draft__proposed_by")
    return list(found.order_by("-number"))


@dataclass(frozen=True)
class Past:
    """One version of one rule, and what it changed in the version before; without changes it came with it."""

    version: StandardVersion
    rule: Rule
    change: RuleChange | None


def history_of(rule: Rule) -> list[Past]:
    """Return the versions of the rule in its standard in which it was new or said otherwise, the newest first."""
    found: list[Past] = []
    before: Rule | None = None
    same = Rule.objects.filter(code=rule.code, version__standard=rule.version.standard_id)
    for one in same.select_related("version").order_by("version__number"):
        changed = difference({rule.code: before.spec} if before else {}, {rule.code: one.spec})
        if changed:
            found.append(Past(one.version, one, changed[0] if before else None))
        before = one
    return found[::-1]


def changes_between(versions: list[StandardVersion]) -> dict[int, list[RuleChange]]:
    """Return by version what it changed in the one before; versions come the newest first, the last only ends them."""
    specs: dict[int, Specs] = {one.pk: {} for one in versions}
    for version, code, spec in (
        Rule.objects.filter(version__in=specs).order_by("pk").values_list("version", "code", "spec")
    ):
        specs[version][code] = spec
    return {new.pk: difference(specs[old.pk], specs[new.pk]) for new, old in pairwise(versions)}


_RELYING = """
SELECT count(*) FROM (
    SELECT 1 FROM standards_commitment
    WHERE estate_id = %s AND due_at >= %s AND code = %s AND state IN ('open', 'paused') LIMIT 1000
) AS relying
"""


def count_relying(estate_id: int, code: str, *, at: datetime) -> int:
    """Count the promises that run on this rule and are not yet due, but never past a thousand. An index answers."""
    return int(rows.read(_RELYING, [estate_id, at, code])[0][0])
