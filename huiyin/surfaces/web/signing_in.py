"""Signing in and out, the second step, links by which a password is set, and one's own password."""

from typing import Any

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.foundation.accounts import queries as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.accounts.web.origin import origin_of
from huiyin.foundation.kit.replies import done, page, refusals
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import operations, queries, rules
from huiyin.surfaces.web.signing_in_forms import CodeForm, NewPasswordForm, PasswordForm, SignInForm

PENDING, MUST_ADD_FACTOR, CAME_AT = "second_step", "must_add_factor", "came_at"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("web:start")
    form = SignInForm(request.POST or None)
    status = 200
    if form.is_valid():
        came = origin_of(request.META)
        try:
            user = operations.check_password(**form.cleaned_data, address=came.address, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = 429 if isinstance(refusal, operations.LockedOut) else 200
        else:
            return step_in(request, user, how="密码", then=wanted(request))
    return page(request, "web/sign_in.html", status=status, form=form, next=wanted(request))


def wanted(request: HttpRequest) -> str:
    """Return the local address that was asked for before signing in."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def step_in(request: HttpRequest, user: User, *, how: str, then: str = "") -> HttpResponse:
    """Ask for the second step where the account has one; let everybody else in."""
    if not queries.factors_of(user):
        return let_in(request, user, how=how, then=then)
    until = (now() + rules.SECOND_STEP_WITHIN).timestamp()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": until,
        "how": how,
        "then": then,
    }
    return redirect("accounts:second_step")


def let_in(request: HttpRequest, user: User, *, how: str, then: str = "") -> HttpResponse:
    """Begin the session."""
    at, came = now(), origin_of(request.META)
    request.session.pop(PENDING, None)
    login(request, user)
    request.session[CAME_AT] = at.timestamp()
    if accounts.must_have_second_factor(user) and not queries.factors_of(user):
        request.session[MUST_ADD_FACTOR] = True
    operations.note_signed_in(user, how=how, address=came.address, device=came.device, at=at)
    return redirect(then or "web:start")


def pending(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Return who has shown a password a while ago and still owes the second step."""
    owed = request.session.get(PENDING)
    if not owed or owed["until"] <= now().timestamp():
        return None
    user = accounts.active_user(owed["user"])
    return (user, owed) if user and user.get_session_auth_hash() == owed["hash"] else None


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    found = pending(request)
    if found is None:
        return HttpResponseRedirect(reverse("accounts:sign_in"), status=303)
    user, owed = found
    form = CodeForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            how = operations.check_code(
                user, form.cleaned_data["code"], address=origin_of(request.META).address, at=now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            status = 429 if isinstance(refusal, operations.LockedOut) else 200
        else:
            return let_in(request, user, how=f"{owed['how']}、{how}", then=owed["then"])
    return page(
        request, "web/second_step.html", status=status, form=form, who=user, factors=queries.factors_of(user), next=""
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    operations.note_signed_out(signed_in(request), at=now())
    logout(request)
    return redirect("accounts:sign_in")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a link, and come in."""
    try:
        opens = operations.check_link(token, at=now())
    except Refused as refusal:
        status = 404 if queries.link_by(token) is None else 410
        return page(request, "web/link_shut.html", status=status, sentence=refusal.sentence)
    form = NewPasswordForm(opens.user, request.POST or None)
    if form.is_valid():
        with refusals(form):
            user = operations.use_link(token, password=form.cleaned_data["new_password1"], at=now())
            logout(request)
            return step_in(request, user, how=f"{opens.get_kind_display()}链接")
    return page(request, "web/link.html", form=form, opens=opens)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other devices are signed out, this one stays."""
    user = signed_in(request)
    form = PasswordForm(user, request.POST or None)
    if form.is_valid():
        said, came = form.cleaned_data, origin_of(request.META)
        with refusals(form):
            operations.change_password(
                user, old=said["old_password"], new=said["new_password1"], address=came.address, at=now()
            )
            update_session_auth_hash(request, user)
            return done(request, "/", "密码已修改,下次登录请用新密码;别处的登录都已结束")
    return page(request, "web/password.html", form=form)
