"""Quantities, price bands, what is still to be accounted for, what should be bought. No database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

# What comes from nowhere, what goes to nowhere, what passes from place to place.
COMES = ("opening", "receive", "surplus")
GOES = ("use", "hand_out", "shortage", "write_off")
PASSES = ("issue", "return", "transfer")
LARGEST = Decimal(1000000)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Subject:
    """What material is for, in the words of whoever asks: its type and id, its number for people, its thread."""

    type: str
    id: int
    label: str
    thread: str


@dataclass(frozen=True)
class Want:
    """So much of an item."""

    item_id: int
    quantity: Decimal


@dataclass(frozen=True)
class Band:
    """From this quantity on, one piece costs us so much and is charged with so much."""

    from_quantity: Decimal
    cost: Decimal
    charge: Decimal


def bands_wrong(bands: Sequence[Band]) -> str:
    """Say what keeps these bands from being a price list; nothing when they are one."""
    if not bands:
        return "请至少写一档价格"
    if bands[0].from_quantity != NOTHING:
        return "第一档要从 0 起,少量也要有价"
    for lower, upper in pairwise(bands):
        if upper.from_quantity <= lower.from_quantity:
            return "各档的起点要从小到大,不能相同"
    if any(band.cost < NOTHING or band.charge < NOTHING for band in bands):
        return "价格不能小于 0"
    return ""


def band_for(bands: Sequence[Band], quantity: Decimal) -> Band | None:
    """Return the band that so much falls into: the highest that begins no later; None without a price."""
    reached = [band for band in bands if band.from_quantity <= quantity]
    return max(reached, key=lambda band: band.from_quantity) if reached else None


def still_open(*, issued: Decimal, used: Decimal, returned: Decimal) -> Decimal:
    """Return how much of what was issued is neither used nor returned."""
    return issued - used - returned


def to_account(opened: Decimal, *, used: Decimal, returned: Decimal, name: str) -> str:
    """Say why so much cannot be accounted for; nothing when it can."""
    if used < NOTHING or returned < NOTHING:
        return f"{name}的数量不能小于 0"
    if used + returned > opened:
        return f"{name}手里还有 {opened.normalize():f},用的和退的加起来不能更多"
    return ""


def difference(*, expected: Decimal, counted: Decimal) -> tuple[str, Decimal]:
    """Return what a count comes to: "surplus" or "shortage" and how much; nothing when it agrees."""
    apart = counted - expected
    return ("surplus" if apart > NOTHING else "shortage" if apart < NOTHING else "", abs(apart))


def suggested(*, stock: Decimal, least: Decimal, up_to: Decimal | None) -> Decimal:
    """Return how much to buy: up to the wanted stock, else up to twice the least; nothing while there is enough."""
    if stock >= least:
        return NOTHING
    return max((up_to if up_to is not None else 2 * least) - stock, NOTHING)


def number_of(code: str, letter: str, day: date, serial: int) -> str:
    """Compose the number of a slip: YH-LL261125-001."""
    return f"{code}-{letter}{day:%y%m%d}-{serial:03d}"


def listing(parts: Iterable[str], *, most: int = 3) -> str:
    """Join a few things for a sentence, and say that there are more."""
    named = list(parts)
    return "、".join(named[:most]) + (f"等 {len(named)} 样" if len(named) > most else "")
