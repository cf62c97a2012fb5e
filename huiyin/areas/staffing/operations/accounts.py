"""The account of a colleague in the hands of who staffs the estate: let in again, signed out, sent a new link."""

from datetime import datetime

from huiyin.foundation.accounts import queries as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import operations as signing_in
from huiyin.foundation.signing_in.models import LinkKind
from huiyin.foundation.transactions import command


class OutOfReach(Refused):
    """This account is not for this person to have in hand."""


@command
def send_link(user: User, *, actor: User, at: datetime) -> str:
    """Make a link by which the colleague sets a password, and return its token. Refused for who may do more."""
    check_reach(user, actor)
    kind = LinkKind.RESET if user.has_usable_password() else LinkKind.JOIN
    return signing_in.make_link(user, kind=kind, actor=actor, at=at)


@command
def take_link_back(user: User, *, actor: User, at: datetime) -> None:
    """Let the link that was sent open nothing any more. Refused for who may do more."""
    check_reach(user, actor)
    signing_in.revoke_links(user, actor=actor, at=at)


@command
def let_in_again(user: User, *, actor: User, at: datetime) -> None:
    """Lift what too many wrong guesses have locked. Refused when nothing is."""
    if not signing_in.unlock(user, actor=actor, at=at):
        raise OutOfReach(f"{user.name}的登录没有受限制")


@command
def sign_out_everywhere(user: User, *, actor: User, at: datetime) -> int:
    """End every session of the colleague and return how many. Refused for who may do more."""
    check_reach(user, actor)
    return signing_in.cut_off(user, actor=actor, at=at)


@command
def drop_second_step(user: User, *, actor: User, at: datetime) -> None:
    """Switch the second step off for who has lost phone and codes. Refused for who may do more, and for oneself."""
    check_reach(user, actor)
    if user.pk == actor.pk:
        raise OutOfReach("自己的第二步,请在「我的安全」里关")
    signing_in.remove_factors(user, actor=actor, at=at)


def check_reach(user: User, actor: User) -> None:
    """Refuse who may do less than the colleague, and for an account that is closed."""
    if not accounts.outranks(actor, user):
        raise OutOfReach(f"{user.name}的权限您没有全部,请找权限更大的人来办")
    if not user.is_active:
        raise OutOfReach(f"{user.name}的账号已停用")
