"""统计 by API: each figure as its table, with the names by which the page links to the orders behind a number."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import now
from ninja import Query, Schema
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.estate import queries as estates
from huiyin.areas.figures import queries, rules
from huiyin.areas.figures.queries import MONEY, Asked, Column, Row
from huiyin.areas.figures.rules import Period
from huiyin.areas.repairs.queries.figures import COHORTS, COSTS, FIRST_FIX, LOAD, ON_TIME, REWORK
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.routes import Routes
from huiyin.foundation.api.values import AskedId, Day, Number, ValueRefused, Word
from huiyin.foundation.money import rounded

routes = Routes("figures", title="统计")
SEE = "figures.see"


class ColumnLine(TypedDict):
    """A column: its cells count orders, are yuan or seconds; `share` names the percentage they carry besides."""

    key: str
    label: str
    kind: str
    share: str


class CellLine(TypedDict):
    """A number: counts and seconds are whole numbers, yuan a text. `behind` names the orders it is made of.

    `note` says why there is no share yet.
    """

    value: int | None
    amount: str | None
    share: int | None
    note: str
    behind: str


class RowLine(TypedDict):
    """A row with its days, where they are its own; the key tells it from the others."""

    key: str
    label: str
    first: date | None
    last: date | None
    cells: list[CellLine]


class FigureWhole(TypedDict):
    """A figure over the days from the first to the last, and how it is counted."""

    figure: str
    title: str
    first: date
    last: date
    columns: list[ColumnLine]
    rows: list[RowLine]
    total: RowLine | None
    how: list[str]


class FigureAsked(Schema):
    """The days, this month when none are given, and what the figure is narrowed to."""

    estate: Number
    first: Day | None = None
    last: Day | None = None
    building_id: AskedId | None = None
    fault: Annotated[Word, Field(max_length=60)] = ""


class CohortsAsked(FigureAsked):
    """By weeks or months; without, weeks while the days are few."""

    step: Annotated[Word, Field(pattern="^(|week|month)$")] = ""


@routes.read("/figures/on-time", right=SEE, says="按时率,按紧急程度和步骤", of=FigureWhole)
def on_time(request: HttpRequest, asked: Query[FigureAsked]) -> FigureWhole:
    return _figure(request, ON_TIME, asked)


@routes.read("/figures/cohorts", right=SEE, says="完工进度,按登记日期", of=FigureWhole)
def cohorts(request: HttpRequest, asked: Query[CohortsAsked]) -> FigureWhole:
    return _figure(request, COHORTS, asked, step=asked.step)


@routes.read("/figures/rework", right=SEE, says="返修,按故障大类", of=FigureWhole)
def rework(request: HttpRequest, asked: Query[FigureAsked]) -> FigureWhole:
    return _figure(request, REWORK, asked)


@routes.read("/figures/first-fix", right=SEE, says="一次修好,按故障大类", of=FigureWhole)
def first_fix(request: HttpRequest, asked: Query[FigureAsked]) -> FigureWhole:
    return _figure(request, FIRST_FIX, asked)


@routes.read("/figures/costs", right=SEE, says="用料和工时,按故障大类", of=FigureWhole)
def costs(request: HttpRequest, asked: Query[FigureAsked]) -> FigureWhole:
    return _figure(request, COSTS, asked)


@routes.read("/figures/load", right=SEE, says="维修工各自的单", of=FigureWhole)
def load(request: HttpRequest, asked: Query[FigureAsked]) -> FigureWhole:
    return _figure(request, LOAD, asked)


@routes.read("/figures/mine", right="repairs.work", says="我自己的单", of=FigureWhole)
def mine(request: HttpRequest, asked: Query[FigureAsked]) -> FigureWhole:
    return _figure(request, LOAD, asked, right="repairs.work", technician_id=signed_in(request).pk)


def _figure(
    request: HttpRequest,
    code: str,
    asked: FigureAsked,
    *,
    right: str = SEE,
    step: str = "",
    technician_id: int | None = None,
) -> FigureWhole:
    user, at = signed_in(request), now()
    table = queries.table_of(
        code,
        wanted := Asked(
            user,
            estates.estate_for(user, asked.estate, to=right),
            _period(asked, timezone.localdate(at)),
            at,
            building_id=asked.building_id,
            fault=asked.fault,
            step=step,
            technician_id=technician_id,
        ),
    )
    return {
        "figure": code,
        "title": table.title,
        "first": wanted.period.first,
        "last": wanted.period.last,
        "columns": [
            {"key": one.key, "label": one.label, "kind": one.kind, "share": one.share} for one in table.columns
        ],
        "rows": [_row(table.columns, row) for row in table.rows],
        "total": _row(table.columns, table.total) if table.total else None,
        "how": list(table.how),
    }


def _period(asked: FigureAsked, today: date) -> Period:
    """Return the days asked for. Refused when one end alone is named, or they are no period."""
    if asked.first is None and asked.last is None:
        return rules.period_of(rules.THIS_MONTH, today)
    if asked.first is None or asked.last is None:
        raise ValueRefused("日期请写明从哪天到哪天")
    if wrong := rules.problem(asked.first, asked.last):
        raise ValueRefused(wrong)
    return Period(asked.first, asked.last)


def _row(columns: tuple[Column, ...], row: Row) -> RowLine:
    cells: list[CellLine] = [
        {
            "value": None if column.kind == MONEY or cell.value is None else int(cell.value),
            "amount": f"{rounded(Decimal(cell.value))}" if column.kind == MONEY and cell.value is not None else None,
            "share": cell.share,
            "note": cell.note,
            "behind": cell.col,
        }
        for column, cell in zip(columns, row.cells, strict=True)
    ]
    period = row.period
    return {
        "key": row.key,
        "label": row.label,
        "first": period.first if period else None,
        "last": period.last if period else None,
        "cells": cells,
    }
