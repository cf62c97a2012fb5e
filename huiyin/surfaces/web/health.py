"""What machines ask: is the process alive, can it do its work, how is it doing. No page, no secret, nobody's data.

A load balancer asks `/healthz` and keeps a node that answers; `/readyz` says why work cannot be done, on this node or in
the whole house, so it is for people and for the moment after an upgrade: a worker that stands still must not take every
node out of service.
"""

import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from huiyin.foundation.jobs import queries as jobs
from huiyin.surfaces.web import metrics
from huiyin.surfaces.web.control import LAG, SWEEPS

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_CAME_THROUGH = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
_all_applied = False
View = Callable[[HttpRequest], HttpResponse]


def probe(view: View) -> View:
    """Let anybody ask, by whatever name or number the machine is reached; the view says what it tells to whom."""
    view.at_any_name = True
    return login_not_required(require_safe(view))


@probe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is looked at."""
    return _told({"status": "ok"})


@probe
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything that is needed to do work is there; otherwise 503, and what is missing by name."""
    found = _database() or {"disk": _disk(), "worker": _worker()}
    missing = {name: reason for name, reason in found.items() if reason}
    if missing:
        return _told({"status": "unready", "missing": missing}, status=503)
    return _told({"status": "ready"})


@probe
def prometheus(request: HttpRequest) -> HttpResponse:
    """The metrics, for who asks on this machine itself or holds the token."""
    if not (_on_this_machine(request) or _holds_token(request)):
        raise PermissionDenied
    return HttpResponse(metrics.written(), content_type=CONTENT_TYPE_LATEST)


def _told(what: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(what, status=status, headers={"Cache-Control": "no-store"})


def _database() -> dict[str, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        pending = _pending_migrations()
    except (DatabaseError, InterfaceError):
        return {"database": "the database does not answer"}
    return {"migrations": f"{pending} migrations are not applied"} if pending else {}


def _pending_migrations() -> int:
    """Count what is not applied. That all is applied does not change back within the life of a process."""
    global _all_applied
    if _all_applied:
        return 0
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _all_applied = not pending
    return pending


def _disk() -> str:
    free = shutil.disk_usage(settings.HOME).free // (1024 * 1024)
    floor = settings.DISK_FLOOR_MB
    return f"{free} MB free, {floor} MB wanted" if free < floor else ""


def _worker() -> str:
    at = now()
    last = jobs.last_done(SWEEPS)
    if last is not None and at - last <= LAG:
        return ""
    return f"no sweep was done for {LAG.seconds // 60} minutes: is a worker running?"


def _on_this_machine(request: HttpRequest) -> bool:
    # A proxy on this machine speaks from here too; what it passes on came from elsewhere.
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not any(name in request.META for name in _CAME_THROUGH)


def _holds_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(given, settings.METRICS_TOKEN)
