"""One shape for everything that goes wrong: {"error": {"code", "message", "fields", "request_id"}}.

The message is a Chinese sentence; what was sent is never repeated in it.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError
from typing_extensions import TypedDict

from huiyin.foundation import logs
from huiyin.foundation.idempotency.replies import KeyTaken, StillRunning
from huiyin.foundation.refusals import Refused
from huiyin.foundation.tokens.limits import TooMany

log = logging.getLogger(__name__)
SENTENCES = {
    400: ("bad_request", "请求看不懂,请检查格式"),
    401: ("unauthorized", "请带上有效的令牌"),
    403: ("forbidden", "令牌没有这项权限"),
    404: ("not_found", "没有这个地址或这条记录"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法"),
    413: ("too_large", "请求太大"),
    422: ("invalid", "有的内容填写不对,见 fields"),
    429: ("too_many_requests", "请求太频繁,请稍后再试"),
    500: ("server_error", "系统出错了,请稍后再试,仍不行请把请求编号告诉管理员"),
}
_WRONG = {
    "missing": "必须填写",
    "extra_forbidden": "没有这一项",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "string_pattern_mismatch": "含有不能用的字符,或格式不对",
    "string_type": "应为文字",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "enum": "没有这个选项",
    "literal_error": "没有这个选项",
    "too_long": "太多",
    "too_short": "太少",
    "bool_type": "应为 true 或 false",
    "int_type": "应为整数",
    "list_type": "应为列表",
}


class ErrorBody(TypedDict):
    """What went wrong: a code for programs, a sentence for people, by field where it is known."""

    code: str
    message: str
    fields: dict[str, list[str]]
    request_id: str


class ErrorAnswer(TypedDict):
    error: ErrorBody


class Problem(Exception):
    """Answer with this status, code and sentence."""

    def __init__(self, status: int, code: str = "", message: str = "", retry_after: int = 0) -> None:
        super().__init__(message)
        usual = SENTENCES.get(status, SENTENCES[400])
        self.status, self.code, self.message, self.retry_after = (
            status,
            code or usual[0],
            message or usual[1],
            retry_after,
        )


def request_id() -> str:
    """Return the id of the request: the one its log lines carry."""
    return logs.request_id.get()


def answer(status: int, said: Any) -> HttpResponse:
    """Answer with JSON that nobody keeps."""
    body = orjson.dumps(said, default=str)
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def wrong(
    status: int,
    *,
    code: str = "",
    message: str = "",
    fields: Mapping[str, Sequence[str]] | None = None,
    retry_after: int = 0,
) -> HttpResponse:
    """Answer with an error."""
    usual = SENTENCES.get(status, SENTENCES[400])
    response = answer(
        status,
        {
            "error": {
                "code": code or usual[0],
                "message": message or usual[1],
                "fields": fields or {},
                "request_id": request_id(),
            }
        },
    )
    if retry_after:
        response["Retry-After"] = str(retry_after)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def answer_to(error: Exception) -> HttpResponse:
    """Answer what a view raised. What nobody foresaw is logged and answered without a word of it."""
    match error:
        case Problem():
            return wrong(error.status, code=error.code, message=error.message, retry_after=error.retry_after)
        case TooMany():
            return wrong(429, message=error.sentence, retry_after=error.wait)
        case StillRunning():
            return wrong(409, code="still_running", message=error.sentence, retry_after=1)
        case KeyTaken():
            return wrong(409, code="key_taken", message=error.sentence)
        case Refused():
            return wrong(409, code=_code_of(error), message=error.sentence)
        case ValidationError():
            return wrong(422, fields=_fields(error.errors))
        case AuthenticationError():
            return wrong(401)
        case Http404():
            return wrong(404)
        case PermissionDenied():
            return wrong(403)
        case RequestDataTooBig():
            return wrong(413)
        case HttpError():
            return wrong(error.status_code)
        case BadRequest():
            return wrong(400)
    log.error("request %s failed", request_id(), exc_info=error)
    return wrong(500)


def _code_of(refusal: Refused) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()


def _fields(errors: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Say what is wrong by field; the first part of the place is where it stands, the second what ninja calls it."""
    said: dict[str, list[str]] = {}
    for error in errors:
        place = [str(part) for part in error["loc"]]
        name = ".".join(place[2:] if place[:1] == ["body"] and len(place) > 2 else place[1:]) or place[0]
        said.setdefault(name, []).append(_WRONG.get(error["type"], "填写不对"))
    return said
