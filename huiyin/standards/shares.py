"""The share of what happened that was drawn, with what left the count; and every draw made once more from its seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from huiyin.foundation.invariants import rows_of
from huiyin.standards import sampling
from huiyin.standards.in_force import book_for
from huiyin.standards.models import Draw, Stratum

CAPPED = "capped"
EXEMPT = "exempt:"


@dataclass(frozen=True)
class Share:
    """How many events counted, how many of them were drawn, how many the cap on contacts cost, and who was exempt why.

    The exempt are not among the seen; the capped are, so that their loss lowers the share.
    """

    seen: int = 0
    taken: int = 0
    capped: int = 0
    exempt: Mapping[str, int] = field(default_factory=dict)

    @property
    def percent(self) -> int | None:
        """The share drawn, rounded down; None when nothing counted."""
        return self.taken * 100 // self.seen if self.seen else None


def drawn_share(estate_id: int, period: str, *, code: str = "") -> dict[str, Share]:
    """Return for each sampling rule how the events of a month (2026-11) were drawn."""
    counted: dict[str, list[int]] = {}
    strata = Stratum.objects.filter(estate_id=estate_id, period=period, **({"rule_code": code} if code else {}))
    for rule, seen, taken in strata.values_list("rule_code", "seen", "taken"):
        sums = counted.setdefault(rule, [0, 0])
        sums[0], sums[1] = sums[0] + seen, sums[1] + taken
    left_out = _left_out(estate_id, period, code)
    return {
        rule: Share(
            seen,
            taken,
            left_out.get((rule, CAPPED), 0),
            {why.removeprefix(EXEMPT): n for (of, why), n in left_out.items() if of == rule and why != CAPPED},
        )
        for rule, (seen, taken) in counted.items()
    }


def _left_out(estate_id: int, period: str, code: str) -> dict[tuple[str, str], int]:
    """Count what was exempt or capped and not drawn later, by rule and reason."""
    draws = Draw.objects.filter(stratum__estate_id=estate_id, stratum__period=period, topped_up_by=None)
    found = draws.filter(Q(reason=CAPPED) | Q(reason__startswith=EXEMPT))
    found = found.filter(stratum__rule_code=code) if code else found
    counts = found.order_by().values_list("stratum__rule_code", "reason").annotate(Count("pk"))
    return {(rule, reason): count for rule, reason, count in counts}


_DRAWN = """
SELECT d.id, d.rule_id, d.position, d.taken, d.reason, d.tops_up_id, o.taken, s.seed, s.key, s.rule_code, s.period,
       d.thread
FROM standards_draw d JOIN standards_stratum s ON s.id = d.stratum_id LEFT JOIN standards_draw o ON o.id = d.tops_up_id
"""
_ONE_ESTATE = "WHERE s.estate_id = %s "
_IN_TURN = "ORDER BY d.rule_id, d.stratum_id, d.id"


@dataclass(frozen=True)
class Redrawn:
    """One draw made again: what sort it is, and what is wrong with it, if anything."""

    sort: str
    name: str
    wrong: str = ""


def redraw(estate_id: int | None = None) -> Iterator[Redrawn]:
    """Make every draw again from its recorded seed and position and compare. Memory stays flat."""
    sql = _DRAWN + (_ONE_ESTATE if estate_id is not None else "") + _IN_TURN
    for row in rows_of(sql, [] if estate_id is None else [estate_id]):
        draw_id, rule_id, position, taken, reason, tops_up, first_taken, seed, key, code, period, thread = row
        name = f"{code} {period} {key} #{draw_id} {thread}".replace("  ", " ")
        if position is None:
            yield _without_position(name, reason, bool(taken), tops_up is not None, bool(first_taken))
            continue
        drawn = sampling.is_taken(book_for(rule_id).rules[code].rate, seed=seed, stratum=key, position=position)
        # A household that had enough contacts is passed over whatever the draw says, and the reason says so.
        expected = drawn and reason != CAPPED
        wrong = (
            "" if bool(taken) is expected else f"应{'抽中' if expected else '不抽'},记录为{'抽中' if taken else '未抽'}"
        )
        yield Redrawn(CAPPED if reason == CAPPED else "drawn" if taken else "not_drawn", name, wrong)


def _without_position(name: str, reason: str, taken: bool, tops_up: bool, first_taken: bool) -> Redrawn:
    """Exempt ones are never taken; a top-up is taken, for one that was not."""
    if tops_up:
        return Redrawn("top_up", name, "" if taken and not first_taken else "补抽的对象本来就抽中了")
    fine = reason.startswith(EXEMPT) and not taken
    return Redrawn("exempt", name, "" if fine else "没有位置,也不是免访或补抽")
