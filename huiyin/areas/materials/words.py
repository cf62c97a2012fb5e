"""Repeated wording of the materials pages."""

from decimal import Decimal

TONES = {
    "asked": "amber",
    "issued": "accent",
    "settled": "green",
    "voided": "muted",
    "open": "accent",
    "posted": "green",
    "dropped": "muted",
    "checked": "plain",
    "wrong": "red",
    "done": "green",
}
DIFFERENCE_REASONS = ("数错了", "发料没有登记", "损坏没有登记", "找不到了", "多放了一件")
WRITE_OFF_REASONS = ("损坏", "过期", "规格不能再用")


def quantity(amount: Decimal) -> str:
    """Say a quantity as people do: 3, 1.5."""
    return f"{amount.normalize():f}"


def counted(amount: Decimal, unit: str) -> str:
    """Say a quantity with its unit: 3 个, 1.5 米."""
    return f"{quantity(amount)} {unit}"
