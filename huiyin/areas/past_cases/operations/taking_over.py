"""Taking matters over from another book, a batch at a time: each batch whole or not at all, each matter once."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Promised
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.estate.models import Estate
from huiyin.areas.past_cases.models import ImportedCase, Source
from huiyin.areas.past_cases.rules import Told
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation import bulk
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command


class SourceChanged(Refused):
    """The source is known with another closing moment, by which its open matters were judged."""


@command
def open_source(estate: Estate, *, code: str, title: str, as_of: datetime | None) -> Source:
    """Set up the book the matters come from; a second call finds the first. Refused with another `as_of`."""
    source, _ = Source.objects.get_or_create(estate=estate, code=code, defaults={"title": title, "as_of": as_of})
    if source.as_of != as_of:
        raise SourceChanged(f"来源「{code}」已经导入过,截至时间与这次不同;请换一个来源代码(source)")
    return source


@command
def take_over(source: Source, told: Sequence[Told], *, promised: Promised, post: str, actor: User, at: datetime) -> int:
    """Take over what is not known yet of these matters; return how many that were. Repeating adds nothing.

    Open complaints and repairs begin their own steps here. Refused when the estate has no such post.
    """
    keys = [one.key for one in told]
    known = set(ImportedCase.objects.filter(source=source, key__in=keys).values_list("key", flat=True))
    fresh = [one for one in told if one.key not in known]
    if not fresh:
        return 0
    responsible = staffing.responsible_now(source.estate_id, post, at=at)
    ids = cases.record_past_cases(
        source.estate,
        [one.matter for one in fresh],
        promised=promised,
        post=responsible.post,
        source=source.title,
        actor=actor,
        at=at,
    )
    bulk.insert(
        ImportedCase,
        ("source_id", "key", "case_id", "label", "flag"),
        ((source.pk, one.key, pk, one.label, one.flag) for pk, one in zip(ids, fresh, strict=True)),
    )
    orders = [(pk, one.order) for pk, one in zip(ids, fresh, strict=True) if one.order is not None]
    repairs.record_past_orders(source.estate, orders, actor=actor, at=at)
    _go_on(
        [pk for pk, one in zip(ids, fresh, strict=True) if one.matter.closed_at is None and _needs_more(one)],
        actor=actor,
        at=at,
    )
    return len(fresh)


def _needs_more(one: Told) -> bool:
    return one.matter.kind in ("complaint", "repair")


def _go_on(case_ids: Sequence[int], *, actor: User, at: datetime) -> None:
    """Let open matters that have steps of their own begin them now; what was done on them before is not known."""
    related = ("estate", "responsible_post", "responsible", "first_contact_owner", "category")
    for case in Case.objects.filter(pk__in=case_ids).select_related(*related).order_by("pk"):
        if case.kind == "repair":
            repairs.open_order(case, actor=actor, at=at, location_kind="in_unit" if case.unit_id else "common_part")
        else:
            complaints.open_complaint(case, actor=actor, at=at, taken_over=True)
