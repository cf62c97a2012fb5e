"""Cash is in somebody's hand until another has counted it; a difference is kept with words."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import operations, queries
from huiyin.areas.fees.models import CashHandover, Receipt
from huiyin.areas.fees.operations import HandoverRefused
from huiyin.areas.fees.tests.factories import cash, charged, everything, minutes
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import MovedMeanwhile
from huiyin.standards.models import Commitment
from tests.cast import Cast


def taken(estate: Estate, cast: Cast) -> list[Receipt]:
    """Two receipts in cash of 李强: 80.00 and 30.00."""
    return [
        cash(charged(estate, cast, subject=1), cast.technician, at=minutes(1)),
        cash(charged(estate, cast, subject=2), cast.technician, amount="30", at=minutes(2)),
    ]


def test_all_cash_of_a_person_is_handed_over_and_counted(estate: Estate, cast: Cast) -> None:
    receipts = taken(estate, cast)
    cash(charged(estate, cast, subject=3), cast.cashier, at=minutes(3))
    cash(charged(estate, cast, subject=4), cast.technician, mode="transfer", at=minutes(3))
    (held,) = queries.cash_out_there(estate.pk)
    assert (held.person, held.count, held.amount) == (cast.technician, 2, Decimal(110))
    handover = operations.hand_over(estate.pk, actor=cast.technician, at=minutes(4))
    assert (handover.number, handover.expected) == ("YH-JK261125-001", Decimal(110))
    assert queries.cash_out_there(estate.pk) == [] and queries.receipts_in(handover) == receipts
    assert Commitment.objects.filter(code="fee.cash.handover", state="open").count() == 2
    operations.receive_cash(handover, counted=Decimal(110), actor=cast.cashier, at=minutes(5))
    assert Commitment.objects.filter(code="fee.cash.handover", state="met").count() == 2
    assert Entry.objects.filter(kind="fees.receipt.handed_over").count() == 2
    with pytest.raises(MovedMeanwhile):
        operations.receive_cash(handover, counted=Decimal(110), actor=cast.supervisor, at=minutes(6))


def test_a_difference_needs_words_and_another_person(estate: Estate, cast: Cast) -> None:
    taken(estate, cast)
    handover = operations.hand_over(estate.pk, actor=cast.technician, at=minutes(4))
    before = everything()
    for counted, actor, says in (
        ("100", cast.cashier, "应交 110.00 元,实点 100.00 元"),
        ("110", cast.technician, "另一个人清点"),
        ("-1", cast.cashier, "不能是负数"),
    ):
        with pytest.raises(HandoverRefused, match=says):
            operations.receive_cash(handover, counted=Decimal(counted), actor=actor, at=minutes(5))
    assert everything() == before
    operations.receive_cash(handover, counted=Decimal(100), note="少一张十元", actor=cast.cashier, at=minutes(6))
    kept = CashHandover.objects.get()
    assert (kept.difference, kept.remark, kept.receiver) == (Decimal("-10.00"), "少一张十元", cast.cashier)


def test_what_was_sent_back_is_in_the_hand_again(estate: Estate, cast: Cast) -> None:
    receipts = taken(estate, cast)
    handover = operations.hand_over(estate.pk, actor=cast.technician, at=minutes(4))
    with pytest.raises(HandoverRefused, match="没有要交的现金"):
        operations.hand_over(estate.pk, actor=cast.technician, at=minutes(5))
    operations.send_back(handover, reason="人没到", actor=cast.cashier, at=minutes(6))
    assert queries.cash_in_hand(cast.technician, estate.pk) == receipts
    assert operations.hand_over(estate.pk, actor=cast.technician, at=minutes(7)).number == "YH-JK261125-002"


def test_the_database_refuses_what_the_operations_would_never_write(estate: Estate, cast: Cast) -> None:
    taken(estate, cast)
    handover = operations.hand_over(estate.pk, actor=cast.technician, at=minutes(4))
    for change in (
        {"receiver": cast.technician, "counted": Decimal(110), "status": "received"},
        {"receiver": cast.cashier, "status": "received"},
        {"receiver": cast.cashier, "status": "received", "counted": Decimal(1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CashHandover.objects.filter(pk=handover.pk).update(**change)
