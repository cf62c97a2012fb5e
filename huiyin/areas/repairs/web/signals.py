"""What a phone and the server tell one another before steps are sent: a moment, signed, and whose shift it is."""

from datetime import datetime

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_SALT = "repairs.signal"
# Signed just before the steps are sent; photos over a bad line take their time.
_GOOD_FOR = 60 * 60


def signed(at: datetime) -> str:
    """Return the moment so that nobody but us can have said it."""
    return signing.dumps(at.isoformat(), salt=_SALT)


def read(signal: str) -> datetime | None:
    """Return the moment we signed within the hour, or nothing."""
    try:
        return datetime.fromisoformat(signing.loads(signal, salt=_SALT, max_age=_GOOD_FOR)) if signal else None
    except signing.BadSignature:
        return None


def shift_of(request: HttpRequest) -> str:
    """Return the name under which this session's pages are kept on the phone; the session cannot be told from it."""
    return salted_hmac("repairs.shift", request.session.session_key or "").hexdigest()[:16]
