"""Reading the books matters came from, and the sheets of old orders that were handed in."""

from django.http import Http404

from huiyin.areas.estate.models import Estate
from huiyin.areas.estate.permissions import visible_to
from huiyin.areas.past_cases.models import ImportedCase, OrderSheet, Source
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right, require_whole


def source_of(estate_id: int, code: str) -> Source | None:
    return Source.objects.filter(estate_id=estate_id, code=code).first()


def taken_over(source: Source) -> int:
    """Count the matters taken over from this book."""
    return ImportedCase.objects.filter(source=source).count()


def sheet_for(user: User, number: int) -> OrderSheet:
    """Return the sheet if the user may; 404 out of sight, 403 without the right or for some buildings alone."""
    sheet = sheet_by_number(number)
    if sheet is None or not visible_to(user).filter(pk=sheet.estate_id).exists():
        raise Http404
    require_right(user, "repairs.set_up", sheet.estate_id)
    require_whole(user, sheet.estate_id)
    return sheet


def sheet_by_number(number: int) -> OrderSheet | None:
    return OrderSheet.objects.filter(pk=number).select_related("estate", "file", "made_by", "confirmed_by").first()


def sheets_of(estate: Estate, limit: int = 10) -> list[OrderSheet]:
    """Return the latest sheets handed in for the estate."""
    return list(OrderSheet.objects.filter(estate=estate).select_related("file", "made_by").order_by("-pk")[:limit])
