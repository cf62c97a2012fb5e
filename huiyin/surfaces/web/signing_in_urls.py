"""Signing in and out, and what is one's own: password, security, powers."""

# /sign-in/{second/,passkey/} · /sign-out/ · /links/<token>/ · /password/ · /me/security/… · /me/powers/{down/}
from django.urls import path

from huiyin.surfaces.web import passkeys, powers, security, signing_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/second/", signing_in.second_step, name="second_step"),
    path("sign-in/passkey/", passkeys.passkey, name="passkey_sign_in"),
    path("links/<str:token>/", signing_in.link, name="link"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", signing_in.password, name="password"),
    path("me/security/", security.security, name="security"),
    path("me/security/app/", security.app, name="app"),
    path("me/security/codes/", security.codes, name="codes"),
    path("me/security/passkey/", security.passkey, name="passkey"),
    path("me/security/passkey/options/", security.passkey_options, name="passkey_options"),
    path("me/security/factors/<int:factor_id>/remove/", security.remove, name="remove_factor"),
    path("me/security/sessions/", security.end_sessions, name="end_sessions"),
    path("me/powers/", powers.powers, name="powers"),
    path("me/powers/down/", powers.lower, name="lower_powers"),
]
