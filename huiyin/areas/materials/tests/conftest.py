"""A store with three items in it, and who works with them."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations
from huiyin.areas.materials.models import Item, Place
from huiyin.areas.materials.rules import Band
from huiyin.foundation.accounts.models import User
from tests.cast import AT, Cast, hire


@dataclass
class Stock:
    """总库房 with 5 taps, 20.5 m of hose and 100 tapes; nothing costs anything but the tap: 12.00, charged 18.50."""

    store: Place
    tap: Item
    hose: Item
    tape: Item


def stocked(estate: Estate, keeper: User) -> Stock:
    told = {"actor": keeper, "at": AT}
    store = operations.open_store(estate, name="总库房", **told)
    tap = operations.set_up_item(
        estate, code="SL-04", name="水龙头", spec="4 分", unit="个", least=Decimal(3), up_to=Decimal(10), **told
    )
    hose = operations.set_up_item(estate, code="RG-01", name="软管", unit="米", **told)
    tape = operations.set_up_item(estate, code="SD-01", name="生料带", unit="卷", least=Decimal(10), **told)
    operations.set_prices(tap, [Band(Decimal(0), Decimal(12), Decimal("18.50"))], valid_from=AT.date(), **told)
    for item, quantity in ((tap, "5"), (hose, "20.5"), (tape, "100")):
        operations.receive(item, store, Decimal(quantity), **told)
    return Stock(store, tap, hose, tape)


@pytest.fixture
def keeper(estate: Estate, cast: Cast) -> User:
    return hire("keeper", "马库", estate=estate, role="storekeeper")


@pytest.fixture
def stock(estate: Estate, keeper: User) -> Stock:
    return stocked(estate, keeper)
