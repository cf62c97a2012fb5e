"""Journal lines about the staff of an estate."""

from datetime import datetime
from typing import Any

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal


def about(
    kind: str,
    subject: tuple[str, int],
    *,
    estate_id: int,
    actor: User,
    at: datetime,
    note: str = "",
    values: dict[str, Any] | None = None,
) -> None:
    """Write a line into the thread of the estate's staff."""
    journal.record(
        kind,
        subject=subject,
        estate_id=estate_id,
        actor=actor,
        at=at,
        thread=f"staff:{estate_id}",
        note=note,
        values=values,
    )
