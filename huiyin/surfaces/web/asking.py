"""Searches sent by POST become an address that holds what was typed sealed; pages see it opened."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from huiyin.foundation.privacy.asked import opened_query, sealed_query

ASKS = "_look"
# Programs ask in plain words; theirs are never sealed.
PROGRAMS = "/api/"
FORM = "application/x-www-form-urlencoded"


class SealedSearches:
    """A form sent to an address with `?_look` only asks for a page: it changes nothing and needs no token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.content_type == FORM and ASKS in request.GET:
            return self._address(request)
        if request.path_info.startswith(PROGRAMS):
            return self.get_response(request)
        request.GET = opened_query(request.GET)  # type: ignore[assignment]  # read-only by convention of the stubs only
        return self.get_response(request)

    def _address(self, request: HttpRequest) -> HttpResponse:
        asked = request.POST.copy()
        asked.pop("csrfmiddlewaretoken", None)
        for key in [key for key in asked if not any(asked.getlist(key))]:
            del asked[key]
        response = HttpResponseRedirect(f"{request.path}?{sealed_query(asked)}")
        response.status_code = 303
        return response
