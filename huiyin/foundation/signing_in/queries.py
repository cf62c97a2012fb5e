"""What is open, locked and switched on about an account."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from allauth.mfa.models import Authenticator

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.journal.queries import timeline
from huiyin.foundation.signing_in.adapter import KeyLost
from huiyin.foundation.signing_in.models import Guess, Link

# Signing in belongs to no estate.
NOWHERE = 0
TOTP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES


def thread_of(user: User) -> str:
    return f"account:{user.pk}"


def lines_about(user: User, *, limit: int) -> list[Entry]:
    """Return the latest lines about the account, newest first."""
    return list(timeline([thread_of(user)])[:limit])


def digest_of(token: str) -> str:
    """Return what is kept of a token. Tokens are random enough to need no salt."""
    return sha256(token.encode()).hexdigest()


def link_by(token: str) -> Link | None:
    return Link.objects.filter(digest=digest_of(token)).select_related("user").first()


def open_links_of(users: list[User], *, at: datetime) -> list[Link]:
    """Return the links of these people that still open something."""
    found = Link.objects.filter(user__in=users, used_at=None, revoked_at=None, expires_at__gt=at)
    return list(found.select_related("user", "made_by").order_by("made_at"))


def locks_of(user: User, *, at: datetime) -> list[Guess]:
    """Return what about the account is locked now, the longest first."""
    return list(Guess.objects.filter(user=user, until__gt=at).order_by("-until"))


@dataclass(frozen=True)
class Factors:
    """The second factors of an account."""

    totp: Authenticator | None
    passkeys: list[Authenticator]
    codes: Authenticator | None

    def __bool__(self) -> bool:
        return bool(self.totp or self.passkeys)

    @property
    def codes_left(self) -> int:
        try:
            return len(self.codes.wrap().get_unused_codes()) if self.codes else 0
        except KeyLost:
            return 0


def factors_of(user: User) -> Factors:
    """Return the second factors of the account. One query."""
    found = list(Authenticator.objects.filter(user=user).order_by("id"))
    by_kind = {one.type: one for one in found}
    return Factors(by_kind.get(TOTP), [one for one in found if one.type == PASSKEY], by_kind.get(CODES))
