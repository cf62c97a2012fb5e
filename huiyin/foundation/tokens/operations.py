"""Making and revoking tokens, and counting what they are used for."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import Access, access_of
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.tokens.models import Token
from huiyin.foundation.tokens.queries import MARK, digest_of
from huiyin.foundation.transactions import command

LONGEST = timedelta(days=366)


class TokenRefused(Refused):
    """The token would allow too much, for too long, or for nobody."""


@command
def make_token(
    name: str,
    *,
    owner: User,
    rights: Collection[str],
    estates: Collection[int],
    expires_at: datetime,
    actor: User,
    at: datetime,
) -> tuple[Token, str]:
    """Make a token in the owner's name and return it with its secret, which is never shown again.

    Refused without a name, a right or an estate, for a right that the owner or the maker does not hold in each of the estates, for
    somebody who has left, and for longer than a year.
    """
    if not name.strip():
        raise TokenRefused("请写明这个令牌给谁用")
    if not at < expires_at <= at + LONGEST:
        raise TokenRefused("到期日要在今天以后,最长一年")
    if not owner.is_active:
        raise TokenRefused(f"{owner.name}的账号已停用")
    if not (rights and estates):
        raise TokenRefused("请至少选一项权限和一个小区")
    for person in (owner, actor):
        if missing := _missing(access_of(person), rights, estates):
            raise TokenRefused(f"{person.name}自己没有这些权限,不能给出去:{'、'.join(missing)}")
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = Token(
        name=name.strip(),
        prefix=prefix,
        digest=digest_of(secret),
        owner=owner,
        rights=sorted(set(rights)),
        estates=sorted(set(estates)),
        made_at=at,
        made_by=actor,
        expires_at=expires_at,
    )
    token.save(force_insert=True)
    _record(token, "made", actor=actor, at=at, values={"name": token.name, "owner": owner.pk, "rights": token.rights})
    return token, f"{MARK}{prefix}_{secret}"


@command
def revoke_token(token: Token, *, actor: User, at: datetime) -> None:
    """End the token at once. Refused when it was revoked before."""
    if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        raise TokenRefused("这个令牌已经撤销了")
    token.revoked_at = at
    _record(token, "revoked", actor=actor, at=at, values={"name": token.name})


_COUNT = """
UPDATE tokens_token SET used = CASE WHEN minute = %s THEN used + %s ELSE %s END, minute = %s, last_used_at = %s
WHERE id = %s RETURNING used
"""


def count_use(token_id: int, *, minute: int, requests: int, at: datetime) -> int:
    """Add requests to the token's minute and return how many all processes together have counted in it."""
    found = rows.read(_COUNT, [minute, requests, requests, minute, at, token_id])
    return int(found[0][0]) if found else requests


def _missing(access: Access, rights: Collection[str], estates: Collection[int]) -> list[str]:
    return sorted({right for right in rights for place in estates if not access.may(right, place)})


def _record(token: Token, what: str, *, actor: User, at: datetime, values: dict[str, object]) -> None:
    journal.record(
        f"{Token.journal_name}.{what}",
        subject=(Token.journal_name, token.pk),
        estate_id=token.estates[0],
        actor=actor,
        at=at,
        thread=f"token:{token.pk}",
        values=values,
    )
