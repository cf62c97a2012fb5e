"""Charges in every status, brought there by the operations."""

from datetime import datetime, timedelta
from decimal import Decimal

from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.fees import operations
from huiyin.areas.fees.models import Charge
from huiyin.areas.fees.operations import ChargeLine
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
        **given,  # type: ignore[arg-type]
    )
