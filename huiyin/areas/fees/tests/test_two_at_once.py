"""Two connections about the same money: one receipt, one sentence, no gap, and what `huiyin verify` asks still holds."""

from decimal import Decimal

import pytest

from huiyin.areas.fees import operations
from huiyin.areas.fees.gateways import Notice
from huiyin.areas.fees.invariants import INVARIANTS
from huiyin.areas.fees.models import Charge, PaymentIntent, Receipt
from huiyin.areas.fees.operations import Payment
from huiyin.areas.fees.tests.factories import cash, charged, minutes
from huiyin.foundation.accounts.models import User
from tests import cast as people
from tests.at_once.pressing import WON, press_together
from tests.cast import AT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def sound() -> dict[str, list[str]]:
    return {one.code: found for one in INVARIANTS if (found := [str(label) for label in one.broken(AT)])}


def test_two_take_the_same_money_and_the_gateway_tells_twice(real_database: None) -> None:
    estate = people.open_estate()
    cast = people.gather(estate)
    charge = charged(estate, cast)

    def take(actor: User) -> None:
        payment = Payment("cash")
        mine = Charge.objects.select_related("estate", "slip").get(pk=charge.pk)
        operations.take_payment(mine, payment=payment, amount=Decimal(80), actor=actor, at=minutes(1))

    read = press_together(lambda: take(cast.technician), lambda: take(cast.cashier))
    assert sorted(read) == [WON, next(one for one in read if one)] and "没有要收的钱" in "".join(read)
    assert Receipt.objects.count() == 1 and Charge.objects.get().paid == Decimal(80)

    other = charged(estate, cast, subject=2)
    intent = operations.make_code(other, actor=cast.technician, at=minutes(2))
    notice = Notice(intent.reference, "T-1", Decimal(80))

    def tell() -> None:
        operations.take_notice("fake", notice, actor=cast.system, at=minutes(3))

    assert press_together(tell, tell) == [WON, WON]
    assert PaymentIntent.objects.get().status == "paid" and Receipt.objects.filter(mode="qr").count() == 1

    third, sent = charged(estate, cast, subject=3), []

    def send() -> None:
        mine = Charge.objects.select_related("estate", "slip").get(pk=third.pk)
        payment = Payment("cash")
        sent.append(operations.take_payment(mine, payment=payment, actor=cast.clerk, at=minutes(4), key="same").pk)

    assert press_together(send, send) == [WON, WON] and sent[0] == sent[1]

    fourth = charged(estate, cast, subject=4)
    receipt = cash(fourth, cast.technician, amount="10", at=minutes(5))

    def void() -> None:
        mine = Receipt.objects.select_related("charge__estate").get(pk=receipt.pk)
        operations.void_receipt(mine, reason="写错", actor=cast.cashier, at=minutes(6))

    def hand_over() -> None:
        operations.hand_over(estate.pk, actor=cast.technician, at=minutes(6))

    read = press_together(void, hand_over)
    held = Receipt.objects.get(pk=receipt.pk)
    assert (held.status == "voided") != (held.handover_id is not None), read
    numbers = sorted(Receipt.objects.values_list("serial", flat=True))
    assert numbers == list(range(1, len(numbers) + 1)) and sound() == {}
