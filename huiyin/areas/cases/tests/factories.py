"""Cases in every status, and a picture of the whole database to compare with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps

from huiyin.areas.cases import operations
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import Session, User
from tests.cast import AT, Cast, tell

Snapshot = dict[str, list[dict[str, Any]]]


def everything() -> Snapshot:
    """Every row of every table of the house, for proving that a refusal changed nothing."""
    found: Snapshot = {}
    for model in apps.get_models():
        if model not in (Session, User):
            found[model._meta.label] = list(model._default_manager.order_by("pk").values())
    return found


def _new(estate: Estate, cast: Cast, kind: str) -> Case:
    return tell(estate, cast.clerk, kind=kind)


def _working(estate: Estate, cast: Cast, kind: str) -> Case:
    case = _new(estate, cast, kind)
    operations.take_case(case, actor=cast.clerk, at=AT)
    return case


def _on_hold(estate: Estate, cast: Cast, kind: str) -> Case:
    case = _working(estate, cast, kind)
    operations.hold_case(case, reason="等配件", wakes_at=AT + timedelta(days=1), actor=cast.clerk, at=AT)
    return case


def _closed(estate: Estate, cast: Cast, kind: str) -> Case:
    case = _working(estate, cast, kind)
    operations.settle_case(case, answer="已办好", actor=cast.clerk, at=AT)
    return case


def _merged(estate: Estate, cast: Cast, kind: str) -> Case:
    case = _new(estate, cast, kind)
    operations.merge_case(case, into=_new(estate, cast, kind), actor=cast.supervisor, at=AT)
    return case


def _voided(estate: Estate, cast: Cast, kind: str) -> Case:
    case = _new(estate, cast, kind)
    operations.void_case(case, reason="登记错了", actor=cast.supervisor, at=AT)
    return case


IN_STATUS: dict[str, Callable[[Estate, Cast, str], Case]] = {
    "new": _new,
    "working": _working,
    "on_hold": _on_hold,
    "closed": _closed,
    "merged": _merged,
    "voided": _voided,
}


def case_in(status: str, estate: Estate, cast: Cast, *, kind: str = "enquiry") -> Case:
    """A case of that status, as its operations make one."""
    return IN_STATUS[status](estate, cast, kind)
