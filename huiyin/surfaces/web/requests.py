"""Around every request: who it came from, its number, how long it took, one log line, and the headers all answers carry.

Forwarded headers are believed only from the proxies of HUIYIN_TRUSTED_PROXIES. A line names the person and the estate by
their keys; the address is named by its view, so that neither a query nor what a form held is ever written down.
"""

import logging
import re
import secrets
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from huiyin.foundation import logs
from huiyin.foundation.api.errors import wrong
from huiyin.foundation.kit.replies import too_large
from huiyin.surfaces.web import metrics

log = logging.getLogger("huiyin.requests")

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}").fullmatch
_FORWARDED = ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")
# No page of ours asks for any of these; passkeys are asked for by signing in.
PERMISSIONS = ", ".join(
    [
        *(f"{name}=()" for name in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope")),
        *(f"{name}=()" for name in ("magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics")),
        *(f"publickey-credentials-{name}=(self)" for name in ("get", "create")),
    ]
)
# Written out once: no page asks for a way of its own, and putting the same words together took a fiftieth of each.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    # The style sheet draws its ticks, and the signature pad gives back what was drawn, as data: addresses.
    "img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# What a technician hands in at once: six photos of the largest kind.
LARGEST_BODY = 100 * 1024 * 1024
HEADERS = {
    # Files and printed sheets bring one of their own.
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    # One person's page is nobody else's; static files and handed-in ones say for themselves how long they last.
    "Cache-Control": "private, no-cache",
}
Answer = Callable[[HttpRequest], HttpResponseBase]


class Requests:
    """The outermost of all: what goes wrong further in is numbered, measured and logged too."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = perf_counter()
        number = _arrive(request.META)
        # Not taken back at the end: Django writes a line after this, and the thread's next request has its own.
        logs.request_id.set(number)
        response = _refused(request) if _is_too_large(request.META) else self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-ID"] = number
        _note(request, response, perf_counter() - begun)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: object) -> None:
        """Refuse a name that is not ours: pages that never ask for it would answer to any name."""
        if not getattr(view, "at_any_name", False):
            request.get_host()


def _refused(request: HttpRequest) -> HttpResponseBase:
    return wrong(413) if request.path.startswith("/api/") else too_large(request)


def _is_too_large(meta: dict[str, Any]) -> bool:
    """Judge a body by its announced length, before anybody reads it: parsing comes before signing in."""
    length = str(meta.get("CONTENT_LENGTH") or "0")
    return length.isdecimal() and int(length) > LARGEST_BODY


def _arrive(meta: dict[str, Any]) -> str:
    """Return the number of the request, and leave in its headers only what may be believed."""
    if meta.get("REMOTE_ADDR") not in settings.TRUSTED_PROXIES:
        for name in _FORWARDED:
            meta.pop(name, None)
        return secrets.token_hex(8)
    # Each proxy adds who spoke to it on the right; the first that is no proxy of ours is the one who asked.
    came_by = [one.strip() for one in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    meta["REMOTE_ADDR"] = next(
        (one for one in reversed(came_by) if one not in settings.TRUSTED_PROXIES), meta["REMOTE_ADDR"]
    )
    given = meta.get("HTTP_X_REQUEST_ID", "")
    return given if _WELL_FORMED(given) else secrets.token_hex(8)


def _note(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    found = request.resolver_match
    is_static = found is None and request.path.startswith(settings.STATIC_URL)
    view = found.view_name if found else "static" if is_static else "none"
    method = request.method or ""
    metrics.count(view, method, response.status_code, seconds)
    if is_static or not log.isEnabledFor(logging.INFO):
        return
    about = {
        "method": method,
        "view": view,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "user": _user_id(request),
        "estate": _estate_id(request),
    }
    log.info("%s %s %s", method, view, response.status_code, extra=about)


def _user_id(request: HttpRequest) -> int | None:
    # What the session middleware found already: asking `request.user` here could be the first to ask the database.
    user = request.__dict__.get("_cached_user")
    return user.pk if user is not None else None


def _estate_id(request: HttpRequest) -> int | None:
    about = getattr(request, "about_estate", None)
    if about is not None:
        return int(about)
    place = getattr(request, "_place", None)
    return place.estate.pk if place and place.estate else None
