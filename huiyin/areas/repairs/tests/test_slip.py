"""The printed slip says what was quoted, agreed to and accepted."""

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import documents
from huiyin.areas.repairs.tests.factories import order_in
from huiyin.areas.repairs.tests.prices import closed_paid_order
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("standard", "home")


def test_of_a_paid_repair_and_of_one_nobody_decided(estate: Estate, cast: Cast) -> None:
    orders = [closed_paid_order(estate, cast), order_in("new", estate, cast)]
    orders = documents.orders_with(cast.director, [one.pk for one in orders])
    paid, plain = (sheet.values for sheet in documents.work_orders(documents.WORK_ORDER, orders))
    assert (paid["warranty"], paid["charge"], paid["total"]) == ("保修期外", "有偿", "壹佰伍拾元整(¥150.00)")
    assert paid["lines"] == [
        ["疏通下水", "W01", "1 次", "80.00", "80.00"],
        ["角阀(材料)(优惠 6.00)", "M01", "2 个", "38.00", "70.00"],
    ]
    assert paid["consent"] and paid["consented"]
    assert (paid["precautions"], paid["satisfaction"], paid["opinion"]) == ("已向客户说明", "很满意", "修得快")
    assert (plain["warranty"], plain["charge"], plain["lines"], plain["total"]) == ("", "", [], "")
