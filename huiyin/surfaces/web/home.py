"""Where one begins after signing in, and in which estate one works."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.surfaces.web import navigation
from huiyin.surfaces.web.context import place_of


@require_GET
@needs("today.see")
def start(request: HttpRequest) -> HttpResponse:
    return redirect(navigation.first_page(access_of(signed_in(request))))


@require_POST
@needs("today.see")
def switch_estate(request: HttpRequest) -> HttpResponse:
    """Work in another estate from now on; one that is out of sight changes nothing."""
    wanted = request.POST.get("estate", "")
    if any(str(estate.pk) == wanted for estate in place_of(request, signed_in(request)).estates):
        request.session["estate"] = int(wanted)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    return redirect(back if safe else reverse("web:today"))
