"""nginx and Caddy with our own files on ports of their own: TLS by a certificate nobody signed, one server behind."""

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.proxy_setup import program

DEPLOY = Path(__file__).parents[1] / "deploy"
NAME = "huiyin.example.cn"
# Who asks: another address of this machine, so that it differs from the proxy's own.
ASKER = "127.0.0.5"
PATIENCE = 120


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    text: str


@dataclass(frozen=True)
class Proxy:
    """A running proxy: its two doors."""

    plain: int
    secure: int

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """Ask over TLS by our name, from ASKER. Names of headers are written with underscores."""
        anyone = ssl.create_default_context()
        anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
        connection = HTTPSConnection(NAME, timeout=PATIENCE)
        door = socket.create_connection(("127.0.0.1", self.secure), PATIENCE, source_address=(ASKER, 0))
        with door, anyone.wrap_socket(door, server_hostname=NAME) as connection.sock:
            return _answered(connection, method, path, body, headers)

    def ask_plainly(self, path: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.plain, timeout=PATIENCE)
        with closing(connection):
            return _answered(connection, "GET", path, None, {"Host": NAME})


def _answered(connection: HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    with connection.getresponse() as answer:
        return Answer(answer.status, answer.headers, answer.read().decode())


def free_ports(count: int) -> list[int]:
    doors = [socket.socket() for _ in range(count)]
    try:
        for door in doors:
            door.bind(("127.0.0.1", 0))
        return [door.getsockname()[1] for door in doors]
    finally:
        for door in doors:
            door.close()


def nginx_files(folder: Path, behind: int, proxy: Proxy) -> Path:
    """Write our file with ports of its own, what Debian's main file gives around it, and a certificate."""
    _certificate(folder)
    site = (DEPLOY / "nginx.conf").read_text("utf-8")
    for ours, here in (
        ("listen 80;", f"listen 127.0.0.1:{proxy.plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{proxy.secure} ssl"),
        ("/etc/ssl/huiyin", str(folder)),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert ours in site
        site = site.replace(ours, here)
    (folder / "site.conf").write_text(site, "utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder / 'pid'}; error_log {folder / 'log'};\nevents {{}}\n"
        f"http {{ access_log off;\n{temporary}include {folder / 'site.conf'}; }}\n"
    )
    return main


def caddy_file(folder: Path, behind: int, proxy: Proxy) -> Path:
    """Write our file with ports of its own and certificates of Caddy's own making."""
    site = (DEPLOY / "Caddyfile").read_text("utf-8")
    for ours, here in (
        (f"\n{NAME} {{\n", f"\n{NAME} {{\n\tbind 127.0.0.1\n"),
        ("reverse_proxy 127.0.0.1:8000", f"reverse_proxy 127.0.0.1:{behind}"),
    ):
        assert ours in site
        site = site.replace(ours, here)
    ports = f"http_port {proxy.plain}\n\thttps_port {proxy.secure}"
    main = folder / "Caddyfile"
    main.write_text(f"{{\n\tadmin off\n\tskip_install_trust\n\tlocal_certs\n\t{ports}\n}}\n{site}", "utf-8")
    return main


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[Proxy]:
    proxy = Proxy(*free_ports(2))
    with _running([program("nginx"), "-c", str(nginx_files(folder, behind, proxy))], folder, proxy):
        yield proxy


@contextmanager
def caddy(folder: Path, behind: int) -> Iterator[Proxy]:
    proxy = Proxy(*free_ports(2))
    main = caddy_file(folder, behind, proxy)
    with _running([program("caddy"), "run", "--adapter", "caddyfile", "--config", str(main)], folder, proxy):
        yield proxy


@contextmanager
def _running(command: list[str], folder: Path, proxy: Proxy) -> Iterator[None]:
    own = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=folder, env=own, stdout=said, stderr=said)
    try:
        wait_until(lambda: process.poll() is not None or answers(proxy))
        assert process.poll() is None, (folder / "said").read_text("utf-8")
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def answers(proxy: Proxy) -> bool:
    try:
        return proxy.ask("/metrics").status == 404
    except OSError:
        return False


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)


def _certificate(folder: Path) -> None:
    key, name, day = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - day)
        .not_valid_after(datetime.now(UTC) + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "fullchain.pem").write_bytes(made.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
