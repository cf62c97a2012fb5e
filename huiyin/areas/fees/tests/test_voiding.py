"""A void keeps its number and reason; after the money has moved on it takes a receipt in red, which two people decide."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import operations
from huiyin.areas.fees.models import Receipt, Waiver
from huiyin.areas.fees.operations import ReceiptStands, WaiverRefused
from huiyin.areas.fees.tests.factories import EIGHTY, cash, charge_in, charged, everything, fresh, minutes
from huiyin.foundation.states.moves import MovedMeanwhile, NoteNeeded
from huiyin.standards.models import Commitment
from tests.cast import Cast


def test_a_void_keeps_the_number_and_opens_the_charge_again(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    receipt = cash(charge, cast.technician, at=minutes(1))
    with pytest.raises(NoteNeeded):
        operations.void_receipt(receipt, reason=" ", actor=cast.cashier, at=minutes(2))
    operations.void_receipt(receipt, reason="金额写错", actor=cast.cashier, at=minutes(2))
    kept = Receipt.objects.get()
    assert (kept.number, kept.status, kept.void_reason, kept.voided_by) == (
        "YH-SJ26-000001",
        "voided",
        "金额写错",
        cast.cashier,
    )
    assert (fresh(charge).status, fresh(charge).owed) == ("open", EIGHTY)
    assert Commitment.objects.get(code="fee.cash.handover").state == "met"
    assert Commitment.objects.filter(code="fee.paid_service.again", ended_at=None).count() == 1
    assert cash(charge, cast.technician, at=minutes(3)).number == "YH-SJ26-000002"
    with pytest.raises(MovedMeanwhile):
        operations.void_receipt(kept, reason="再来", actor=cast.cashier, at=minutes(4))


def test_at_the_till_a_void_is_possible_on_the_same_day_only(estate: Estate, cast: Cast) -> None:
    first, second = (cash(charged(estate, cast, subject=n), cast.cashier) for n in (1, 2))
    operations.void_receipt(first, reason="按错了", actor=cast.cashier, at=minutes(60))
    before = everything()
    with pytest.raises(ReceiptStands, match="红字"):
        operations.void_receipt(second, reason="按错了", actor=cast.cashier, at=minutes(24 * 60))
    assert everything() == before


def test_after_the_handover_money_is_given_back_by_two(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    receipt = cash(charge, cast.technician, at=minutes(1))
    with pytest.raises(WaiverRefused, match="先交接"):
        operations.ask_refund(receipt, reason="多收了", actor=cast.cashier, at=minutes(2))
    handover = operations.hand_over(estate.pk, actor=cast.technician, at=minutes(3))
    receipt.refresh_from_db()
    with pytest.raises(ReceiptStands, match="退回交接单"):
        operations.void_receipt(receipt, reason="多收了", actor=cast.cashier, at=minutes(4))
    operations.receive_cash(handover, counted=EIGHTY, actor=cast.cashier, at=minutes(5))
    receipt.refresh_from_db()
    with pytest.raises(ReceiptStands, match="红字"):
        operations.void_receipt(receipt, reason="多收了", actor=cast.cashier, at=minutes(6))
    with pytest.raises(WaiverRefused, match="最多还能退 80.00"):
        operations.ask_refund(receipt, amount=Decimal("80.01"), reason="多收了", actor=cast.cashier, at=minutes(7))
    asked = operations.ask_refund(receipt, amount=Decimal(30), reason="多收了", actor=cast.cashier, at=minutes(7))
    with pytest.raises(WaiverRefused, match="两个人"):
        operations.approve_waiver(asked, actor=cast.cashier, at=minutes(8))
    operations.approve_waiver(asked, actor=cast.director, at=minutes(8))
    red = Receipt.objects.get(refunds=receipt)
    assert (red.number, red.amount, red.capitals, red.in_till) == (
        "YH-SJ26-000002",
        Decimal("-30.00"),
        "负叁拾元整",
        True,
    )
    after = fresh(charge)
    assert (after.status, after.paid, after.waived, after.owed) == ("settled", Decimal(50), Decimal(30), Decimal(0))
    with pytest.raises(ReceiptStands, match="红字收据不能作废"):
        operations.void_receipt(red, reason="退错", actor=cast.cashier, at=minutes(9))
    rest = operations.ask_refund(receipt, reason="全退", actor=cast.cashier, at=minutes(10))
    assert rest.amount == Decimal("50.00")
    operations.approve_waiver(rest, actor=cast.director, at=minutes(11))
    assert (fresh(charge).status, fresh(charge).waived) == ("waived", EIGHTY)


def test_a_refund_that_is_owed_again_opens_the_charge(estate: Estate, cast: Cast) -> None:
    charge = charge_in("settled", estate, cast)
    asked = operations.ask_refund(
        charge.receipts.get(), reason="付错了户", owed_again=True, actor=cast.cashier, at=minutes(9)
    )
    operations.approve_waiver(asked, actor=cast.director, at=minutes(10))
    assert (fresh(charge).status, fresh(charge).owed, fresh(charge).paid) == ("open", EIGHTY, Decimal(0))


def test_a_charge_is_not_opened_again_beside_another(estate: Estate, cast: Cast) -> None:
    charge = charge_in("settled", estate, cast)
    other = charged(estate, cast, at=minutes(20))
    before = everything()
    with pytest.raises(operations.ChargeOpen, match=other.number):
        operations.void_receipt(charge.receipts.get(), reason="错", actor=cast.cashier, at=minutes(21))
    assert everything() == before


def test_a_waiver_takes_two_people_and_a_reason(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    with pytest.raises(NoteNeeded, match="减免"):
        operations.ask_waiver(charge, reason="", actor=cast.cashier, at=minutes(1))
    with pytest.raises(WaiverRefused, match="还差 80.00 元,不能减免 90.00"):
        operations.ask_waiver(charge, amount=Decimal(90), reason="老人", actor=cast.cashier, at=minutes(1))
    asked = operations.ask_waiver(charge, amount=Decimal(30), reason="返修", actor=cast.cashier, at=minutes(1))
    assert Commitment.objects.get(code="fee.waiver.decide").owner_post == "centre_director"
    with pytest.raises(WaiverRefused, match="已有一份"):
        operations.ask_waiver(charge, reason="再申请", actor=cast.clerk, at=minutes(2))
    with pytest.raises(operations.ChargeUnderWay, match="减免申请"):
        operations.drop_charge(charge, reason="不要了", actor=cast.cashier, at=minutes(2))
    for decide in (operations.approve_waiver, operations.refuse_waiver):
        words = {"reason": "不行"} if decide is operations.refuse_waiver else {}
        with pytest.raises(WaiverRefused, match="两个人"):
            decide(asked, actor=cast.cashier, at=minutes(3), **words)
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.filter(pk=asked.pk).update(status="approved", decided_by=cast.cashier, decided_at=minutes(3))
    operations.approve_waiver(asked, actor=cast.director, at=minutes(4))
    assert (fresh(charge).status, fresh(charge).owed) == ("open", Decimal(50))
    cash(charge, cast.cashier, at=minutes(5))
    assert (fresh(charge).status, fresh(charge).paid, fresh(charge).waived) == ("settled", Decimal(50), Decimal(30))
    assert Commitment.objects.get(code="fee.waiver.decide").state == "met"


def test_what_was_paid_meanwhile_is_not_waived(estate: Estate, cast: Cast) -> None:
    charge = charged(estate, cast)
    asked = operations.ask_waiver(charge, reason="返修", actor=cast.cashier, at=minutes(1))
    cash(charge, cast.technician, amount="10", at=minutes(2))
    before = everything()
    with pytest.raises(WaiverRefused, match="还差 70.00"):
        operations.approve_waiver(asked, actor=cast.director, at=minutes(3))
    assert everything() == before
    operations.refuse_waiver(asked, reason="已经收了一部分", actor=cast.director, at=minutes(4))
    again = operations.ask_waiver(charge, reason="返修", actor=cast.cashier, at=minutes(5))
    with pytest.raises(WaiverRefused, match="由本人撤回"):
        operations.take_back_waiver(again, actor=cast.director, at=minutes(6))
    operations.take_back_waiver(again, actor=cast.cashier, at=minutes(6))
    assert Waiver.objects.get(pk=again.pk).status == "taken_back"
