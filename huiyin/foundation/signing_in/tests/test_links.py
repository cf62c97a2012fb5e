"""A link sets a password once, in time, for an open account; whatever else is said in a sentence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.signing_in import operations, queries
from huiyin.foundation.signing_in.models import Link, LinkKind
from huiyin.foundation.signing_in.operations import LinkRefused

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = timedelta(days=1)
NEW = "evening-tea-7"


@pytest.fixture
def boss(db: None) -> User:
    return accounts.create_user("boss", name="主管", password="huiyin-2026")


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password=None)


@pytest.fixture
def token(anna: User, boss: User) -> str:
    return operations.make_link(anna, kind=LinkKind.JOIN, actor=boss, at=AT)


def test_the_invited_sets_a_password_of_their_own(anna: User, token: str) -> None:
    assert not anna.has_usable_password()
    assert operations.use_link(token, password=NEW, at=AT + DAY) == anna
    assert User.objects.get(pk=anna.pk).check_password(NEW)
    assert Link.objects.get().used_at == AT + DAY


def test_the_token_is_kept_nowhere(token: str) -> None:
    kept = str(list(Link.objects.values())) + str(list(Entry.objects.values()))
    assert token not in kept


@pytest.mark.parametrize(
    ("kind", "after", "opens"),
    [
        (LinkKind.JOIN, timedelta(0), True),
        (LinkKind.JOIN, 7 * DAY - timedelta(seconds=1), True),
        (LinkKind.JOIN, 7 * DAY, False),
        (LinkKind.RESET, DAY - timedelta(seconds=1), True),
        (LinkKind.RESET, DAY, False),
    ],
)
def test_a_link_opens_until_it_expires(anna: User, boss: User, kind: LinkKind, after: timedelta, opens: bool) -> None:
    token = operations.make_link(anna, kind=kind, actor=boss, at=AT)
    if opens:
        assert operations.check_link(token, at=AT + after).user == anna
    else:
        with pytest.raises(LinkRefused, match="这个链接已过期,请管理员再发一个"):
            operations.use_link(token, password=NEW, at=AT + after)
        assert not User.objects.get(pk=anna.pk).has_usable_password()


def test_what_opens_nothing_says_why(anna: User, boss: User, token: str) -> None:
    def refused(sentence: str, said: str = token) -> None:
        with pytest.raises(LinkRefused, match=sentence):
            operations.use_link(said, password="another-tea-8", at=AT)

    refused("这个链接不对", "x" * 43)
    second = operations.make_link(anna, kind=LinkKind.JOIN, actor=boss, at=AT)
    refused("已作废,请用最新的一个")
    operations.use_link(second, password=NEW, at=AT)
    refused("已经用过了,请直接登录", second)
    third = operations.make_link(anna, kind=LinkKind.RESET, actor=boss, at=AT)
    operations.revoke_links(anna, actor=boss, at=AT)
    refused("已作废", third)
    fourth = operations.make_link(anna, kind=LinkKind.RESET, actor=boss, at=AT)
    accounts.disable_user(anna, at=AT)
    refused("账号已停用", fourth)
    with pytest.raises(LinkRefused, match="安娜的账号已停用"):
        operations.make_link(anna, kind=LinkKind.RESET, actor=boss, at=AT)
    assert User.objects.get(pk=anna.pk).check_password(NEW)


def test_a_link_is_revoked_once(anna: User, boss: User, token: str) -> None:
    (link,) = queries.open_links_of([anna], at=AT)
    operations.revoke_link(link, actor=boss, at=AT)
    with pytest.raises(LinkRefused, match="已经用过或作废了"):
        operations.revoke_link(link, actor=boss, at=AT)
    assert queries.open_links_of([anna], at=AT) == []


def test_the_journal_tells_of_links(anna: User, boss: User, token: str) -> None:
    operations.use_link(token, password=NEW, at=AT)
    operations.make_link(anna, kind=LinkKind.RESET, actor=boss, at=AT)
    operations.revoke_links(anna, actor=boss, at=AT)
    told = [(one.kind, one.actor, one.values["link"], one.thread) for one in Entry.objects.order_by("id")]
    thread = f"account:{anna.pk}"
    assert told == [
        ("accounts.link.made", boss, "邀请", thread),
        ("accounts.link.used", anna, "邀请", thread),
        ("accounts.link.made", boss, "重设密码", thread),
        ("accounts.link.revoked", boss, "重设密码", thread),
    ]
