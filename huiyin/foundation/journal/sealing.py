"""Sealing the record day by day: one row a day and estate says where the chain stood when the day ended.

Printed and kept outside, a seal proves later that nothing before it was changed, not even by whoever holds the database.
"""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localdate

from huiyin.foundation import rows
from huiyin.foundation.journal import chaining
from huiyin.foundation.journal.chain import BEGINNING
from huiyin.foundation.journal.models import Head, Seal
from huiyin.foundation.journal.proving import seal_of
from huiyin.foundation.transactions import command

_FIRST = """SELECT e.at FROM journal_link l JOIN journal_entry e ON e.id = l.entry_id
    WHERE l.estate_id = %s AND l.place = 1"""
# What was taken over with a time of long ago belongs to the day it was written among; a time to come closes no day.
_NEXT_DAY = """SELECT l.place FROM journal_link l JOIN journal_entry e ON e.id = l.entry_id
    WHERE l.estate_id = %s AND l.place > %s AND e.at >= %s AND e.at <= %s ORDER BY l.place LIMIT 1"""
_DIGEST = "SELECT digest FROM journal_link WHERE estate_id = %s AND place = %s"


def seal_days(*, at: datetime) -> int:
    """Seal every day that is over in every estate, the missed ones too; return how many."""
    return sum(_seal_estate(pk, at=at) for pk in Head.objects.order_by("pk").values_list("pk", flat=True))


@command
def _seal_estate(estate_id: int, *, at: datetime) -> int:
    end, _ = chaining.locked_head(estate_id)
    before = Seal.objects.filter(estate_id=estate_id).order_by("-day").first()
    day = before.day + timedelta(days=1) if before else _first_day(estate_id)
    made = 0
    while day < localdate(at):
        before = _seal_day(estate_id, day, before, end=end, at=at)
        day += timedelta(days=1)
        made += 1
    return made


def _first_day(estate_id: int) -> date:
    return localdate(rows.moment(rows.read(_FIRST, [estate_id])[0][0]))


def _seal_day(estate_id: int, day: date, before: Seal | None, *, end: int, at: datetime) -> Seal:
    after = before.place if before else 0
    midnight = datetime.combine(day + timedelta(days=1), time(), get_current_timezone())
    later = rows.read(_NEXT_DAY, [estate_id, after, midnight, at])
    place = int(later[0][0]) - 1 if later else end
    digest = str(rows.read(_DIGEST, [estate_id, place])[0][0]) if place else BEGINNING
    seal = Seal(estate_id=estate_id, day=day, place=place, digest=digest, count=place - after, made_at=at)
    seal.seal = seal_of(seal, before)
    return rows.insert(seal)
