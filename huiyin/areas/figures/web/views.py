"""The pages of the figures: one a figure, its sheet, and a technician's own."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.cases import queries as cases
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.estate.permissions import buildings_within
from huiyin.areas.figures import queries, rules
from huiyin.areas.figures.queries import Asked, Table
from huiyin.areas.figures.web import charts, showing
from huiyin.areas.figures.web.forms import FigureForm
from huiyin.areas.repairs import words as repair_words
from huiyin.areas.repairs.queries.figures import COHORTS, LOAD, ON_TIME
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.replies import page

SEE = "figures.see"
WORK = "repairs.work"


@require_GET
@needs(SEE)
def figure(request: HttpRequest, code: str = ON_TIME) -> HttpResponse:
    """Show one figure: its chart, its table, how it is counted."""
    return _shown(request, _known(code), right=SEE, orders="repairs:orders")


@require_GET
@needs(WORK)
def mine(request: HttpRequest) -> HttpResponse:
    """Show a technician what he himself carries, and nobody else."""
    return _shown(request, LOAD, right=WORK, orders="repairs:my_orders", technician_id=signed_in(request).pk)


@require_http_methods(["GET", "POST"])
@needs(SEE)
def export(request: HttpRequest, code: str) -> HttpResponseBase:
    """Hand out the table as a sheet; conditions that cannot be are answered on the page of the figure."""
    _known(code)
    form, asked = _asked(request, code, right=SEE, at=now())
    if asked is None:
        return _page(request, code, form, None, None, right=SEE, orders="repairs:orders")
    table = queries.table_of(code, asked)
    return hand_out(
        request,
        lambda: [*table.rows, *([table.total] if table.total else [])],
        showing.sheet_columns(table),
        name=f"{table.title} {asked.period.words}",
        what=f"统计:{table.title}",
        estate_id=asked.estate.pk,
        back=reverse("figures:figure", args=[code]),
    )


def _known(code: str) -> str:
    if code not in queries.CODES:
        raise Http404
    return code


def _shown(
    request: HttpRequest, code: str, *, right: str, orders: str, technician_id: int | None = None
) -> HttpResponse:
    form, asked = _asked(request, code, right=right, at=now(), technician_id=technician_id)
    table = queries.table_of(code, asked) if asked else None
    return _page(request, code, form, asked, table, right=right, orders=orders)


def _page(
    request: HttpRequest,
    code: str,
    form: FigureForm,
    asked: Asked | None,
    table: Table | None,
    *,
    right: str,
    orders: str,
) -> HttpResponse:
    lines, total = showing.lines_of(table, asked, orders=orders) if table and asked else ([], None)
    return page(
        request,
        "figures/figure.html",
        status=200 if asked else 422,
        code=code,
        title=repair_words.FIGURES[code] if right == SEE else "我的数",
        form=form,
        asked=asked,
        table=table,
        lines=lines,
        total=total,
        bars=charts.chart_bars(table) if table else [],
        curves=charts.chart_lines(table) if table else [],
        tabs=_tabs(request, code, asked) if right == SEE else [],
        query=_kept(request),
        own=right != SEE,
    )


def _tabs(request: HttpRequest, code: str, asked: Asked | None) -> list[tuple[str, str, bool]]:
    """Return the figures side by side, under the same conditions."""
    kept = _kept(request)
    return [
        (repair_words.FIGURES[one], reverse("figures:figure", args=[one]) + kept, one == code) for one in queries.CODES
    ]


def _kept(request: HttpRequest) -> str:
    asked = request.GET.copy()
    for name in [name for name in asked if name not in FigureForm.base_fields or not asked[name]]:
        del asked[name]
    return f"?{asked.urlencode()}" if asked else ""


def _asked(
    request: HttpRequest, code: str, *, right: str, at: datetime, technician_id: int | None = None
) -> tuple[FigureForm, Asked | None]:
    """Read the conditions; nothing is asked for while something is wrong with them."""
    user, estate = signed_in(request), _estate(request, right)
    only = buildings_within(user, estate.pk)
    said_so = request.GET.copy()
    if not said_so.get("period") and (said_so.get("first") or said_so.get("last")):
        said_so["period"] = rules.DAYS
    form = FigureForm(
        said_so,
        buildings=estates.buildings_of(estate, only),
        faults=cases.categories_of("repair", estate.pk),
        today=timezone.localdate(at),
        cut=code == COHORTS,
    )
    if not form.is_valid():
        return form, None
    said: dict[str, Any] = form.cleaned_data
    return form, Asked(
        user,
        estate,
        form.chosen(),
        at,
        building_id=int(said["building"]) if said["building"] else None,
        fault=said["fault"],
        step=said.get("step", ""),
        technician_id=technician_id,
    )


def _estate(request: HttpRequest, right: str) -> Estate:
    user, named = signed_in(request), request.GET.get("estate", "")
    if named:
        return estates.estate_for(user, named, to=right)
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    require_right(user, right, estate.pk)
    return estate
