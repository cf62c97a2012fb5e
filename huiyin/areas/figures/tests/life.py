"""A made-up life of repairs, laid down as plain rows: any order in any state, at moments that sit on the edges."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from huiyin.areas.cases.models import Case, Category
from huiyin.areas.estate.models import Building, Entrance, Estate, Unit
from huiyin.areas.materials.models import Item, Movement, Place
from huiyin.areas.repairs.models import Accepted, Quote, Terms, Warranty, WorkOrder
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal.models import Entry
from huiyin.standards.models import Commitment
from tests.cast import AT, Cast

HOURS = (0, 1, 5, 23, 24, 25, 71, 72, 73, 7 * 24, 7 * 24 + 1, 14 * 24, 30 * 24, 30 * 24 + 1, 89 * 24, 90 * 24, 91 * 24)
CLASSES = ("water", "water.tap", "electric", "")


@dataclass(frozen=True)
class Promise:
    code: str
    state: str
    due_hours: int
    by_lead: bool = False


@dataclass(frozen=True)
class Repair:
    """One order: `age` hours before `AT` it was registered, `took` hours later it was finished."""

    age: int
    took: int
    status: str
    fault: str = "water"
    unit: int = 0
    urgency: str = "normal"
    second: bool = False
    same_case: bool = False
    reworked: bool = False
    arrivals: int = 1
    uses: tuple[tuple[int, int | None], ...] = ()
    charged: int = 0
    promises: tuple[Promise, ...] = ()


promises = st.builds(
    Promise,
    code=st.sampled_from(["repair.accept", "repair.arrive"]),
    state=st.sampled_from(["open", "paused", "met", "late", "missed", "waived", "replaced"]),
    due_hours=st.sampled_from((-1, *HOURS)),
    by_lead=st.booleans(),
)
repairs = st.builds(
    Repair,
    age=st.sampled_from((*HOURS, 40 * 24, 120 * 24, 200 * 24)),
    took=st.sampled_from(HOURS[:13]),
    status=st.sampled_from(["new", "assigned", "working", "finished", "closed", "closed", "closed", "voided"]),
    fault=st.sampled_from(CLASSES),
    unit=st.sampled_from((0, 0, 1, 2)),
    urgency=st.sampled_from(["normal", "urgent", "emergency"]),
    second=st.booleans(),
    same_case=st.booleans(),
    reworked=st.booleans(),
    arrivals=st.integers(1, 3),
    uses=st.lists(st.tuples(st.integers(1, 999), st.none() | st.integers(0, 99_999)), max_size=2).map(tuple),
    charged=st.sampled_from((0, 1, 12_345)),
    promises=st.lists(promises, max_size=3).map(tuple),
)


class Stage:
    """What rows hang on: two units of building 3 and one of building 4, categories, a store, a signature."""

    def __init__(self, estate: Estate, cast: Cast) -> None:
        self.estate, self.cast = estate, cast
        entrance = Entrance.objects.create(building=Building.objects.create(estate=estate, code="4"), code="1")
        other = Unit.objects.create(estate=estate, entrance=entrance, code="4-1-101", unit_no="101", floor=1)
        self.units = [Unit.objects.get(estate=estate, code="3-2-1501"), other, None]
        self.categories: dict[str, Category | None] = {"": None}
        for code in CLASSES[:3]:
            parent = self.categories.get(code.partition(".")[0]) if "." in code else None
            self.categories[code] = Category.objects.create(kind="repair", code=code, title=f"{code} 类", parent=parent)
        self.entry = Entry.objects.create(
            at=AT, kind="repairs.order.accepted", estate_id=estate.pk, actor=cast.lead, subject_type="x", subject_id=0
        )
        self.store = Place.objects.create(estate=estate, kind="store", name="总库房")
        self.item = Item.objects.create(estate=estate, code="A", name="角阀", unit="个")
        self.signature = StoredFile.objects.create(
            estate_id=estate.pk, subject_type="x", subject_id=0, original_name="签名.png", stored_name="0.png", size=1,
            sha256="0" * 64, content_type="image/png", uploaded_by=cast.lead, uploaded_at=AT,
        )  # fmt: skip

    def live(self, life: list[Repair], *, first: int = 0) -> None:
        """Lay the whole life down, the oldest first."""
        case: Case | None = None
        for number, one in enumerate(sorted(life, key=lambda one: -one.age), start=first):
            case = self._repair(one, number, case if one.same_case else None)

    def more(self, life: list[Repair]) -> None:
        """Lay down some more of it."""
        self.live(life, first=WorkOrder.objects.count())

    def _repair(self, one: Repair, number: int, case: Case | None) -> Case:
        opened = AT - timedelta(hours=one.age)
        finished = opened + timedelta(hours=one.took)
        over = one.status in ("finished", "closed")
        case = case or self._case(one, number, opened)
        technician = None if one.status in ("new", "voided") else self._technician(one)
        order = WorkOrder.objects.create(
            case=case, estate_id=self.estate.pk, number=f"W-{number}", status=one.status, urgency=one.urgency,
            technician=technician, opened_at=opened,
            accepted_at=opened if technician and one.status != "assigned" else None,
            arrived_at=opened + timedelta(minutes=30 if one.took else 0) if over or one.status == "working" else None,
            finished_at=finished if over or one.reworked and one.status == "working" else None,
            closed_at=finished if one.status == "closed" else None,
            acceptance="signature" if one.status == "closed" else "",
            signature=self.signature if one.status == "closed" else None,
        )  # fmt: skip
        for promise in one.promises:
            self._promise(order, promise)
        if order.arrived_at:
            for earlier in range(one.arrivals):
                self._line(order, "arrived", order.arrived_at - timedelta(minutes=earlier))
        if one.reworked:
            self._line(order, "reworked", opened)
        for quantity, price in one.uses:
            self._use(order, Decimal(quantity) / 100, None if price is None else Decimal(price) / 100)
        if order.closed_at:
            self._accepted(order, one, order.closed_at)
        return case

    def _technician(self, one: Repair) -> User:
        return self.cast.second_technician if one.second else self.cast.technician

    def _case(self, one: Repair, number: int, opened: datetime) -> Case:
        return Case.objects.create(
            estate=self.estate, number=f"C-{number}", kind="repair", text="漏水", category=self.categories[one.fault],
            urgency=one.urgency, unit=self.units[one.unit], opened_at=opened, first_contact_owner=self.cast.clerk,
            responsible=self.cast.lead, next_step="看看", next_at=AT,
        )  # fmt: skip

    def _promise(self, order: WorkOrder, one: Promise) -> None:
        due = order.opened_at + timedelta(hours=one.due_hours)
        kept = one.state in ("met", "late")
        Commitment.objects.create(
            estate_id=self.estate.pk, code=one.code, does="做", subject_type="repairs.order", subject_id=order.pk,
            thread=order.thread, opened_at=order.opened_at, opened_by=self.entry, due_at=due, calendar="any",
            state=one.state, owner=self.cast.lead if one.by_lead else order.technician or self.cast.lead,
            met_at=due if kept else None, met_by=self.entry if kept else None,
            ended_at=due if one.state in ("met", "late", "waived", "replaced") else None,
        )  # fmt: skip

    def _line(self, order: WorkOrder, what: str, at: datetime) -> None:
        Entry.objects.create(
            at=at, kind=f"repairs.order.{what}", estate_id=self.estate.pk, actor=self.cast.lead,
            subject_type="repairs.order", subject_id=order.pk, thread=order.thread,
        )  # fmt: skip

    def _use(self, order: WorkOrder, quantity: Decimal, price: Decimal | None) -> None:
        Movement.objects.create(
            estate=self.estate, kind="use", item=self.item, from_place=self.store, quantity=quantity, unit_price=price,
            subject_type="repairs.order", subject_id=order.pk, actor=self.cast.lead, at=AT, entry=self.entry,
        )  # fmt: skip

    def _accepted(self, order: WorkOrder, one: Repair, at: datetime) -> None:
        told: dict[str, Any] = {"charge": "free"}
        if one.charged:
            terms = Terms.objects.create(
                order=order, location_kind="in_unit", part="pipes", outcome="none", charge="paid", decided_at=at,
                decided_by=self.cast.lead,
            )  # fmt: skip
            total = Decimal(one.charged) / 100
            quote = Quote.objects.create(
                order=order,
                version=1,
                terms=terms,
                total=total,
                quoted_at=at,
                quoted_by=self.cast.lead,
                content_hash="0",
            )
            told = {"charge": "paid", "quote": quote, "total": total}
        Accepted.objects.create(
            order=order,
            work_done="修好",
            mode="signature",
            accepted_at=at,
            personal_digest="0",
            content_hash="0",
            **told,
        )
        if order.case.unit and order.case.category:
            Warranty.objects.create(
                estate=self.estate, unit=order.case.unit, kind="own", part="pipes", fault=order.case.category.code,
                from_date=at.date(), to_date=(at + timedelta(days=120)).date(), order=order, recorded_at=at,
                recorded_by=self.cast.lead,
            )  # fmt: skip
