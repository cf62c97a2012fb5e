"""Charges in every status, brought there by the operations."""

import base64
import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from PIL import Image, ImageDraw

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees import operations
from huiyin.areas.fees.models import Charge, MonthlySlip, Receipt
from huiyin.areas.fees.operations import ChargeLine, Payment
from huiyin.foundation.accounts.models import User
from tests.cast import AT, Cast

LINES = (
    ChargeLine("更换角阀", Decimal(1), "个", Decimal("45.00")),
    ChargeLine("人工", Decimal("0.5"), "小时", Decimal("70.00")),
)
EIGHTY = Decimal("80.00")


def minutes(count: float, at: datetime = AT) -> datetime:
    return at + timedelta(minutes=count)


def charged(
    estate: Estate,
    cast: Cast,
    *,
    subject: int = 1,
    lines: tuple[ChargeLine, ...] = LINES,
    household: Household | None = None,
    at: datetime = AT,
    **values: object,
) -> Charge:
    """A charge of 80.00 for work order 1 of case 1, to be collected by 李强, unless said otherwise."""
    given = {"collector": cast.technician, "thread": f"case:{subject}", "unit": "3-2-1501", "payer": "王丽"} | values
    return operations.open_charge(
        estate_id=estate.pk,
        subject_type="repairs.order",
        subject_id=subject,
        household_id=household.pk if household else None,
        title="维修费",
        lines=lines,
        actor=cast.technician,
        at=at,
        **given,
    )


def fresh(charge: Charge) -> Charge:
    """Read the charge anew."""
    return Charge.objects.select_related("estate", "slip").get(pk=charge.pk)


def cash(charge: Charge, actor: User, *, amount: str = "", at: datetime = AT, mode: str = "cash") -> Receipt:
    """Money taken for the charge, all of it unless an amount is named."""
    payment = Payment(mode=mode, reference="回单 7781" if mode == "transfer" else "")
    return operations.take_payment(
        charge, payment=payment, amount=Decimal(amount) if amount else None, actor=actor, at=at
    )


def charge_in(status: str, estate: Estate, cast: Cast, *, subject: int = 1) -> Charge:
    """A charge of 80.00 in this status."""
    charge = charged(estate, cast, subject=subject)
    if status == "settled":
        cash(charge, cast.cashier, at=minutes(5))
    if status == "withdrawn":
        operations.drop_charge(charge, reason="开错了", actor=cast.cashier, at=minutes(5))
    if status == "waived":
        waiver = operations.ask_waiver(charge, reason="返修,不收", actor=cast.cashier, at=minutes(5))
        operations.approve_waiver(waiver, actor=cast.director, at=minutes(6))
    return fresh(charge)


def slip_in(status: str, estate: Estate, cast: Cast, home: Household) -> MonthlySlip:
    """A slip of November 2026 with one charge of 80.00, in this status."""
    charged(estate, cast, household=home, settlement="monthly")
    (slip,) = operations.make_slips(estate, month="2026-11", actor=cast.cashier, at=minutes(5))
    if status == "signed":
        operations.sign_slip(slip, signer="王丽", paper_slip="YJ-1", actor=cast.cashier, at=minutes(10))
    if status == "voided":
        operations.void_slip(slip, reason="漏了一笔", actor=cast.cashier, at=minutes(10))
    return MonthlySlip.objects.select_related("estate").get(pk=slip.pk)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table about money, the journal and the promises: for proving that a refusal changed nothing."""
    watched = ("fees", "journal", "standards", "numbers", "files", "idempotency")
    models = [model for model in apps.get_models() if model._meta.app_label in watched]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def drawing() -> str:
    """What a signature pad sends."""
    image, held = Image.new("RGB", (120, 60), "white"), io.BytesIO()
    ImageDraw.Draw(image).line((10, 10, 60, 50, 110, 10), fill="black", width=4)
    image.save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()
