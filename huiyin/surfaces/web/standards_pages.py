"""标准: which standard the estate lives by, what it says, and how each rule has been kept this month."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.replies import page
from huiyin.standards import queries as promises
from huiyin.standards.models import Rule
from huiyin.standards.queries import Tally
from huiyin.standards.shares import Share
from huiyin.surfaces.web import periods
from huiyin.surfaces.web import standards_words as words
from huiyin.surfaces.web.context import Place, place_of


@dataclass(frozen=True)
class Said:
    """One rule as a sentence, with how it has been kept this month."""

    rule: Rule
    pieces: list[tuple[str, bool]]
    tally: Tally


@dataclass(frozen=True)
class Evidence:
    """One number of a rule's evidence; without an address it may not be opened."""

    label: str
    count: int
    url: str


@require_GET
@needs("standards.see")
def standard_list(request: HttpRequest) -> HttpResponse:
    at, place = now(), place_of(request, signed_in(request))
    adopted = promises.adoption_of(place.estate.pk, at=at) if place.estate else None
    loaded = [
        (one, max(one.versions.all(), key=lambda version: version.number, default=None)) for one in promises.standards()
    ]
    return page(request, "web/standards.html", at=at, adopted=adopted, loaded=loaded, estate=place.estate)


@require_GET
@needs("standards.see")
def standard(request: HttpRequest, code: str) -> HttpResponse:
    at, place = now(), place_of(request, signed_in(request))
    version = promises.version_of(code, at=at)
    if version is None:
        raise Http404
    adopted = promises.adoption_of(place.estate.pk, at=at) if place.estate else None
    lived_by = adopted is not None and adopted.standard.code == code
    kept = (
        promises.tallies(place.estate.pk, periods.due_in(periods.month_of(at)), at=at)
        if place.estate and lived_by
        else {}
    )
    groups: dict[str, list[Said]] = {title: [] for _, title in words.SUBJECTS} | {"其他": []}
    for rule in promises.rules_of(version):
        said = Said(rule, words.emphasised(rule.says), kept.get(rule.code, Tally()))
        groups[words.subject_of(rule.code)].append(said)
    return page(
        request,
        "web/standard.html",
        at=at,
        version=version,
        lived_by=adopted if lived_by else None,
        groups=[(title, rules) for title, rules in groups.items() if rules],
        kinds=words.KINDS,
    )


@require_GET
@needs("standards.see")
def rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    at, user = now(), signed_in(request)
    found, place = promises.rule_by_id(rule_id), place_of(request, user)
    if found is None:
        raise Http404
    titles = {code: post.title for code, post in staffing.posts_of(place.estate.pk).items()} if place.estate else {}
    adopted = promises.adoption_of(place.estate.pk, at=at) if place.estate else None
    return page(
        request,
        "web/rule.html#panel",
        at=at,
        rule=found,
        pieces=words.emphasised(found.says),
        sources=words.sources(found.spec),
        because=found.spec.get("because", ""),
        facts=words.facts_of(found.spec, titles),
        elsewhere=[(other, words.emphasised(other.says)) for other in promises.answers_elsewhere(found)],
        in_force=adopted is not None and adopted.standard_id == found.version.standard_id,
        **_evidence(found, place, at=at, linked=access_of(user).may("control.see")),
    )


def _evidence(rule: Rule, place: Place, *, at: datetime, linked: bool) -> dict[str, object]:
    """How the rule was kept this month in the estate at hand. A requirement is checked on the spot: no promises."""
    if place.estate is None or rule.kind == "requirement":
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
