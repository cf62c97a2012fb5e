"""Where a request comes from: its network address and the browser that says it sent it."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any


@dataclass(frozen=True)
class Origin:
    """An address, empty when it is not known, and what the browser says it is."""

    address: str = ""
    device: str = ""


def origin_of(meta: Mapping[str, Any]) -> Origin:
    """Read where a request comes from. What our proxies say of it has been put into REMOTE_ADDR on its way in."""
    try:
        address = str(ip_address(str(meta.get("REMOTE_ADDR", ""))))
    except ValueError:
        address = ""
    return Origin(address, str(meta.get("HTTP_USER_AGENT", ""))[:200])
