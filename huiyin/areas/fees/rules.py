"""Decisions about money owed and paid, from plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from huiyin.foundation.money import LARGEST, figures, rounded

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class ChargeLine:
    """One thing to be paid for: how much of what, at which price each."""

    title: str
    quantity: Decimal
    unit: str
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        """What the line comes to, to the fen: lines are rounded one by one, so that they add up to the total."""
        return rounded(self.quantity * self.unit_price)


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def wrong_lines(lines: Sequence[ChargeLine]) -> str:
    """Return what is wrong with the lines of a charge, or nothing."""
    for line in lines:
        if not line.title.strip():
            return "每一行都要写明收的是什么"
        if line.quantity <= 0:
            return f"「{line.title}」的数量要大于 0"
        if line.unit_price < 0:
            return f"「{line.title}」的单价不能是负数"
    total = total_of(line.amount for line in lines)
    if total <= 0:
        return "金额是 0 的不开收费单;无偿的写明无偿就可以"
    if total > LARGEST:
        return f"合计 {figures(total)} 元太大,请核对数量和单价"
    return ""


def owed(amount: Decimal, *, paid: Decimal, waived: Decimal) -> Decimal:
    """Return what is left to pay."""
    return rounded(amount - paid - waived)


def wrong_amount(amount: Decimal, *, owed: Decimal) -> str:
    """Return why this much cannot be taken for what is owed, or nothing."""
    if amount != rounded(amount):
        return "金额最多写到分"
    if amount <= 0:
        return "金额要大于 0"
    if amount > owed:
        return f"还差 {figures(owed)} 元,不能收 {figures(amount)} 元"
    return ""


def why_not_void(*, mode: str, waits: bool, in_till: bool, same_day: bool) -> str:
    """Return why a receipt may not be voided any more, or nothing.

    The money must not have left the hands of whoever took it: `waits` when it is on its way to the cashier, `in_till`
    when the cashier has it. What was keyed in at the till by mistake is put right on the same day.
    """
    if mode == "qr":
        return "扫码的钱已经到公司账户,要退请申请退款,开红字收据"
    if waits:
        return "这笔现金已经交接,请先让收费员退回交接单"
    if (in_till or mode == "transfer") and not same_day:
        return "这笔钱已经入账,不能作废;要退请申请退款,开红字收据"
    return ""


def wrong_refund(amount: Decimal, *, left: Decimal) -> str:
    """Return why this much of a receipt cannot be given back, or nothing; `left` is what was not given back yet."""
    if amount != rounded(amount) or amount <= 0:
        return "退款金额要大于 0,最多写到分"
    return f"这张收据最多还能退 {figures(left)} 元" if amount > left else ""


def trimmed(figure: Decimal, *, least: int = 0) -> str:
    """Write a figure without the noughts at its end: 1.5, 2, 0.3333; with `least` places 45.00."""
    whole, _, places = f"{figure:f}".partition(".")
    places = places.rstrip("0").ljust(least, "0")
    return f"{whole}.{places}" if places else whole


def month_of(day: date) -> str:
    """Return the month as slips name it: 2026-11."""
    return f"{day:%Y-%m}"


def first_after(month: str) -> date:
    """Return the first day after the month. Refused as a bug: a month that is none."""
    first = date.fromisoformat(f"{month}-01")
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
