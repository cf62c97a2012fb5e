"""Signing in and out, and one's own password."""

# /sign-in/ · /sign-out/ · /password/
from django.urls import path

from huiyin.surfaces.web import signing_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign_out"),
    path("password/", signing_in.password, name="password"),
]
