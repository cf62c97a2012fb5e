"""Journal lines about one account."""

from datetime import datetime
from typing import Any

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.signing_in.queries import NOWHERE, thread_of


def tell(
    kind: str, user: User | None, *, at: datetime, actor: User | None = None, note: str = "", **values: Any
) -> None:
    """Write a line into the thread of the account; without an actor nobody has shown who they are."""
    journal.record(
        kind,
        subject=("accounts.user", user.pk if user else 0),
        estate_id=NOWHERE,
        actor=actor or system_actor(),
        at=at,
        thread=thread_of(user) if user else "",
        note=note,
        values=values,
    )
