"""Links by which somebody sets a password of their own: to begin with, or because it was forgotten."""

from datetime import datetime
from secrets import token_urlsafe

from django.contrib.auth.hashers import make_password

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import events, queries, rules
from huiyin.foundation.signing_in.models import Link, LinkKind
from huiyin.foundation.signing_in.operations.lines import tell
from huiyin.foundation.transactions import command


class LinkRefused(Refused):
    """The link opens nothing, or cannot be made."""


@command
def make_link(user: User, *, kind: LinkKind, actor: User, at: datetime) -> str:
    """Make a link for somebody and return its token, which is kept nowhere; an earlier one opens nothing any more.

    Refused when the account is closed.
    """
    if not user.is_active:
        raise LinkRefused(f"{user.name}的账号已停用")
    Link.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)
    token = token_urlsafe(32)
    within = rules.JOIN_WITHIN if kind == LinkKind.JOIN else rules.RESET_WITHIN
    Link.objects.create(
        digest=queries.digest_of(token), kind=kind, user=user, made_by=actor, made_at=at, expires_at=at + within
    )
    tell(events.LINK_MADE, user, actor=actor, at=at, link=LinkKind(kind).label, person=user.name)
    return token


def check_link(token: str, *, at: datetime) -> Link:
    """Return the link. Refused, each time with its own sentence, when it is unknown, used, revoked, expired, or when the
    account is closed.
    """
    link = queries.link_by(token)
    if link is None:
        raise LinkRefused("这个链接不对,请核对是不是抄漏了;还不行,请管理员再发一个。")
    if link.used_at:
        raise LinkRefused("这个链接已经用过了,请直接登录;忘了密码,请管理员再发一个。")
    if link.revoked_at:
        raise LinkRefused("这个链接已作废,请用最新的一个,或请管理员再发一个。")
    if link.expires_at <= at:
        raise LinkRefused("这个链接已过期,请管理员再发一个。")
    if not link.user.is_active:
        raise LinkRefused("这个账号已停用,请联系主管。")
    return link


def use_link(token: str, *, password: str, at: datetime) -> User:
    """Set the password of whoever the link was made for and return them. Refused as `check_link` does, and for the second
    of two who use it at once.
    """
    link = check_link(token, at=at)
    _use_up(link, hashed=make_password(password), at=at)
    return link.user


@command
def _use_up(link: Link, *, hashed: str, at: datetime) -> None:
    mine = Link.objects.filter(pk=link.pk, used_at=None, revoked_at=None, expires_at__gt=at)
    if mine.update(used_at=at) != 1:
        raise LinkRefused("这个链接刚刚用过了,请直接登录。")
    accounts.keep_password(link.user, hashed=hashed)
    tell(events.LINK_USED, link.user, actor=link.user, at=at, link=link.get_kind_display())


@command
def revoke_link(link: Link, *, actor: User, at: datetime) -> None:
    """Let the link open nothing any more. Refused when it does not any more."""
    if Link.objects.filter(pk=link.pk, used_at=None, revoked_at=None).update(revoked_at=at) != 1:
        raise LinkRefused("这个链接已经用过或作废了")
    tell(events.LINK_REVOKED, link.user, actor=actor, at=at, link=link.get_kind_display(), person=link.user.name)


@command
def revoke_links(user: User, *, actor: User, at: datetime) -> None:
    """Let no link of this person open anything any more."""
    for link in queries.open_links_of([user], at=at):
        revoke_link(link, actor=actor, at=at)
