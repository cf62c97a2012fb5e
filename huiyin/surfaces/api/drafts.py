"""标准草稿 by API: begun, written on, proposed by one person and published by another."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils.timezone import now
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.foundation.accounts.permissions import require_right, signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import AskedId, Body, Line, Moment, Note, Number, ValueRefused, Word
from huiyin.standards import checking, composition, shape
from huiyin.standards.models import Draft
from huiyin.standards.operations import drafting
from huiyin.surfaces.api.sight import seen_by

routes = Routes("web", title="标准草稿")


class DraftLine(TypedDict):
    id: int
    title: str
    status: str
    base: str
    drafted_by: str
    drafted_at: datetime
    effective_from: datetime | None
    note: str


class DraftWhole(DraftLine):
    """A draft: what it changes (null: left out), what it loosens, and the fingerprint of exactly this state."""

    changes: dict[str, Any]
    loosened: list[str]
    fingerprint: str


class Started(TypedDict):
    id: int


class PublishedVersion(TypedDict):
    standard: str
    version: int


class DraftsAsked(Asked):
    estate: Number


@routes.read("/drafts", right="standards.see", says="一个小区的标准草稿,新的在前", of=Page[DraftLine])
def drafts(request: HttpRequest, asked: Query[DraftsAsked]) -> Page[DraftLine]:
    estate = estates.estate_for(signed_in(request), asked.estate, to="standards.see")
    return page_of(composition.drafts_of(estate.pk), asked, _line)


@routes.read("/drafts/{draft_id}", right="standards.see", says="一份草稿", of=DraftWhole)
def draft(request: HttpRequest, draft_id: AskedId) -> DraftWhole:
    one = _draft(request, draft_id, "standards.see")
    under_way = one.status in composition.OPEN
    return {
        **_line(one),
        "changes": one.changes,
        "loosened": [found.code for found in composition.loosened_by(one, at=now())] if under_way else [],
        "fingerprint": composition.fingerprint(one),
    }


class Start(Body):
    """On what the estate lives by now, or on a newer version of what its own is based on."""

    estate: Number
    base: Literal["current", "newer"] = "current"


class RuleSaid(Body):
    """The whole rule as it is to be written; see the JSON Schema of the catalogue."""

    spec: dict[str, Any]
    seen: Annotated[Word, Field(max_length=64)] = ""


class Proposal(Body):
    effective_from: Moment
    note: Annotated[Line, Field(max_length=400)]


class Publication(Body):
    """`seen` is the fingerprint of what was looked at; `reasons` says why, for each rule code that is loosened."""

    seen: Annotated[Word, Field(min_length=1, max_length=64)]
    reasons: dict[str, Line] = {}


@routes.act("/drafts", right="standards.draft", says="开始起草", of=Started, status=201)
def draft_start(request: HttpRequest, said: Start) -> Started:
    who = acting(request)
    estate = estates.estate_for(who["actor"], said.estate, to="standards.draft")
    bases = composition.bases(estate.pk, at=who["at"])
    base = bases.newer if said.base == "newer" else bases.current
    if base is None:
        raise ValueRefused("没有可以起草的版本")
    return {"id": drafting.start_draft(estate.pk, base, title=f"{estate.name}服务标准", **who).pk}


@routes.act("/drafts/{draft_id}/rules/{rule_code}", right="standards.draft", says="改写草稿里的一条规则")
def draft_rule(request: HttpRequest, draft_id: AskedId, rule_code: Word, said: RuleSaid) -> None:
    one = _draft(request, draft_id, "standards.draft")
    if rule_code not in composition.drafted(one):
        raise Http404
    if said.spec.get("code") != rule_code:
        raise ValueRefused("code 要和地址里的一致")
    whole = {"$ref": "#/properties/rules/items"}
    flaw = next(shape.flaws(said.spec, whole, root=checking.schema()), None)
    if flaw:
        raise ValueRefused(f"{'.'.join(map(str, flaw.path))}{flaw.says}")
    drafting.change_rule(one, said.spec, seen=said.seen, **acting(request))


@routes.act("/drafts/{draft_id}/rules/{rule_code}/leave", right="standards.draft", says="删去一条规则")
def draft_leave_out(request: HttpRequest, draft_id: AskedId, rule_code: Word) -> None:
    drafting.leave_out(_draft(request, draft_id), rule_code, **acting(request))


@routes.act("/drafts/{draft_id}/rules/{rule_code}/restore", right="standards.draft", says="恢复底本的写法")
def draft_restore(request: HttpRequest, draft_id: AskedId, rule_code: Word) -> None:
    drafting.restore(_draft(request, draft_id), rule_code, **acting(request))


@routes.act("/drafts/{draft_id}/renew", right="standards.draft", says="移到现行版本上")
def draft_renew(request: HttpRequest, draft_id: AskedId) -> None:
    drafting.renew(_draft(request, draft_id), **acting(request))


@routes.act("/drafts/{draft_id}/propose", right="standards.draft", says="提请发布")
def draft_propose(request: HttpRequest, draft_id: AskedId, said: Proposal) -> None:
    one = _draft(request, draft_id)
    drafting.propose(one, effective_from=said.effective_from, note=said.note, **acting(request))


@routes.act("/drafts/{draft_id}/return", right="standards.draft", says="退回起草")
def draft_return(request: HttpRequest, draft_id: AskedId, said: Note) -> None:
    drafting.return_draft(_draft(request, draft_id), reason=said.note, **acting(request))


@routes.act("/drafts/{draft_id}/publish", right="standards.publish", says="发布", of=PublishedVersion, raised=True)
def draft_publish(request: HttpRequest, draft_id: AskedId, said: Publication) -> PublishedVersion:
    one = _draft(request, draft_id, "standards.publish")
    version = drafting.publish(one, reasons=said.reasons, seen=said.seen, **acting(request))
    return {"standard": version.standard.code, "version": version.number}


@routes.act("/drafts/{draft_id}/drop", right="standards.draft", says="放弃草稿")
def draft_drop(request: HttpRequest, draft_id: AskedId, said: Note) -> None:
    drafting.drop(_draft(request, draft_id), reason=said.note, **acting(request))


def _line(one: Draft) -> DraftLine:
    return {
        "id": one.pk,
        "title": one.title,
        "status": one.status,
        "base": str(one.base),
        "drafted_by": one.drafted_by.name,
        "drafted_at": one.drafted_at,
        "effective_from": one.effective_from,
        "note": one.note,
    }


def _draft(request: HttpRequest, draft_id: int, right: str = "standards.draft") -> Draft:
    user = signed_in(request)
    found = composition.draft_by_id(draft_id, list(seen_by(user)))
    if found is None:
        raise Http404
    require_right(user, right, found.estate_id)
    return found
