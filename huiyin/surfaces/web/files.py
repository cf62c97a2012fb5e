"""Handing out files: to those who may see what the file belongs to."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from huiyin.areas.cases.permissions import visible_to as visible_cases
from huiyin.areas.complaints.permissions import visible_to as visible_complaints
from huiyin.areas.estate import queries as estates
from huiyin.areas.repairs import queries as repairs
from huiyin.areas.repairs.permissions import visible_to as visible_orders
from huiyin.areas.return_visits.permissions import visible_to as visible_visits
from huiyin.areas.service_desk.permissions import visible_to as visible_contacts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.files import queries as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.responses import file_response

# What a file belongs to → the right to see it.
RIGHTS = {
    "cases.case": "cases.see",
    "complaints.complaint": "cases.see",
    "repairs.order": "repairs.see",
    "return_visits.visit": "return_visits.see",
    "service_desk.contact": "desk.see",
    "upkeep.acceptance": "upkeep.see",
}


@require_GET
@needs("today.see")
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    user = signed_in(request)
    stored = files.file_with_id(file_id)
    if stored is None or stored.estate_id not in {estate.pk for estate in estates.estates_of(user)}:
        raise Http404
    if not lies_within(user, stored):
        raise Http404
    if not may_see(user, stored):
        raise PermissionDenied
    return file_response(stored)


# What a file belongs to → those of the kind that the user may see.
SEEN: dict[str, Callable[[User], QuerySet[Any]]] = {
    "cases.case": visible_cases,
    "complaints.complaint": visible_complaints,
    "repairs.order": visible_orders,
    "return_visits.visit": visible_visits,
    "service_desk.contact": visible_contacts,
}


def lies_within(user: User, stored: StoredFile) -> bool:
    """Tell whether what the file belongs to lies in the user's buildings, for whom only some of the estate are."""
    if stored.estate_id not in access_of(user).buildings:
        return True
    seen = SEEN.get(stored.subject_type)
    return seen is not None and seen(user).filter(pk=stored.subject_id).exists()


def may_see(user: User, stored: StoredFile) -> bool:
    """Tell whether the person may have the file, being in its estate."""
    access = access_of(user)
    right = RIGHTS.get(stored.subject_type)
    if right and access.may(right, stored.estate_id):
        return True
    # A technician sees the pictures of the matters whose orders are or were in his hands.
    return access.may("repairs.work", stored.estate_id) and repairs.worked_on(
        user, subject_type=stored.subject_type, subject_id=stored.subject_id
    )
