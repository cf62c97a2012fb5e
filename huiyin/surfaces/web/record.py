"""日志封存: the daily seals of the record, for auditors; any day can be proved again, line by line."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.journal import explaining, proving
from huiyin.foundation.journal import queries as journal
from huiyin.foundation.journal.models import Seal
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import done, page, refused
from huiyin.foundation.refusals import Refused
from huiyin.surfaces.web.context import place_of
from huiyin.surfaces.web.privacy_words import AREAS

CHANGES = {"update": "改", "delete": "删", "truncate": "清空", "insert": "加", "guard": "缺了触发器,已补上"}


class BehindFilter(HouseForm):
    explained = forms.ChoiceField(
        label="说明", required=False, choices=[("", "全部"), ("no", "还没说明的"), ("yes", "说明过的")]
    )


@require_GET
@needs("record.see")
def record(request: HttpRequest) -> HttpResponse:
    """The seals, newest first; with `?check=<day>` the sentence about that day."""
    user, at, estate_id = signed_in(request), now(), _estate_id(request)
    require_right(user, "record.see", estate_id)

    return page(
        request,
        "web/record.html#rows",
        at=at,
        listing=Listing(request.GET, find=partial(journal.seals_of, estate_id), sorts={"day": "day"}, first="-day"),
        head=journal.head_of(estate_id),
        unexplained=journal.behind(explained=False).count(),
        checked=_checked(estate_id, request.GET["check"], at=at) if "check" in request.GET else None,
    )


@require_GET
@needs("record.see")
def behind(request: HttpRequest) -> HttpResponse:
    """What was changed past the operations, newest first, and what was said of it."""
    user, at = signed_in(request), now()
    require_right(user, "record.see", _estate_id(request))
    return page(
        request,
        "web/behind.html#rows",
        at=at,
        listing=Listing(
            request.GET, find=_changes, filters=BehindFilter, sorts={"at": "at", "table": "table_name"}, first="-at"
        ),
        unexplained=journal.behind(explained=False).count(),
        changes=CHANGES,
        area=lambda table: AREAS.get(table.partition("_")[0], ""),
    )


def _changes(explained: str | None = None) -> Any:
    return journal.behind(explained={"no": False, "yes": True}.get(explained or ""))


@require_POST
@needs("record.explain")
def explain(request: HttpRequest) -> HttpResponse:
    """Note what the chosen changes were; who says it and when stand beside it for good."""
    user, at, estate_id = signed_in(request), now(), _estate_id(request)
    require_right(user, "record.explain", estate_id)
    chosen = [int(pk) for pk in request.POST.getlist("selected") if pk.isdecimal() and len(pk) < 18]
    back = reverse("web:behind")
    try:
        count = explaining.explain(chosen, note=request.POST.get("note", ""), estate_id=estate_id, actor=user, at=at)
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"{count} 处改动已说明")


def _estate_id(request: HttpRequest) -> int:
    estate = place_of(request, signed_in(request)).estate
    if estate is None:
        raise PermissionDenied
    return estate.pk


def _checked(estate_id: int, asked: str, *, at: datetime) -> tuple[Seal, str]:
    """Prove the day and return its seal and what is wrong with it, nothing when all agrees."""
    try:
        seal = journal.seals_of(estate_id).filter(day=date.fromisoformat(asked)).first()
    except ValueError:
        seal = None
    if seal is None:
        raise Http404
    return seal, proving.check_day(estate_id, seal.day)
