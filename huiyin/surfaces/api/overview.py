"""今日 by API, files, and what a webhook speaks of: a subject by its type and id."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.timezone import now
from ninja import Query
from typing_extensions import TypedDict

from huiyin.areas.cases import queries as cases
from huiyin.areas.service_desk import queries as desk
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.api.paging import Asked, Page, page_of_rows, page_rows
from huiyin.foundation.api.routes import Routes
from huiyin.foundation.api.values import AskedId, Word
from huiyin.foundation.files import queries as files
from huiyin.foundation.files.responses import file_response
from huiyin.standards import queries as promises
from huiyin.surfaces.api.promises import PromiseLine, line
from huiyin.surfaces.api.sight import in_sight, posts_of, seen_by
from huiyin.surfaces.web.files import lies_within, may_see

routes = Routes("web", title="今日")


class Me(TypedDict):
    """Whose rights the token lends, and where."""

    name: str
    rights: dict[str, list[str]]
    expires_at: datetime


class ThreadWhole(TypedDict):
    """What a thread is about."""

    thread: str
    kind: str
    number: str
    href: str


@routes.read("/me", right="today.see", says="这个令牌是谁的、能做什么", of=Me)
def start(request: HttpRequest) -> Me:
    user = signed_in(request)
    seen, access = seen_by(user), access_of(user)
    return {
        "name": user.name,
        "rights": {seen[place]: sorted(held) for place, held in access.rights.items() if place in seen},
        "expires_at": request.auth.expires_at,  # type: ignore[attr-defined]  # the token the door let in
    }


@routes.read("/today", right="today.see", says="欠着的承诺:本人名下的和岗位上的", of=Page[PromiseLine])
def today(request: HttpRequest, asked: Query[Asked]) -> Page[PromiseLine]:
    user, at = signed_in(request), now()
    seen = seen_by(user)
    owed = promises.owed_by(user.pk, posts_of(user)).filter(estate_id__in=list(seen))
    return page_of_rows(page_rows(owed, asked), asked, lambda one: line(one, seen[one.estate_id], at=at))


@routes.read("/threads/{thread}", right="today.see", says="推送里的 thread 是哪一件", of=ThreadWhole)
def thread(request: HttpRequest, thread: Word) -> ThreadWhole:
    user, (kind, _, number) = signed_in(request), thread.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        raise Http404
    if kind == "case":
        case = next(iter(cases.gists(user, [int(number)])), None)
        if case:
            return {"thread": thread, "kind": kind, "number": case.number, "href": f"/api/v1/cases/{case.number}"}
    if kind == "contact":
        contact = next(iter(desk.gists(user, [int(number)])), None)
        if contact:
            href = f"/api/v1/contacts/{contact.number}"
            return {"thread": thread, "kind": kind, "number": contact.number, "href": href}
    raise Http404


@routes.read("/files/{file_id}", right="today.see", says="下载一个文件", of=None)
def file(request: HttpRequest, file_id: AskedId) -> HttpResponseBase:
    user = signed_in(request)
    stored = in_sight(files.file_with_id(file_id), lambda one: one.estate_id or 0, user, "today.see")
    if not lies_within(user, stored) or not may_see(user, stored):
        raise Http404
    return file_response(stored)
