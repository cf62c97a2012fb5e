"""Promises: opened and kept by facts, handed over, settled. Each in the transaction of its cause."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from huiyin.foundation import rows
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards.in_force import calendar_version, rule_book, working_calendar
from huiyin.standards.models import Commitment, CommitmentState
from huiyin.standards.operations.ladders import lay_steps
from huiyin.standards.operations.misses import correct_miss, record_miss
from huiyin.standards.operations.shared import RUNNING_STATES, Owner, close_pauses
from huiyin.standards.rules import CompiledRule, all_hold
from huiyin.standards.rules.deadline import promised
from huiyin.standards.rules.requirement import unmet

BY_WORD = "promise"
WAKE_UP = "wake_up"
_RUNNING = """
SELECT id, estate_id, code, does, thread, subject_type, subject_id, state, due_at FROM standards_commitment
WHERE ended_at IS NULL AND
"""


class RequirementUnmet(Refused):
    """A rule of the standard forbids the step; the sentence is the rule's own."""


def require(gate: str, *, estate_id: int, values: Mapping[str, Any], at: datetime) -> None:
    """Check the requirements the standard in force puts on a step. Refused with the sentence of the first unmet one."""
    for rule in rule_book(estate_id, at=at).gates.get(gate, ()):
        if all_hold(rule.when, values) and unmet(rule.needs, rule.forbids, values):
            raise RequirementUnmet(rule.says)


def open_promises(fact: Fact, *, entry: Entry, at: datetime) -> list[Commitment]:
    """Open every promise the standard in force attaches to the fact, with the steps of its ladders."""
    book = rule_book(fact.estate_id, at=at)
    values = fact.values
    calendar = working_calendar(estate_id=fact.estate_id)
    opened = []
    for rule in book.opened_by.get(fact.code, ()):
        if not all_hold(rule.when, values) or rule.within is None:
            continue
        made = promised(rule.within, rule.not_before, start=at, values=values, calendar=calendar)
        if made is None:
            continue
        owner = _owner(rule, fact)
        opened.append(
            rows.new(
                Commitment,
                estate_id=fact.estate_id,
                rule_id=rule.id,
                code=rule.code,
                does=rule.does,
                subject_type=fact.subject_type,
                subject_id=fact.subject_id,
                thread=fact.thread,
                opened_at=at,
                opened_by=entry,
                not_before=made.not_before,
                due_at=made.due_at,
                calendar=calendar_version(estate_id=fact.estate_id),
                provisional=made.provisional,
                owner_id=owner.user_id,
                owner_post=owner.post,
                follows_subject=rule.who == "subject",
                after_closing=rule.after_closing,
            )
        )
    if any(book.ladders_of(one.code) for one in opened):
        for one in opened:
            rows.insert(one)
        lay_steps(opened, values=values, calendar=calendar, at=at)
    else:
        rows.insert_all(opened)
    return opened


def keep(fact: Fact, *, entry: Entry, at: datetime) -> int:
    """Mark as kept what the fact keeps, in time or late, with the journal entry as evidence; return how many."""
    codes = rule_book(fact.estate_id, at=at).kept_by.get(fact.code)
    if not codes:
        return 0
    kept = 0
    for commitment in _running("thread = %s", fact.thread):
        other = commitment.subject_type == fact.subject_type and commitment.subject_id != fact.subject_id
        if commitment.code not in codes or other:
            continue
        _end_kept(commitment, entry=entry, at=at)
        kept += 1
    return kept


def promise(
    does: str,
    *,
    estate_id: int,
    subject: tuple[str, int],
    thread: str,
    entry: Entry,
    due_at: datetime,
    owner: Owner,
    at: datetime,
    rule_id: int | None = None,
    not_before: datetime | None = None,
    after_closing: bool = False,
    code: str = BY_WORD,
) -> Commitment:
    """Open one promise by name: a word given by a person (no rule; `code` says of what sort) or a visit by a rule."""
    calendar = working_calendar(estate_id=estate_id)
    commitment = rows.insert(
        rows.new(
            Commitment,
            estate_id=estate_id,
            rule_id=rule_id,
            code=code,
            does=does,
            subject_type=subject[0],
            subject_id=subject[1],
            thread=thread,
            opened_at=at,
            opened_by=entry,
            not_before=not_before,
            due_at=due_at,
            calendar=calendar_version(estate_id=estate_id),
            provisional=calendar.is_provisional(due_at),
            owner_id=owner.user_id,
            owner_post=owner.post,
            follows_subject=rule_id is None,
            after_closing=after_closing,
        )
    )
    lay_steps([commitment], values={}, calendar=calendar, at=at)
    return commitment


def keep_subject(subject: tuple[str, int], *, entry: Entry, at: datetime, codes: Collection[str] | None = None) -> None:
    """Mark as kept what is owed on exactly this subject: the promises of these codes, or all."""
    for commitment in _running("subject_type = %s AND subject_id = %s", *subject):
        if codes is None or commitment.code in codes:
            _end_kept(commitment, entry=entry, at=at)


def _running(condition: str, *values: Any) -> list[Commitment]:
    """Read what is still owed where the condition holds, with the columns that keeping it needs."""
    return [
        rows.new(
            Commitment,
            id=pk,
            estate_id=estate_id,
            code=code,
            does=does,
            thread=thread,
            subject_type=subject_type,
            subject_id=subject_id,
            state=state,
            due_at=rows.moment(due_at),
        )
        for pk, estate_id, code, does, thread, subject_type, subject_id, state, due_at in rows.read(
            _RUNNING + condition, values
        )
    ]


def _end_kept(commitment: Commitment, *, entry: Entry, at: datetime) -> None:
    in_time = at <= commitment.due_at
    if commitment.state == CommitmentState.PAUSED:
        close_pauses([commitment.pk], at=at)
        in_time = True
        Commitment.objects.filter(pk=commitment.pk).update(due_at=max(commitment.due_at, at))
    elif commitment.state == CommitmentState.MISSED and in_time:
        correct_miss(commitment, entry=entry, at=at)
    elif commitment.state == CommitmentState.OPEN and not in_time:
        record_miss(commitment, at=at, actor=entry.actor)
    ending = {
        "state": CommitmentState.MET if in_time else CommitmentState.LATE,
        "met_at": at,
        "met_by_id": entry.pk,
        "ended_at": at,
    }
    rows.change(Commitment, commitment.pk, ending, where="state", among=RUNNING_STATES)


def hand_over(thread: str, *, owner: Owner, subject: tuple[str, int] | None = None, was: Owner | None = None) -> int:
    """Let the promises that follow the responsible person follow to the new one; return how many.

    Of the subject, or of the whole matter without its follow-up; with `was` only what that one owed until now.
    """
    following = Commitment.objects.filter(thread=thread, follows_subject=True, ended_at=None)
    if subject:
        following = following.filter(subject_type=subject[0], subject_id=subject[1])
    else:
        following = following.filter(after_closing=False)
    if was:
        following = following.filter(owner=was.user_id, owner_post=was.post)
    return following.update(owner_id=owner.user_id, owner_post=owner.post)


def give(subject_type: str, subject_id: int, *, owner: Owner) -> int:
    """Give what is still owed on exactly this subject to somebody; return how many."""
    owed = Commitment.objects.filter(subject_type=subject_type, subject_id=subject_id, ended_at=None)
    return owed.update(owner_id=owner.user_id, owner_post=owner.post)


def rehome(user_id: int, *, post: str) -> int:
    """Give what the person owes to the post, so that nothing stays with somebody who left; return how many."""
    owed = Commitment.objects.filter(owner_id=user_id, ended_at=None)
    return owed.filter(owner_post="").update(owner_post=post, owner=None) + owed.exclude(owner_post="").update(
        owner=None
    )


def settle(thread: str, *, at: datetime, reason: str) -> None:
    """End what is still owed in a matter that is over. A missed promise stays missed; a paused one is waived.

    Promises of the follow-up (return visits) outlive the matter and stay.
    """
    left = Commitment.objects.filter(thread=thread, ended_at=None, after_closing=False)
    left.filter(state=CommitmentState.MISSED).update(ended_at=at, end_reason=reason)
    close_pauses(left, at=at)
    left.update(state=CommitmentState.WAIVED, ended_at=at, end_reason=reason)


def _owner(rule: CompiledRule, fact: Fact) -> Owner:
    if rule.who == "receiver" and fact.receiver_id:
        return Owner(user_id=fact.receiver_id)
    if rule.who.startswith("post."):
        return Owner(post=rule.who.removeprefix("post."))
    return Owner(fact.responsible_id, fact.responsible_post)
