"""How promises turned out: tallies of what fell due in a span, the lists behind them, and the misses noticed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet

from huiyin.foundation import rows
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Commitment, CommitmentState

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Tally:
    """How the promises due in a span have gone: the evidence of a rule, or of all."""

    open: int = 0
    paused: int = 0
    met: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0

    @property
    def due(self) -> int:
        return self.open + self.paused + self.met + self.late + self.missed + self.waived

    @property
    def judged(self) -> int:
        """The denominator: what was to be kept and is kept or not. Waived and still running ones are left out."""
        return self.met + self.late + self.missed

    @property
    def on_time_percent(self) -> int | None:
        """The share kept in time, rounded down; None when nothing was to be judged."""
        return self.met * 100 // self.judged if self.judged else None


_TALLY = """
SELECT count(*) FILTER (WHERE state = 'open' AND due_at >= %s), count(*) FILTER (WHERE state = 'paused'),
       count(*) FILTER (WHERE state = 'met'), count(*) FILTER (WHERE state = 'late'),
       count(*) FILTER (WHERE state = 'missed' OR (state = 'open' AND due_at < %s)),
       count(*) FILTER (WHERE state = 'waived')
FROM standards_commitment WHERE estate_id = %s AND due_at >= %s AND due_at < %s
"""
_TALLIES = """
SELECT code, CASE WHEN state = 'open' AND due_at < %s THEN 'missed' ELSE state END AS how, count(*)
FROM standards_commitment
WHERE estate_id = %s AND due_at >= %s AND due_at < %s AND state <> 'replaced' GROUP BY 1, 2
"""


def tally(estate_id: int, span: Span, *, at: datetime, code: str = "") -> Tally:
    """Count how the promises due in the span have gone: all of the estate's, or those of one rule.

    What is overdue and not kept counts as missed whether or not the sweep has noted it. One covering index answers.
    """
    which, values = (" AND code = %s", [code]) if code else ("", [])
    return Tally(*rows.read(_TALLY + which, [at, at, estate_id, *span, *values])[0])


def tally_each(estate_id: int, spans: Sequence[Span], *, at: datetime) -> list[Tally]:
    """Count how the promises due in each span have gone, as `tally` does. One query."""
    parts = [_TALLY.replace("SELECT", f"SELECT {number},", 1) for number in range(len(spans))]
    asked = [value for span in spans for value in (at, at, estate_id, *span)]
    return [Tally(*counts) for _, *counts in sorted(rows.read(" UNION ALL ".join(parts), asked))]


def tallies(estate_id: int, span: Span, *, at: datetime) -> dict[str, Tally]:
    """Count how the promises due in the span have gone, by the code of the rule."""
    counts: dict[str, dict[str, int]] = {}
    for code, how, count in rows.read(_TALLIES, [at, estate_id, *span]):
        counts.setdefault(code, {})[how] = count
    return {code: Tally(**by_state) for code, by_state in counts.items()}


def promises_for(
    estate_id: int,
    *,
    at: datetime,
    state: str = "",
    owner: int | None = None,
    post: str = "",
    code: str = "",
    span: Span = (EARLIEST, LATEST),
) -> QuerySet[Commitment]:
    """Return the estate's promises for lists. States: owed, overdue, or one of `Tally`; none: all of the span."""
    found = Commitment.objects.filter(estate_id=estate_id, due_at__gte=span[0], due_at__lt=span[1])
    if state in ("owed", "overdue"):
        found = found.filter(ended_at=None).exclude(state=CommitmentState.PAUSED)
        found = found.filter(due_at__lt=at) if state == "overdue" else found
    elif state == "missed":
        found = found.filter(Q(state=CommitmentState.MISSED) | Q(state=CommitmentState.OPEN, due_at__lt=at))
    elif state == "open":
        found = found.filter(state=CommitmentState.OPEN, due_at__gte=at)
    elif state:
        found = found.filter(state=state)
    else:
        found = found.exclude(state=CommitmentState.REPLACED)
    if owner is not None:
        found = found.filter(owner=owner)
    elif post:
        found = found.filter(owner=None, owner_post=post)
    found = found.filter(code=code) if code else found
    return found.select_related("owner")


def how(one: Commitment, *, at: datetime) -> str:
    """Tell how a promise stands at that moment, in the words of `Tally`."""
    overdue = one.state == CommitmentState.OPEN and one.due_at < at
    return "missed" if overdue else str(one.state)


def misses_in(estate_id: int, spans: Sequence[Span]) -> list[int]:
    """Count the misses noticed in each span; the journal is indexed by what happened and when."""
    kind = "standards.commitment.missed"
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    noticed = Entry.objects.filter(estate_id=estate_id, kind=kind, at__gte=first, at__lt=last)
    counted = noticed.aggregate(
        **{str(n): Count("pk", filter=Q(at__gte=start, at__lt=end)) for n, (start, end) in enumerate(spans)}
    )
    return [counted[str(number)] for number in range(len(spans))]
