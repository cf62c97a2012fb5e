"""The share of what happened that was drawn, with what left the count; and every draw made once more from its seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from huiyin.foundation import rows
from huiyin.foundation.invariants import rows_of
from huiyin.standards import sampling
from huiyin.standards.in_force import book_for

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


_SHARES = """
SELECT rule_code, '', sum(seen), sum(taken) FROM standards_stratum
WHERE estate_id = %s AND period = %s GROUP BY rule_code
UNION ALL
SELECT s.rule_code, d.reason, count(*), 0
FROM standards_stratum s JOIN standards_draw d ON d.stratum_id = s.id LEFT JOIN standards_draw t ON t.tops_up_id = d.id
WHERE s.estate_id = %s AND s.period = %s AND t.id IS NULL AND (d.reason = 'capped' OR d.reason LIKE 'exempt:%%')
GROUP BY s.rule_code, d.reason
"""


def drawn_share(estate_id: int, period: str, *, code: str = "") -> dict[str, Share]:
    """Return for each sampling rule how the events of a month (2026-11) were drawn; what was topped up is no loss."""
    counted: dict[str, tuple[int, int]] = {}
    left_out: dict[str, dict[str, int]] = {}
    for rule, reason, count, taken in rows.read(_SHARES, [estate_id, period] * 2):
        if reason:
            left_out.setdefault(rule, {})[reason] = count
        else:
            counted[rule] = (count, taken)
    return {
        rule: _share(seen, taken, left_out.get(rule, {}))
        for rule, (seen, taken) in counted.items()
        if code in ("", rule)
    }


def _share(seen: int, taken: int, left_out: Mapping[str, int]) -> Share:
    exempt = {why.removeprefix(EXEMPT): count for why, count in left_out.items() if why != CAPPED}
    return Share(seen, taken, left_out.get(CAPPED, 0), exempt)


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
