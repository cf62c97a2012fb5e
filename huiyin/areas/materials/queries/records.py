"""Reading counts, purchase plans and sheets that were handed in."""

from django.db.models import QuerySet
from django.http import Http404

from huiyin.areas.materials.models import Count, CountLine, ItemSheet, Plan
from huiyin.areas.materials.permissions import visible_to
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

LATEST = 20


def counts_of(user: User, estate_id: int) -> QuerySet[Count]:
    """Return the counts of the estate."""
    found = visible_to(user, Count).filter(estate=estate_id)
    return found.select_related("place__holder", "begun_by", "ended_by")


def count_for(user: User, number: str, *, to: str) -> Count:
    """Return the count; 404 out of sight, 403 without the right in its estate."""
    related = ("estate", "place__holder", "begun_by", "ended_by")
    count = visible_to(user, Count).select_related(*related).filter(number=number).first()
    if count is None:
        raise Http404
    require_right(user, to, count.estate_id)
    return count


def count_lines(count: Count) -> list[CountLine]:
    """Return the lines of the sheet in the order of the shelves: by code."""
    return list(CountLine.objects.filter(count=count).select_related("item").order_by("item__code", "id"))


def plans_of(estate_id: int) -> list[Plan]:
    return list(Plan.objects.filter(estate=estate_id).select_related("made_by").order_by("-id")[:LATEST])


def plan_for(user: User, number: str, *, to: str) -> Plan:
    """Return the plan with its lines; 404 out of sight, 403 without the right in its estate."""
    found = visible_to(user, Plan).select_related("estate", "made_by").prefetch_related("lines__item")
    plan = found.filter(number=number).first()
    if plan is None:
        raise Http404
    require_right(user, to, plan.estate_id)
    return plan


def sheets_of(estate_id: int) -> list[ItemSheet]:
    return list(ItemSheet.objects.filter(estate=estate_id).select_related("file", "made_by").order_by("-id")[:LATEST])


def sheet_for(user: User, sheet_id: int, *, to: str) -> ItemSheet:
    """Return the sheet that was handed in; 404 out of sight, 403 without the right in its estate."""
    sheet = visible_to(user, ItemSheet).select_related("estate", "file", "made_by").filter(pk=sheet_id).first()
    if sheet is None:
        raise Http404
    require_right(user, to, sheet.estate_id)
    return sheet
