"""我的安全: one's second factors, recovery codes, passkeys, and where one is signed in."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.foundation.accounts import queries as accounts
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.qr import qr_code
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import operations, queries
from huiyin.foundation.signing_in.rules import device_words
from huiyin.surfaces.web import sentences
from huiyin.surfaces.web.passkeys import MALFORMED
from huiyin.surfaces.web.powers import confirmed
from huiyin.surfaces.web.signing_in import MUST_ADD_FACTOR
from huiyin.surfaces.web.signing_in_forms import code_input

SECRET = "totp_secret"
LINES = 15


class AppForm(HouseForm):
    code = forms.CharField(label="手机上显示的 6 位数字", max_length=20, widget=code_input())


class PasskeyForm(HouseForm):
    name = forms.CharField(
        label="给它起个名字", max_length=40, initial="我的通行密钥", help_text="比如「前台电脑」「我的手机」"
    )
    credential = forms.JSONField(widget=forms.HiddenInput)


@require_GET
def security(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    return page(
        request,
        "web/security.html",
        at=at,
        factors=queries.factors_of(user),
        sessions=[(one, device_words(one.device)) for one in accounts.sessions_of(user, at=at)],
        this=request.session.digest,  # type: ignore[attr-defined]  # our own store
        lines=sentences.tell(queries.lines_about(user, limit=LINES), now=at),
        must=request.session.get(MUST_ADD_FACTOR, False),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@confirmed
def app(request: HttpRequest) -> HttpResponse:
    """Switch the codes of an app on: the picture to scan, and one code typed to prove it."""
    user = signed_in(request)
    secret = request.session.setdefault(SECRET, generate_totp_secret())
    form = AppForm(request.POST or None)
    if form.is_valid():
        with refusals(form):
            codes = operations.add_totp(user, secret=secret, code=form.cleaned_data["code"], at=now())
            del request.session[SECRET]
            return _added(request, codes, "动态码已开启,下次登录要多输一步")
    picture = qr_code(get_adapter().build_totp_url(user, secret), label="用验证器扫一扫")
    spelt = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page(request, "web/security_app.html", form=form, picture=picture, spelt=spelt)


@never_cache
@require_http_methods(["GET", "POST"])
@confirmed
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey: the browser asks for finger, face or PIN, and hands over a key for this house alone."""
    user = signed_in(request)
    form = PasskeyForm(request.POST or None)
    if form.is_valid():
        try:
            webauthn.parse_registration_response(form.cleaned_data["credential"])
            webauthn.complete_registration(form.cleaned_data["credential"])
        except MALFORMED:
            form.add_error(None, "这次没有成,请再试一次。")
        else:
            codes = operations.add_passkey(user, **form.cleaned_data, at=now())
            return _added(request, codes, "通行密钥已添加,可以不用密码登录了")
    return page(request, "web/security_passkey.html", form=form)


@never_cache
@require_GET
@confirmed
def passkey_options(request: HttpRequest) -> JsonResponse:
    """Tell the browser what key to make."""
    return JsonResponse(webauthn.begin_registration(signed_in(request), passwordless=True))


@never_cache
@require_POST
@confirmed
def codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes and show the new ones, once."""
    try:
        fresh = operations.renew_recovery_codes(signed_in(request), at=now())
    except Refused as refusal:
        return refused(request, refusal, back=reverse("accounts:security"))
    return _codes(request, fresh)


@require_POST
@confirmed
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    user = signed_in(request)
    factors = queries.factors_of(user)
    if factor_id not in {one.pk for one in (factors.totp, *factors.passkeys) if one}:
        raise Http404
    name = operations.remove_factor(user, factor_id, actor=user, at=now())
    return done(request, reverse("accounts:security"), f"{name}已关闭")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign oneself out elsewhere: in the session named, or everywhere but here."""
    user, here = signed_in(request), request.session.digest
    ended = operations.cut_off(user, actor=user, at=now(), only=request.POST.get("session", ""), keep=here)
    return done(request, reverse("accounts:security"), f"已结束 {ended} 处登录" if ended else "别处没有登录")


def _added(request: HttpRequest, codes: list[str], message: str) -> HttpResponse:
    request.session.pop(MUST_ADD_FACTOR, None)
    if codes:
        return _codes(request, codes)
    return done(request, reverse("accounts:security"), message)


def _codes(request: HttpRequest, codes: list[str], **more: Any) -> HttpResponse:
    return page(request, "web/security_codes.html", codes=[f"{one[:4]} {one[4:]}" for one in codes], **more)
