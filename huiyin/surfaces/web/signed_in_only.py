"""Everybody must be signed in. A part of a page whose session has ended sends the whole page to sign in and back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from huiyin.surfaces.web.signing_in import MUST_ADD_FACTOR

SETTING_UP = ("/me/", "/sign-out/", "/password/", "/static/")


class SignedInOnly(LoginRequiredMiddleware):
    """Django's, which would put the sign-in page into the part that was asked for.

    Whoever signed in without the second factor their role asks for gets no further than setting it up.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], *called: Any
    ) -> HttpResponseBase | None:
        answer: HttpResponseBase | None = super().process_view(request, view_func, *called)
        if answer is None and getattr(view_func, "login_required", True):
            request.user = get_user(request)  # known by now; the lazy one costs at every look
        if answer is None and request.session.get(MUST_ADD_FACTOR) and not request.path.startswith(SETTING_UP):
            return redirect("accounts:security")
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        here = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = f"{here.path}?{here.query}" if here.query else here.path
        address = redirect_to_login(back or "/", self.get_login_url(view_func)).url
        return HttpResponse(status=204, headers={"HX-Redirect": address})
