"""What a technician's phone needs beside the pages: the service worker, a signal before sending, what did not go."""

from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.web.forms import UnsentForm
from huiyin.areas.repairs.web.signals import shift_of, signed
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals

SCRIPTS = Path(__file__).parents[2] / "static" / "repairs"


@lru_cache(maxsize=1)
def _worker() -> str:
    """Return the service worker: the queue, which pages use too, and what the worker alone does."""
    return "".join((SCRIPTS / name).read_text("utf-8") for name in ("queue.js", "worker.js"))


@require_GET
@needs("repairs.work")
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the worker from where it may watch over the technician's pages, and over no other."""
    scope = reverse("repairs:mine")
    return HttpResponse(_worker(), content_type="text/javascript", headers={"Service-Worker-Allowed": scope})


@require_GET
@needs("repairs.work")
def signal(request: HttpRequest) -> JsonResponse:
    """Tell a phone that is about to send: who is signed in, a fresh token, and what time it is here, signed."""
    user, at = signed_in(request), now()
    said = {"user": str(user.pk), "shift": shift_of(request), "token": get_token(request), "signal": signed(at)}
    return JsonResponse(said, headers={"Cache-Control": "no-store"})


@require_GET
@needs("repairs.work")
def unsent(request: HttpRequest) -> HttpResponse:
    return page(request, "repairs/unsent.html", shift=shift_of(request))


@require_POST
@needs("repairs.work")
def keep_unsent(request: HttpRequest, number: str) -> HttpResponse:
    """Write what could not be sent into the matter, also for who no longer holds the order."""
    user, at = signed_in(request), now()
    order = queries.order_once_given(user, number)
    if order is None:
        raise Http404
    form = UnsentForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals(form):
            clean = form.cleaned_data
            operations.keep_unsent(
                order,
                text=clean["text"],
                photos=clean["photos"],
                actor=user,
                at=at,
                key=clean["idempotency_key"],
            )
            return done(request, reverse("repairs:unsent"), "已写进事项")
    return page(request, "repairs/unsent.html", status=422, shift=shift_of(request), form=form)
