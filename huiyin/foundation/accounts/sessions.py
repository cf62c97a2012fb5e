"""Sessions in the database, read by a prepared statement: every page begins with one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from huiyin.foundation.rows import Prepared


def _alive(key: Any) -> Any:
    return Session.objects.filter(session_key=key, expire_date__gt=Now())[:1]


_ALIVE = Prepared(_alive)


class SessionStore(db.SessionStore):
    """Django's sessions."""

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = _ALIVE.first(self.session_key) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
