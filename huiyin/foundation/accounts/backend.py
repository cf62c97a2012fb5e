"""Who signs in, by account name and password; the signed-in person is read by a prepared statement."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from huiyin.foundation.accounts.models import User
from huiyin.foundation.rows import Prepared


def _active(pk: Any) -> Any:
    return User.objects.filter(pk=pk, is_active=True)[:1]


_ACTIVE = Prepared(_active)


class AccountBackend(ModelBackend):
    """Django's accounts."""

    def get_user(self, user_id: int) -> User | None:
        found: User | None = _ACTIVE.first(user_id)
        return found
