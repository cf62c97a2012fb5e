"""One household, one file: contacts, cases, work orders and return visits of a unit as one timeline, page by page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localdate, make_aware

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.estate.models import Household, Unit
from huiyin.areas.estate.queries import HouseholdCard, Resident
from huiyin.areas.repairs.permissions import visible_to as visible_orders
from huiyin.areas.return_visits.models import ABOUT
from huiyin.areas.return_visits.permissions import visible_to as visible_visits
from huiyin.areas.service_desk.permissions import visible_to as visible_contacts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of

PAGE_SIZE = 50
LAST_PAGE = 200
NAMED = 5
# Green is for what somebody accepted: work signed for, a visit that went well.
TONES = {
    "contact": {"open": "amber", "promised": "accent"},
    "case": {"new": "plain", "working": "accent", "on_hold": "amber"},
    "order": {"new": "plain", "assigned": "accent", "accepted": "accent", "working": "accent", "on_hold": "amber"}
    | {"finished": "accent", "closed": "green"},
    "visit": {"due": "plain", "done": "green", "failed": "red"},
}


@dataclass(frozen=True)
class Line:
    """One line of the file: what happened, how it stands, and where to read more."""

    at: datetime
    kind: str
    what: str
    number: str
    url: str
    says: str
    status: str
    tone: str
    who: str


@dataclass(frozen=True)
class Source:
    """Where lines come from: their rows, the moment they are filed under, the household they name, and their words."""

    kind: str
    label: str
    right: str
    rows: Callable[[User], QuerySet[Any]]
    unit: str
    household: str
    moment: Any
    related: tuple[str, ...]
    line: Callable[[Any], Line]


@dataclass(frozen=True)
class Page:
    """A page of the file; `more` says that it goes on."""

    lines: list[Line]
    number: int
    more: bool


def _contact(row: Any) -> Line:
    return Line(
        row.received_at,
        "contact",
        row.get_channel_display(),
        row.number,
        reverse("service_desk:contact", args=[row.number]),
        row.text,
        row.get_status_display(),
        TONES["contact"].get(row.status, "muted"),
        row.receiver.name,
    )


def _case(row: Any) -> Line:
    return Line(
        row.opened_at,
        "case",
        row.get_kind_display(),
        row.number,
        reverse("web:case", args=[row.number]),
        row.text,
        row.get_status_display(),
        TONES["case"].get(row.status, "muted"),
        str(row.responsible or row.responsible_post or ""),
    )


def _order(row: Any) -> Line:
    return Line(
        row.opened_at,
        "order",
        "维修单",
        row.number,
        reverse("web:case", args=[row.case.number]),
        row.work_done or row.case.text,
        row.get_status_display(),
        TONES["order"].get(row.status, "muted"),
        row.technician.name if row.technician else "",
    )


def _visit(row: Any) -> Line:
    said = ";".join(
        part
        for part in (
            f"总体{row.get_satisfaction_display()}" if row.satisfaction else "",
            row.shortcomings,
            row.opinions,
            row.get_excuse_display() if row.excuse else "",
        )
        if part
    )
    return Line(
        row.visited_at or row.window_from,
        "visit",
        row.get_mode_display() if row.mode else "回访",
        f"{row.about.number} 第 {row.round} 次",
        reverse("return_visits:visit", args=[row.pk]),
        said or row.about.text,
        row.get_status_display(),
        TONES["visit"].get(row.status, "muted"),
        str(row.visitor or row.assigned or ""),
    )


SOURCES = (
    Source(
        "contact",
        "来电来访",
        "desk.see",
        visible_contacts,
        "unit",
        "household",
        F("received_at"),
        ("receiver",),
        _contact,
    ),
    Source(
        "case",
        "事项",
        "cases.see",
        visible_cases,
        "unit",
        "household",
        F("opened_at"),
        ("responsible", "responsible_post"),
        _case,
    ),
    Source(
        "order",
        "维修",
        "repairs.see",
        visible_orders,
        "case__unit",
        "case__household",
        F("opened_at"),
        ("case", "technician"),
        _order,
    ),
    Source(
        "visit",
        "回访",
        "return_visits.see",
        visible_visits,
        "case__unit",
        "case__household",
        Coalesce("visited_at", "window_from"),
        ("case", "visitor", "assigned"),
        _visit,
    ),
    Source(
        "project_visit",
        "工程回访",
        "return_visits.see",
        visible_visits,
        "home__unit",
        "home__household",
        Coalesce("visited_at", "window_from"),
        (*ABOUT, "visitor", "assigned"),
        _visit,
    ),
)


def sources_for(user: User, estate_id: int) -> list[Source]:
    """Return what the user may read of a file in this estate."""
    access = access_of(user)
    return [source for source in SOURCES if access.may(source.right, estate_id)]


def file_page(
    user: User, unit: Unit, card: HouseholdCard, *, kind: str = "", earlier: bool = False, number: int = 1
) -> Page:
    """Return a page of the unit's file, latest first: of the present household, or of what was before it.

    One query finds which rows stand on the page, then one for each kind that is on it.
    """
    chosen = [source for source in sources_for(user, unit.estate_id) if kind in ("", source.kind)]
    if not chosen:
        return Page([], 1, False)
    found = [_keys(source, user, unit, card.household, earlier) for source in chosen]
    together = (found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]).order_by(
        "-moment", "source", "-id"
    )
    start = (number - 1) * PAGE_SIZE
    window = list(together[start : start + PAGE_SIZE + 1])
    lines = _lines(chosen, user, window[:PAGE_SIZE])
    return Page(lines, number, len(window) > PAGE_SIZE)


def _keys(source: Source, user: User, unit: Unit, present: Household | None, earlier: bool) -> QuerySet[Any, Any]:
    rows = source.rows(user).filter(**{source.unit: unit.pk}).annotate(moment=source.moment, source=Value(source.kind))
    return rows.filter(_in_time_of(present, source, earlier)).order_by().values_list("moment", "source", "id")


def _in_time_of(present: Household | None, source: Source, earlier: bool) -> Q:
    """A line belongs to the household it names; one that names none belongs to whoever lived there that day."""
    if present is None:
        return Q()
    since = make_aware(datetime.combine(present.since_date, time.min))
    unnamed = Q(**{source.household: None})
    if earlier:
        return (~unnamed & ~Q(**{source.household: present.pk})) | (unnamed & Q(moment__lt=since))
    return Q(**{source.household: present.pk}) | (unnamed & Q(moment__gte=since))


def _lines(chosen: Iterable[Source], user: User, window: list[tuple[Any, ...]]) -> list[Line]:
    written: dict[tuple[str, int], Line] = {}
    for source in chosen:
        ids = [pk for _, kind, pk in window if kind == source.kind]
        if ids:
            rows = source.rows(user).select_related(*source.related).filter(pk__in=ids)
            written |= {(source.kind, row.pk): source.line(row) for row in rows}
    return [written[kind, pk] for _, kind, pk in window if (kind, pk) in written]


def household_then(card: HouseholdCard, at: datetime) -> Household | None:
    """Return who of the earlier households lived there on the day of a line."""
    day = localdate(at)
    for past in card.earlier:
        if past.household.since_date <= day and (past.household.until_date is None or day <= past.household.until_date):
            return past.household
    return None


def missing(card: HouseholdCard, gross_area: object) -> list[str]:
    """Say plainly what is missing from the file."""
    if card.household is None:
        return ["没有登记现在的住户"]
    if not card.people:
        return ["登记了入住,没有登记住的是谁"]
    found = [] if any(one.kind == "owner" for one in card.people) else ["没有登记业主"]
    silent = [one for one in card.people if not one.phones]
    if len(silent) == len(card.people):
        found.append("一个电话都没有,有事联系不上")
    elif silent:
        found.append(f"没有{_names(silent)}的电话")
    if gross_area is None:
        found.append("没有建筑面积")
    return found


def _names(people: list[Resident]) -> str:
    names = "、".join(str(one.person) for one in people[:NAMED])
    return names if len(people) <= NAMED else f"{names}等 {len(people)} 人"


def years(since: date, until: date | None) -> str:
    """Say the span of a household: 2019-05-01 至 2024-02-28."""
    return f"{since:%Y-%m-%d} 至 {until:%Y-%m-%d}" if until else f"{since:%Y-%m-%d} 起"
