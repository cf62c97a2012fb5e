"""Promises that change while they run: a new revision follows the old one, and the time already used is kept.

A change of the standard touches no promise; a promise made anew by name does.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.standards import queries, spans
from huiyin.standards.events import PromiseMoved
from huiyin.standards.in_force import RuleBook, book_for, calendar_version, rule_book, working_calendar
from huiyin.standards.models import Commitment, CommitmentState, Pause, Rule
from huiyin.standards.operations.ladders import lay_steps
from huiyin.standards.operations.shared import Owner, close_pauses, write_line
from huiyin.standards.rules import CompiledRule, all_hold, compile_rule

NOT_KEPT = (CommitmentState.OPEN, CommitmentState.PAUSED)


class RevisionInvalid(Refused):
    """The promise has ended, is overdue already, or would stay as it is."""


@command
def replace(
    commitment: Commitment,
    *,
    due_at: datetime | None = None,
    rule_id: int | None = None,
    actor: User,
    at: datetime,
    reason: str,
) -> Commitment:
    """Put a new revision in the place of a running promise: due at this time, or by this rule counted from the start.

    What was paused stays paused. A rule that leaves no time makes it due at once. Refused without a reason, and when the
    promise has ended or is overdue: what was missed stays owed as it was.
    """
    if not reason.strip():
        raise RevisionInvalid("请写明为什么改")
    old = Commitment.objects.select_for_update(of=("self",)).select_related("rule").get(pk=commitment.pk)
    if old.state not in NOT_KEPT:
        raise RevisionInvalid("这项承诺已经结束或逾期,不能再改订")
    if old.state == CommitmentState.OPEN and old.due_at < at:
        raise RevisionInvalid("这项承诺已经逾期,不能再改订")
    rule = compile_rule(Rule.objects.get(pk=rule_id).spec, rule_id=rule_id) if rule_id else None
    calendar = working_calendar(estate_id=old.estate_id)
    first = queries.first_revision(old)
    until_now = [(p.since, min(p.until or at, at)) for p in queries.pauses_of_revisions(old)]
    values = queries.values_of(first.opened_by)
    if rule and due_at is None:
        assert rule.within is not None
        due_at = spans.due_from(rule.within, first.opened_at, until_now, values, calendar)
    due_at = max(due_at or old.due_at, at)
    ended = Commitment.objects.filter(pk=old.pk, state=old.state).update(
        state=CommitmentState.REPLACED, ended_at=at, end_reason=reason.strip()[:80]
    )
    if ended != 1:
        raise RevisionInvalid("这项承诺刚刚有人办了,请看现在的情况")
    entry = _announce(old, due_at, actor=actor, at=at, note=reason.strip())
    new = _revision(old, rule, due_at=due_at, entry=entry, at=at, calendar=calendar)
    rows.insert(new)
    if old.state == CommitmentState.PAUSED:
        _stay_paused(old, new, rule, at=at, calendar=calendar)
    lay_steps([new], values=values, calendar=calendar, at=at, began_at=first.opened_at)
    return new


def _announce(old: Commitment, due_at: datetime, *, actor: User, at: datetime, note: str) -> Entry:
    return journal.announce(
        PromiseMoved(
            subject_id=old.pk,
            estate_id=old.estate_id,
            thread=old.thread,
            does=old.does,
            was_due_at=old.due_at,
            due_at=due_at,
        ),
        actor=actor,
        at=at,
        note=note,
        rule=old.code,
    )


def _revision(
    old: Commitment,
    rule: CompiledRule | None,
    *,
    due_at: datetime,
    entry: Entry,
    at: datetime,
    calendar: WorkingCalendar,
) -> Commitment:
    owner = Owner(old.owner_id, old.owner_post)
    if rule and rule.who.startswith("post.") and not _same_post(old, rule):
        owner = Owner(post=rule.who.removeprefix("post."))
    begins = old.not_before
    if rule:
        begins = rule.not_before.begins(queries.first_revision(old).opened_at, calendar) if rule.not_before else None
    return Commitment(
        estate_id=old.estate_id,
        rule_id=rule.id if rule else old.rule_id,
        code=rule.code if rule else old.code,
        does=rule.does if rule else old.does,
        subject_type=old.subject_type,
        subject_id=old.subject_id,
        thread=old.thread,
        opened_at=at,
        opened_by=entry,
        not_before=begins,
        due_at=due_at,
        calendar=calendar_version(estate_id=old.estate_id),
        provisional=calendar.is_provisional(due_at),
        state=old.state,
        owner_id=owner.user_id,
        owner_post=owner.post,
        follows_subject=rule.who == "subject" if rule else old.follows_subject,
        after_closing=rule.after_closing if rule else old.after_closing,
        revision=old.revision + 1,
        follows=old,
    )


def _same_post(old: Commitment, rule: CompiledRule) -> bool:
    return old.rule is not None and old.rule.spec.get("who") == rule.who


def _stay_paused(
    old: Commitment, new: Commitment, rule: CompiledRule | None, *, at: datetime, calendar: WorkingCalendar
) -> None:
    """Let the pause go on in the new revision: the old one's ends now, and what is left is counted from now."""
    running = Pause.objects.get(commitment=old, until=None)
    close_pauses([old.pk], at=at)
    limit = rule.within if rule else compile_rule(old.rule.spec).within if old.rule else None
    Pause.objects.create(
        commitment=new,
        since=at,
        reason=running.reason,
        wakes_at=max(running.wakes_at, at),
        remaining=spans.left(limit, new.due_at, at=at, calendar=calendar),
    )


@command
def re_promise(commitment: Commitment, *, actor: User, at: datetime, reason: str) -> Commitment:
    """Make the promise anew under the version in force now, its time counted from the start.

    Refused when the version in force says nothing to the question, or the same, and where `replace` refuses.
    """
    rule = rule_book(commitment.estate_id, at=at).rules.get(commitment.code)
    if rule is None or rule.within is None:
        raise RevisionInvalid("现行标准里没有这一条,不能按它改订")
    if rule.id == commitment.rule_id:
        raise RevisionInvalid("这项承诺就是按现行标准定的,不用改订")
    return replace(commitment, rule_id=rule.id, actor=actor, at=at, reason=reason)


@command
def revise(thread: str, changes: Mapping[str, Any], *, actor: User, at: datetime, reason: str) -> int:
    """Let the running promises of a matter follow a change of what they were opened for; return how many changed.

    Each is judged by the version it was made under. A rule that holds now in the place of one that no longer does is
    the next revision of its promise; one without a forerunner is promised from now on; a promise that nothing holds for
    any more is released. What was kept or missed stays.
    """
    owed = (
        Commitment.objects.filter(thread=thread, ended_at=None).exclude(rule=None).select_related("rule", "opened_by")
    )
    by_first: dict[int, list[Commitment]] = {}
    openings: dict[int, Entry] = {}
    for one in owed.order_by("pk"):
        opening = queries.first_revision(one).opened_by
        openings[opening.pk] = opening
        by_first.setdefault(opening.pk, []).append(one)
    changed = 0
    for pk, opening in openings.items():
        changed += _revise_opening(opening, by_first[pk], changes, actor=actor, at=at, reason=reason)
    return changed


def _revise_opening(
    opening: Entry, owed: list[Commitment], changes: Mapping[str, Any], *, actor: User, at: datetime, reason: str
) -> int:
    values = queries.values_of(opening)
    if not values.keys() & changes.keys():
        return 0
    values |= {name: value for name, value in changes.items() if name in values}
    assert owed[0].rule is not None
    book = book_for(owed[0].rule.pk)
    hold = [rule for rule in book.opened_by.get(opening.kind, ()) if all_hold(rule.when, values)]
    running = {one.code: one for one in owed}
    # What was drawn by lot rests on the draw, not on this opening, and stays owed.
    asked = {rule.code for rule in book.opened_by.get(opening.kind, ())}
    leaving = [one for one in owed if one.code in asked - {rule.code for rule in hold} and one.state in NOT_KEPT]
    asked_already = _asked_by(opening, owed[0].thread, book)
    changed = 0
    for rule in hold:
        if rule.code in running or rule.within is None:
            continue
        before = next((one for one in leaving if one.rule and rule.keeps & book.rules[one.code].keeps), None)
        if before and not _overdue(before, at):
            leaving.remove(before)
            replace(before, rule_id=rule.id, actor=actor, at=at, reason=reason)
            changed += 1
        elif before is None and not any(rule.keeps & keeps for keeps in asked_already):
            changed += _begin(rule, owed[0], opening, values, actor=actor, at=at, reason=reason)
    for one in leaving:
        if not _overdue(one, at):
            _release(one, actor=actor, at=at, reason=reason)
            changed += 1
    return changed


def _asked_by(opening: Entry, thread: str, book: RuleBook) -> list[frozenset[str]]:
    """Return what kept, or should have kept, the promises of this opening that are over or overdue."""
    over = Commitment.objects.filter(thread=thread, state__in=("met", "late", "missed")).select_related("opened_by")
    return [
        book.rules[one.code].keeps
        for one in over
        if one.code in book.rules and queries.first_revision(one).opened_by_id == opening.pk
    ]


def _overdue(one: Commitment, at: datetime) -> bool:
    return one.state == CommitmentState.OPEN and one.due_at < at


def _begin(
    rule: CompiledRule,
    beside: Commitment,
    opening: Entry,
    values: Mapping[str, Any],
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> int:
    """Promise from now on what the change asks for besides; what the matter pauses for does not hold it up."""
    assert rule.within is not None
    calendar = working_calendar(estate_id=beside.estate_id)
    due_at = rule.within.due(at, values, calendar)
    if due_at is None:
        return 0
    owner = Owner(beside.owner_id, beside.owner_post)
    if rule.who.startswith("post."):
        owner = Owner(post=rule.who.removeprefix("post."))
    new = Commitment(
        estate_id=beside.estate_id,
        rule_id=rule.id,
        code=rule.code,
        does=rule.does,
        subject_type=opening.subject_type,
        subject_id=opening.subject_id,
        thread=beside.thread,
        opened_at=at,
        opened_by=opening,
        not_before=rule.not_before.begins(at, calendar) if rule.not_before else None,
        due_at=max(due_at, at),
        calendar=calendar_version(estate_id=beside.estate_id),
        provisional=calendar.is_provisional(due_at),
        owner_id=owner.user_id,
        owner_post=owner.post,
        follows_subject=rule.who == "subject",
        after_closing=rule.after_closing,
    )
    rows.insert(new)
    write_line(new, "standards.commitment.added", actor=actor, at=at, note=reason)
    lay_steps([new], values=values, calendar=calendar, at=at)
    return 1


def _release(one: Commitment, *, actor: User, at: datetime, reason: str) -> None:
    """End a promise that the matter no longer asks for."""
    close_pauses([one.pk], at=at)
    Commitment.objects.filter(pk=one.pk, ended_at=None).update(
        state=CommitmentState.WAIVED, ended_at=at, end_reason=reason[:80]
    )
    write_line(one, "standards.commitment.waived", actor=actor, at=at, note=reason)


@command
def link_reopened(thread: str, *, at: datetime) -> int:
    """Link the promises opened at this moment, when the matter was opened again, to those they go on from; return how
    many.

    That is the last one to the same question, or else the last one of the matter.
    """
    linked = 0
    over = Commitment.objects.filter(thread=thread, ended_at__isnull=False, after_closing=False).exclude(rule=None)
    for new in Commitment.objects.filter(thread=thread, opened_at=at, follows=None).exclude(rule=None):
        before = over.filter(pk__lt=new.pk).exclude(state=CommitmentState.REPLACED).order_by("-pk")
        last = before.filter(code=new.code).first() or before.first()
        if last is not None:
            linked += Commitment.objects.filter(pk=new.pk).update(follows=last)
    return linked
