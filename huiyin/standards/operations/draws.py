"""Sampling decisions, every one recorded: taken, not taken, exempt, topped up."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection
from django.db.models import F

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.transactions import command
from huiyin.standards import sampling
from huiyin.standards.events import DrawToppedUp
from huiyin.standards.in_force import rule_book, working_calendar
from huiyin.standards.models import Draw, Rule, Stratum
from huiyin.standards.queries import Drawn
from huiyin.standards.rules import CompiledRule, all_hold, compile_rule

CAPPED = "capped"
_NEXT_POSITION = """
INSERT INTO standards_stratum (estate_id, rule_code, period, key, seed, seen, taken)
VALUES (%s, %s, %s, %s, %s, 1, 0)
ON CONFLICT (estate_id, rule_code, period, key) DO UPDATE SET seen = standards_stratum.seen + 1
RETURNING id, seed, seen
"""
_CONTACTS = "SELECT count(*) FROM standards_draw WHERE household_id = %s AND taken AND at >= %s AND at <= %s"

_new_seed: ContextVar[Callable[[], str]] = ContextVar("new_seed", default=lambda: secrets.token_hex(8))


@contextmanager
def seeded(source: Callable[[], str]) -> Iterator[None]:
    """Take the seeds of new strata from this source, so that a demonstration or a trial can be repeated."""
    token = _new_seed.set(source)
    try:
        yield
    finally:
        _new_seed.reset(token)


def draw(fact: Fact, *, at: datetime) -> list[Drawn]:
    """Decide for each kind of visit the standard attaches to the fact whether this one is drawn, and record it.

    Of two rules for the same visit the stricter is followed. An exempt event is recorded but leaves the count.
    """
    strictest: dict[str, CompiledRule] = {}
    for rule in rule_book(fact.estate_id, at=at).sampled_by.get(fact.code, ()):
        if all_hold(rule.when, fact.values) and (rule.visit not in strictest or rule.rate > strictest[rule.visit].rate):
            strictest[rule.visit] = rule
    return [Drawn(rule, _decide(rule, fact, at=at)) for rule in strictest.values()]


def _decide(rule: CompiledRule, fact: Fact, *, at: datetime) -> Draw:
    values = fact.values
    key = "|".join(str(values.get(name, "")) for name in rule.stratum)
    period = working_calendar(estate_id=fact.estate_id).local_date(at).strftime("%Y-%m")
    exempt = next((reason for reason in rule.exempt if values.get(reason)), None)
    if exempt:
        stratum, _ = Stratum.objects.get_or_create(
            estate_id=fact.estate_id, rule_code=rule.code, period=period, key=key, defaults={"seed": _new_seed.get()()}
        )
        return _record(rule, fact, stratum.pk, at=at, position=None, taken=False, reason=f"exempt:{exempt}")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_POSITION, [fact.estate_id, rule.code, period, key, _new_seed.get()()])
        stratum_id, seed, seen = cursor.fetchone()
    drawn = sampling.is_taken(rule.rate, seed=seed, stratum=key, position=seen - 1)
    capped = drawn and _is_capped(rule, values.get("household_id"), estate_id=fact.estate_id, at=at)
    if drawn and not capped:
        _count_taken(stratum_id)
    reason = CAPPED if capped else "drawn" if drawn else "not_drawn"
    return _record(rule, fact, stratum_id, at=at, position=seen - 1, taken=drawn and not capped, reason=reason)


def _is_capped(rule: CompiledRule, household_id: int | None, *, estate_id: int, at: datetime) -> bool:
    """Tell whether the household has had as many contacts as the rule allows, whichever rule they were drawn by."""
    if rule.cap is None or household_id is None:
        return False
    since = rule.cap.since(at, working_calendar(estate_id=estate_id))
    return int(rows.read(_CONTACTS, [household_id, since, at])[0][0]) >= rule.cap.times


def _record(
    rule: CompiledRule,
    fact: Fact,
    stratum_id: int,
    *,
    at: datetime,
    position: int | None,
    taken: bool,
    reason: str,
) -> Draw:
    assert rule.window is not None
    calendar = working_calendar(estate_id=fact.estate_id)
    closes = rule.window[1].due(at, {}, calendar)
    assert closes is not None
    draw = Draw(
        stratum_id=stratum_id,
        rule_id=rule.id,
        at=at,
        subject_type=fact.subject_type,
        subject_id=fact.subject_id,
        thread=fact.thread,
        position=position,
        taken=taken,
        reason=reason,
        window_from=rule.window[0].begins(at, calendar),
        window_to=closes,
        household_id=fact.values.get("household_id"),
    )
    return rows.insert(draw)


@command
def top_up(*, at: datetime, actor: User) -> int:
    """Draw what is short in every stratum, of those not drawn whose window is still open; return how many.

    Only events whose window is half over count and may be drawn, so that a stratum that has just begun does not always
    draw its first event. Run until a period's windows have closed it brings every stratum up to the rate. What the cap
    on contacts left out is made up for by others while there are any; the rest is the loss, and stays visible.
    """
    added = 0
    for stratum in Stratum.objects.filter(draws__window_to__gt=at).distinct():
        written = (
            Rule.objects.filter(code=stratum.rule_code, pk__in=stratum.draws.values("rule")).order_by("-pk").first()
        )
        if written is None:
            continue
        rule = compile_rule(written.spec, rule_id=written.pk)
        if rule.rate == 1 and rule.cap is None:
            continue
        ripe = [
            draw
            for draw in stratum.draws.filter(position__isnull=False).select_related("topped_up_by")
            if draw.window_from + (draw.window_to - draw.window_from) / 2 <= at
        ]
        left = [draw for draw in ripe if not draw.taken and not hasattr(draw, "topped_up_by")]
        short = sampling.shortage(rule.rate, seen=len(ripe), taken=len(ripe) - len(left))
        spare = [draw for draw in left if draw.window_to > at]
        in_turn = sorted(spare, key=lambda d: sampling.rank(stratum.seed, stratum.key, d.position or 0))
        added += _top_up_stratum(rule, stratum, in_turn, short, at=at, actor=actor)
    return added


def _top_up_stratum(
    rule: CompiledRule, stratum: Stratum, in_turn: list[Draw], short: int, *, at: datetime, actor: User
) -> int:
    """Draw so many of these, in their turn; those whose household has had enough are passed over and say so."""
    added = 0
    for left_out in in_turn:
        if added == short:
            break
        if _is_capped(rule, left_out.household_id, estate_id=stratum.estate_id, at=at):
            Draw.objects.filter(pk=left_out.pk).update(reason=CAPPED)
            continue
        _top_up_one(left_out, stratum, at=at, actor=actor)
        added += 1
    return added


def _top_up_one(left_out: Draw, stratum: Stratum, *, at: datetime, actor: User) -> None:
    added = Draw.objects.create(
        stratum=stratum,
        rule_id=left_out.rule_id,
        at=at,
        subject_type=left_out.subject_type,
        subject_id=left_out.subject_id,
        thread=left_out.thread,
        position=None,
        taken=True,
        reason="top_up",
        window_from=max(left_out.window_from, at),
        window_to=left_out.window_to,
        household_id=left_out.household_id,
        tops_up=left_out,
    )
    _count_taken(stratum.pk)
    journal.announce(
        DrawToppedUp(subject_id=added.pk, estate_id=stratum.estate_id, thread=added.thread, draw_id=added.pk),
        actor=actor,
        at=at,
        rule=stratum.rule_code,
    )


def _count_taken(stratum_id: int) -> None:
    Stratum.objects.filter(pk=stratum_id).update(taken=F("taken") + 1)
