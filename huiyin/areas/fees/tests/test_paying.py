"""Money comes in: one receipt a payment from a series without gaps, the charge settled when it is paid."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.models import Receipt
from huiyin.areas.fees.operations import Payment
from huiyin.areas.fees.tests.factories import EIGHTY, cash, charge_in, charged, everything, fresh, minutes
from huiyin.foundation.guards import installing
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Commitment
from tests.cast import Cast


def test_parts_add_up_and_the_last_settles(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    first = cash(charge, cast.technician, amount="30.10", at=minutes(1))
    assert (fresh(charge).status, fresh(charge).owed) == ("open", Decimal("49.90"))
    second = cash(charge, cast.cashier, at=minutes(2))
    assert (fresh(charge).status, fresh(charge).paid, fresh(charge).owed) == ("settled", EIGHTY, Decimal("0.00"))
    assert [(one.number, one.capitals, one.in_till) for one in (first, second)] == [
        ("YH-SJ26-000001", "叁拾元壹角整", False),
        ("YH-SJ26-000002", "肆拾玖元玖角整", True),
    ]
    kinds = list(Entry.objects.filter(thread="case:1").order_by("id").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("fees.")] == [
        "fees.charge.opened",
        "fees.receipt.issued",
        "fees.receipt.issued",
        "fees.charge.settled",
    ]


@pytest.mark.parametrize(
    ("payment", "amount", "says"),
    [
        (Payment("cash"), "80.01", "还差 80.00 元"),
        (Payment("cash"), "0", "大于 0"),
        (Payment("cash"), "-5", "大于 0"),
        (Payment("cash"), "1.005", "写到分"),
        (Payment("qr"), "80", "由收款通道通知"),
        (Payment("transfer"), "80", "回单号"),
        (Payment("wechat_of_mine"), "80", "由收款通道通知"),
    ],
)
def test_money_that_cannot_be_taken(estate: Estate, cast: Cast, payment: Payment, amount: str, says: str) -> None:
    charge = charged(estate, cast)
    before = everything()
    with pytest.raises(operations.PaymentRefused, match=says):
        operations.take_payment(charge, payment=payment, amount=Decimal(amount), actor=cast.clerk, at=minutes(1))
    assert everything() == before


@pytest.mark.parametrize("status", ["settled", "waived", "withdrawn"])
def test_what_is_over_takes_no_more_money(status: str, estate: Estate, cast: Cast) -> None:
    charge = charge_in(status, estate, cast)
    before = everything()
    with pytest.raises(operations.PaymentRefused, match="没有要收的钱"):
        cash(charge, cast.cashier, amount="1", at=minutes(9))
    assert everything() == before


def test_a_repeated_sending_writes_one_receipt(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    pay = {"payment": Payment("cash"), "amount": Decimal(10), "actor": cast.clerk, "at": minutes(1), "key": "k1"}
    first, again = operations.take_payment(charge, **pay), operations.take_payment(charge, **pay)
    assert first == again and Receipt.objects.count() == 1 and fresh(charge).paid == Decimal("10.00")


def test_who_asks_for_an_invoice_is_given_one(estate: Estate, cast: Cast, at: datetime) -> None:
    """Only national law asks so; the estate follows it besides its manual when it adopts it."""
    charge = charged(estate, cast)
    receipt = operations.take_payment(
        charge, payment=Payment("cash", payer="王丽的先生", invoice_asked=True), actor=cast.cashier, at=at
    )
    assert (receipt.payer, receipt.invoice) == ("王丽的先生", "")
    operations.note_invoice(receipt, invoice=" 0423 ", actor=cast.cashier, at=minutes(9))
    assert Receipt.objects.get().invoice == "0423"
    with pytest.raises(Refused, match="已经登记过"):
        operations.note_invoice(receipt, invoice="0424", actor=cast.cashier, at=minutes(10))


def test_the_series_begins_anew_with_the_year_and_skips_nothing(estate: Estate, cast: Cast, at: datetime) -> None:
    charge = charged(estate, cast)
    cash(charge, cast.cashier, amount="1", at=at)
    with pytest.raises(RuntimeError), transaction.atomic():
        cash(charge, cast.cashier, amount="1", at=at)
        raise RuntimeError("the lights went out")
    charge.refresh_from_db()
    cash(charge, cast.cashier, amount="1", at=at)
    cash(charge, cast.cashier, amount="1", at=at + timedelta(days=40))
    numbers = list(Receipt.objects.order_by("id").values_list("number", flat=True))
    assert numbers == ["YH-SJ26-000001", "YH-SJ26-000002", "YH-SJ27-000001"]


def test_a_receipt_is_never_changed_nor_deleted(estate: Estate, cast: Cast) -> None:
    installing.install()
    receipt = cash(charged(estate, cast), cast.cashier)
    for sql in (
        "UPDATE fees_receipt SET amount = 1",
        "UPDATE fees_receipt SET number = 'X'",
        "DELETE FROM fees_receipt",
    ):
        with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Receipt.objects.get() == receipt


def test_the_promise_to_collect_outlives_the_matter_and_is_kept_by_the_money(
    estate: Estate, cast: Cast, home: Household
) -> None:
    charge = charged(estate, cast, household=home)
    owed = Commitment.objects.get(code="fee.paid_service.pay")
    assert (owed.owner_post, owed.after_closing, owed.thread) == ("front_desk", True, "case:1")
    cash(charge, cast.technician, at=minutes(5))
    owed.refresh_from_db()
    assert owed.state == "met"
    in_hand = Commitment.objects.get(code="fee.cash.handover")
    assert (in_hand.owner, in_hand.subject_type, in_hand.due_at) == (
        cast.technician,
        "fees.receipt",
        minutes(14 * 60),
    )


def test_what_a_cashier_takes_is_owed_to_nobody(estate: Estate, cast: Cast) -> None:
    cash(charged(estate, cast), cast.cashier, amount="20")
    assert not Commitment.objects.filter(code="fee.cash.handover").exists()


def test_a_monthly_charge_waits_for_its_slip(estate: Estate, cast: Cast, home: Household) -> None:
    charge = charged(estate, cast, household=home, settlement="monthly")
    with pytest.raises(operations.PaymentRefused, match="走月结"):
        cash(charge, cast.cashier)
    assert not queries.may_be_taken(charge)
