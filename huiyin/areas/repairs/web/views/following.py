"""Lists of what follows orders: copies not back, talks with residents (F-25), contact details that wait for a decision."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import documents, queries, words
from huiyin.areas.repairs.models import CommunicationNote, ContactChange, OrderCopies
from huiyin.areas.repairs.web.follow_forms import ChangesFilter, CopiesFilter, DecideForm, TalksFilter
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.documents.web.pages import offer
from huiyin.foundation.jobs.tasks import task_at
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import page

TALK_SHEET = (
    ExportColumn("日期", lambda one: one.talked_at),
    ExportColumn("房屋", lambda one: one.order.case.caller_unit),
    ExportColumn("单号", lambda one: one.order.number, 22),
    ExportColumn("谁汇报的", lambda one: one.told_by.name, 10),
    ExportColumn("沟通要点", lambda one: one.points, 40),
    ExportColumn("态度", lambda one: one.get_attitude_display(), 8),
    ExportColumn("需求", lambda one: one.needs, 30),
    ExportColumn("后续要办", lambda one: one.follow_up, 30),
    ExportColumn("后续事项", lambda one: one.follow_up_case.number if one.follow_up_case else "", 22),
    ExportColumn("录入人", lambda one: one.entered_by.name, 10),
    ExportColumn("录入", lambda one: one.entered_at),
)


def here(request: HttpRequest, right: str) -> tuple[User, Estate]:
    user = signed_in(request)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return user, estate


@require_GET
@needs("repairs.see")
def copies(request: HttpRequest) -> HttpResponse:
    """Answer the copies of accepted orders; without a filter those not back at the desk."""
    user, estate = here(request, "repairs.see")
    asked = request.GET.copy()
    if not asked:
        asked["show"] = "back"
    technicians = [one for one, _ in queries.technicians_with_load(estate.pk)]
    listing: Listing[OrderCopies] = Listing(
        asked,
        find=partial(queries.copies_listed, user, estate.pk),
        filters=partial(CopiesFilter, technicians=technicians),
        sorts={"closed": "expected_at", "technician": ("order__technician__name", "expected_at")},
        first="closed",
    )
    return page(request, "repairs/copies.html#rows", listing=listing, at=now())


def talks_of(request: HttpRequest, user: User, estate: Estate) -> Listing[CommunicationNote]:
    technicians = [one for one, _ in queries.technicians_with_load(estate.pk)]
    return Listing(
        request.GET,
        find=partial(queries.talks_listed, user, estate.pk),
        filters=partial(TalksFilter, technicians=technicians),
        sorts={"time": "talked_at", "unit": ("order__case__caller_unit", "-talked_at")},
        first="-time",
    )


@require_GET
@needs("repairs.see")
def talks(request: HttpRequest) -> HttpResponse:
    """Answer 业户沟通情况一览表 of the estate."""
    user, estate = here(request, "repairs.see")
    return page(
        request,
        "repairs/talks.html#rows",
        listing=talks_of(request, user, estate),
        tones=words.ATTITUDE_TONES,
        at=now(),
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def talks_export(request: HttpRequest) -> HttpResponseBase:
    """Send the list as a sheet."""
    user, estate = here(request, "cases.export")
    require_right(user, "repairs.see", estate.pk)
    return hand_out(
        request,
        lambda: talks_of(request, user, estate).sorted,
        TALK_SHEET,
        name=f"业户沟通情况 {localdate():%Y-%m-%d}",
        what="业户沟通情况一览表",
        estate_id=estate.pk,
        back=reverse("repairs:talks"),
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def print_talks(request: HttpRequest) -> HttpResponse:
    """Print the list as it is filtered: F-25."""
    user, estate = here(request, "repairs.see")
    return offer(
        request,
        documents.TALKED,
        talks_of(request, user, estate).sorted,
        task_at("huiyin.areas.repairs.jobs.print_listed"),
        estate_id=estate.pk,
        back=reverse("repairs:talks"),
    )


@require_GET
@needs("estate.edit")
def contacts(request: HttpRequest) -> HttpResponse:
    """Answer the contact details that wait for a decision."""
    user, estate = here(request, "estate.edit")
    listing: Listing[ContactChange] = Listing(
        request.GET,
        find=partial(queries.changes_listed, user, estate.pk),
        filters=ChangesFilter,
        sorts={"time": "confirmed_at"},
        first="time",
    )
    return page(
        request,
        "repairs/contacts.html#rows",
        listing=listing,
        form=DecideForm(),
        tones=words.CONTACT_TONES,
        me=user.pk,
        at=now(),
    )
