"""Whatever is pressed in whatever order: no balance is negative, every balance is the sum of what moved, nothing is lost."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations, queries
from huiyin.areas.materials.invariants import INVARIANTS
from huiyin.areas.materials.models import Holding, Item, Movement, Requisition, RequisitionLine
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.operations.counting import Counted
from huiyin.areas.materials.rules import Band, Subject, Want, band_for, bands_wrong, difference, still_open, suggested
from huiyin.foundation.refusals import Refused
from tests.cast import AT, Cast

quantities = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(8), places=2)
acts = st.tuples(
    st.sampled_from(
        (
            "receive",
            "ask",
            "ask_for_bag",
            "issue",
            "account",
            "use",
            "put_back",
            "hand_out",
            "transfer",
            "drop",
            "count",
        )
    ),
    quantities,
    quantities,
    st.integers(0, 3),
)


class Shop:
    """Two stores, two items, two technicians; each act is tried and may be refused."""

    def __init__(self, estate: Estate, cast: Cast) -> None:
        self.estate, self.keeper = estate, cast.director
        self.people = [cast.technician, cast.second_technician]
        told: dict[str, Any] = {"actor": self.keeper, "at": AT}
        self.stores = [operations.open_store(estate, name=name, **told) for name in ("甲库", "乙库")]
        self.items = [
            operations.set_up_item(estate, code=code, name=f"材料{code}", unit="个", **told) for code in ("A", "B")
        ]
        for item in self.items:
            operations.receive(item, self.stores[0], Decimal(10), **told)

    def act(self, name: str, one: Decimal, other: Decimal, which: int) -> None:
        item, store, person = self.items[which % 2], self.stores[which // 2], self.people[which % 2]
        told: dict[str, Any] = {"actor": self.keeper, "at": AT}
        subject = Subject("repairs.order", which, f"单{which}", f"case:{which}")
        match name:
            case "receive":
                operations.receive(item, store, one, **told)
            case "ask" | "ask_for_bag":
                wants = [Want(self.items[0].pk, one), Want(self.items[1].pk, other)]
                about = subject if name == "ask" else None
                operations.ask(self.estate, technician=person, store=store, wants=wants, subject=about, **told)
            case "issue":
                slip = self._slip("asked", which)
                operations.issue(slip, {line.pk: min(one, line.asked) for line in slip.lines.all()}, **told)
            case "account":
                slip = self._slip("issued", which)
                said = {line.pk: Accounted(min(one, line.open), other) for line in slip.lines.all()}
                operations.account(slip, said, actor=slip.technician, at=AT)
            case "use":
                operations.use_from_bag(item, one, subject=subject, actor=person, at=AT)
            case "put_back":
                operations.put_back(item, one, store=store, actor=person, at=AT)
            case "hand_out":
                operations.hand_out(item, store, one, taker="保洁", **told)
            case "transfer":
                operations.transfer(item, one, origin=store, to=self.stores[1 - which // 2], **told)
            case "drop":
                operations.drop_asked_of("repairs.order", which, reason="不要了", **told)
            case "count":
                found = operations.begin_count(store, **told)
                lines = {line.pk: Counted(other, "数的") for line in queries.count_lines(found)}
                operations.post_count(found, lines, **told)

    def _slip(self, status: str, which: int) -> Requisition:
        found = list(Requisition.objects.filter(status=status).select_related("store", "technician").order_by("id"))
        if not found:
            raise Refused("没有这样的单")
        return found[which % len(found)]


def sums() -> Counter[tuple[int, int]]:
    total: Counter[tuple[int, int]] = Counter()
    for moved in Movement.objects.all():
        if moved.to_place_id:
            total[moved.item_id, moved.to_place_id] += moved.quantity  # type: ignore[assignment]  # a count of hundredths
        if moved.from_place_id:
            total[moved.item_id, moved.from_place_id] -= moved.quantity  # type: ignore[assignment]  # as above
    return total


class _Undone(Exception):
    """Ends an example, so that the next begins with an empty house."""


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tried=st.lists(acts, min_size=5, max_size=16))
def test_no_order_of_acts_breaks_the_sum(
    tried: Sequence[tuple[str, Decimal, Decimal, int]], estate: Estate, cast: Cast
) -> None:
    with pytest.raises(_Undone), transaction.atomic():
        shop = Shop(estate, cast)
        for act in tried:
            before = Movement.objects.count(), dict(Holding.objects.values_list("pk", "quantity"))
            try:
                with transaction.atomic():
                    shop.act(*act)
            except Refused:
                assert before == (Movement.objects.count(), dict(Holding.objects.values_list("pk", "quantity")))
        held = {(one.item_id, one.place_id): one.quantity for one in Holding.objects.all()}
        assert all(quantity >= 0 for quantity in held.values())
        assert {key: value for key, value in held.items() if value} == {
            key: value for key, value in sums().items() if value
        }
        for line in RequisitionLine.objects.all():
            assert still_open(issued=line.issued, used=line.used, returned=line.returned) >= 0
        assert {one.code: found for one in INVARIANTS if (found := list(one.broken(AT)))} == {}
        raise _Undone


@given(
    starts=st.lists(quantities, min_size=0, max_size=4, unique=True),
    quantity=st.decimals(min_value=0, max_value=20, places=2),
)
def test_every_quantity_has_the_price_of_its_band(starts: list[Decimal], quantity: Decimal) -> None:
    bands = [Band(start, Decimal(1), Decimal(1)) for start in (Decimal(0), *sorted(starts))]
    assert bands_wrong(bands) == ""
    found = band_for(bands, quantity)
    assert found is not None and found.from_quantity <= quantity
    assert not [band for band in bands if found.from_quantity < band.from_quantity <= quantity]


@given(stock=quantities, least=quantities, up_to=st.none() | quantities)
def test_what_is_bought_brings_the_stock_to_the_least(stock: Decimal, least: Decimal, up_to: Decimal | None) -> None:
    wanted = None if up_to is None else max(up_to, least)
    bought = suggested(stock=stock, least=least, up_to=wanted)
    assert bought == 0 if stock >= least else stock + bought >= least


@given(expected=st.decimals(0, 50, places=2), counted=st.decimals(0, 50, places=2))
def test_a_difference_makes_the_books_say_what_was_counted(expected: Decimal, counted: Decimal) -> None:
    kind, apart = difference(expected=expected, counted=counted)
    signed = {"surplus": apart, "shortage": -apart, "": Decimal(0)}[kind]
    assert expected + signed == counted and apart >= 0


def test_quantities_are_exact(estate: Estate, cast: Cast) -> None:
    """A tenth and two tenths less three tenths leave nothing."""
    told: dict[str, Any] = {"actor": cast.director, "at": AT}
    store = operations.open_store(estate, name="甲库", **told)
    item: Item = operations.set_up_item(estate, code="A", name="电线", unit="米", **told)
    for quantity in ("0.1", "0.2"):
        operations.receive(item, store, Decimal(quantity), **told)
    operations.hand_out(item, store, Decimal("0.3"), taker="老周", **told)
    assert Holding.objects.get(item=item).quantity == Decimal(0)
