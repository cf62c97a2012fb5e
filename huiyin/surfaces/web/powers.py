"""Powers that reach far (`@needs(…, raised=True)`) are raised for a quarter of an hour, with a reason, by who confirms to be it.

Who presses such a button without is asked first, and what was filled in goes on its way afterwards.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import get_current_timezone, now
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import SAFE, View, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.accounts.web.origin import origin_of
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.replies import done, page, refusals, where_next
from huiyin.foundation.signing_in import operations, queries, rules
from huiyin.surfaces.web.signing_in import CAME_AT
from huiyin.surfaces.web.signing_in_forms import code_input, secret

UNTIL = "powers_until"
PREFIX = "powers"


class PowersForm(HouseForm):
    reason = forms.CharField(label="要做什么", max_length=200, help_text="会记在日志里")
    said = forms.CharField(label="您的密码", max_length=1000, strip=False, widget=secret("current-password"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=PREFIX, **kwargs)
        if queries.factors_of(user).totp:
            self.fields["said"].label, self.fields["said"].widget = "动态码", code_input()
            self.fields["said"].widget.attrs["class"] = "form-control"


def until_of(request: HttpRequest) -> datetime | None:
    """Return until when the powers of this session are up; None when they are not."""
    told = request.session.get(UNTIL)
    until = datetime.fromtimestamp(told, tz=get_current_timezone()) if told else None
    return until if until and until > now() else None


def confirmed(view: View) -> View:
    """Let in who signed in or confirmed who they are in the last quarter of an hour; ask the others and bring them back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        fresh = request.session.get(CAME_AT, 0) + rules.POWERS_LAST.total_seconds() > now().timestamp()
        if fresh or until_of(request):
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("accounts:security")
        return redirect(f"{reverse('accounts:powers')}?{urlencode({'next': back, 'for': '设置我的登录安全'})}")

    return guarded


class Powers:
    """The middleware: asks before a view that needs powers changes anything. Costs the others one look at an attribute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *called: Any) -> HttpResponse | None:
        if not getattr(view, "raised", False) or request.method in SAFE:
            return None
        user = request.user
        up = until_of(request) is not None
        request.powers_up = up  # type: ignore[attr-defined]  # what the gate looks at
        if up or not isinstance(user, User) or not access_of(user).may(view.right):
            return None
        return _ask(request, user)


def _ask(request: HttpRequest, user: User) -> HttpResponse | None:
    """Ask who presses the button to raise their powers; None when they just did, and the view goes on."""
    if request.headers.get("HX-Request") == "true":
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        return HttpResponse(
            status=204, headers={"HX-Redirect": f"{reverse('accounts:powers')}?{urlencode({'next': here})}"}
        )
    form = PowersForm(user, request.POST if f"{PREFIX}-reason" in request.POST else None)
    if form.is_valid() and _raise(request, user, form):
        request.powers_up = True
        return None
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
        for value in values
    ]
    action = request.get_full_path()
    if request.FILES:  # a file cannot be kept in a page: it is chosen again afterwards
        action, kept = reverse("accounts:powers"), [("next", urlsplit(request.headers.get("Referer", "/")).path)]
    return page(request, "web/powers.html", form=form, kept=kept, action=action, again=bool(request.FILES))


def _raise(request: HttpRequest, user: User, form: PowersForm) -> bool:
    with refusals(form):
        until = operations.raise_powers(user, **form.cleaned_data, address=origin_of(request.META).address, at=now())
        request.session[UNTIL] = until.timestamp()
        return True
    return False


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def powers(request: HttpRequest) -> HttpResponse:
    """Raise one's powers beforehand."""
    user = signed_in(request)
    form = PowersForm(user, request.POST or None, initial={"reason": request.GET.get("for", "")})
    if form.is_valid() and _raise(request, user, form):
        return done(request, where_next(request, reverse("web:start")), "管理权限已打开,15 分钟后自动收回")
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    kept = [("next", wanted)] if safe else []
    return page(request, "web/powers.html", form=form, kept=kept, action=reverse("accounts:powers"), again=False)


@require_POST
def lower(request: HttpRequest) -> HttpResponse:
    """Lower one's powers before the time."""
    if request.session.pop(UNTIL, None):
        operations.lower_powers(signed_in(request), at=now())
    return done(request, where_next(request, reverse("web:start")), "管理权限已收回")
