"""Proving the record: every line says what it said when it was linked, heads and seals agree. Memory stays flat."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.foundation import rows
from huiyin.foundation.journal.chain import BEGINNING, content_of_line, content_of_seal, follow
from huiyin.foundation.journal.models import Seal

_BATCH = 2_000
_LINES = """
SELECT l.place, l.digest, l.entry_id, e.at, e.kind, e.estate_id, e.actor_id, e.subject_type, e.subject_id, e.thread, e.note,
    e.rule, e."values"
FROM journal_link l LEFT JOIN journal_entry e ON e.id = l.entry_id
WHERE l.estate_id = %s AND l.place > %s AND l.place <= %s ORDER BY l.place LIMIT %s
"""
_ESTATES = "SELECT estate_id FROM journal_head UNION SELECT DISTINCT estate_id FROM journal_link ORDER BY 1"
_UNLINKED = """
SELECT e.id, e.kind FROM journal_entry e LEFT JOIN journal_link l ON l.entry_id = e.id
WHERE e.id > %s AND l.entry_id IS NULL ORDER BY e.id LIMIT %s
"""
_LAST = "SELECT place, digest FROM journal_link WHERE estate_id = %s ORDER BY place DESC LIMIT 1"
_AT = "SELECT digest FROM journal_link WHERE estate_id = %s AND place = %s"
_NO_END = 2**62


@dataclass(frozen=True)
class Broken:
    """The first thing that is wrong in a stretch of the chain."""

    place: int
    says: str


def broken_lines() -> Iterator[str]:
    """Name every line that is not what was linked, every gap, and every line that was never linked."""
    for (estate_id,) in rows.read(_ESTATES, []):
        for one in walk(int(estate_id), after=0, before=BEGINNING, until=_NO_END):
            yield f"小区 {estate_id} 第 {one.place} 行:{one.says}"
    last = 0
    while found := rows.read(_UNLINKED, [last, _BATCH]):
        for pk, kind in found:
            yield f"日志 #{pk} {kind} 没有接进链里"
        last = found[-1][0]


def walk(estate_id: int, *, after: int, before: str, until: int) -> Iterator[Broken]:
    """Follow the chain from behind a place to another and yield what does not agree.

    A line that was altered is named once; the walk goes on from the digest that stands in the chain.
    """
    expected = after
    while found := rows.read(_LINES, [estate_id, after, until, _BATCH]):
        for place, digest, entry_id, at, *line in found:
            if place != expected + 1:
                yield Broken(expected + 1, "不见了")
            if at is None:
                yield Broken(place, f"日志 #{entry_id} 不见了")
            elif follow(before, _content(entry_id, at, line)) != digest:
                yield Broken(place, f"日志 #{entry_id} 与当时写下的不一样")
            before, expected = digest, place
        after = expected


def broken_heads() -> Iterator[str]:
    """Name every estate whose head is not where its chain ends."""
    heads = {
        int(one[0]): (one[1], one[2]) for one in rows.read("SELECT estate_id, place, digest FROM journal_head", [])
    }
    for (estate_id,) in rows.read(_ESTATES, []):
        last = rows.read(_LAST, [estate_id])
        if heads.get(int(estate_id)) != (tuple(last[0]) if last else (0, BEGINNING)):
            yield f"小区 {estate_id} 的日志末尾与账头不一致:末尾被删过或加过"


def broken_seals() -> Iterator[str]:
    """Name every seal that does not follow from the one before, or says another digest than the chain has."""
    before: Seal | None = None
    for seal in Seal.objects.order_by("estate_id", "day").iterator(chunk_size=_BATCH):
        if before and before.estate_id != seal.estate_id:
            before = None
        if says := fault_of_seal(seal, before):
            yield f"小区 {seal.estate_id} {seal.day} 的封存:{says}"
        before = seal


def fault_of_seal(seal: Seal, before: Seal | None) -> str:
    """Say what is wrong with the seal itself, lines aside; empty when nothing is."""
    if seal.seal != seal_of(seal, before):
        return "封条与内容对不上"
    if seal.count != seal.place - (before.place if before else 0):
        return "行数与前一天接不上"
    if seal.place and rows.read(_AT, [seal.estate_id, seal.place]) != [(seal.digest,)]:
        return "封存时的日志与现在的不一样"
    return ""


def seal_of(seal: Seal, before: Seal | None) -> str:
    content = content_of_seal(seal.estate_id, seal.day, seal.place, seal.digest, seal.count, seal.made_at)
    return follow(before.seal if before else BEGINNING, content)


def check_day(estate_id: int, day: date) -> str:
    """Prove one sealed day again, line by line; return what is wrong, nothing when all agrees."""
    seals = list(Seal.objects.filter(estate_id=estate_id, day__lte=day).order_by("-day")[:2])
    seal, before = seals[0], seals[1] if len(seals) > 1 else None
    if says := fault_of_seal(seal, before):
        return says
    after, digest = (before.place, before.digest) if before else (0, BEGINNING)
    for one in walk(estate_id, after=after, before=digest, until=seal.place):
        return f"第 {one.place} 行:{one.says}"
    return ""


def _content(entry_id: int, at: Any, line: list[Any]) -> str:
    values = json.loads(line[-1]) if isinstance(line[-1], str) else line[-1]
    return content_of_line(*[entry_id, rows.moment(at), *line[:-1], values])
