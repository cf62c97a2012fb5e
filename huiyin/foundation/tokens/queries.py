"""Finding the token behind a secret, and what it may do: what its owner may do now, and no more than was lent."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import EVERYWHERE, Access, access_of
from huiyin.foundation.rows import Prepared
from huiyin.foundation.tokens.models import Token

MARK = "hyt_"


def digest_of(secret: str) -> str:
    """Return what is kept of a secret. It has 256 random bits, so a fast digest is as safe as a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _by_prefix(prefix: Any) -> QuerySet[Token]:
    return Token.objects.filter(prefix=prefix).select_related("owner")[:1]


_BY_PREFIX = Prepared(_by_prefix)


def token_of(said: str, *, at: datetime) -> Token | None:
    """Return the token with this secret; None for one that is unknown, revoked, expired, or of somebody who has left."""
    prefix, _, secret = said.removeprefix(MARK).partition("_")
    if not said.startswith(MARK) or not secret or "\0" in prefix:
        return None
    token = _BY_PREFIX.first(prefix)
    if token is None or not hmac.compare_digest(token.digest, digest_of(secret)):
        return None
    alive = token.revoked_at is None and token.expires_at > at and token.owner.is_active
    return token if alive else None


def user_of(token: Token) -> User:
    """Return the owner as the token lets a program be: with the rights both the owner holds now and the token names."""
    user = token.owner
    user._access = lent(access_of(user), token)  # type: ignore[attr-defined]  # see access_of
    return user


def lent(access: Access, token: Token) -> Access:
    """Return the part of these rights that the token names, in the estates it names."""
    named = frozenset(token.rights)
    everywhere = access.rights.get(EVERYWHERE, frozenset())
    return replace(
        access,
        rights={
            place: (everywhere | access.rights.get(place, frozenset())) & named
            for place in token.estates
            if access.sees(place)
        },
    )


def tokens_in(estates: Collection[int]) -> list[Token]:
    """Return the tokens that reach any of these estates, the newest first."""
    every = Token.objects.select_related("owner", "made_by").order_by("-id")
    return [token for token in every if not set(estates).isdisjoint(token.estates)]


def token_by_id(token_id: int, estates: Collection[int]) -> Token | None:
    """Return the token if it reaches one of these estates."""
    token = Token.objects.filter(pk=token_id).select_related("owner").first()
    return token if token and not set(estates).isdisjoint(token.estates) else None
