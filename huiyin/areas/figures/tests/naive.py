"""The figures counted anew, slowly and by loops over plain rows: what the set queries must agree with."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from huiyin.areas.materials.models import Movement
from huiyin.areas.repairs.models import Accepted, Warranty, WorkOrder
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Commitment

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORST = ("missed", "late", "paused", "open", "met", "waived")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Naive:
    """All rows of the life, read once, and the days it is asked about. `orders` are those within the scope."""

    first: datetime
    after: datetime
    at: datetime
    orders: tuple[WorkOrder, ...]
    every: tuple[WorkOrder, ...]
    promises: tuple[Commitment, ...]
    lines: tuple[Entry, ...]
    movements: tuple[Movement, ...]
    warranties: tuple[Warranty, ...]
    charges: dict[int, Decimal]

    @classmethod
    def of(cls, first: datetime, after: datetime, at: datetime, keep: Callable[[WorkOrder], bool]) -> "Naive":
        every = tuple(
            WorkOrder.objects.select_related("case__category", "case__unit__entrance__building", "technician")
        )
        return cls(
            first,
            after,
            at,
            tuple(order for order in every if keep(order)),
            every,
            tuple(Commitment.objects.filter(subject_type="repairs.order")),
            tuple(Entry.objects.filter(subject_type="repairs.order")),
            tuple(Movement.objects.filter(kind="use")),
            tuple(Warranty.objects.filter(kind="own").select_related("order__case__category")),
            dict(Accepted.objects.values_list("order", "total")),
        )

    def inside(self, moment: datetime | None) -> bool:
        return moment is not None and self.first <= moment < self.after

    def uses(self, order: WorkOrder) -> list[Movement]:
        return [use for use in self.movements if use.subject_id == order.pk]

    def worst(self, order: WorkOrder, wanted: Callable[[Commitment], bool]) -> str:
        said = set()
        for one in (one for one in self.promises if one.subject_id == order.pk):
            due_day = one.due_at - timedelta(microseconds=1)
            if one.state == "replaced" or not self.inside(due_day) or not wanted(one):
                continue
            said.add("missed" if one.state == "open" and one.due_at < self.at else one.state)
        return next((how for how in WORST if how in said), "")

    def steps(self) -> dict[tuple[str, str], Counter[str]]:
        counts: dict[tuple[str, str], Counter[str]] = {}
        for order in self.orders:
            for code in ("repair.accept", "repair.arrive"):
                if how := self.worst(order, lambda one, code=code: one.code == code):
                    counts.setdefault((order.urgency, code), Counter()).update([how, "due"])
        return counts

    def cohort(self, first: datetime, after: datetime) -> Counter[str]:
        counts: Counter[str] = Counter()
        for order in self.orders:
            if not first <= order.opened_at < after:
                continue
            if order.status == "voided":
                counts["voided"] += 1
                continue
            counts["kept"] += 1
            if order.status not in ("finished", "closed"):
                counts["open"] += 1
                continue
            assert order.finished_at
            took = order.finished_at - order.opened_at
            for days in (1, 3, 7, 14, 30):
                counts[str(days)] += took <= days * DAY
            counts["later"] += took > 30 * DAY
        return counts

    def before(self, order: WorkOrder) -> Iterable[datetime]:
        """Yield when what the order repeats was accepted."""
        for other in self.every:
            if other.status != "closed":
                continue
            assert other.closed_at
            if other.pk != order.pk and other.closed_at <= order.opened_at and same(order, other):
                yield other.closed_at

    def again(self, order: WorkOrder) -> str:
        since = [order.opened_at - moment for moment in self.before(order)]
        if any(one <= 30 * DAY for one in since):
            return "short"
        if any(one <= 90 * DAY for one in since):
            return "long"
        day = order.opened_at.astimezone(SHANGHAI).date()
        for one in self.warranties:
            assert one.order and one.order.closed_at
            covers = one.from_date <= day <= one.to_date and one.order.closed_at <= order.opened_at
            if covers and one.unit_id == order.case.unit_id and fault(one.order) == fault(order) != "":
                return "warranty"
        return "new"

    def reworks(self) -> dict[str, Counter[str]]:
        counts: dict[str, Counter[str]] = {}
        for order in self.orders:
            if self.inside(order.opened_at) and order.status != "voided":
                how = self.again(order)
                told = ["all", how, *(["again"] if how != "new" else [])]
                counts.setdefault(fault(order), Counter()).update(told)
        return counts

    def fix(self, order: WorkOrder) -> str:
        assert order.closed_at and order.arrived_at
        wrong = "fixed"
        lines = [line for line in self.lines if line.subject_id == order.pk]
        if any(line.kind.endswith(".arrived") and line.at < order.arrived_at for line in lines):
            wrong = "visited"
        if any(line.kind.endswith(".reworked") for line in lines):
            wrong = "rejected"
        for other in self.every:
            if other.status == "voided":
                continue
            passed = other.opened_at - order.closed_at
            if other.pk != order.pk and timedelta(0) <= passed <= 30 * DAY and same(order, other):
                wrong = "back"
        if order.closed_at > self.at - 30 * DAY:
            return "quiet" if wrong == "fixed" else "known"
        return wrong

    def fixes(self) -> dict[str, Counter[str]]:
        counts: dict[str, Counter[str]] = {}
        for order in self.orders:
            if order.status == "closed" and self.inside(order.closed_at):
                how = self.fix(order)
                told = ["all", how, *(["judged"] if how not in ("quiet", "known") else [])]
                counts.setdefault(fault(order), Counter()).update(told)
        return counts

    def costs(self) -> dict[str, Counter[str]]:
        """Count by class; worth and charge in yuan."""
        counts: dict[str, Counter[str]] = {}
        for order in self.orders:
            if order.status != "closed" or not self.inside(order.closed_at):
                continue
            one = counts.setdefault(fault(order), Counter())
            uses, charge = self.uses(order), self.charges[order.pk]
            assert order.arrived_at and order.finished_at
            one["orders"] += 1
            one["material"] += bool(uses)
            one["unpriced"] += any(use.unit_price is None for use in uses)
            one["charged"] += charge > 0
            one["charge"] += charge  # type: ignore[assignment]  # yuan among counts
            one["worth"] += worth(uses)  # type: ignore[assignment]  # yuan among counts
            one["timed"] += 1
            one["hours"] += int((order.finished_at - order.arrived_at).total_seconds())
        return counts

    def load(self, technician_id: int) -> Counter[str]:
        counts: Counter[str] = Counter()
        for order in self.orders:
            if order.technician_id != technician_id:
                continue
            counts["taken"] += self.inside(order.accepted_at)
            counts["in_hand"] += order.status not in ("closed", "voided")
            if order.status in ("finished", "closed") and self.inside(order.finished_at):
                counts["finished"] += 1
                counts["worth"] += worth(self.uses(order))  # type: ignore[assignment]  # yuan among counts
            how = self.worst(order, lambda one: one.owner_id == technician_id)
            counts["met"] += how == "met"
            counts["failed"] += how in ("late", "missed")
        return counts


def worth(uses: Iterable[Movement]) -> Decimal:
    return sum((use.quantity * use.unit_price for use in uses if use.unit_price is not None), Decimal(0))


def fault(order: WorkOrder) -> str:
    return order.case.category.code.split(".")[0] if order.case.category else ""


def same(one: WorkOrder, other: WorkOrder) -> bool:
    """Tell whether two orders are about the same: one matter, or one class of fault in one home."""
    if one.case_id == other.case_id:
        return True
    return one.case.unit_id is not None and one.case.unit_id == other.case.unit_id and fault(one) == fault(other) != ""
