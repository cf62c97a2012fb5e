"""The page of a case: what comes next, what happened, what was promised, who and what belongs to it."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.cases import queries as cases
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import page
from huiyin.surfaces.web.case_page import gather


@require_GET
@needs("cases.see")
def case(request: HttpRequest, number: str) -> HttpResponse:
    user, at = signed_in(request), now()
    found = cases.case_for(user, number)
    request.about_estate = found.estate_id  # type: ignore[attr-defined]  # `can` answers for this estate
    whole = request.GET.get("all") == "1"
    return page(request, "web/case.html", at=at, **gather(found, user, at=at, whole=whole))
