"""Where a request comes from: its network address and the browser that says it sent it."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Origin:
    """An address, empty when it is not known, and what the browser says it is."""

    address: str = ""
    device: str = ""


def origin_of(meta: Mapping[str, Any]) -> Origin:
    """Read where a request comes from; behind proxies of ours, from what the first of them was told."""
    return Origin(_address(meta), str(meta.get("HTTP_USER_AGENT", ""))[:200])


def _address(meta: Mapping[str, Any]) -> str:
    """Return the address. Each proxy adds one at the end; whatever stands further left anybody may have written."""
    told = str(meta.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        passed = [part.strip() for part in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
        told = passed[-settings.PROXIES] if len(passed) >= settings.PROXIES else told
    try:
        return str(ip_address(told))
    except ValueError:
        return ""
