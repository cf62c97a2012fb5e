"""What somebody typed into a search, kept out of addresses: a phone or a name stands there sealed, and only for a while.

Addresses are written down by servers, proxies and browsers. So search forms are sent by POST, answered with a redirect
to an address that holds the words encrypted, and opened again before a page looks at them.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import QueryDict
from django.utils.http import urlencode

PRIVATE: Final = frozenset({"q", "text", "caller"})
HOURS: Final = 12
MARK: Final = "~"


def sealed(words: str) -> str:
    """Return the words as an address may hold them. What is sealed already, or empty, stays as it is."""
    if not words or words.startswith(MARK):
        return words
    return MARK + _fernet().encrypt(words.encode()).decode().rstrip("=")


def opened(words: str) -> str:
    """Return what was sealed; nothing when it is too old or not ours. Words that are not sealed stay as they are."""
    if not words.startswith(MARK):
        return words
    token = words.removeprefix(MARK)
    try:
        return _fernet().decrypt(f"{token}{'=' * (-len(token) % 4)}", ttl=HOURS * 3600).decode()
    except (InvalidToken, ValueError):  # the latter when it is no ASCII at all
        return ""


def sealed_query(query: Mapping[str, object]) -> str:
    """Write a query for an address, with what was typed in it sealed."""
    pairs: list[tuple[str, Any]] = []
    for key in query:
        value = query.getlist(key) if isinstance(query, QueryDict) else query[key]
        pairs += [(key, one) for one in (value if isinstance(value, (list, tuple)) else [value])]
    return urlencode([(key, sealed(str(one)) if key in PRIVATE else one) for key, one in pairs])


def opened_query(query: QueryDict) -> QueryDict:
    """Return the query with what was sealed in it opened; itself when nothing was."""
    hidden = [key for key in PRIVATE if any(one.startswith(MARK) for one in query.getlist(key))]
    if not hidden:
        return query
    told = query.copy()
    for key in hidden:
        told.setlist(key, [opened(one) for one in query.getlist(key)])
    return told


@lru_cache(maxsize=1)
def _fernet() -> Fernet:
    digest = hashlib.sha256(b"huiyin asked " + str(settings.SECRET_KEY).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
