"""Two at once at the door: passwords, links and codes."""

import pytest

from huiyin.foundation.signing_in import operations as signing_in
from huiyin.foundation.signing_in.models import LinkKind
from huiyin.foundation.signing_in.rules import AT_ACCOUNT
from tests.at_once.pressing import House, one_wins, press_together
from tests.cast import AT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_many_guesses_at_once_get_no_further_than_many_in_a_row(house: House) -> None:
    read = press_together(
        *[lambda: signing_in.check_password("clerk", "wrong", address="10.0.0.7", at=AT)] * 2 * AT_ACCOUNT
    )
    assert read.count("账号或密码不对,请核对后再试。") == AT_ACCOUNT
    assert read.count("试错的次数太多,请 15 分钟后再试;急用请找管理员解除限制。") == AT_ACCOUNT


def test_a_link_and_a_code_are_used_once_by_two(house: House) -> None:
    clerk = house.cast.clerk
    token = signing_in.make_link(clerk, kind=LinkKind.RESET, actor=house.cast.director, at=AT)
    _, read = one_wins(*[lambda: signing_in.use_link(token, password="evening-tea-7", at=AT)] * 2)
    assert read.startswith(("这个链接刚刚用过了", "这个链接已经用过了"))
    code = signing_in.add_passkey(clerk, name="手机", credential={}, at=AT)[0]
    _, read = one_wins(*[lambda: signing_in.check_code(clerk, code, address="", at=AT)] * 2)
    assert read.startswith("这个码不对或已经用过")
