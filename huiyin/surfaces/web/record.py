"""日志封存: the daily seals of the record, for auditors; any day can be proved again, line by line."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.journal import proving
from huiyin.foundation.journal import queries as journal
from huiyin.foundation.journal.models import Seal
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import page
from huiyin.surfaces.web.context import place_of


@require_GET
@needs("record.see")
def record(request: HttpRequest) -> HttpResponse:
    """The seals, newest first; with `?check=<day>` the sentence about that day."""
    user, at = signed_in(request), now()
    estate = place_of(request, user).estate
    if estate is None:
        raise PermissionDenied
    require_right(user, "record.see", estate.pk)

    def find() -> Any:
        return journal.seals_of(estate.pk)

    return page(
        request,
        "web/record.html#rows",
        at=at,
        listing=Listing(request.GET, find=find, sorts={"day": "day"}, first="-day"),
        head=journal.head_of(estate.pk),
        checked=_checked(estate.pk, request.GET["check"], at=at) if "check" in request.GET else None,
    )


def _checked(estate_id: int, asked: str, *, at: datetime) -> tuple[Seal, str]:
    """Prove the day and return its seal and what is wrong with it, nothing when all agrees."""
    try:
        seal = journal.seals_of(estate_id).filter(day=date.fromisoformat(asked)).first()
    except ValueError:
        seal = None
    if seal is None:
        raise Http404
    return seal, proving.check_day(estate_id, seal.day)
