"""Counting guesses before anything is hashed or compared, and lifting what that locks.

Not django-axes: it counts after the hash, by signals, with one limit for all; here a guess is claimed first, so many at
once get no further than many in a row.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import events, rules
from huiyin.foundation.signing_in.models import Guess
from huiyin.foundation.signing_in.operations.lines import tell
from huiyin.foundation.transactions import command


class LockedOut(Refused):
    """Too many guesses were wrong; says how long to wait."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


@dataclass(frozen=True)
class Aim:
    """What guesses are counted by: an account from an address, an address, the second step of an account."""

    key: str
    free: int
    user: User | None
    address: str


def at_account(username: str, user: User | None, address: str) -> Aim:
    return Aim(_key("account", username, address), rules.AT_ACCOUNT, user, address)


def at_address(address: str) -> Aim:
    network = rules.network_of(address)
    return Aim(_key("address", network), rules.AT_ADDRESS, None, network)


def at_step(step: str, user: User) -> Aim:
    """Count a step that only who has shown something already comes to, wherever they come from."""
    return Aim(_key(step, str(user.pk)), rules.AT_ACCOUNT, user, "")


def _key(*parts: str) -> str:
    return salted_hmac("huiyin.signing_in.guess", "\x1f".join(parts), algorithm="sha256").hexdigest()


@command
def claim(aims: list[Aim], *, at: datetime) -> None:
    """Count a guess at all of these before it is made. Refused, with nothing counted, when one of them is locked."""
    for aim in aims:
        row = _row(aim, at)
        counted = rules.one_more(rules.Tries(row.count, row.since, row.until), free=aim.free, at=at)
        if counted is None:
            assert row.until is not None
            raise LockedOut(_words(aim, row.until, at), row.until)
        _keep(row, counted)


@command
def take_back(aims: list[Aim], *, at: datetime) -> None:
    """Record that the guess was right: what was aimed at somebody is forgotten, of an address only this one guess."""
    for aim in aims:
        row = _row(aim, at)
        if aim.user is not None:
            row.delete()
        else:
            _keep(row, rules.one_less(rules.Tries(row.count, row.since, row.until), free=aim.free))


@command
def note_wrong(kind: str, aims: list[Aim], *, user: User | None, address: str, at: datetime) -> None:
    """Record in the journal that a guess was wrong, and what that has locked."""
    tell(kind, user, at=at, address=address)
    for locked in Guess.objects.filter(key__in=[aim.key for aim in aims], until=at + rules.LOCKED_FOR).order_by("id"):
        tell(events.LOCKED, locked.user, at=at, address=locked.address or address, until=locked.until)


@command
def unlock(user: User, *, actor: User, at: datetime) -> bool:
    """Lift what locks the account and tell whether anything did; the guesses made are forgotten."""
    lifted = Guess.objects.filter(user=user, until__gt=at).exists()
    Guess.objects.filter(user=user).delete()
    if lifted:
        tell(events.UNLOCKED, user, actor=actor, at=at)
    return lifted


@command
def unlock_address(address: str, *, actor: User, at: datetime) -> bool:
    """Lift what locks an address, for all accounts, and tell whether anything did."""
    found = Guess.objects.filter(address__in=[address, rules.network_of(address)])
    lifted = found.filter(until__gt=at).exists()
    found.delete()
    if lifted:
        tell(events.UNLOCKED, None, actor=actor, at=at, address=address)
    return lifted


def forget_old(*, before: datetime) -> int:
    """Delete the guesses that were begun before."""
    return Guess.objects.filter(since__lt=before).delete()[0]


def _row(aim: Aim, at: datetime) -> Guess:
    fresh = {"user": aim.user, "address": aim.address, "count": 0, "since": at}
    while True:
        Guess.objects.get_or_create(key=aim.key, defaults=fresh)
        row = Guess.objects.select_for_update().filter(key=aim.key).first()
        if row:  # else somebody whose guess was right has just swept it away
            return row


def _keep(row: Guess, tries: rules.Tries) -> None:
    row.count, row.since, row.until = tries.count, tries.since, tries.until
    row.save(update_fields=["count", "since", "until"])


def _words(aim: Aim, until: datetime, at: datetime) -> str:
    wait = rules.minutes_until(until, at)
    if aim.free == rules.AT_ADDRESS:
        return f"从您这里试错的次数太多,请 {wait} 分钟后再试。"
    return f"试错的次数太多,请 {wait} 分钟后再试;急用请找管理员解除限制。"
