"""Counting: what quotas and thresholds count is written down when it happens; a threshold reached is announced."""

from datetime import datetime

from django.db.models import Max

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards.events import ThresholdReached
from huiyin.standards.in_force import rule_book, working_calendar
from huiyin.standards.models import Counted, Occurrence
from huiyin.standards.operations import duties
from huiyin.standards.operations.shared import Owner
from huiyin.standards.quotas import member_key
from huiyin.standards.rules import CompiledRule, all_hold
from huiyin.standards.rules.threshold import Threshold


def count(fact: Fact, *, entry: Entry, actor: User, at: datetime) -> int:
    """Count the fact for every quota and threshold that asks for it; return for how many.

    A threshold that is reached is raised at once: `standards.threshold.reached`, and a promise of its post. While that
    promise is owed, further events join it. Once it has been kept, the next event that finds the threshold still
    reached raises it anew: what was done about it has not helped.
    """
    counting = rule_book(fact.estate_id, at=at).counted_by.get(fact.code)
    if not counting:
        return 0
    return sum(_count_for(rule, fact, entry=entry, actor=actor, at=at) for rule in counting)


def _count_for(rule: CompiledRule, fact: Fact, *, entry: Entry, actor: User, at: datetime) -> bool:
    if not all_hold(rule.when, fact.values):
        return False
    key = rule.threshold.key(fact.values) if rule.threshold else member_key(rule, fact.values, fact.thread)
    if key is None:
        return False
    counted = Counted.objects.create(
        estate_id=fact.estate_id, rule_code=rule.code, key=key[:120], at=at, entry=entry, thread=fact.thread
    )
    if rule.threshold:
        _weigh(rule, rule.threshold, counted, fact, actor=actor, at=at)
    else:
        duties.keep_quota(fact, rule, actor=actor, at=at)
    return True


def _weigh(
    rule: CompiledRule, threshold: Threshold, counted: Counted, fact: Fact, *, actor: User, at: datetime
) -> None:
    """Raise the threshold if it is reached and nobody is about it; else let the event join what was raised."""
    since = threshold.since(at, working_calendar(estate_id=fact.estate_id))
    same = Counted.objects.filter(estate_id=fact.estate_id, rule_code=rule.code, key=counted.key)
    within = same.filter(at__gte=since, at__lte=at)
    reached = within.count()
    if reached < threshold.times:
        return
    before = Occurrence.objects.filter(estate_id=fact.estate_id, rule_code=rule.code, key=counted.key)
    if duties.owed_for(before) is None:
        duty = Occurrence.objects.create(
            estate_id=fact.estate_id,
            rule_id=rule.id,
            rule_code=rule.code,
            period=f"#{before.count() + 1}",
            key=counted.key,
        )
        raised = _raise(rule, threshold, duty, fact, reached=reached, actor=actor, at=at).pk
    else:
        raised = same.aggregate(last=Max("raised"))["last"]
    within.filter(raised=None).update(raised=raised)


def _raise(
    rule: CompiledRule, threshold: Threshold, duty: Occurrence, fact: Fact, *, reached: int, actor: User, at: datetime
) -> Entry:
    """Announce it in the matter that made the number full, and let the rule's post owe what is to be done about it."""
    assert rule.within is not None
    calendar = working_calendar(estate_id=fact.estate_id)
    due_at = rule.within.due(at, fact.values, calendar)
    thread = fact.thread or f"duty:{duty.pk}"
    entry = journal.announce(
        ThresholdReached(
            subject_id=duty.pk,
            estate_id=fact.estate_id,
            thread=thread,
            rule_code=rule.code,
            raises=threshold.raises,
            reached=reached,
            key=duty.key,
            does=rule.does,
        ),
        actor=actor,
        at=at,
        rule=rule.code,
    )
    duties.bind(duty, rule, thread=thread, entry=entry, due_at=due_at or at, owner=_owner(rule, fact, at=at), at=at)
    return entry


def _owner(rule: CompiledRule, fact: Fact, *, at: datetime) -> Owner:
    """The rule's post; where the estate has not set it up, whoever is responsible for the matter, if anybody is."""
    post = rule.who.removeprefix("post.")
    answering = duties.Posts.of(fact.estate_id, at=at).answering(post)
    matter = Owner(fact.responsible_id, fact.responsible_post)
    return matter if not answering and matter != Owner() else Owner(post=answering or post)
