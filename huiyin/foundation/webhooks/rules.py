"""When a webhook is told again, what it is told, and how it is signed."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

import orjson

MAX_ATTEMPTS = 9
_FIRST = timedelta(seconds=10)
_LONGEST = timedelta(hours=6)
_KEY_CONTEXT = b"huiyin.webhooks"


def wait_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts: 10 s, 40 s, 2 min 40 s … about a day in all; then nothing."""
    return None if attempts >= MAX_ATTEMPTS else min(_FIRST * 4 ** (attempts - 1), _LONGEST)


def secret_of(salt: str, *, key: str) -> str:
    """Return the secret of an endpoint: who has the database but not the key of the house cannot sign."""
    return "whs_" + hmac.new(key.encode(), _KEY_CONTEXT + salt.encode(), hashlib.sha256).hexdigest()


def signature(body: bytes, *, secret: str, at: datetime) -> str:
    """Return the header by which the other side knows us: t=<seconds>,v1=<HMAC-SHA256 of "t.body">."""
    seconds = int(at.timestamp())
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


def payload(delivery_id: int, *, entry: Any, attempt: int) -> bytes:
    """Return what is told: ids and codes. Who it is about, and what was said, is asked for with a token."""
    return orjson.dumps(
        {
            "id": delivery_id,
            "attempt": attempt,
            "kind": entry.kind,
            "at": entry.at,
            "estate_id": entry.estate_id,
            "entry": entry.pk,
            "subject": {"type": entry.subject_type, "id": entry.subject_id},
            "thread": entry.thread,
        }
    )
