"""What a view answers: a page or one block of it, a redirect with a sentence, a refusal inside the form."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template import engines
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from markupsafe import Markup

from huiyin.foundation import logs
from huiyin.foundation.refusals import Refused


class HasPage(Protocol):
    def get_absolute_url(self) -> str: ...


def wants_part(request: HttpRequest) -> bool:
    """Tell whether the browser asks for one block of a page rather than for the whole page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type", "partial") == "partial"
        and request.headers.get("HX-Boosted") != "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a page, or with the block after `#` in the template's name when htmx asks for it."""
    name, _, block = template.partition("#")
    if block and wants_part(request):
        body = _block(request, name, block, context)
    else:
        body = _backend().env.get_template(name).render(_known(request, context))
    response = HttpResponse(body, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _block(request: HttpRequest, name: str, block: str, context: dict[str, Any]) -> str:
    template = _backend().env.get_template(name)
    frame = template.new_context(_known(request, context))
    # A template's own imports and sets run before the first word of the page comes out; then its blocks can be asked.
    whole = template.root_render_func(frame)
    next(whole, None)
    whole.close()
    return "".join(template.blocks[block](frame))


def _backend() -> Any:
    return engines["jinja2"]


def _known(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Gather what a template may name. The token is drawn once a page; Django's backend draws it at each mention."""
    token = get_token(request)
    known = {**context, "request": request, "csrf_token": token}
    known["csrf_input"] = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(token)
    for processor in _backend().template_context_processors:
        known.update(processor(request))
    return known


def done(request: HttpRequest, where: str | HasPage, message: str) -> HttpResponse:
    """Go to an address or to the page of a record, and say there in one sentence what happened."""
    address = where if isinstance(where, str) else where.get_absolute_url()
    messages.success(request, message)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def where_next(request: HttpRequest, otherwise: str) -> str:
    """Return the local address posted as `next`, else the other one; an address elsewhere is not followed."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted[0] == "/" else otherwise


def say(response: HttpResponse, message: str, tone: str = "done") -> HttpResponse:
    """Add a sentence to an htmx reply; it appears where flash messages appear. Tones: done, info, refused."""
    response["X-Huiyin-Says"] = json.dumps({"message": message, "tone": tone})
    return response


@contextmanager
def refusals(form: forms.BaseForm) -> Iterator[None]:
    """Turn a refusal into a line of the form; the view then falls through to showing the page again."""
    try:
        yield
    except Refused as refused:
        form.add_error(None, refused.sentence)


def refused(request: HttpRequest, refusal: Refused, *, back: str) -> HttpResponse:
    """Answer a refusal where there is no form to say it in; the transaction is long rolled back."""
    return _trouble(request, "kit/refused.html", 409, sentence=refusal.sentence, back=back)


def conflict(request: HttpRequest, *, what: str, who: str = "", back: str = "", kept: str = "") -> HttpResponse:
    """Say that somebody was faster; `kept` is the text the person had typed, given back to be copied."""
    return _trouble(request, "kit/error.html", 409, status_code=409, what=what, who=who, back=back, kept=kept)


def _trouble(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """Answer with an error page; htmx puts its sentence among the flash messages and leaves the page untouched.

    Context processors are not asked: what broke the page may break them too. The number of the request is what the
    person tells the administrator, who finds it in the log.
    """
    found = _backend().env.get_template(template)
    context["request_id"] = logs.request_id.get()
    if request.headers.get("HX-Request") == "true":
        body = "".join(found.blocks["sentence"](found.new_context(context)))
        return HttpResponse(body, status=status, headers={"HX-Retarget": "#flashes", "HX-Reswap": "beforeend"})
    return HttpResponse(found.render(context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _trouble(request, "kit/error.html", 400, status_code=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _trouble(request, "kit/error.html", 403, status_code=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _trouble(request, "kit/error.html", 404, status_code=404)


def too_large(request: HttpRequest) -> HttpResponse:
    return _trouble(request, "kit/error.html", 413, status_code=413)


def server_error(request: HttpRequest) -> HttpResponse:
    return _trouble(request, "kit/error.html", 500, status_code=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _trouble(request, "kit/error.html", 403, status_code=419)
