"""Posting to an address that somebody typed: to the host that was looked at and no other, and no further.

The name is resolved once, every address behind it must be public, and the connection goes to that very address, so that a
name which answers differently the second time reaches nothing inside. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_CONNECT = 5.0
_WHOLE = 15.0
_READ = 2_000
_SAID = 300
_EMBEDDING = [ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class Unreachable(Exception):
    """The address must not, or cannot, be asked."""


@dataclass(frozen=True)
class Outcome:
    """The status that was answered, or none; how long it took; how the answer began, or why there was none."""

    status: int | None
    took_ms: int
    said: str

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def problem_with(url: str, *, inside: bool) -> str:
    """Say what is wrong with the address as it is written, or nothing."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "地址看不懂"
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return "地址要写全,以 https:// 开头"
    if parts.scheme == "http" and not inside:
        return "地址要用 https"
    if parts.username or parts.password or parts.fragment or port == 0:
        return "地址里不能有账号、密码或 #"
    if not url.isascii() or any(one <= " " for one in url):
        return "地址里有不能用的字符"
    return ""


def post(url: str, body: bytes, headers: dict[str, str], *, inside: bool) -> Outcome:
    """Post the body and tell what came of it. Nothing is raised for what the other side does."""
    began = time.perf_counter()
    try:
        status, said = _post(urlsplit(url), body, headers, inside=inside)
    except (OSError, http.client.HTTPException, Unreachable, ValueError) as error:
        status, said = None, str(error) or type(error).__name__
    return Outcome(status, int((time.perf_counter() - began) * 1000), _plain(said))


def _post(parts: SplitResult, body: bytes, headers: dict[str, str], *, inside: bool) -> tuple[int, str]:
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    stream = _connected(host, port, inside=inside)
    # Whoever answers a byte at a time is hung up on.
    clock = threading.Timer(_WHOLE, _hang_up, [stream])
    clock.start()
    try:
        if secure:
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
        line = http.client.HTTPConnection(host, port)
        line.sock = stream
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", target, body, headers)
        answered = line.getresponse()
        return answered.status, answered.read(_READ).decode("utf-8", "replace")
    finally:
        clock.cancel()
        stream.close()


def _connected(host: str, port: int, *, inside: bool) -> socket.socket:
    addresses = [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not inside and not all(is_public(str(one)) for one in addresses):
        raise Unreachable("地址在内网,不能推送")
    return socket.create_connection((str(addresses[0]), port), timeout=_CONNECT)


def is_public(address: str) -> bool:
    """Tell whether an address is of the public network, also one that carries another inside it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in _EMBEDDING):
            return False
    return found.is_global and not found.is_multicast


def _hang_up(stream: socket.socket) -> None:
    try:
        stream.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _plain(said: str) -> str:
    return "".join(one if one.isprintable() else " " for one in said)[:_SAID].strip()
