"""Reading visits: what was agreed, who let in, the checklist, the photos by stage, what cleaning was sent for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.areas.repairs.models import (
    PhotoStage,
    Spill,
    UnitEntry,
    VisitCheck,
    VisitPhoto,
    VisitPlan,
    VisitStage,
    WorkOrder,
)
from huiyin.areas.repairs.permissions import visible_to
from huiyin.areas.repairs.queries.orders import RELATED, photos_of
from huiyin.areas.repairs.rules import SAYS, Ticked
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.idempotency.operations import earlier_result
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards import queries as promises

GATES = {VisitStage.ENTER: "repairs.visit.enter", VisitStage.LEAVE: "repairs.visit.leave"}


@dataclass(frozen=True)
class Visit:
    """All that is kept of the visits of one order. `clocks` are the values of the lines about a phone's wrong clock."""

    plan: VisitPlan | None
    entries: Sequence[UnitEntry]
    ticked: Sequence[Ticked]
    spills: Sequence[Spill]
    clocks: Sequence[Mapping[str, Any]]
    photos: Mapping[str, Sequence[StoredFile]]


def visit_of(order: WorkOrder, lines: Sequence[Entry]) -> Visit:
    """Return what is kept of the visits of this order, oldest first."""
    differed = [line.values for line in lines if line.kind == f"{order.journal_name}.clock_differed"]
    entries = list(UnitEntry.objects.filter(order=order).order_by("id"))
    spills = Spill.objects.filter(order=order).select_related("case").order_by("id")
    return Visit(
        plan=plan_of(order),
        entries=entries,
        # Nobody ticks anything before the door, and no floor is soiled before the work is done.
        ticked=_ticked(order) if entries or order.finished_at else [],
        spills=list(spills) if order.finished_at else [],
        clocks=[
            {**values, **{name: datetime.fromisoformat(values[name]) for name in ("phone_at", "taken_as")}}
            for values in differed
        ],
        photos=photos_by_stage(order),
    )


def plan_of(order: WorkOrder) -> VisitPlan | None:
    return VisitPlan.objects.filter(order=order).order_by("-id").first()


def _ticked(order: WorkOrder) -> list[Ticked]:
    """Return the checklists handed in, each as one; those of one stage and moment belong together."""
    found: dict[tuple[str, datetime], list[VisitCheck]] = {}
    for check in VisitCheck.objects.filter(order=order).order_by("id"):
        found.setdefault((check.stage, check.at), []).append(check)
    return [
        Ticked(
            stage=VisitStage(stage).label,
            at=at,
            done=[SAYS.get(one.code, one.code) for one in checks if one.done],
            missing=[SAYS.get(one.code, one.code) for one in checks if not one.done],
            why=next((one.why for one in checks if one.why), ""),
        )
        for (stage, at), checks in found.items()
    ]


def photos_by_stage(order: WorkOrder) -> dict[str, list[StoredFile]]:
    """Return the pictures under 报修时, 修前 and 修后; a heading without one is left out."""
    stages = dict(VisitPhoto.objects.filter(order=order).values_list("file", "stage"))
    titles = {"": "报修时、其他", **dict(PhotoStage.choices)}
    found: dict[str, list[StoredFile]] = {title: [] for title in titles.values()}
    for photo in photos_of(order):
        found[titles[stages.get(photo.pk, "")]].append(photo)
    return {title: photos for title, photos in found.items() if photos}


def needed_items(order: WorkOrder, *, at: datetime) -> frozenset[str]:
    """Return the codes of the checklist which the standard in force asks for on this order."""
    asked = {"location_kind": order.location_kind}
    return promises.needed_at(GATES.values(), estate_id=order.estate_id, values=asked, at=at)


def order_once_given(user: User, number: str) -> WorkOrder | None:
    """Return the order if it is, or ever was, given to this technician, wherever it is now; or is in sight anyway."""
    order = WorkOrder.objects.select_related(*RELATED).filter(number=number).first()
    if order is None or not access_of(user).may("repairs.work", order.estate_id):
        return None
    given = Entry.objects.filter(
        thread=order.thread,
        subject_id=order.pk,
        kind=f"{order.journal_name}.dispatched",
        values__doer_id=user.pk,
    )
    return order if given.exists() or visible_to(user).filter(pk=order.pk).exists() else None


def was_taken(key: str, step: str, *, actor: User, of: str = "repairs") -> bool:
    """Tell whether this very sending was carried out before, by this person."""
    try:
        return earlier_result(key, f"{of}.{step}", actor=actor) is not None
    except Refused:
        return False
