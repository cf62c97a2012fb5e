"""What is written down whenever personal data are shown unmasked or taken out of the house."""

from datetime import datetime
from typing import Any, Final

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.privacy import reasons
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

REVEALED: Final = "privacy.shown"
TAKEN_OUT: Final = "privacy.taken_out"
# What somebody typed into a search is not kept with the filter of an export: it may name a person.
NEVER_KEPT: Final = ("q", "text", "caller", "page", "sort")


class NoReason(Refused):
    """Personal data are not shown and not handed out without a reason."""


@command
def reveal(
    subject: tuple[str, int], *, estate_id: int, what: str, reason: str, note: str, actor: User, at: datetime
) -> None:
    """Record that somebody is shown what is masked otherwise, and why. Refused without a reason.

    The line says which record and which field, never what stands there.
    """
    why = reasons.in_words(reasons.LOOKING, reason, note)
    if not why:
        raise NoReason("请选一个原因;选“其他”要写明为什么")
    journal.record(
        REVEALED,
        subject=subject,
        estate_id=estate_id,
        actor=actor,
        at=at,
        note=why,
        values={"what": what, "reason": reason},
    )


@command
def take_out(
    what: str,
    *,
    estate_id: int,
    rows: int,
    asked: dict[str, Any],
    reason: str,
    note: str,
    actor: User,
    at: datetime,
    unmasked: bool = False,
    subject: tuple[str, int] | None = None,
) -> str:
    """Record that somebody takes a list out of the house: which, how many rows, by which filter, what for.

    Returns what it is for, in words. Refused without a reason.
    """
    why = reasons.in_words(reasons.TAKING_OUT, reason, note)
    if not why:
        raise NoReason("请选一个用途;选“其他”要写明做什么用")
    journal.record(
        TAKEN_OUT,
        subject=subject or ("privacy.list", 0),
        estate_id=estate_id,
        actor=actor,
        at=at,
        note=why,
        values={"what": what, "rows": rows, "asked": asked, "reason": reason, "unmasked": unmasked},
    )
    return why
