"""The session engine and its middleware: sessions in the database, read by a prepared statement at the head of every page.

When somebody was last seen is written at most every five minutes, after the page.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils.timezone import now

from huiyin.foundation.accounts import operations, queries
from huiyin.foundation.accounts.models import Session
from huiyin.foundation.accounts.web.origin import Origin, origin_of

SEEN_EVERY = timedelta(minutes=5)


def digest_of(key: str) -> str:
    """Return what is kept of a session's key. The key is random enough to need no salt."""
    return sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """One session: of the key in the cookie only the digest reaches the database."""

    def __init__(self, session_key: str | None = None, origin: Origin | None = None) -> None:
        super().__init__(session_key)
        self.origin = origin or Origin()
        self.row: Session | None = None

    @property
    def digest(self) -> str:
        return digest_of(self.session_key) if self.session_key else ""

    def load(self) -> dict[str, Any]:
        self.row = queries.live_session(self.digest, at=now()) if self.session_key else None
        if self.row is None:
            self._session_key = None
            return {}
        return dict(self.decode(self.row.data))

    def exists(self, session_key: str) -> bool:
        return queries.session_exists(digest_of(session_key))

    def create(self) -> None:
        self._session_key = self._get_new_session_key()
        self._begin()
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
        elif must_create:
            self._begin()
        elif not operations.keep_session(self.digest, **self._kept(self._get_session())):
            raise UpdateError

    def _begin(self) -> None:
        at, came = now(), self.origin
        kept = self._kept(self._get_session(no_load=True))
        operations.begin_session(
            Session(digest=self.digest, begun_at=at, seen_at=at, address=came.address, device=came.device, **kept)
        )

    def _kept(self, told: dict[str, Any]) -> dict[str, Any]:
        user_id = told.get(SESSION_KEY)
        return {
            "data": self.encode(told),
            "user_id": int(user_id) if user_id else None,
            "expires_at": self.get_expiry_date(),
        }

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            operations.end_session(digest_of(key))

    def note_seen(self) -> None:
        """Write when and from where the session was last used, if that was a while ago."""
        row, at = self.row, now()
        if row is None or row.user_id is None or at - row.seen_at < SEEN_EVERY:
            return
        operations.keep_session(row.digest, seen_at=at, address=self.origin.address, device=self.origin.device)


class Sessions(SessionMiddleware):
    """Django's middleware, with where the request comes from."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.session.origin = origin_of(request.META)  # type: ignore[attr-defined]  # our own store

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer = super().process_response(request, response)
        request.session.note_seen()
        return answer
