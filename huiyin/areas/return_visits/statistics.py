"""F-37 客户回访记录: the month in figures. What was due in it, what was made, and each visit that failed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse

from huiyin.areas.return_visits import words
from huiyin.areas.return_visits.documents import BOOKS, CALLS, ONE, RIGHT, visits_with
from huiyin.areas.return_visits.models import ABOUT, PHONES, ReturnVisit
from huiyin.areas.return_visits.permissions import visible_to
from huiyin.areas.return_visits.states import VisitStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import Form, Sheet, Values
from huiyin.foundation.documents.masking import hide_callers
from huiyin.foundation.documents.words import moment

_COUNTED = ("made", "pass", "fail", "exempt", "open")


def visits_due(user: User, estate_id: int, *, since: datetime, until: datetime) -> list[ReturnVisit]:
    """Return the visits whose window closes in the span, oldest first."""
    found = visible_to(user).filter(estate_id=estate_id, window_to__gte=since, window_to__lt=until)
    visits = list(found.select_related(*ABOUT, "raised_case").prefetch_related(*PHONES).order_by("window_to", "id"))
    hide_callers(user, (visit.about for visit in visits))
    return visits


def month(form: Form, visits: Sequence[ReturnVisit]) -> Iterator[Sheet]:
    """Make the sheet of the month in which the windows of these visits close."""
    said = moment(visits[0].window_to)[:7] if visits else ""
    estate = visits[0].about.estate.name if visits else ""
    serial = f"{said[:4]} 年 {said[5:]} 月" if said else "—"
    yield Sheet(form, estate, serial, reverse("return_visits:made"), {"period": serial, **_figures(visits)})


def _figures(visits: Sequence[ReturnVisit]) -> Values:
    counts: dict[str, Counter[str]] = {}
    for visit in visits:
        counts.setdefault(visit.type, Counter()).update(["due", *_marks(visit)])
    every = sum(counts.values(), Counter[str]())
    failed = [visit for visit in visits if visit.verdict == "fail"]
    return {
        "due": str(every["due"]),
        "made": str(every["made"]),
        "share": f"{every['pass'] / every['made']:.0%}" if every["made"] else "—",
        "types": [_line(words.type_word(type), one) for type, one in sorted(counts.items())] + [_line("合计", every)],
        "failed": [_failed(visit) for visit in failed],
    }


def _marks(visit: ReturnVisit) -> list[str]:
    if visit.status == VisitStatus.EXEMPT:
        return ["exempt"]
    if visit.visited_at is None:
        return ["open"]
    return ["made", str(visit.verdict)]


def _line(word: str, counted: Counter[str]) -> list[str]:
    return [word, str(counted["due"]), *(str(counted[one]) for one in _COUNTED)]


def _failed(visit: ReturnVisit) -> list[str]:
    return [
        moment(visit.visited_at),
        visit.about.caller,
        visit.shortcomings,
        visit.raised_case.number if visit.raised_case else "",
    ]


STATISTICS = Form(
    "F-37",
    "客户回访记录(月统计)",
    "/areas/return_visits/typst/month.typ",
    RIGHT,
    visits_with,
    month,
    register=True,
)
MONTHLY = {STATISTICS.code: STATISTICS}
FORMS = ONE | BOOKS | CALLS | MONTHLY
