"""Names and phones on paper: whole for those who may look behind what is masked, shortened for everybody else."""

from collections.abc import Iterable
from typing import Any

from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.masking import REVEAL
from huiyin.foundation.kit.words import mask_name, mask_phone


def hide_callers(user: User, told: Iterable[Any]) -> None:
    """Shorten `caller_name` and `caller_phone` of rows that are about to be printed, and are never saved."""
    access = access_of(user)
    for one in {id(one): one for one in told}.values():
        if not access.may(REVEAL, one.estate_id):
            one.caller_name, one.caller_phone = mask_name(one.caller_name), mask_phone(one.caller_phone)
