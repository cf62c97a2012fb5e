"""The list of cases, and the way out of it to Excel."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.cases import queries
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.queries import Wanted
from huiyin.areas.cases.web.forms import CaseFilter
from huiyin.areas.cases.web.parts import row
from huiyin.areas.cases.words import CHANNELS
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.listing import ExportColumn, Listing, Opening
from huiyin.foundation.kit.masking import hide_names
from huiyin.foundation.kit.replies import page

OPEN_SORTS = {"next": "next_at", "opened": "opened_at"}
SORTS = {"opened": "opened_at"}
SAVED = (
    ("未办结", {}),
    ("我负责的", {"who": "me"}),
    ("逾期的", {"late": "on"}),
    ("急修", {"urgency": "emergency"}),
    ("投诉", {"kind": "complaint"}),
    ("挂起的", {"status": "on_hold"}),
    ("全部", {"status": "all"}),
)
SHEET = (
    ExportColumn("编号", lambda case: case.number, 20),
    ExportColumn("类别", lambda case: case.get_kind_display(), 10),
    ExportColumn("状态", lambda case: case.get_status_display(), 10),
    ExportColumn("紧急程度", lambda case: case.get_urgency_display(), 10),
    ExportColumn("来源", lambda case: CHANNELS.get(case.channel, case.channel), 10),
    ExportColumn("分类", lambda case: case.category.title if case.category else "", 16),
    ExportColumn("房屋", lambda case: case.caller_unit, 14),
    ExportColumn("来电人", lambda case: "匿名" if case.anonymous else case.caller_name, 14),
    ExportColumn("电话", lambda case: case.caller_phone, 16, masked=True),
    ExportColumn("地点", lambda case: case.place, 16),
    ExportColumn("内容", lambda case: case.text, 50),
    ExportColumn("受理时间", lambda case: case.opened_at, 18),
    ExportColumn("首问责任人", lambda case: case.first_contact_owner.name, 12),
    ExportColumn("负责岗位", lambda case: case.responsible_post.title if case.responsible_post else "", 12),
    ExportColumn("负责人", lambda case: case.responsible.name if case.responsible else "", 12),
    ExportColumn("下一步", lambda case: case.next_step, 18),
    ExportColumn("下一步时间", lambda case: case.next_at, 18),
    ExportColumn("答复", lambda case: case.answer, 50),
    ExportColumn("答复时间", lambda case: case.answered_at, 18),
    ExportColumn("办结时间", lambda case: case.closed_at, 18),
    ExportColumn("重开次数", lambda case: case.reopened, 10),
)


@require_GET
@needs("cases.see")
def case_list(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = estate_of(request, user)
    require_right(user, "cases.see", estate.pk)
    listing = listing_of(request, user, estate, at=at)
    hide_names(user, estate.pk, listing.rows, "caller_name")
    return page(
        request,
        "cases/list.html#rows",
        listing=listing,
        saved=[(label, _address(query), _is_shown(request, query)) for label, query in SAVED],
        at=at,
        row=row,
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def export(request: HttpRequest) -> HttpResponseBase:
    user, at = signed_in(request), now()
    estate = estate_of(request, user)
    require_right(user, "cases.export", estate.pk)
    return hand_out(
        request,
        lambda: queries.for_export(listing_of(request, user, estate, at=at).sorted),
        SHEET,
        name=f"事项-{estate.name}-{timezone.localdate(at):%Y%m%d}",
        what="事项",
        estate_id=estate.pk,
        back=reverse("cases:list"),
    )


def estate_of(request: HttpRequest, user: User) -> Estate:
    """Take the estate from the address, so that a link sent to a colleague shows the same list."""
    said = request.GET.get("estate", "")
    return estates.estate_at_hand(user, int(said) if said.isdecimal() else request.session.get("estate"))


def listing_of(request: HttpRequest, user: User, estate: Estate, *, at: datetime) -> Listing[Case]:
    holders, categories = staffing.posts_with_holders(estate.pk), queries.all_categories(estate.pk)
    filters = partial(CaseFilter, holders=holders, categories=categories)
    over = request.GET.get("status", "") in ("closed", "merged", "voided", "all")
    return Listing(
        request.GET,
        find=lambda **asked: queries.find(user, estate.pk, _wanted(asked, user, at=at)),
        filters=filters,  # type: ignore[arg-type]  # a form class with its choices
        sorts=SORTS if over else OPEN_SORTS,
        first="-opened" if over else "next",
        opening=None
        if access_of(user).buildings
        else Opening(
            rows=lambda most: queries.first_open(user, estate.pk)[:most],
            count=lambda cap: queries.count_open(estate.pk, cap=cap),
            offered=(
                *((post.pk, post.title, *((one.pk, one.name) for one in people)) for post, people in holders),
                *((one.pk, one.title, one.kind) for one in categories),
            ),
        ),
    )


def _wanted(asked: dict[str, Any], user: User, *, at: datetime) -> Wanted:
    side, _, number = (asked["who"] or "").partition("-")
    return Wanted(
        status=asked["status"] or "",
        kind=asked["kind"] or "",
        post_id=int(number) if side == "post" else None,
        person_id=user.pk if side == "me" else int(number) if side == "person" else None,
        late_at=at if asked["late"] else None,
        urgency=asked["urgency"] or "",
        category_id=int(asked["category"]) if asked["category"] else None,
        channel=asked["channel"] or "",
        opened_from=_midnight(asked["since"]),
        opened_until=_midnight(asked["until"] + timedelta(days=1)) if asked["until"] else None,
        text=asked["q"] or "",
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, timezone.get_current_timezone()).astimezone(UTC) if day else None


def _address(query: dict[str, str]) -> str:
    return url("cases:list") + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def _is_shown(request: HttpRequest, query: dict[str, str]) -> bool:
    asked = {key: value for key, value in request.GET.items() if value and key not in ("page", "sort", "estate")}
    return asked == query
