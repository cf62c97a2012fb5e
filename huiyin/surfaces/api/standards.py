"""标准 by API: the standards and their rules, what an estate lives by, its calendar and hours."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils.timezone import now
from ninja import Query
from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import (
    AskedId,
    Body,
    Day,
    Flag,
    Line,
    Number,
    ValueRefused,
    Word,
    a_number,
    whole_between,
)
from huiyin.foundation.calendar.notice import read_notice
from huiyin.standards import calendars, composition
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.models import Rule, StandardVersion
from huiyin.surfaces.api.sight import seen_by

routes = Routes("web", title="标准")
Channel = Literal["office", "desk", "line"]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-4]):[0-5][0-9]$")]
Slots = Annotated[list[Annotated[list[Clock], Field(min_length=2, max_length=2)]], Field(max_length=8)]


class StandardLine(TypedDict):
    """A standard; `own` tells that it is an estate's own."""

    code: str
    title: str
    own: bool
    versions: int


class StandardList(TypedDict):
    items: list[StandardLine]


class RuleLine(TypedDict):
    """A rule: its code, kind, sentence, and how it is written."""

    id: int
    code: str
    kind: str
    says: str
    spec: dict[str, Any]


class VersionLine(TypedDict):
    number: int
    effective_from: datetime
    published_at: datetime | None
    published_by: str | None
    note: str


class VersionList(TypedDict):
    items: list[VersionLine]


class RuleWhole(RuleLine):
    standard: str
    version: int


class InForce(TypedDict):
    """What an estate lives by at this moment."""

    standard: str | None
    title: str | None
    since: datetime | None
    rules: list[RuleLine]


class HoursLine(TypedDict):
    """When a channel is open: the changes of its week by their first day, and single days."""

    channel: str
    title: str
    weeks: list[dict[str, Any]]
    exceptions: list[dict[str, Any]]


class CalendarWhole(TypedDict):
    """Up to which day holidays are known, and the hours of an estate."""

    known_until: date
    years: list[int]
    channels: list[HoursLine]


class Published(TypedDict):
    year: int
    revision: int
    moved: int


@routes.read("/standards", right="standards.see", says="所有标准", of=StandardList)
def standards_(request: HttpRequest) -> StandardList:
    found = composition.visible_standards(list(seen_by(signed_in(request))))
    return {
        "items": [
            {
                "code": one.code,
                "title": one.title,
                "own": one.estate_id is not None,
                "versions": len(one.versions.all()),
            }
            for one in found
        ]
    }


@routes.read("/standards/in-force", right="standards.see", says="一个小区现行的标准和规则", of=InForce)
def standard(request: HttpRequest, estate: Number) -> InForce:
    at = now()
    place = estates.estate_for(signed_in(request), estate, to="standards.see")
    adopted = promises.adoption_of(place.pk, at=at)
    return {
        "standard": adopted.standard.code if adopted else None,
        "title": adopted.standard.title if adopted else None,
        "since": adopted.since if adopted else None,
        "rules": [_rule(one) for one in promises.rules_in_force(place.pk, at=at)] if adopted else [],
    }


@routes.read("/standards/{code}/versions", right="standards.see", says="一个标准的版本,新的在前", of=VersionList)
def standard_versions(request: HttpRequest, code: Number) -> VersionList:
    found = composition.standard_by_code(code, list(seen_by(signed_in(request))))
    if found is None:
        raise Http404
    return {"items": [_version(one) for one in composition.versions_of(found)]}


class RulesAsked(Asked):
    version: AskedId | None = None


@routes.read("/standards/{code}/rules", right="standards.see", says="一个标准最新一版的规则", of=Page[RuleLine])
def standard_rules(request: HttpRequest, code: Number, asked: Query[RulesAsked]) -> Page[RuleLine]:
    found = composition.standard_by_code(code, list(seen_by(signed_in(request))))
    versions = composition.versions_of(found) if found else []
    wanted = next((one for one in versions if asked.version in (None, one.number)), None)
    if wanted is None:
        raise Http404
    return page_of(wanted.rules.all(), asked, _rule)


@routes.read("/rules/{rule_id}", right="standards.see", says="一条规则", of=RuleWhole)
def rule(request: HttpRequest, rule_id: AskedId) -> RuleWhole:
    found = promises.rule_by_id(rule_id)
    own = found.version.standard.estate_id if found else None
    if found is None or (own is not None and own not in seen_by(signed_in(request))):
        raise Http404
    return {**_rule(found), "standard": found.version.standard.code, "version": found.version.number}


@routes.read("/calendar", right="standards.see", says="放假安排和开放时间", of=CalendarWhole)
def calendar(request: HttpRequest, estate: Number) -> CalendarWhole:
    place = estates.estate_for(signed_in(request), estate, to="standards.see")
    return {
        "known_until": calendars.known_until(),
        "years": sorted({one.year for one in calendars.notices_published()}),
        "channels": [_hours(place, channel, title) for channel, title in calendars.CHANNELS.items()],
    }


class NoticeSaid(Body):
    """The notice of a year: each row a date, its name, and off or work."""

    estate: Number
    year: Annotated[int, Field(ge=2010, le=2200), BeforeValidator(a_number), whole_between(2010, 2200)]
    source: Annotated[Line, Field(min_length=1)]
    days: Annotated[list[Annotated[list[Word], Field(min_length=3, max_length=3)]], Field(min_length=1, max_length=120)]


class HoursSaid(Body):
    """Seven lists of slots, Monday first; an empty one is closed."""

    estate: Number
    channel: Channel
    effective_from: Day
    week: Annotated[list[Slots], Field(min_length=7, max_length=7)]
    on_holidays: Flag = False


class ExceptionSaid(Body):
    estate: Number
    channel: Channel
    day: Day
    slots: Slots
    reason: Annotated[Line, Field(max_length=120)]


@routes.act("/calendar/notice", right="calendar.edit", says="公布一年的放假安排", of=Published, status=201, raised=True)
def calendar_notice(request: HttpRequest, said: NoticeSaid) -> Published:
    _estate(request, said.estate)
    read = read_notice(said.days, year=said.year)
    if read.problems:
        raise ValueRefused(";".join(one.sentence for one in read.problems[:5]))
    made, moved = standards.publish_year(said.year, read.days, source=said.source, **acting(request))
    return {"year": made.year, "revision": made.revision, "moved": moved}


@routes.act("/calendar/hours", right="calendar.edit", says="定开放时间", raised=True)
def calendar_hours(request: HttpRequest, said: HoursSaid) -> None:
    estate = _estate(request, said.estate)
    standards.set_hours(
        estate.pk,
        said.channel,
        said.week,
        effective_from=said.effective_from,
        on_holidays=said.on_holidays,
        **acting(request),
    )


@routes.act("/calendar/exception", right="calendar.edit", says="定某一天的开放时间", raised=True)
def calendar_exception(request: HttpRequest, said: ExceptionSaid) -> None:
    estate = _estate(request, said.estate)
    standards.set_dated_hours(estate.pk, said.channel, said.day, said.slots, reason=said.reason, **acting(request))


def _rule(one: Rule) -> RuleLine:
    return {"id": one.pk, "code": one.code, "kind": one.kind, "says": one.says, "spec": one.spec}


def _version(one: StandardVersion) -> VersionLine:
    return {
        "number": one.number,
        "effective_from": one.effective_from,
        "published_at": one.published_at,
        "published_by": one.published_by.name if one.published_by else None,
        "note": one.note,
    }


def _hours(estate: Estate, channel: str, title: str) -> HoursLine:
    return {
        "channel": channel,
        "title": title,
        "weeks": [
            {"from": one.effective_from, "week": one.week, "on_holidays": one.on_holidays}
            for one in calendars.hours_set(estate.pk, channel)
        ],
        "exceptions": [
            {"day": one.day, "slots": one.slots, "reason": one.reason}
            for one in calendars.exceptions_set(estate.pk, channel)
        ],
    }


def _estate(request: HttpRequest, code: str) -> Estate:
    return estates.estate_for(signed_in(request), code, to="calendar.edit")
