"""Prices taken in, warranties found, the charge decided: what is laid down, and what a refusal leaves as it was."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from huiyin.areas.cases.models import Category
from huiyin.areas.estate.models import Building, Estate, Unit
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import TariffItem, TariffSheet, Terms, Warranty
from huiyin.areas.repairs.tests.factories import fresh, minutes, order_in, told
from huiyin.areas.repairs.tests.prices import SHEET, closed_paid_order, hand_over, paid_order, post_prices, quoted
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home")


def check(order: Any, cast: Cast, *, at: Any = None, **said: Any) -> Terms:
    usual = {"location_kind": "in_unit", "part": "pipes", "actor": cast.technician, "at": at or minutes(31)}
    return operations.check_terms(order, **{**usual, **said})


def untouched() -> tuple[Any, ...]:
    return (
        list(Terms.objects.values()),
        list(TariffItem.objects.values()),
        list(Warranty.objects.values()),
        Entry.objects.count(),
    )


def with_fault(estate: Estate, code: str) -> dict[str, Any]:
    category, _ = Category.objects.get_or_create(kind="repair", code=code, defaults={"title": code})
    return {"category": category}


class TestPrices:
    def test_a_sheet_is_taken_in_whole_and_again_without_a_change(self, estate: Estate, cast: Cast) -> None:
        assert post_prices(estate, cast) == 6
        assert post_prices(estate, cast) == 0
        assert TariffItem.objects.count() == 6
        assert {one.code for one in queries.items_in_force(estate.pk, day=AT.date())} == {"W01", "W02", "E01", "M01"}

    def test_one_wrong_row_and_nothing_is_taken_in(self, estate: Estate, cast: Cast) -> None:
        text = SHEET + "Z01,没有公示的,其他,次,10,2026-05-01,,\n"
        sheet = operations.hand_in_prices(estate, ContentFile(text.encode(), "x.csv"), actor=cast.supervisor, at=AT)
        before = untouched()
        with pytest.raises(operations.PricesWrong, match="第 8 行「公示日期」"):
            operations.take_in_prices(sheet, actor=cast.supervisor, at=AT)
        assert untouched() == before
        assert TariffSheet.objects.get().taken_at is None

    def test_a_new_price_takes_over_on_its_day_and_the_old_one_stands(self, estate: Estate, cast: Cast) -> None:
        post_prices(estate, cast)
        head = SHEET.splitlines()[0]
        post_prices(estate, cast, f"{head}\nW01,疏通下水,水,次,90,2026-12-01,,2026-11-20\n")
        prices = {
            day: next(one.price for one in queries.items_in_force(estate.pk, day=day) if one.code == "W01")
            for day in (date(2026, 11, 30), date(2026, 12, 1))
        }
        assert prices == {date(2026, 11, 30): Decimal("80.00"), date(2026, 12, 1): Decimal("90.00")}

    def test_an_item_that_has_run_out_is_not_in_force_though_an_older_one_was(self, estate: Estate, cast: Cast) -> None:
        head = SHEET.splitlines()[0]
        rows = "W01,疏通,水,次,80,2026-05-01,,2026-04-20\nW01,疏通,水,次,90,2026-06-01,2026-07-01,2026-05-20\n"
        post_prices(estate, cast, f"{head}\n{rows}")
        assert queries.items_in_force(estate.pk, day=date(2026, 7, 1))
        assert queries.items_in_force(estate.pk, day=date(2026, 7, 2)) == []

    def test_the_database_keeps_posted_prices_as_they_are(self, estate: Estate, cast: Cast) -> None:
        post_prices(estate, cast)
        with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
            TariffItem.objects.filter(code="W01").update(price=1)

    def test_a_file_that_is_no_table(self, estate: Estate, cast: Cast) -> None:
        sheet = operations.hand_in_prices(estate, ContentFile(b"a,b\n1,2\n", "x.csv"), actor=cast.supervisor, at=AT)
        with pytest.raises(Exception, match="没有找到这几列"):
            operations.take_in_prices(sheet, actor=cast.supervisor, at=AT)


class TestWarranties:
    def test_handing_over_a_building_opens_the_parts_of_the_table(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast, date(2024, 5, 20))
        assert dict(Warranty.objects.values_list("part", "to_date")) == {
            "waterproofing": date(2029, 5, 20),
            "heating": date(2026, 3, 15),
            "cooling": date(2025, 9, 30),
            "pipes": date(2026, 5, 20),
            "electric": date(2026, 5, 20),
            "equipment": date(2026, 5, 20),
            "decoration": date(2026, 5, 20),
            "structure": date(2074, 5, 20),
        }

    def test_a_corrected_day_counts_and_the_first_stays(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast, date(2025, 6, 1))
        hand_over(estate, cast, date(2015, 6, 1))
        assert check(order_in("working", estate, cast), cast).outcome == "none"
        assert Warranty.objects.filter(part="pipes").count() == 2

    def test_a_unit_of_its_own_comes_before_its_building(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast)
        unit = Unit.objects.get(estate=estate, code="3-2-1501")
        operations.record_handover(estate, unit=unit, handed_over=date(2025, 6, 1), actor=cast.supervisor, at=AT)
        terms = check(order_in("working", estate, cast), cast)
        assert (terms.outcome, terms.charge, terms.warranty.to_date) == ("builder", "free", date(2027, 6, 1))

    @pytest.mark.parametrize(
        "wrong",
        [{"handed_over": date(2026, 11, 26)}, {"building": None}],
    )
    def test_refused_and_nothing_changed(self, wrong: dict[str, Any], estate: Estate, cast: Cast) -> None:
        before = untouched()
        said = {"building": Building.objects.get(estate=estate), "handed_over": date(2026, 1, 1), **wrong}
        with pytest.raises(operations.OrderIncomplete):
            operations.record_handover(estate, **said, actor=cast.supervisor, at=AT)
        assert untouched() == before

    def test_the_last_day_of_the_builder_is_still_free(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast, date(2024, 11, 25))
        order = order_in("working", estate, cast)
        assert check(order, cast).outcome == "builder"
        assert check(order, cast, at=minutes(24 * 60)).outcome == "none"


class TestTheSecondRepair:
    def test_closing_opens_our_own_warranty_of_the_fault(self, estate: Estate, cast: Cast) -> None:
        order = order_in("closed", estate, cast, **with_fault(estate, "leak"))
        own = Warranty.objects.get(kind="own")
        assert (own.order_id, own.unit_id, own.fault) == (order.pk, order.case.unit_id, "leak")
        assert (own.from_date, own.to_date) == (localdate(order.closed_at), date(2027, 11, 25))

    def test_within_it_the_same_fault_is_found_and_is_free(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast)
        first = order_in("closed", estate, cast, **with_fault(estate, "drain"))
        second = order_in("working", estate, cast, at=minutes(60 * 24 * 29), **with_fault(estate, "drain"))
        terms = check(second, cast, at=minutes(60 * 24 * 29 + 40))
        assert (terms.outcome, terms.charge, terms.warranty.order_id) == ("own", "free", first.pk)
        assert first.number in terms.reason

    def test_after_its_last_day_it_is_not(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast)
        order_in("closed", estate, cast, **with_fault(estate, "drain"))
        second = order_in("working", estate, cast, at=minutes(60 * 24 * 31), **with_fault(estate, "drain"))
        assert check(second, cast, at=minutes(60 * 24 * 31 + 40)).outcome == "none"

    def test_another_fault_in_the_unit_is_not_covered(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast)
        order_in("closed", estate, cast, **with_fault(estate, "leak"))
        second = order_in("working", estate, cast, at=minutes(600), **with_fault(estate, "electric"))
        assert check(second, cast, part="electric", at=minutes(640)).outcome == "none"

    def test_paid_all_the_same_takes_the_right_and_the_reason(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast)
        order_in("closed", estate, cast, **with_fault(estate, "leak"))
        second = order_in("working", estate, cast, at=minutes(600), **with_fault(estate, "leak"))
        check(second, cast, at=minutes(640))
        at = minutes(641)
        before = untouched()
        for actor, reason, over in (
            (cast.technician, "", False),
            (cast.technician, "自己弄坏的", True),
            (cast.clerk, "自己弄坏的", True),
            (cast.supervisor, "  ", True),
            (cast.supervisor, "自己弄坏的", False),
        ):
            with pytest.raises(operations.ChargeRefused):
                operations.decide_charge(second, charge="paid", reason=reason, over=over, actor=actor, at=at)
        assert untouched() == before
        terms = operations.decide_charge(
            second, charge="paid", reason="住户自己弄坏的", over=True, actor=cast.supervisor, at=at
        )
        assert (terms.charge, terms.over, terms.outcome) == ("paid", True, "own")
        entry = Entry.objects.get(kind="repairs.order.terms_set", values__over=True)
        assert (entry.note, entry.actor) == ("住户自己弄坏的", cast.supervisor)

    def test_no_fault_no_part_no_warranty(self, estate: Estate, cast: Cast) -> None:
        order_in("closed", estate, cast, category=None, text="说不清")
        assert not Warranty.objects.exists()


class TestTheCharge:
    def test_is_not_decided_before_the_check(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        for charge in ("free", "paid"):
            with pytest.raises(operations.ChargeRefused, match="先查清"):
                operations.decide_charge(order, charge=charge, actor=cast.technician, at=minutes(31))
        assert not Terms.objects.exists()

    def test_paid_waits_for_a_day_of_handing_over_or_somebody_who_looked(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        assert (check(order, cast).outcome, check(order, cast).charge) == ("unknown", "")
        with pytest.raises(operations.ChargeRefused, match="没有交付日期"):
            operations.decide_charge(order, charge="paid", actor=cast.technician, at=minutes(32))
        check(order, cast, basis="看了住户的交房单,2012 年交付", at=minutes(33))
        assert operations.decide_charge(order, charge="paid", actor=cast.technician, at=minutes(34)).is_paid

    def test_a_common_part_is_never_charged(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        assert check(order, cast, location_kind="common_part").charge == "free"
        with pytest.raises(operations.ChargeRefused, match="公共部位"):
            operations.decide_charge(
                order, charge="paid", over=True, reason="收", actor=cast.supervisor, at=minutes(32)
            )

    def test_a_survey_comes_first_where_it_was_asked_for(self, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast)
        order = order_in("accepted", estate, cast)
        check(order, cast, survey=True, at=minutes(21))
        with pytest.raises(operations.ChargeRefused, match="查勘"):
            operations.decide_charge(order, charge="paid", actor=cast.technician, at=minutes(22))
        operations.arrive(order, actor=cast.technician, at=minutes(30))
        assert operations.decide_charge(order, charge="paid", actor=cast.technician, at=minutes(31)).is_paid

    @pytest.mark.parametrize("status", ["finished", "closed", "voided"])
    def test_is_over_when_the_work_is(self, status: str, estate: Estate, cast: Cast) -> None:
        order = order_in(status, estate, cast)
        for act in (
            lambda: check(order, cast, at=minutes(60)),
            lambda: operations.decide_charge(order, charge="free", actor=cast.technician, at=minutes(60)),
        ):
            with pytest.raises(operations.ChargeRefused):
                act()
        assert not Terms.objects.exists()

    @pytest.mark.parametrize("status", ["new", "assigned", "accepted", "working", "on_hold"])
    def test_is_decided_at_any_time_before(self, status: str, estate: Estate, cast: Cast) -> None:
        hand_over(estate, cast)
        order = order_in(status, estate, cast)
        check(order, cast, supplied="九牧花洒 3632 一套", at=minutes(35))
        terms = operations.decide_charge(order, charge="paid", reason="已过保", actor=cast.lead, at=minutes(36))
        assert (terms.supplied, terms.charge) == ("九牧花洒 3632 一套", "paid")
        assert Terms.objects.count() == 2

    def test_facts_carry_it(self, estate: Estate, cast: Cast) -> None:
        paid, free = closed_paid_order(estate, cast), order_in("closed", estate, cast)
        charges = {
            entry.subject_id: entry.values["charge"] for entry in Entry.objects.filter(kind="repairs.order.closed")
        }
        assert charges == {paid.pk: "paid", free.pk: "free"}

    def test_sent_twice_is_decided_once(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        for _ in range(2):
            check(order, cast, key="k1")
        assert Terms.objects.count() == 1

    def test_rows_of_terms_stay_as_they_were(self, estate: Estate, cast: Cast) -> None:
        check(order_in("working", estate, cast), cast)
        with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
            Terms.objects.update(charge="free")

    def test_a_new_decision_asks_for_a_new_quote(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        check(order, cast, at=minutes(33))
        operations.decide_charge(order, charge="paid", actor=cast.technician, at=minutes(34))
        assert queries.money_of(order).waits_for == "quote"


def test_registering_asks_nothing_of_the_terms(estate: Estate, cast: Cast) -> None:
    """The charge of a fact costs one small statement in later steps, none when the order is opened."""
    with CaptureQueriesContext(connection) as caught:
        told(estate, cast)
    assert not [one["sql"] for one in caught if "repairs_terms" in one["sql"]]


def test_reading_what_orders_cost_takes_the_same_statements_for_one_and_three(
    estate: Estate, cast: Cast, django_assert_num_queries: Any
) -> None:
    orders = [fresh(closed_paid_order(estate, cast))]
    orders += [fresh(order_in("working", estate, cast)) for _ in range(2)]
    for few in (orders[:1], orders):
        with django_assert_num_queries(4):
            queries.money_of_each(few)


def test_nothing_charged_costs_one(estate: Estate, cast: Cast, django_assert_num_queries: Any) -> None:
    order = order_in("working", estate, cast)
    with django_assert_num_queries(1):
        assert queries.money_of(order).waits_for == "terms"


def test_the_days_of_our_own_warranty_count_from_acceptance(estate: Estate, cast: Cast) -> None:
    order = order_in("finished", estate, cast, **with_fault(estate, "drain"))
    written = minutes(45)
    operations.accept_by_paper(
        order, paper_slip="A1", signer="王丽", written_at=written, actor=cast.clerk, at=written + timedelta(days=5)
    )
    assert Warranty.objects.get().from_date == localdate(written)
