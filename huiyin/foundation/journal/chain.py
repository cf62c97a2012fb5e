"""What a line of the record says in bytes, and how one follows from the other. Decided from values alone.

The canonical form of a line is the JSON list `[id, at, kind, estate_id, actor_id, subject_type, subject_id, thread, note,
rule, values]` in UTF-8: moments in UTC with microseconds (`2026-11-25T02:00:00.000000+00:00`), the keys of objects sorted,
no blanks, no escapes but those JSON demands, whole numbers without a fraction. It is the same on every engine.

`digest = SHA-256(digest before + SHA-256(canonical form))`, both as 64 hexadecimal digits; before the first line of an
estate stand 64 zeros. A seal follows from the seal before it in the same way.
"""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any

BEGINNING = "0" * 64
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_SIMPLE = (str, int, bool, type(None))


def content_of_line(
    pk: int,
    at: datetime,
    kind: str,
    estate_id: int,
    actor_id: int,
    subject_type: str,
    subject_id: int,
    thread: str,
    note: str,
    rule: str,
    values: dict[str, Any],
) -> str:
    """Return the SHA-256 of the line's canonical form."""
    if not all(type(value) in _SIMPLE and type(key) is str for key, value in values.items()):
        values = _as_read_back(values)
    return _sha([pk, _moment(at), kind, estate_id, actor_id, subject_type, subject_id, thread, note, rule, values])


def content_of_seal(estate_id: int, day: date, place: int, digest: str, count: int, made_at: datetime) -> str:
    """Return the SHA-256 of a seal's canonical form `[estate_id, day, place, digest, count, made_at]`."""
    return _sha([estate_id, day.isoformat(), place, digest, count, _moment(made_at)])


def follow(before: str, content: str) -> str:
    """Return the digest that stands after `before` and this content."""
    return sha256((before + content).encode()).hexdigest()


def _sha(values: list[Any]) -> str:
    # A lone half of a surrogate pair can be typed and kept; it must not stop the record.
    return sha256(_encode(values).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=1024)
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _as_read_back(value: Any) -> Any:
    """Return the value as both engines give it back: PostgreSQL writes 1e20 in figures, keys are texts."""
    if isinstance(value, dict):
        return {_as_key(key): _as_read_back(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_read_back(one) for one in value]
    # By its decimal figures, which PostgreSQL keeps; its binary ones may say another number.
    return int(Decimal(repr(value))) if isinstance(value, float) and value.is_integer() else value


def _as_key(key: Any) -> str:
    return key if isinstance(key, str) else str(next(iter(json.loads(_encode({key: 0})))))
