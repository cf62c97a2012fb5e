"""管理: five numbers against yesterday, who carries how much, and whether the return visits were made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.return_visits import queries as visits
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.queries import Team
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.jobs import queries as jobs
from huiyin.foundation.kit.listing import Listing, count_up_to
from huiyin.foundation.kit.replies import page
from huiyin.standards import queries as promises
from huiyin.standards.models import Rule
from huiyin.standards.queries import EARLIEST, Load, Span, Tally
from huiyin.standards.rules import percentage
from huiyin.standards.shares import Share
from huiyin.standards.waiting import waiting_area
from huiyin.surfaces.web import periods
from huiyin.surfaces.web.context import place_of

LOOKED_BACK = timedelta(days=30)
SWEEPS = ("note-misses", "climb-ladders")
LAG = timedelta(minutes=5)
COUNT_CAP = 10_000
PROMISES = "web:promises"


@dataclass(frozen=True)
class Figure:
    """One number of the control room: its list, its tone, and what it is compared with."""

    label: str
    value: str
    url: str
    tone: str
    hint: str
    was: str


@dataclass(frozen=True)
class Carried:
    """How much one person, or a post without a person, carries: two counts, each with its list."""

    name: str
    counts: tuple[int, ...]
    urls: tuple[str, ...]


@dataclass(frozen=True)
class Compliance:
    """How one sampling rule was followed this month."""

    rule: Rule
    tally: Tally
    drawn: Share
    failed: int
    rate: Fraction

    @property
    def share(self) -> str:
        return "—" if self.drawn.percent is None else f"{self.drawn.percent}%"

    @property
    def short(self) -> bool:
        return self.drawn.taken < self.rate * self.drawn.seen

    @property
    def rate_words(self) -> str:
        return f"{float(self.rate * 100):g}%"


@require_GET
@needs("control.see")
def control(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = _estate(request, user)
    month, today = periods.month_of(at), periods.day_of(at)
    by_code = promises.tallies(estate.pk, periods.due_in(month), at=at)
    days = [periods.due_in(today), periods.due_in(_day_before(today))]
    due_today, yesterday = promises.tally_each(estate.pk, days, at=at)
    team, swept = staffing.team_of(estate.pk), jobs.last_done(SWEEPS)
    return page(
        request,
        "web/control.html",
        at=at,
        figures=[
            _overdue(estate, today, at=at),
            _promised(today, due_today, yesterday),
            _unsatisfied(estate, today),
            _again(user, estate, today, at=at),
            _on_time(by_code, month, yesterday),
        ],
        overdue=_late(estate, team, at=at),
        load=_load(estate, team, today, at=at),
        compliance=_compliance(estate, by_code, month, at=at),
        month=month,
        made_url=_failed_visits(month[0]),
        swept=swept,
        sweeps_stand=swept is None or at - swept > LAG,
        days=periods.days(month),
    )


@require_GET
@needs("control.see")
def again(request: HttpRequest) -> HttpResponse:
    """The cases that came again in the last thirty days: reopened, or the repeat of an earlier one."""
    user, at = signed_in(request), now()
    estate = _estate(request, user)

    def find() -> QuerySet[Case]:
        return cases.come_again(user, estate.pk, (at - LOOKED_BACK, at))

    listing = Listing(request.GET, find=find, sorts={"opened": "opened_at", "number": "number"}, first="-opened")
    return page(request, "web/again.html#rows", at=at, listing=listing)


def _estate(request: HttpRequest, user: User) -> Estate:
    estate = place_of(request, user).estate
    if estate is None:
        raise PermissionDenied
    require_right(user, "control.see", estate.pk)
    return estate


def _list(**asked: object) -> str:
    return f"{reverse(PROMISES)}?{urlencode(asked)}"


def _overdue(estate: Estate, today: Span, *, at: datetime) -> Figure:
    count = promises.count_owed_in(promises.of_estate(estate.pk), [(EARLIEST, at)], cap=COUNT_CAP)[0]
    new, before = promises.misses_in(estate.pk, [(today[0], at), _day_before(today)])
    return Figure(
        "现在逾期", _capped(count), _list(state="overdue"), "red", f"今天新逾期 {new}", f"昨天新逾期 {before}"
    )


def _promised(today: Span, tally: Tally, before: Tally) -> Figure:
    return Figure(
        "今天要兑现",
        _capped(tally.due - tally.waived),
        _list(**periods.days(today)),
        "amber" if tally.open or tally.missed else "plain",
        f"已办 {tally.met + tally.late}",
        f"昨天 {before.due - before.waived}",
    )


def _unsatisfied(estate: Estate, today: Span) -> Figure:
    yesterday, since = _day_before(today), today[0] - LOOKED_BACK
    counted = visits.failed_since([estate.pk], since).aggregate(
        all=Count("pk"),
        new=Count("pk", filter=Q(visited_at__gte=today[0])),
        before=Count("pk", filter=Q(visited_at__gte=yesterday[0], visited_at__lt=yesterday[1])),
    )
    return Figure(
        "不满意",
        f"{counted['all']:,}",
        _failed_visits(since),
        "red",
        f"近 30 天 · 今天 {counted['new']}",
        f"昨天 {counted['before']}",
    )


def _again(user: User, estate: Estate, today: Span, *, at: datetime) -> Figure:
    count, _ = count_up_to(cases.come_again(user, estate.pk, (at - LOOKED_BACK, at)), COUNT_CAP)
    new = cases.come_again(user, estate.pk, (today[0], at)).count()
    before = cases.come_again(user, estate.pk, _day_before(today)).count()
    return Figure("重开或再报", f"{count:,}", reverse("web:again"), "amber", f"近 30 天 · 今天 {new}", f"昨天 {before}")


def _on_time(by_code: dict[str, Tally], month: Span, before: Tally) -> Figure:
    met = sum(tally.met for tally in by_code.values())
    judged = sum(tally.judged for tally in by_code.values())
    return Figure(
        "本月按时率",
        f"{met * 100 // judged}%" if judged else "—",
        _list(**periods.days(month)),
        "plain",
        f"{met:,} / {judged:,}",
        f"昨天到期的 {_percent(before)}",
    )


def _percent(tally: Tally) -> str:
    return "—" if tally.on_time_percent is None else f"{tally.on_time_percent}%"


def _capped(count: int) -> str:
    return f"{count:,}" if count <= COUNT_CAP else f"{COUNT_CAP:,}+"


def _day_before(day: Span) -> Span:
    return day[0] - timedelta(days=1), day[0]


def _failed_visits(since: datetime) -> str:
    """Return the list of the visits that failed from this day on."""
    return f"{reverse('return_visits:made')}?verdict=fail&since={timezone.localdate(since)}"


def _late(estate: Estate, team: Team, *, at: datetime) -> list[Carried]:
    loads, _ = promises.load_of(promises.of_estate(estate.pk), (EARLIEST, at), at=at, cap=COUNT_CAP)
    return [Carried(_name(load, team), (load.due,), (_list(state="overdue", who=_who(load)),)) for load in loads]


def _load(estate: Estate, team: Team, today: Span, *, at: datetime) -> list[Carried]:
    """Return who has how much still to do today and tomorrow."""
    tomorrow = (today[1], today[1] + timedelta(days=1))
    tonight, end = periods.due_in(tomorrow)
    loads, _ = promises.load_of(promises.of_estate(estate.pk), (at, end), at=tonight, cap=COUNT_CAP)
    ordered = sorted(loads, key=lambda load: -load.due)
    return [
        Carried(
            _name(load, team),
            (load.late, load.due - load.late),
            (
                _list(state="open", who=_who(load), **periods.days(today)),
                _list(state="open", who=_who(load), **periods.days(tomorrow)),
            ),
        )
        for load in ordered
    ]


def _name(load: Load, team: Team) -> str:
    if load.owner_id is None:
        return f"{team.posts.get(load.owner_post, load.owner_post)}(未定人)"
    return team.people.get(load.owner_id, "不在岗的人")


def _who(load: Load) -> str:
    return f"post:{load.owner_post}" if load.owner_id is None else str(load.owner_id)


def _compliance(estate: Estate, by_code: dict[str, Tally], month: Span, *, at: datetime) -> list[Compliance]:
    in_force = promises.rules_in_force(estate.pk, at=at)
    rules = [rule for rule in in_force if rule.kind == "sampling" and not waiting_area(rule.spec)]
    drawn = promises.drawn_share(estate.pk, f"{timezone.localtime(at):%Y-%m}")
    failed = dict(visits.failed_since([estate.pk], month[0]).order_by().values_list("rule__code").annotate(Count("pk")))
    return [
        Compliance(
            rule,
            by_code.get(rule.code, Tally()),
            drawn.get(rule.code, Share()),
            failed=failed.get(rule.code, 0),
            rate=percentage(rule.spec["rate"]),
        )
        for rule in rules
    ]
