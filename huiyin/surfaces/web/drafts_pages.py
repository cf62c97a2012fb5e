"""标准草稿: changed by form, tried on what happened, proposed by one person and published by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.areas.cases import queries as cases
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.journal.queries import timeline
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused
from huiyin.standards import composition, trying
from huiyin.standards import queries as promises
from huiyin.standards.models import Draft, DraftState
from huiyin.standards.operations import drafting
from huiyin.standards.rules.comparing import composed
from huiyin.surfaces.web import differences, sentences
from huiyin.surfaces.web import standards_kinds as kinds
from huiyin.surfaces.web import standards_words as words
from huiyin.surfaces.web.context import place_of
from huiyin.surfaces.web.standards_forms import ProposeForm, PublishForm, RuleForm, TryForm

PAGE_LINES = 30_000
USUAL_SPAN = timedelta(days=30)
BREACHES_ON_PAGE = 50


@dataclass(frozen=True)
class Editable:
    """One rule of the draft, to choose from."""

    code: str
    kind: str
    pieces: list[tuple[str, bool]]
    changed: bool


def draft_at_hand(request: HttpRequest, draft_id: int, right: str = "") -> tuple[User, Draft]:
    """Return who is asking and the draft; 404 out of sight, 403 without the right in its estate."""
    user = signed_in(request)
    found = composition.draft_by_id(draft_id, [estate.pk for estate in place_of(request, user).estates])
    if found is None:
        raise Http404
    if right:
        require_right(user, right, found.estate_id)
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    return user, found


def titles_of(estate_id: int) -> dict[str, str]:
    return {code: post.title for code, post in staffing.posts_of(estate_id).items()}


def address(draft: Draft) -> str:
    return reverse("web:draft", args=[draft.pk])


@require_POST
@needs("standards.draft")
def start(request: HttpRequest) -> HttpResponse:
    at, user = now(), signed_in(request)
    estate = place_of(request, user).estate
    if estate is None:
        raise Http404
    require_right(user, "standards.draft", estate.pk)
    bases = composition.bases(estate.pk, at=at)
    base = bases.newer if request.POST.get("base") == "newer" else bases.current
    if base is None:
        raise Http404
    back = reverse("web:standards")
    code = request.POST.get("rule", "")
    try:
        made = drafting.start_draft(estate.pk, base, title=f"{estate.name}服务标准", actor=user, at=at)
    except Refused as refusal:
        return refused(request, refusal, back=back)
    if code in composition.specs_of(base):
        return done(request, reverse("web:draft_rule", args=[made.pk, code]), "已开始起草,先改这一条")
    return done(request, address(made), "已开始起草,选要改的条款")


@require_GET
@needs("standards.see")
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    return _draft(request, draft_at_hand(request, draft_id)[1])


def _draft(request: HttpRequest, found: Draft, **forms: Any) -> HttpResponse:
    at, user = now(), signed_in(request)
    access = access_of(user)
    base = composition.specs_of(found.base)
    specs = composed(base, found.changes)
    titles = titles_of(found.estate_id)
    proposed = found.status == DraftState.PROPOSED
    loosened = composition.loosened_by(found, at=at) if found.status in composition.OPEN else []
    fresh = {
        "proposing": ProposeForm(initial={"effective_from": localdate(at) + timedelta(days=1), "note": found.note}),
        "publishing": PublishForm(None, loosened=loosened, seen=composition.fingerprint(found)) if proposed else None,
    }
    return page(
        request,
        "web/draft.html",
        at=at,
        draft=found,
        changes=differences.said(composition.changes_against_base(found), titles),
        loosened=loosened,
        subjects=_editable(specs, found) if found.status == DraftState.DRAFTING else [],
        outrun=found.status in composition.OPEN and not composition.bases(found.estate_id, at=at).allow(found.base),
        may_publish=proposed and access.may("standards.publish", found.estate_id) and found.proposed_by_id != user.pk,
        own_proposal=proposed and found.proposed_by_id == user.pk,
        lines=sentences.tell(timeline([found.thread])[:30], now=at),
        **fresh | forms,
    )


def _editable(specs: Mapping[str, Mapping[str, Any]], found: Draft) -> list[tuple[str, list[Editable]]]:
    """Return the rules of the draft by subject."""
    groups: dict[str, list[Editable]] = {}
    for code, spec in specs.items():
        one = Editable(code, words.KINDS[spec["kind"]], words.emphasised(spec["says"]), code in found.changes)
        groups.setdefault(words.subject_of(code), []).append(one)
    return list(groups.items())


@require_http_methods(["GET", "POST"])
@needs("standards.draft")
def draft_rule(request: HttpRequest, draft_id: int, rule_code: str) -> HttpResponse:
    user, found = draft_at_hand(request, draft_id, "standards.draft")
    base = composition.specs_of(found.base)
    spec = composed(base, found.changes).get(rule_code)
    if spec is None:
        raise Http404
    titles = titles_of(found.estate_id)
    seen = composition.digest_of(spec)
    form = RuleForm(request.POST or None, rule=spec, titles=titles, seen=seen)
    if form.is_valid():
        with refusals(form):
            was = form.cleaned_data["seen"] or seen
            drafting.change_rule(found, form.written(), actor=user, at=now(), seen=was)
            return done(request, address(found), f"「{form.cleaned_data['says']}」已写进草稿")
    return page(
        request,
        "web/draft_rule.html",
        draft=found,
        code=rule_code,
        form=form,
        editable=found.status == DraftState.DRAFTING,
        spec=spec,
        pieces=words.emphasised(spec["says"]),
        facts=kinds.facts_of(spec, titles),
        sources=words.sources(spec),
        was=words.emphasised(base[rule_code]["says"]) if rule_code in found.changes and rule_code in base else [],
        changed=rule_code in found.changes,
        waits=promises.waiting_area(spec),
    )


def _step(request: HttpRequest, draft_id: int, how: Any, said: str, right: str = "standards.draft") -> HttpResponse:
    """Press one button of the draft; a refusal is said with the way back."""
    user, found = draft_at_hand(request, draft_id, right)
    try:
        how(found, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=address(found))
    return done(request, address(found), said)


@require_POST
@needs("standards.draft")
def leave_out(request: HttpRequest, draft_id: int, rule_code: str) -> HttpResponse:
    return _step(
        request, draft_id, lambda one, **who: drafting.leave_out(one, rule_code, **who), "这一条已从草稿里删去"
    )


@require_POST
@needs("standards.draft")
def restore(request: HttpRequest, draft_id: int, rule_code: str) -> HttpResponse:
    return _step(
        request, draft_id, lambda one, **who: drafting.restore(one, rule_code, **who), "这一条恢复成底本的写法"
    )


@require_POST
@needs("standards.draft")
def renew(request: HttpRequest, draft_id: int) -> HttpResponse:
    return _step(request, draft_id, drafting.renew, "草稿已移到现行版本上,改动都在")


@require_POST
@needs("standards.draft")
def return_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    reason = request.POST.get("note", "")
    return _step(request, draft_id, lambda one, **who: drafting.return_draft(one, reason=reason, **who), "已退回起草")


@require_POST
@needs("standards.draft")
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    reason = request.POST.get("note", "")
    return _step(request, draft_id, lambda one, **who: drafting.drop(one, reason=reason, **who), "草稿已放弃,仍可查看")


@require_POST
@needs("standards.draft")
def propose(request: HttpRequest, draft_id: int) -> HttpResponse:
    user, found = draft_at_hand(request, draft_id, "standards.draft")
    form = ProposeForm(request.POST)
    if form.is_valid():
        with refusals(form):
            note = form.cleaned_data["note"]
            drafting.propose(found, effective_from=form.moment(), note=note, actor=user, at=now())
            return done(request, address(found), "已提请发布,等另一位有权限的同事发布")
    return _draft(request, found, proposing=form)


@require_POST
@needs("standards.publish", raised=True)
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    user, found = draft_at_hand(request, draft_id, "standards.publish")
    at = now()
    form = PublishForm(request.POST, loosened=composition.loosened_by(found, at=at), seen="")
    if not form.is_valid():
        return _draft(request, found, publishing=form)
    try:
        version = drafting.publish(found, actor=user, at=at, reasons=form.reasons(), seen=form.cleaned_data["seen"])
    except Refused as refusal:
        return refused(request, refusal, back=address(found))
    return done(request, reverse("web:standard", args=[version.standard.code]), f"{version}已发布,按时生效")


@require_GET
@needs("standards.draft")
def try_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Go through a span that fits a page; for a longer one say the command."""
    _, found = draft_at_hand(request, draft_id, "standards.draft")
    at = now()
    usual = {"start": localdate(at - USUAL_SPAN), "end": localdate(at)}
    form = TryForm({**usual, **request.GET.dict()})
    trial, too_long = None, False
    if form.is_valid():
        start, end = form.span(at=at)
        lines = trying.count_facts(found.estate_id, start=start, end=end, cap=PAGE_LINES + 1)
        too_long = lines > PAGE_LINES
        if not too_long and start < end:
            specs = composition.drafted(found)
            trial = trying.try_rules(specs, estate_id=found.estate_id, start=start, end=end)
    shown = trial.breaches[:BREACHES_ON_PAGE] if trial else []
    return page(
        request,
        "web/draft_try.html",
        at=at,
        draft=found,
        form=form,
        trial=trial,
        lines=_by_difference(trial) if trial else [],
        breaches=shown,
        matters=_matters(shown),
        weeks=_weeks(trial, titles_of(found.estate_id)) if trial else [],
        left_out={code: spec["says"] for code, spec in composition.specs_of(found.base).items() if trial},
        changed={code for code, spec in found.changes.items() if spec is not None},
        command=_command(request, found, form) if too_long else "",
    )


def _by_difference(trial: trying.Trial) -> list[trying.Line]:
    """Put first what would have gone otherwise."""
    return sorted(trial.lines, key=lambda line: line.tried == line.happened)


def _matters(breaches: list[trying.Breach]) -> dict[str, str]:
    """Return the numbers of the cases behind the breaches."""
    ids = [int(one.thread.removeprefix("case:")) for one in breaches if one.thread.startswith("case:")]
    return {f"case:{pk}": one.number for pk, one in cases.by_ids(ids).items()}


@dataclass(frozen=True)
class Week:
    """The visits of one post in one week; the week by its Monday."""

    monday: str
    post: str
    tried: int
    happened: int


def _weeks(trial: trying.Trial, titles: Mapping[str, str]) -> list[Week]:
    return [Week(one.week, words.post_words([one.post], titles), one.tried, one.happened) for one in trial.visits]


def _command(request: HttpRequest, found: Draft, form: TryForm) -> str:
    estates = place_of(request, signed_in(request)).estates
    code = next(estate.code for estate in estates if estate.pk == found.estate_id)
    span: dict[str, datetime] = form.cleaned_data
    return f"huiyin standards try {found.pk} --estate {code} --from {span['start']} --to {span['end']}"
