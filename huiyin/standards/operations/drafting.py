"""An estate writes its own standard: a draft on what it lives by, proposed by one person, published by another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import MovedMeanwhile, perform
from huiyin.foundation.transactions import command
from huiyin.standards import composition, queries, states
from huiyin.standards.events import StandardPublished
from huiyin.standards.models import Draft, Rule, Standard, StandardVersion
from huiyin.standards.operations.publishing import adopt
from huiyin.standards.rules import RuleInvalid, compile_rule
from huiyin.standards.rules.comparing import composed, difference
from huiyin.standards.states import DraftState
from huiyin.standards.written import Written

_SAYS_LENGTH = 120


class DraftInvalid(Refused):
    """What the draft would say cannot stand; the sentence says why."""


class BaseMoved(Refused):
    """What the draft is based on is no longer what the estate lives by."""


class ChangedMeanwhile(Refused):
    """Somebody changed the draft after it was looked at."""


class SecondPersonNeeded(Refused):
    """Whoever proposed a draft does not publish it."""


class ReasonNeeded(Refused):
    """A promise made in public would bind less, and no reason was given."""


def own_code(estate_id: int) -> str:
    """Return the code of the estate's own standard."""
    return f"estate-{estate_id}"


@command
def start_draft(estate_id: int, base: StandardVersion, *, title: str, actor: User, at: datetime) -> Draft:
    """Begin the next version of the estate's own standard.

    On a newer version of the standard its own is based on, the estate's own values are carried over.
    Refused when the base is neither that nor what the estate lives by.
    """
    allowed = composition.bases(estate_id, at=at)
    if not allowed.allow(base):
        raise BaseMoved("只能从本小区现行的版本起草")
    draft = Draft.objects.create(
        estate_id=estate_id,
        base=base,
        title=title,
        changes=_own_values(allowed.current) if base == allowed.newer else {},
        drafted_by=actor,
        drafted_at=at,
    )
    _record(draft, "standards.draft.started", actor=actor, at=at, values={"base": str(base)})
    return draft


def _own_values(current: StandardVersion | None) -> dict[str, Any]:
    """Return what the estate's own version says otherwise than the version it was based on."""
    if current is None or current.based_on is None:
        return {}
    found = difference(composition.specs_of(current.based_on), composition.specs_of(current))
    return {change.code: change.new for change in found}


@command
def change_rule(draft: Draft, spec: Mapping[str, Any], *, actor: User, at: datetime, seen: str = "") -> None:
    """Let the draft say this rule so; said as the base says it, the rule is as it was.

    `seen` is the digest of the rule as it was shown. Refused when the rule cannot be read, is of another kind than in
    the base, or was changed since, and when the draft is not being drafted.
    """
    _still_drafting(draft, actor)
    try:
        compile_rule(spec)
    except RuleInvalid as error:
        raise DraftInvalid(f"这一条读不懂:{error}") from error
    if len(str(spec["says"])) > _SAYS_LENGTH:
        raise DraftInvalid(f"写给人看的话最多 {_SAYS_LENGTH} 个字")
    code, base = str(spec["code"]), composition.specs_of(draft.base)
    if code in base and base[code]["kind"] != spec["kind"]:
        raise DraftInvalid("一条规则的种类不能改;请删去这一条,另写一条")
    before = composed(base, draft.changes).get(code)
    if seen and seen != composition.digest_of(before):
        raise ChangedMeanwhile("这一条刚被别人改过,请对照现在的内容再改;您填写的内容还在")
    if base.get(code) == dict(spec):
        _set(draft, {name: change for name, change in draft.changes.items() if name != code})
    else:
        _set(draft, {**draft.changes, code: dict(spec)})
    _record(
        draft,
        "standards.draft.changed",
        actor=actor,
        at=at,
        values={"rule": code, "says": spec["says"], "was": before, "now": spec},
    )


@command
def leave_out(draft: Draft, code: str, *, actor: User, at: datetime) -> None:
    """Let the draft do without this rule. Refused when it has no such rule, or is not being drafted."""
    _still_drafting(draft, actor)
    base = composition.specs_of(draft.base)
    before = composed(base, draft.changes).get(code)
    if before is None:
        raise DraftInvalid("草稿里没有这一条")
    kept = {name: change for name, change in draft.changes.items() if name != code}
    _set(draft, {**kept, code: None} if code in base else kept)
    _record(
        draft,
        "standards.draft.left_out",
        actor=actor,
        at=at,
        values={"rule": code, "says": before["says"], "was": before},
    )


@command
def restore(draft: Draft, code: str, *, actor: User, at: datetime) -> None:
    """Let the rule be as the base has it. Refused when the draft does not change it, or is not being drafted."""
    _still_drafting(draft, actor)
    if code not in draft.changes:
        raise DraftInvalid("这一条没有改动")
    says = (draft.changes[code] or composition.specs_of(draft.base).get(code, {})).get("says", code)
    _set(draft, {name: change for name, change in draft.changes.items() if name != code})
    _record(draft, "standards.draft.restored", actor=actor, at=at, values={"rule": code, "says": says})


@command
def renew(draft: Draft, *, actor: User, at: datetime) -> None:
    """Put the draft on what the estate lives by now; its changes stay. Refused when it is not being drafted."""
    _still_drafting(draft, actor)
    current = composition.bases(draft.estate_id, at=at).current
    if current is None:
        raise BaseMoved("本小区没有采用标准")
    base = composition.specs_of(current)
    changes = {code: spec for code, spec in draft.changes.items() if base.get(code) != spec}
    Draft.objects.filter(pk=draft.pk).update(base=current, changes=changes)
    draft.base, draft.changes = current, changes
    _record(draft, "standards.draft.renewed", actor=actor, at=at, values={"base": str(current)})


@command
def propose(draft: Draft, *, effective_from: datetime, note: str, actor: User, at: datetime) -> None:
    """Ask a second person to publish the draft as of that moment.

    Refused without a change or a note, for a moment that has passed or comes before that of the newest own version,
    and when what it is based on is no longer in force.
    """
    _still_drafting(draft, actor)
    _check(draft, effective_from=effective_from, at=at)
    if not note.strip():
        raise DraftInvalid("请写明为什么这样改,发布的人要看")
    Draft.objects.filter(pk=draft.pk).update(note=note.strip())
    draft.note = note.strip()
    perform(
        draft,
        states.PROPOSE,
        actor=actor,
        at=at,
        note=note.strip(),
        effective_from=effective_from,
        proposed_by=actor,
        proposed_at=at,
    )


@command
def return_draft(draft: Draft, *, reason: str, actor: User, at: datetime) -> None:
    """Send a proposed draft back to be written on, with the reason. Refused without one."""
    perform(draft, states.RETURN, actor=actor, at=at, note=reason, proposed_by=None, proposed_at=None)


@command
def drop(draft: Draft, *, reason: str, actor: User, at: datetime) -> None:
    """Give the draft up, with the reason; it stays readable. Refused without a reason or when it is over."""
    perform(draft, states.DROP, actor=actor, at=at, note=reason)


@command
def publish(
    draft: Draft, *, actor: User, at: datetime, reasons: Mapping[str, str] | None = None, seen: str = ""
) -> StandardVersion:
    """Publish a proposed draft as the next version of the estate's own standard; promises made keep their version.

    From its day on the estate lives by its own standard. `reasons` says, for each public promise that would bind less,
    why; `seen` is the fingerprint of what was looked at. Refused for whoever proposed it, when it changed since, when a
    reason is missing, and where `propose` would be refused now.
    """
    _one_at_a_time(draft.estate_id)
    now = _locked(draft)
    if now.status != DraftState.PROPOSED or now.effective_from is None:
        perform(draft, states.PUBLISH, actor=actor, at=at)  # refused with the sentence of who was first
    if now.proposed_by_id == actor.pk:
        raise SecondPersonNeeded("提请发布的人不能自己发布,请另一位有权限的同事来发布")
    if seen and seen != composition.fingerprint(now):
        raise ChangedMeanwhile("这份草稿在您打开之后改过,请重新看一遍再发布")
    effective_from = now.effective_from
    assert effective_from is not None
    _check(now, effective_from=effective_from, at=at)
    loosened = _reasons_for(now, reasons or {}, at=at)
    version = _materialise(now, effective_from=effective_from, actor=actor, at=at)
    perform(
        draft,
        states.PUBLISH,
        actor=actor,
        at=at,
        note=now.note,
        fact=StandardPublished(
            subject_id=draft.pk,
            estate_id=draft.estate_id,
            thread=draft.thread,
            title=version.standard.title,
            number=version.number,
            effective_from=effective_from,
            loosened=loosened,
        ),
        published=version,
        published_by=actor,
        published_at=at,
    )
    lived_by = queries.adoption_of(draft.estate_id, at=effective_from)
    if lived_by is None or lived_by.standard_id != version.standard_id:
        adopt(draft.estate_id, version.standard.code, since=effective_from, actor=actor, at=at)
    return version


def _check(draft: Draft, *, effective_from: datetime, at: datetime) -> None:
    if effective_from < at:
        raise DraftInvalid("生效时间不能早于现在,请改到以后")
    if not composition.bases(draft.estate_id, at=at).allow(draft.base):
        raise BaseMoved("起草之后现行版本已经变了,请先把草稿移到现行版本上,改动会保留")
    newest = StandardVersion.objects.filter(standard__code=own_code(draft.estate_id)).order_by("-number").first()
    if newest and effective_from < newest.effective_from:
        raise DraftInvalid(f"{newest}还没有生效,新版本不能早于它")
    if not composition.changes_against_base(draft) and (newest is None or draft.base_id == newest.pk):
        raise DraftInvalid("草稿还没有改动,没有可发布的内容")


def _reasons_for(draft: Draft, reasons: Mapping[str, str], *, at: datetime) -> dict[str, str]:
    loosened = {one.code: one for one in composition.loosened_by(draft, at=at)}
    for code, one in loosened.items():
        if not reasons.get(code, "").strip():
            raise ReasonNeeded(f"「{one.says}」是公开承诺,放宽它要勾选并写明理由")
    return {code: reasons[code].strip() for code in loosened}


def _materialise(draft: Draft, *, effective_from: datetime, actor: User, at: datetime) -> StandardVersion:
    """Write all rules of the next version: those of the base with the draft's changes."""
    shipped = draft.base if draft.base.standard.estate_id is None else draft.base.based_on
    standard, _ = Standard.objects.get_or_create(
        code=own_code(draft.estate_id),
        defaults={
            "title": draft.title,
            "estate_id": draft.estate_id,
            "based_on": shipped.standard if shipped else None,
        },
    )
    newest = standard.versions.order_by("-number").first()
    specs = composition.drafted(draft)
    version = StandardVersion.objects.create(
        standard=standard,
        number=newest.number + 1 if newest else 1,
        effective_from=effective_from,
        digest=Written(standard.code, standard.title, tuple(dict(spec) for spec in specs.values())).digest,
        based_on=shipped,
        published_at=at,
        published_by=actor,
        note=draft.note,
    )
    Rule.objects.bulk_create(
        Rule(version=version, code=code, kind=spec["kind"], says=spec["says"], spec=spec)
        for code, spec in specs.items()
    )
    return version


def _one_at_a_time(estate_id: int) -> None:
    """Let two who publish drafts of one estate at once do so one after the other: the second would undo the first."""
    proposed = Draft.objects.filter(estate_id=estate_id, status=DraftState.PROPOSED).order_by("pk")
    list(proposed.select_for_update().values_list("pk"))


def _locked(draft: Draft) -> Draft:
    """Read the draft as it is now and keep it so until the end of the command."""
    related = ("base__standard", "base__based_on__standard")
    return Draft.objects.select_for_update(of=("self",)).select_related(*related).get(pk=draft.pk)


def _still_drafting(draft: Draft, actor: User) -> None:
    """Refuse unless the draft is being written on; refresh what it says, so that nothing written meanwhile is lost."""
    now = _locked(draft)
    if now.status != DraftState.DRAFTING:
        raise MovedMeanwhile(f"这份草稿现在是「{now.get_status_display()}」,不能再改")
    draft.base, draft.changes = now.base, now.changes


def _set(draft: Draft, changes: dict[str, Any]) -> None:
    Draft.objects.filter(pk=draft.pk).update(changes=changes)
    draft.changes = changes


def _record(draft: Draft, kind: str, *, actor: User, at: datetime, values: dict[str, Any]) -> None:
    journal.record(
        kind,
        subject=(draft.journal_name, draft.pk),
        estate_id=draft.estate_id,
        actor=actor,
        at=at,
        thread=draft.thread,
        values=values,
    )
