"""The evidence of every rule over a span: what fell due and how it went, what was drawn of what happened. One set query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from huiyin.foundation import rows
from huiyin.standards.calendars import working_calendar
from huiyin.standards.models import Draw
from huiyin.standards.outcomes import Span

EXEMPT = "exempt:"
HOW_DRAWN = ("seen", "taken", "left", "capped", "exempt")


@dataclass(frozen=True)
class Evidence:
    """What one rule has to show. Promises are counted by when they fall due, draws by when the event happened.

    `open` runs on, `missed` is overdue and not done; `seen` events counted, `taken` of them were drawn, `capped` were
    not for the cap on contacts, `exempt` left the count.
    """

    open: int = 0
    paused: int = 0
    met: int = 0
    late: int = 0
    missed: int = 0
    waived: int = 0
    seen: int = 0
    taken: int = 0
    capped: int = 0
    exempt: int = 0

    @property
    def due(self) -> int:
        return self.open + self.paused + self.met + self.late + self.missed + self.waived

    @property
    def judged(self) -> int:
        """The denominator of what was kept in time: waived and still running ones are left out."""
        return self.met + self.late + self.missed

    @property
    def kept_percent(self) -> int | None:
        """The share kept in time, rounded down; None when nothing was to be judged."""
        return self.met * 100 // self.judged if self.judged else None

    @property
    def drawn_percent(self) -> int | None:
        """The share drawn of what counted, rounded down; None when nothing counted."""
        return self.taken * 100 // self.seen if self.seen else None

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(*(ours + theirs for ours, theirs in zip(_values(self), _values(other), strict=True)))


# The first part is answered by the covering index promise_by_due, the second by the strata of the months.
_PROMISED = """
SELECT code, CASE WHEN state = 'open' AND due_at < %s THEN 'missed' ELSE state END AS how, count(*), 0, 0
FROM standards_commitment
WHERE estate_id = %s AND due_at >= %s AND due_at < %s AND state <> 'replaced'{of_standard} GROUP BY 1, 2
"""
_DRAWN = """
SELECT s.rule_code, CASE WHEN d.reason LIKE 'exempt:%%' THEN 'exempt' ELSE 'seen' END AS how,
       sum(CASE WHEN d.tops_up_id IS NULL THEN 1 ELSE 0 END), sum(CASE WHEN d.taken THEN 1 ELSE 0 END),
       sum(CASE WHEN d.reason = 'capped' AND t.id IS NULL THEN 1 ELSE 0 END)
FROM standards_stratum s JOIN standards_draw d ON d.stratum_id = s.id
     LEFT JOIN standards_draw o ON o.id = d.tops_up_id LEFT JOIN standards_draw t ON t.tops_up_id = d.id
WHERE s.estate_id = %s AND s.period >= %s AND s.period <= %s
  AND COALESCE(o.at, d.at) >= %s AND COALESCE(o.at, d.at) < %s{of_standard} GROUP BY 1, 2
"""
_OF_STANDARD = """ AND {rule} IN (SELECT r.id FROM standards_rule r JOIN standards_standardversion v ON v.id = r.version_id
WHERE v.standard_id = %s)"""


def board(
    estate_id: int, *, due: Span, happened: Span, at: datetime, standard_id: int | None = None
) -> dict[str, Evidence]:
    """Return what every rule has to show, by its code: promises due and events that happened in these spans.

    With a standard only what was promised and drawn under one of its versions. One query.
    """
    first, last = (working_calendar().local_date(moment) for moment in (happened[0], _before(happened[1])))
    which = [_OF_STANDARD.format(rule=rule) if standard_id else "" for rule in ("rule_id", "d.rule_id")]
    asked = [standard_id] if standard_id else []
    sql = f"{_PROMISED.format(of_standard=which[0])} UNION ALL {_DRAWN.format(of_standard=which[1])}"
    parameters = [at, estate_id, *due, *asked, estate_id, _month(first), _month(last), *happened, *asked]
    counted: dict[str, dict[str, int]] = {}
    for code, how, count, taken, capped in rows.read(sql, parameters):
        of_rule = counted.setdefault(code, {})
        of_rule[how] = of_rule.get(how, 0) + int(count)
        if how == "seen":
            of_rule |= {"taken": int(taken), "capped": int(capped)}
    return {code: Evidence(**by_state) for code, by_state in counted.items()}


def draws_for(estate_id: int, *, happened: Span, code: str = "", how: str = "") -> QuerySet[Draw]:
    """Return the draws behind a number of the board. Which: one of `HOW_DRAWN`; none: every event, drawn or not.

    An event that was drawn after all is shown as that draw.
    """
    found = Draw.objects.filter(stratum__estate_id=estate_id, topped_up_by=None)
    found = found.annotate(happened=Coalesce("tops_up__at", F("at")))
    found = found.filter(happened__gte=happened[0], happened__lt=happened[1])
    exempt = Q(reason__startswith=EXEMPT)
    conditions: Mapping[str, Q] = {
        "seen": ~exempt,
        "taken": Q(taken=True),
        "left": Q(taken=False, position__isnull=False) & ~Q(reason="capped"),
        "capped": Q(reason="capped"),
        "exempt": exempt,
    }
    if how in conditions:
        found = found.filter(conditions[how])
    return (found.filter(stratum__rule_code=code) if code else found).select_related("stratum", "rule")


def total(evidence: Collection[Evidence]) -> Evidence:
    """Return all of it together."""
    return sum(evidence, Evidence())


def _values(one: Evidence) -> tuple[int, ...]:
    return (
        one.open, one.paused, one.met, one.late, one.missed, one.waived, one.seen, one.taken, one.capped, one.exempt,
    )  # fmt: skip


def _before(moment: datetime) -> datetime:
    return moment - timedelta(microseconds=1)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
