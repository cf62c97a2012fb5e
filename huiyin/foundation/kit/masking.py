"""Names on lists: whole for those who may look behind what is masked, the surname for everybody else."""

from collections.abc import Iterable
from typing import Any

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.words import mask_name

REVEAL = "people.reveal"


def hide_names(user: User, estate_id: int, rows: Iterable[Any], field: str) -> None:
    """Shorten the names in rows that are about to be shown. The rows are read for the page and never saved."""
    if access_of(user).may(REVEAL, estate_id):
        return
    for row in rows:
        setattr(row, field, mask_name(getattr(row, field)))
