"""A code paid once makes one receipt, however late or often it is told; what is not owed makes none and is not lost."""

from decimal import Decimal

import pytest
from django.conf import LazySettings

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import gateways, operations, queries
from huiyin.areas.fees.gateways import Notice, NoticeRefused, fake
from huiyin.areas.fees.models import PaymentIntent, Receipt
from huiyin.areas.fees.operations import PaymentRefused, UnknownReference
from huiyin.areas.fees.tests.factories import EIGHTY, cash, charge_in, charged, everything, fresh, minutes
from huiyin.foundation.states.moves import NoteNeeded
from tests.cast import Cast


def tell(intent: PaymentIntent, cast: Cast, *, transaction: str = "T1", amount: str = "80") -> PaymentIntent:
    notice = Notice(intent.reference, transaction, Decimal(amount))
    return operations.take_notice("fake", notice, actor=cast.system, at=minutes(30))


def test_the_notice_makes_the_receipt_once(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    intent = operations.make_code(charge, actor=cast.technician, at=minutes(1))
    assert operations.make_code(charge, actor=cast.technician, at=minutes(2)) == intent
    assert (intent.reference, intent.amount, "rehearsal" in intent.payload) == ("YH-SF261125-001-1", EIGHTY, True)
    assert tell(intent, cast).status == "paid"
    assert tell(intent, cast) == intent
    receipt = Receipt.objects.get()
    assert (receipt.mode, receipt.intent, receipt.cashier, receipt.reference) == ("qr", intent, cast.technician, "T1")
    assert fresh(charge).status == "settled"


def test_a_late_notice_is_taken_while_the_money_is_owed(estate: Estate, cast: Cast) -> None:
    intent = operations.make_code(charged(estate, cast), actor=cast.technician, at=minutes(1))
    operations.cancel_code(intent, actor=cast.technician, at=minutes(2))
    assert (tell(intent, cast).status, Receipt.objects.count()) == ("paid", 1)


def test_money_that_is_not_owed_any_more_waits_to_be_given_back(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    intent = operations.make_code(charge, actor=cast.technician, at=minutes(1))
    cash(charge, cast.technician, at=minutes(2))
    assert PaymentIntent.objects.get().status == "lapsed"
    assert (tell(intent, cast).status, Receipt.objects.count()) == ("surplus", 1)
    (waiting,) = queries.surplus(cast.cashier, estate.pk)
    with pytest.raises(NoteNeeded):
        operations.pay_back(waiting, reason="", actor=cast.cashier, at=minutes(40))
    operations.pay_back(waiting, reason="原路退回", actor=cast.cashier, at=minutes(40))
    assert queries.surplus(cast.cashier, estate.pk) == []


def test_the_same_code_paid_twice_and_a_wrong_amount(estate: Estate, cast: Cast) -> None:
    intent = operations.make_code(charged(estate, cast), actor=cast.technician, at=minutes(1))
    tell(intent, cast)
    second = tell(intent, cast, transaction="T2")
    assert (second.status, second.reference, second.received) == ("surplus", "YH-SF261125-001-2", EIGHTY)
    assert tell(intent, cast, transaction="T2") == second
    other = operations.make_code(charged(estate, cast, subject=2), actor=cast.technician, at=minutes(1))
    wrong = tell(other, cast, transaction="T3", amount="79.99")
    assert (wrong.status, wrong.received, Receipt.objects.count()) == ("surplus", Decimal("79.99"), 1)


def test_a_new_code_lets_the_other_lapse(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    first = operations.make_code(charge, actor=cast.technician, at=minutes(1))
    second = operations.make_code(charge, amount=Decimal(30), actor=cast.technician, at=minutes(2))
    first.refresh_from_db()
    assert (first.status, second.status, second.reference) == ("lapsed", "pending", "YH-SF261125-001-2")
    with pytest.raises(operations.ChargeUnderWay, match="收款码"):
        operations.drop_charge(charge, reason="不收了", actor=cast.cashier, at=minutes(3))


@pytest.mark.parametrize("status", ["settled", "waived", "withdrawn"])
def test_no_code_for_what_is_over(status: str, estate: Estate, cast: Cast) -> None:
    charge = charge_in(status, estate, cast)
    before = everything()
    with pytest.raises(PaymentRefused, match="没有要收的钱"):
        operations.make_code(charge, actor=cast.cashier, at=minutes(9))
    with pytest.raises(UnknownReference):
        operations.take_notice("fake", Notice("X-1", "T", EIGHTY), actor=cast.system, at=minutes(9))
    assert everything() == before


def test_codes_can_be_switched_off(estate: Estate, cast: Cast, settings: LazySettings) -> None:
    charge = charged(estate, cast)
    settings.PAYMENT_GATEWAY = "none"
    assert gateways.named("fake") is None
    with pytest.raises(PaymentRefused, match="没有开通"):
        operations.make_code(charge, actor=cast.cashier, at=minutes(1))


def test_a_notice_is_believed_with_its_signature_only(settings: LazySettings) -> None:
    gateway = gateways.chosen()
    assert gateway is not None
    body, headers = fake.paid("R-1", Decimal("12.30"))
    assert gateway.read_notice(body, headers) == Notice("R-1", "演示-R-1", Decimal("12.30"))
    for wrong_body, wrong in ((body, {}), (body + b" ", headers), (body, {"X-Huiyin-Signature": "é" * 64})):
        with pytest.raises(NoticeRefused, match="签名"):
            gateway.read_notice(wrong_body, wrong)
    for said in (
        b"[]",
        b"{}",
        b"\xff",
        b'{"reference":"R","transaction":"","amount":"1"}',
        b'{"reference":"R","transaction":"T","amount":"NaN"}',
    ):
        with pytest.raises(NoticeRefused):
            gateway.read_notice(said, {"X-Huiyin-Signature": gateways.signature_of(said)})
    settings.PAYMENT_GATEWAY, settings.PAYMENT_PAGE = "signed", "https://pay.example.com/p?m=1"
    settings.PAYMENT_SECRET = "s" * 32
    chosen = gateways.chosen()
    assert chosen is not None and gateways.named("fake") is None
    assert chosen.payload("R-1", Decimal("12.30"), "维修费").startswith(
        "https://pay.example.com/p?m=1&reference=R-1&amount=12.30&"
    )
    with pytest.raises(NoticeRefused, match="签名"):
        chosen.read_notice(body, headers)
