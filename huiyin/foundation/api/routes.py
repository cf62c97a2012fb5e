"""Routes: every address of the API says which right it needs, what it answers, and how a command is carried out once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.timezone import now
from ninja import Router
from ninja.security import HttpBearer
from pydantic import BaseModel
from typing_extensions import TypedDict

from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.api.errors import Problem, answer, wrong
from huiyin.foundation.idempotency import replies
from huiyin.foundation.tokens import limits
from huiyin.foundation.tokens.models import Token
from huiyin.foundation.tokens.queries import token_of, user_of
from huiyin.foundation.transactions import command

KEY = "Idempotency-Key"
_KEY_LENGTH = 100
READ_ERRORS = (400, 401, 403, 404, 409, 422, 429, 500)
ACT_ERRORS = (400, 401, 403, 404, 409, 413, 422, 429, 500)
_KEY_PARAMETER = {
    "in": "header",
    "name": KEY,
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": _KEY_LENGTH, "pattern": "^[A-Za-z0-9._:-]+$"},
    "description": "由调用方生成,每个新命令一个(如 UUID);重发同一命令用同一个键,48 小时内得到同一个答复",
}
_BYTES = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}


class Done(TypedDict):
    """The command was carried out."""

    done: bool


DONE: Done = {"done": True}


# Powers that reach far are raised for a while by a person: a token has them only if it was made for a day at most.
RAISED_LASTS = timedelta(days=1)


class Bearer(HttpBearer):
    """Let in whoever shows a token that lends the right. Sessions are not looked at."""

    def __init__(self, right: str, *, raised: bool = False) -> None:
        super().__init__()
        self.right, self.raised = right, raised

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        at = now()
        found = token_of(token, at=at)
        if found is None:
            return None
        limits.use(found, per_minute=settings.API_PER_MINUTE, at=at)
        request.user = user_of(found)
        if not access_of(request.user).may(self.right):
            raise PermissionDenied
        if self.raised and found.expires_at - found.made_at > RAISED_LASTS:
            raise Problem(403, "powers_down", "这一步影响很大,只认当天建、当天到期的令牌")
        return found


def _unknown(request: HttpRequest, said: dict[str, Any]) -> list[str]:
    """Name what was asked for that the address does not know: a misspelt filter would silently filter nothing."""
    known: set[str] = set()
    for name, one in said.items():
        known.update(type(one).model_fields if isinstance(one, BaseModel) else (name,))
    return [name for name in request.GET if name not in known]


def acting(request: HttpRequest) -> dict[str, Any]:
    """Return who acts and when, as operations take it."""
    return {"actor": signed_in(request), "at": now()}


class Routes:
    """The addresses of one area. The id of an operation is the area's name and the function's."""

    def __init__(self, area: str, *, title: str) -> None:
        self.area = area
        self.router = Router(tags=[title])

    def read(self, path: str, *, right: str, says: str, of: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add an address that answers what is there; of nothing: a file."""

        def add(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def run(request: HttpRequest, **said: Any) -> HttpResponseBase:
                if unknown := _unknown(request, said):
                    return wrong(422, fields={name: ["没有这一项"] for name in unknown})
                found = view(request, **said)
                return found if isinstance(found, HttpResponseBase) else answer(200, found)

            return self._add(self.router.get, path, run, right, says, {200: of}, READ_ERRORS)

        return add

    def act(
        self,
        path: str,
        *,
        right: str,
        says: str,
        of: Any = Done,
        status: int = 200,
        raised: bool = False,
        told_once: str = "",
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add an address that carries out a command: the view is called in one transaction, once for each key.

        `raised`: it reaches so far that a token of long standing does not do. `told_once` names a secret in the answer: it
        is not kept, and left empty when the answer is given again.
        """

        def add(view: Callable[..., Any]) -> Callable[..., Any]:
            @wraps(view)
            def run(request: HttpRequest, **said: Any) -> HttpResponse:
                return _once(request, lambda: view(request, **said) or DONE, status, told_once, at=now())

            return self._add(self.router.post, path, run, right, says, {status: of}, ACT_ERRORS, raised=raised)

        return add

    def _add(
        self,
        method: Callable[..., Any],
        path: str,
        run: Callable[..., HttpResponseBase],
        right: str,
        says: str,
        answers: dict[int, Any],
        errors: tuple[int, ...],
        *,
        raised: bool = False,
    ) -> Callable[..., Any]:
        name = f"{self.area}_{run.__name__.rstrip('_')}"
        extra: dict[str, Any] = {"x-right": right, "x-raised": raised}
        if method == self.router.post:
            extra["parameters"] = [_KEY_PARAMETER]
        # By name: nothing is ever read through these shapes, and one for each address and status takes seconds to make.
        extra["responses"] = {status: {"$ref": f"#/components/responses/Error{status}"} for status in errors}
        if answers == {200: None}:
            extra["responses"][200] = _BYTES
        method(
            path,
            auth=Bearer(right, raised=raised),
            response=answers,
            operation_id=name,
            url_name=name,
            summary=says,
            description=f"需要权限 `{right}`",
            openapi_extra=extra,
        )(run)
        return run


def _once(request: HttpRequest, act: Callable[[], Any], status: int, told_once: str, *, at: datetime) -> HttpResponse:
    key, actor = _key_of(request), signed_in(request)
    digest = replies.digest_of(request.get_full_path().encode(), request.body)

    @command
    def whole() -> tuple[int, str]:
        earlier = replies.earlier_reply(key, actor=actor, digest=digest)
        if earlier:
            return earlier
        said = act()
        kept = said | {told_once: ""} if told_once else said
        replies.keep_reply(key, actor=actor, digest=digest, status=status, body=_json(kept), at=at)
        return status, _json(said)

    with replies.one_at_a_time(key, actor=actor):
        answered, body = whole()
    response = HttpResponse(body, status=answered, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _json(said: Any) -> str:
    return orjson.dumps(said, default=str).decode()


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get(KEY, "")
    if not key:
        raise Problem(400, "key_required", f"请在 {KEY} 里带上这个命令的幂等键")
    if len(key) > _KEY_LENGTH or not all(one.isascii() and (one.isalnum() or one in "._:-") for one in key):
        raise Problem(400, "bad_key", "幂等键只能用字母、数字和 . _ : -,最长 100 个字符")
    return key
