"""Duties: what the calendar, a quota or a threshold asks for, as promises of a post. A person records them as done,
or a fact keeps them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from huiyin.foundation.accounts.models import User
from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command
from huiyin.standards import populations, queries
from huiyin.standards.events import DutyDone
from huiyin.standards.in_force import RuleBook, rule_book, working_calendar
from huiyin.standards.models import Adoption, Commitment, Occurrence
from huiyin.standards.operations.commitments import keep_subject, promise
from huiyin.standards.operations.shared import Owner
from huiyin.standards.rules import CompiledRule, all_hold
from huiyin.standards.rules.periods import period_of
from huiyin.standards.rules.quota import Member, Quota

# A duty shows when its span begins, but not longer than this before it is due; a quota's, from its period's first day.
AHEAD = timedelta(days=31)
_EVE = timedelta(days=1)
# What fell due while no worker ran is still opened, and missed, as far back as this; not for a zone that was new then.
_CAUGHT_UP = timedelta(days=7)


class DutyInvalid(Refused):
    """A duty without a note of what was done, one that nobody owes any more, or one that a note does not keep."""


@dataclass(frozen=True)
class Asked:
    """One due time of a rule for one zone, post, class or stratum, as it will be opened."""

    rule: CompiledRule
    period: str
    key: str
    begins_at: datetime
    due_at: datetime
    owner: Owner


@dataclass(frozen=True)
class Posts:
    """The posts of an estate: whether somebody holds each, and to which it falls if not. Empty when nobody knows them."""

    known: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, estate_id: int, *, at: datetime) -> "Posts":
        day = working_calendar(estate_id=estate_id).local_date(at)
        return cls({one.key: one.values for one in populations.members_of("posts", estate_id, day) or []})

    def answering(self, post: str) -> str:
        """Return the post itself or the next one that somebody holds; nothing when the estate has no such post."""
        asked, seen = post, set()
        while self.known and asked in self.known and not self.known[asked].get("held") and asked not in seen:
            seen.add(asked)
            asked = str(self.known[asked].get("falls_to") or asked)
        return asked if not self.known or asked in self.known else ""


def open_duties(*, at: datetime, actor: User) -> int:
    """Open what the standards in force ask for in the time to come, once each; return how many. Repeatable.

    Nothing is opened that fell due before its standard came into force, nor for a population nobody knows, nor for a
    post the estate has not set up.
    """
    estates = Adoption.objects.filter(since__lte=at).values_list("estate_id", flat=True).distinct()
    return sum(_open_in(estate_id, at=at, actor=actor) for estate_id in estates.order_by("estate_id"))


@command
def _open_in(estate_id: int, *, at: datetime, actor: User) -> int:
    book = rule_book(estate_id, at=at)
    if not book.duties:
        return 0
    asked = list(_asked_in(estate_id, book, at=at))
    periods = {one.period for one in asked}
    known = set(
        Occurrence.objects.filter(estate_id=estate_id, period__in=periods).values_list("rule_code", "period", "key")
    )
    new = [one for one in asked if (one.rule.code, one.period, one.key) not in known]
    first = _first_due(estate_id, {one.rule.code for one in new if one.due_at <= at})
    opened = [one for one in new if one.due_at > min(at, first.get((one.rule.code, one.key), at))]
    for one in opened:
        _open(one, estate_id=estate_id, at=at, actor=actor)
    return len(opened)


def _first_due(estate_id: int, codes: Collection[str]) -> dict[tuple[str, str], datetime]:
    """Return when each of these rules first fell due for each zone, post or class."""
    found = Occurrence.objects.filter(estate_id=estate_id, rule_code__in=codes).values_list("rule_code", "key")
    return {(code, key): due for code, key, due in found.annotate(due=Min("commitment__due_at")) if due}


def _asked_in(estate_id: int, book: RuleBook, *, at: datetime) -> Iterable[Asked]:
    calendar = working_calendar(estate_id=estate_id)
    since = queries.in_force_since(estate_id, at=at)
    posts = Posts.of(estate_id, at=at)
    for rule in book.duties:
        if rule.quota:
            found = _of_quota(estate_id, rule, rule.quota, calendar, since=since, at=at)
        elif queries.waiting_area({"keeps": rule.periodic.keeps} if rule.periodic else {}):
            continue
        else:
            found = (one for one in _of_calendar(estate_id, rule, calendar, at=at) if one.due_at > since)
        for one in found:
            post = posts.answering(one.owner.post)
            if one.owner.user_id or post:
                yield replace(one, owner=Owner(one.owner.user_id, post or one.owner.post))


def _of_calendar(estate_id: int, rule: CompiledRule, calendar: WorkingCalendar, *, at: datetime) -> Iterable[Asked]:
    assert rule.periodic is not None
    today = calendar.local_date(at)
    members = _members(estate_id, rule, at=at)
    for due in rule.periodic.due_days(today - _CAUGHT_UP, today + AHEAD, calendar):
        begins = min(due.begins, due.day)
        if begins - _EVE > today:
            continue
        for member in members:
            yield Asked(
                rule, due.period, member.key, calendar.at_local(begins, time.min), due.due_at, _owner(rule, member)
            )


def _members(estate_id: int, rule: CompiledRule, *, at: datetime) -> list[Member]:
    """Return for whom the duty is due each time: the estate as a whole, or every member that the conditions fit."""
    assert rule.periodic is not None
    if rule.periodic.per == "estate":
        return [Member("", {})]
    day = working_calendar(estate_id=estate_id).local_date(at)
    members = populations.members_of(populations.PER[rule.periodic.per], estate_id, day) or []
    return [member for member in members if all_hold(rule.when, member.values)]


def _of_quota(
    estate_id: int, rule: CompiledRule, quota: Quota, calendar: WorkingCalendar, *, since: datetime, at: datetime
) -> Iterable[Asked]:
    """Ask for every stratum of the running period, unless its standard came into force in the midst of it.

    Of events nobody knows beforehand how many there will be, so a share of them is shown but not promised.
    """
    if quota.of_events or queries.waiting_area({"counts": quota.counts}):
        return
    period = period_of(quota.every, calendar.local_date(at))
    begins_at, due_at = (calendar.at_local(day, time.min) for day in (period.start, period.end))
    if begins_at < since:
        return
    zones = {one.key: one for one in populations.members_of("zones", estate_id, calendar.local_date(at)) or []}
    for found in queries.coverage(estate_id, rule, period, at=at):
        if found.short:
            member = zones.get(found.stratum) if quota.stratum == ("zone",) else None
            yield Asked(rule, period.name, found.stratum, begins_at, due_at, _owner(rule, member))


def _owner(rule: CompiledRule, member: Member | None) -> Owner:
    """The post of the rule, by name where the member knows who holds it there."""
    post = rule.who.removeprefix("post.")
    person = member.values.get(f"{post}_id") if member else None
    return Owner(user_id=person, post=post)


def _open(asked: Asked, *, estate_id: int, at: datetime, actor: User) -> None:
    duty = Occurrence.objects.create(
        estate_id=estate_id, rule_id=asked.rule.id, rule_code=asked.rule.code, period=asked.period, key=asked.key
    )
    entry = journal.record(
        "standards.duty.opened",
        subject=(Occurrence.journal_name, duty.pk),
        estate_id=estate_id,
        actor=actor,
        at=at,
        thread=f"duty:{duty.pk}",
        rule=asked.rule.code,
        values={"does": asked.rule.does, "due_at": asked.due_at, "period": asked.period, "key": asked.key},
    )
    bind(
        duty,
        asked.rule,
        thread=f"duty:{duty.pk}",
        entry=entry,
        not_before=asked.begins_at,
        due_at=asked.due_at,
        owner=asked.owner,
        at=at,
    )


def bind(
    duty: Occurrence,
    rule: CompiledRule,
    *,
    thread: str,
    entry: Entry,
    due_at: datetime,
    owner: Owner,
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """Open the promise of a duty. It outlives the matter in whose thread it stands."""
    duty.commitment = promise(
        rule.does,
        estate_id=duty.estate_id,
        subject=(Occurrence.journal_name, duty.pk),
        thread=thread,
        entry=entry,
        due_at=due_at,
        owner=owner,
        at=at,
        rule_id=rule.id,
        not_before=not_before,
        after_closing=True,
        code=rule.code,
    )
    duty.save(update_fields=["commitment"])


@command
def record_duty(duty: Occurrence, *, actor: User, at: datetime, note: str) -> Entry:
    """Record that the duty was done and how; its promise is kept by this line.

    Refused without a note, when nobody owes it any more, and when only what happens can keep it.
    """
    if not queries.is_recorded(duty):
        raise DutyInvalid("这件事要照样办了、系统里有了记录才算,不能直接登记")
    if not note.strip():
        raise DutyInvalid("请写明做了什么")
    if owed_for(Occurrence.objects.filter(pk=duty.pk)) is None:
        raise DutyInvalid("这件事已经有人登记过了")
    Occurrence.objects.filter(pk=duty.pk).update(done_note=note.strip()[:400])
    return _keep(duty, actor=actor, at=at, note=note.strip())


def keep_duties(fact: Fact, *, actor: User, at: datetime) -> int:
    """Mark the duties that the fact keeps as kept: of each rule the one that is due first; return how many.

    A duty of a zone, a post or a class is kept by a fact that names it.
    """
    rules = rule_book(fact.estate_id, at=at).duties_kept_by.get(fact.code, ())
    kept = 0
    for rule in rules:
        assert rule.periodic is not None
        duties = Occurrence.objects.filter(estate_id=fact.estate_id, rule_code=rule.code)
        if rule.periodic.per != "estate":
            named = fact.values.get(populations.NAMED_BY[populations.PER[rule.periodic.per]])
            duties = duties.filter(key=str(named or ""))
        begun = _owed_of(duties).exclude(not_before__gt=at).order_by("due_at", "pk").first()
        if begun is not None:
            _keep(Occurrence.objects.get(pk=begun.subject_id), actor=actor, at=at, by=fact)
            kept += 1
    return kept


def keep_quota(fact: Fact, rule: CompiledRule, *, actor: User, at: datetime) -> int:
    """Mark the duties of the strata in which the quota has now been reached as kept; return how many."""
    assert rule.quota is not None
    period = period_of(rule.quota.every, working_calendar(estate_id=fact.estate_id).local_date(at))
    duties = Occurrence.objects.filter(estate_id=fact.estate_id, rule_code=rule.code, period=period.name)
    owed = {duty.key: duty for duty in duties.filter(pk__in=_owed_of(duties).values("subject_id"))}
    if not owed:
        return 0
    reached = [one.stratum for one in queries.coverage(fact.estate_id, rule, period, at=at) if not one.short]
    kept = [owed[stratum] for stratum in reached if stratum in owed]
    for duty in kept:
        _keep(duty, actor=actor, at=at, by=fact)
    return len(kept)


def owed_for(duties: QuerySet[Occurrence]) -> Commitment | None:
    """Return the promise of these duties that is still owed and due first."""
    return _owed_of(duties).order_by("due_at", "pk").first()


def _owed_of(duties: QuerySet[Occurrence]) -> QuerySet[Commitment]:
    """A revised promise is another row on the same subject, so it is found by that."""
    return Commitment.objects.filter(
        subject_type=Occurrence.journal_name, subject_id__in=duties.values("pk"), ended_at=None
    )


def _keep(duty: Occurrence, *, actor: User, at: datetime, note: str = "", by: Fact | None = None) -> Entry:
    """Write the line that proves it, in the thread of the promise, and end the promise by it."""
    owed = owed_for(Occurrence.objects.filter(pk=duty.pk))
    assert owed is not None, duty.pk
    entry = journal.announce(
        DutyDone(
            subject_id=duty.pk,
            estate_id=duty.estate_id,
            thread=owed.thread,
            does=owed.does,
            period=duty.period,
            key=duty.key,
            by=by.code if by else "",
            by_thread=by.thread if by else "",
        ),
        actor=actor,
        at=at,
        note=note,
        rule=duty.rule_code,
    )
    keep_subject((Occurrence.journal_name, duty.pk), entry=entry, at=at)
    return entry
