"""Who is it: passwords and codes, each guess claimed before it is looked at.

These are not single transactions: hashing takes a quarter of a second, in which nobody else may have to wait to write;
and a wrong guess must stay counted although it is refused.
"""

from datetime import datetime

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.backend import AccountBackend
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import events, queries, rules
from huiyin.foundation.signing_in.operations import factors, guesses
from huiyin.foundation.signing_in.operations.lines import tell
from huiyin.foundation.transactions import command


class NotLetIn(Refused):
    """What was typed is not right."""


def check_password(username: str, password: str, *, address: str, at: datetime) -> User:
    """Return who signs in by this name and password. Refused with one sentence for whatever is wrong with them, and,
    before anything is hashed, while the account from this address or the address is locked.
    """
    known = User.objects.filter(username=username, is_system=False).first()
    aims = [guesses.at_account(username, known, address)]
    if address:
        aims.append(guesses.at_address(address))
    guesses.claim(aims, at=at)
    user = AccountBackend().authenticate(None, username=username, password=password)
    if not isinstance(user, User):
        guesses.note_wrong(events.FAILED, aims, user=known, address=address, at=at)
        raise NotLetIn("账号或密码不对,请核对后再试。")
    guesses.take_back(aims, at=at)
    return user


def check_code(user: User, code: str, *, address: str, at: datetime) -> str:
    """Take the second step by a code of the app or a recovery code; return which it was. Refused when it is neither, was
    used before, or after too many that were wrong.
    """
    aims = [guesses.at_step("second", user)]
    guesses.claim(aims, at=at)
    found = factors.use_code(user, code, at=at)
    if not found:
        guesses.note_wrong(events.CODE_FAILED, aims, user=user, address=address, at=at)
        raise NotLetIn("这个码不对或已经用过,请看清后再输;动态码每 30 秒换一个。")
    guesses.take_back(aims, at=at)
    return found


def confirm(user: User, said: str, *, address: str, at: datetime) -> None:
    """Confirm that it is still them: by a code where the account has an app for it, else by the password.

    Refused when it is wrong, and after too many that were.
    """
    if queries.factors_of(user).totp:
        check_code(user, said, address=address, at=at)
    else:
        _check_own_password(user, said, address=address, at=at)


def change_password(user: User, *, old: str, new: str, address: str, at: datetime) -> None:
    """Give oneself a new password; every session ends. Refused when the present one is wrong."""
    _check_own_password(user, old, address=address, at=at)
    accounts.set_password(user, password=new)
    note_password_changed(user, at=at)


@command
def note_password_changed(user: User, *, at: datetime) -> None:
    """Record that somebody has given themselves a new password."""
    tell(events.PASSWORD_CHANGED, user, actor=user, at=at)


@command
def note_signed_in(user: User, *, how: str, address: str, device: str, at: datetime) -> None:
    """Record that somebody is in."""
    tell(events.SIGNED_IN, user, actor=user, at=at, how=how, address=address, device=rules.device_words(device))


@command
def note_signed_out(user: User, *, at: datetime) -> None:
    """Record that somebody went."""
    tell(events.SIGNED_OUT, user, actor=user, at=at)


def _check_own_password(user: User, password: str, *, address: str, at: datetime) -> None:
    aims = [guesses.at_step("confirm", user)]
    guesses.claim(aims, at=at)
    if not user.check_password(password):
        guesses.note_wrong(events.FAILED, aims, user=user, address=address, at=at)
        raise NotLetIn("现在的密码不对,请再输一次。")
    guesses.take_back(aims, at=at)
