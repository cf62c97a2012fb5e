"""The pages about money: who does what on them, what they say, and the same number of queries however much there is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees import operations
from huiyin.areas.fees.gateways import fake
from huiyin.areas.fees.models import CashHandover, Charge, PaymentIntent, Receipt, Waiver
from huiyin.areas.fees.tests.factories import cash, charged, drawing, fresh, minutes, slip_in
from huiyin.foundation.accounts.models import User
from tests.cast import Cast
from tests.money import of_money

Browser = Callable[[User], Client]


def said(page: Any) -> str:
    text: str = page.content.decode()
    return text


def test_a_technician_takes_cash_and_hands_it_over(
    estate: Estate, cast: Cast, browser_of: Browser, clock: object
) -> None:
    charge = charged(estate, cast)
    phone, till = browser_of(cast.technician), browser_of(cast.cashier)
    assert charge.number in said(phone.get("/fees/mine/"))
    pay = f"/fees/charges/{charge.number}/pay/"
    page = said(phone.get(pay))
    assert "¥80.00" in page and "演示通道" in page
    sent = {"mode": "cash", "amount": "80", "payer": "王丽", "idempotency_key": "k"}
    assert phone.post(pay, {**sent, "amount": "90"}).status_code == 422
    for _ in range(2):
        assert phone.post(pay, sent).status_code == 303
    receipt = Receipt.objects.get()
    assert receipt.number in said(phone.get(pay)) and fresh(charge).status == "settled"
    assert "¥80.00" in said(phone.get("/fees/mine/"))
    assert phone.post("/fees/mine/hand-over/", {"note": ""}).status_code == 303
    assert phone.post("/fees/mine/hand-over/", {"note": ""}).status_code == 409
    handover = CashHandover.objects.get()
    assert "李强" in said(till.get("/fees/handovers/"))
    receive = f"/fees/handovers/{handover.number}/receive/"
    wrong = till.post(receive, {"counted": "70"})
    assert wrong.status_code == 422 and "请写明差额的原因" in said(wrong)
    assert till.post(receive, {"counted": "70", "note": "少十元"}).status_code == 303
    assert "-¥10.00" in said(till.get("/fees/handovers/"))


def test_a_code_is_shown_and_the_gateway_alone_says_it_was_paid(
    estate: Estate, cast: Cast, browser_of: Browser, clock: object
) -> None:
    charge, phone = charged(estate, cast), browser_of(cast.technician)
    assert phone.post(f"/fees/charges/{charge.number}/code/", {"amount": "80"}).status_code == 303
    intent = PaymentIntent.objects.get()
    assert "hy-qr" in said(phone.get(f"/fees/codes/{intent.reference}/"))
    body, headers = fake.paid(intent.reference, Decimal(80))
    gateway = Client(enforce_csrf_checks=True)
    assert gateway.post("/fees/gateway/", body, content_type="application/json").status_code == 403
    assert Receipt.objects.count() == 0
    for _ in range(2):
        told = gateway.post("/fees/gateway/", body, content_type="application/json", headers=headers)
        assert (told.status_code, told.json()) == (200, {"reference": intent.reference, "status": "paid"})
    assert Receipt.objects.get().mode == "qr"
    assert "收据已开" in said(phone.get(f"/fees/codes/{intent.reference}/"))
    other = charged(estate, cast, subject=2)
    second = operations.make_code(other, actor=cast.technician, at=minutes(1))
    assert phone.post(f"/fees/codes/{second.reference}/rehearse/").status_code == 303
    assert fresh(other).status == "settled"


def test_a_waiver_is_asked_on_one_phone_and_decided_at_another(
    estate: Estate, cast: Cast, browser_of: Browser, clock: object
) -> None:
    charge = charged(estate, cast)
    asked = {"amount": "30", "note": "返修"}
    assert browser_of(cast.technician).post(f"/fees/charges/{charge.number}/waiver/", asked).status_code == 303
    waiver = Waiver.objects.get()
    director = browser_of(cast.director)
    page = said(director.get("/fees/waivers/"))
    assert "返修" in page and "批准" in page
    assert browser_of(cast.cashier).post(f"/fees/waivers/{waiver.pk}/approve/", {"note": ""}).status_code == 403
    assert director.post(f"/fees/waivers/{waiver.pk}/refuse/", {"note": ""}).status_code == 409
    assert director.post(f"/fees/waivers/{waiver.pk}/approve/", {"note": "同意"}).status_code == 303
    assert fresh(charge).owed == Decimal(50)
    assert "同意" in said(browser_of(cast.cashier).get(f"/fees/charges/{charge.number}/"))


def test_a_receipt_is_voided_from_the_charge(estate: Estate, cast: Cast, browser_of: Browser, clock: object) -> None:
    charge = charged(estate, cast)
    receipt = cash(charge, cast.cashier)
    till = browser_of(cast.cashier)
    assert till.post(f"/fees/receipts/{receipt.number}/void/", {"note": ""}).status_code == 409
    assert till.post(f"/fees/receipts/{receipt.number}/void/", {"note": "金额写错"}).status_code == 303
    assert "金额写错" in said(till.get(f"/fees/charges/{charge.number}/"))
    register = said(till.get("/fees/receipts/"))
    assert receipt.number in register and "作废" in register


def test_a_slip_is_signed_and_paid(
    estate: Estate, cast: Cast, home: Household, browser_of: Browser, clock: object, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    slip, desk = slip_in("issued", estate, cast, home), browser_of(cast.clerk)
    here = f"/fees/slips/{slip.number}/"
    assert "¥80.00" in said(desk.get(here))
    assert desk.post(f"{here}sign/", {"signer": "王丽"}).status_code == 422
    assert desk.post(f"{here}sign/", {"signer": "王丽", "drawing": drawing()}).status_code == 303
    assert desk.post(f"{here}pay/", {"mode": "cash", "idempotency_key": "s"}).status_code == 303
    assert Charge.objects.get().status == "settled" and "YH-SJ26-000001" in said(desk.get(here))
    made = browser_of(cast.cashier).post("/fees/slips/make/", {"month": "2026-11"})
    assert made.status_code == 303


PAGES = ("/fees/", "/fees/receipts/", "/fees/handovers/", "/fees/waivers/", "/fees/slips/", "/fees/mine/")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_with_three_rows_as_with_one(
    path: str, estate: Estate, cast: Cast, home: Household, browser_of: Browser, clock: object
) -> None:
    of_money(estate, cast, home)
    person = browser_of(cast.technician if path == "/fees/mine/" else cast.cashier)
    person.get(path)
    counted = []
    for turn in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert person.get(path).status_code == 200
        counted.append(len(queries))
        for n in range(2):
            _more(estate, cast, subject=50 + turn * 10 + n)
    assert counted[0] == counted[1] and counted[0] <= 25


def _more(estate: Estate, cast: Cast, *, subject: int) -> None:
    charge = charged(estate, cast, subject=subject, at=minutes(30))
    cash(charge, cast.technician, amount="1", at=minutes(31))
    operations.hand_over(estate.pk, actor=cast.technician, at=minutes(32))
    operations.ask_waiver(charge, reason="返修", actor=cast.technician, at=minutes(33))
    cash(charge, cast.technician, amount="1", at=minutes(34))
