"""标准: which standard the estate lives by, what it says, and how each rule has been kept this month."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import Access, access_of
from huiyin.foundation.kit.replies import page
from huiyin.standards import composition
from huiyin.standards import queries as promises
from huiyin.standards.models import Draft, Rule, Standard, StandardVersion
from huiyin.standards.rules.comparing import composed, difference
from huiyin.standards.shares import Share
from huiyin.surfaces.web import differences, periods
from huiyin.surfaces.web import standards_kinds as kinds
from huiyin.surfaces.web import standards_words as words
from huiyin.surfaces.web.context import Place, place_of
from huiyin.surfaces.web.differences import ChangeSaid


@dataclass(frozen=True)
class Said:
    """One rule as a sentence; `waits` names the area it waits for."""

    rule: Rule
    pieces: list[tuple[str, bool]]
    waits: str


@dataclass(frozen=True)
class PastSaid:
    """One version of a rule: since when, in which words, and what it changed."""

    version: StandardVersion
    pieces: list[tuple[str, bool]]
    change: ChangeSaid | None


@dataclass(frozen=True)
class Evidence:
    """One number of a rule's evidence; without an address it may not be opened."""

    label: str
    count: int
    url: str


# The kinds whose keeping is counted in promises.
PROMISING = ("deadline", "sampling", "quota", "periodic", "threshold")
# What else the room has, where it is built: its address and its name.
ROOM = (
    ("compare/", "并排比较"),
    ("contradictions/", "手册间的矛盾"),
    ("board/", "条款看板"),
    ("calendar/", "日历"),
)


@require_GET
@needs("standards.see")
def standard_list(request: HttpRequest) -> HttpResponse:
    at, user = now(), signed_in(request)
    place = place_of(request, user)
    estate = place.estate
    bases = composition.bases(estate.pk, at=at) if estate else composition.Bases(None, None)
    return page(
        request,
        "web/standards.html",
        at=at,
        estate=estate,
        adopted=promises.adoption_of(estate.pk, at=at) if estate else None,
        loaded=[
            (one, max(one.versions.all(), key=lambda version: version.number, default=None))
            for one in composition.visible_standards([one.pk for one in place.estates])
        ],
        bases=bases,
        drafts=list(composition.drafts_of(estate.pk)[:10]) if estate else [],
        room=_room(access_of(user)),
    )


def _room(access: Access) -> list[tuple[str, str]]:
    """Return the other pages of the room that are built and open to this person."""
    start = reverse("web:standards")
    found = [(label, f"{start}{path}", resolve(f"{start}{path}")) for path, label in ROOM]
    return [
        (label, url)
        for label, url, match in found
        if match.url_name != "standard" and access.may(getattr(match.func, "right", "standards.see"))
    ]


@require_GET
@needs("standards.see")
def standard(request: HttpRequest, code: str) -> HttpResponse:
    """Show the rules by subject; beside them the one that is chosen, or what the standard is."""
    at, user = now(), signed_in(request)
    place = place_of(request, user)
    version = _version_shown(code, place, at=at)
    adopted = promises.adoption_of(place.estate.pk, at=at) if place.estate else None
    lived_by = adopted is not None and adopted.standard.code == code
    groups: dict[str, list[Said]] = {title: [] for title in dict.fromkeys(title for _, title in words.SUBJECTS)}
    groups["其他"] = []
    rules = promises.rules_of(version)
    for rule in rules:
        said = Said(rule, words.emphasised(rule.says), kinds.area_words(promises.waiting_area(rule.spec)))
        groups[words.subject_of(rule.code)].append(said)
    chosen = next((rule for rule in rules if rule.code == request.GET.get("rule")), None)
    if chosen is not None:
        chosen.version = version
    return page(
        request,
        "web/standard.html",
        at=at,
        version=version,
        lived_by=adopted if lived_by else None,
        in_future=version.effective_from > at,
        newer=composition.newer_base(version, at=at) if version.standard.estate_id else None,
        groups=[(title, said) for title, said in groups.items() if said],
        waiting=sum(1 for said in groups.values() for one in said if one.waits),
        kinds=words.KINDS,
        chosen=_about(chosen, place, user, at=at) if chosen else None,
    )


def _version_shown(code: str, place: Place, *, at: datetime) -> StandardVersion:
    """Return the version in effect, or the first one to come; 404 for none, and for another estate's own standard."""
    found = composition.standard_by_code(code, [estate.pk for estate in place.estates])
    versions = composition.versions_of(found) if found else []
    if not versions:
        raise Http404
    begun = [one for one in versions if one.effective_from <= at]
    return max(begun, key=lambda one: (one.effective_from, one.number)) if begun else versions[-1]


@require_GET
@needs("standards.see")
def rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    at, user = now(), signed_in(request)
    found, place = promises.rule_by_id(rule_id), place_of(request, user)
    if found is None or not _is_shown(found.version.standard, place):
        raise Http404
    return page(request, "web/rule.html#panel", at=at, **_about(found, place, user, at=at))


def _is_shown(standard: Standard, place: Place) -> bool:
    return standard.estate_id is None or standard.estate_id in {estate.pk for estate in place.estates}


def _about(found: Rule, place: Place, user: User, *, at: datetime) -> dict[str, Any]:
    """Everything about one rule: its words, source, evidence, history, and what a draft would make of it."""
    estate = place.estate
    titles = {code: post.title for code, post in staffing.posts_of(estate.pk).items()} if estate else {}
    adopted = promises.adoption_of(estate.pk, at=at) if estate else None
    elsewhere = [one for one in promises.answers_elsewhere(found) if _is_shown(one.version.standard, place)]
    in_force = adopted is not None and adopted.standard_id == found.version.standard_id
    return {
        "rule": found,
        "pieces": words.emphasised(found.says),
        "sources": words.sources(found.spec),
        "because": found.spec.get("because", ""),
        "facts": kinds.facts_of(found.spec, titles),
        "waits": kinds.area_words(promises.waiting_area(found.spec)),
        "elsewhere": [(other, words.emphasised(other.says)) for other in elsewhere],
        "in_force": in_force,
        "past": [
            PastSaid(
                one.version,
                words.emphasised(one.rule.says),
                differences.said([one.change], titles)[0] if one.change else None,
            )
            for one in composition.history_of(found)
        ],
        "what_if": _what_if(found, estate, titles) if estate and in_force else [],
        "relying": composition.count_relying(estate.pk, found.code, at=at) if estate and in_force else None,
        **_evidence(found, place, at=at, linked=access_of(user).may("control.see")),
    }


@dataclass(frozen=True)
class WhatIf:
    """What a draft that is under way makes of a rule."""

    draft: Draft
    change: ChangeSaid | None


def _what_if(found: Rule, estate: Estate, titles: dict[str, str]) -> list[WhatIf]:
    """Return the drafts under way, each with what it changes in this rule."""
    shown = []
    for draft in composition.open_drafts(estate.pk):
        base = {found.code: found.spec}
        mine = {found.code: draft.changes[found.code]} if found.code in draft.changes else {}
        changes = differences.said(difference(base, composed(base, mine)), titles)
        shown.append(WhatIf(draft, changes[0] if changes else None))
    return shown


VERSIONS_SHOWN = 12


@require_GET
@needs("standards.see")
def versions(request: HttpRequest, code: str) -> HttpResponse:
    """Show the versions of a standard, the newest first, each with what it changed in the one before."""
    at, place = now(), place_of(request, signed_in(request))
    found = composition.standard_by_code(code, [estate.pk for estate in place.estates])
    if found is None:
        raise Http404
    titles = {c: post.title for c, post in staffing.posts_of(place.estate.pk).items()} if place.estate else {}
    every = composition.versions_of(found)
    shown = composition.changes_between(every[: VERSIONS_SHOWN + 1])
    return page(
        request,
        "web/versions.html",
        at=at,
        standard=found,
        versions=[
            (one, differences.said(shown[one.pk], titles) if one.pk in shown else None, one.effective_from <= at)
            for one in every
        ],
    )


def _evidence(rule: Rule, place: Place, *, at: datetime, linked: bool) -> dict[str, object]:
    """How the rule was kept this month in the estate at hand. A requirement is checked on the spot: no promises."""
    if place.estate is None or rule.kind not in PROMISING:
        return {"tally": None, "evidence": [], "share": None}
    month = periods.month_of(at)
    tally = promises.tally(place.estate.pk, periods.due_in(month), at=at, code=rule.code)
    asked = {"code": rule.code, **periods.days(month)}

    def number(label: str, count: int, state: str = "") -> Evidence:
        query = urlencode(asked | ({"state": state} if state else {}))
        return Evidence(label, count, f"{reverse('web:promises')}?{query}" if linked else "")

    numbers = [
        number("本月到期", tally.due),
        number("按时", tally.met, "met"),
        number("逾期后完成", tally.late, "late"),
        number("逾期未做", tally.missed, "missed"),
        number("免除", tally.waived, "waived"),
        number("还没到期", tally.open, "open"),
    ]
    if tally.paused:
        numbers.append(number("暂停中", tally.paused, "paused"))
    share = None
    if rule.kind == "sampling":
        period = f"{timezone.localtime(at):%Y-%m}"
        share = promises.drawn_share(place.estate.pk, period, code=rule.code).get(rule.code, Share())
    return {"tally": tally, "evidence": numbers, "share": share}
