"""A person comes through nginx or Caddy, with our files: known by her own address, over TLS, refused in words."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from huiyin.foundation.accounts import operations as accounts
from tests.cast import PASSWORD
from tests.child_rows import rows_of
from tests.own_database import own_database
from tests.proxies import ASKER, NAME, PATIENCE, Answer, Proxy, caddy, free_ports, nginx, wait_until

pytestmark = pytest.mark.slow
ProxyOf = Callable[[Path, int], AbstractContextManager[Proxy]]
ROOT = Path(__file__).parents[1]
SERVE = """
import sys, django
django.setup()
from huiyin.surfaces.cli import serve
serve.gather_static()
serve.serve(host="127.0.0.1", port=int(sys.argv[1]), jobs=False)
"""


@contextmanager
def server(home: Path, url: str) -> Iterator[int]:
    """Serve this database as huiyin.env says; yield the port. What it writes is in server.log."""
    (port,) = free_ports(1)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    own = {"HUIYIN_HOME": str(home), "HUIYIN_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "huiyin.config.settings"}
    example = dict(
        line.split("=", 1) for line in (ROOT / "deploy/huiyin.env").read_text("utf-8").splitlines() if line[:1] == "H"
    )
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port)], cwd=ROOT, env={**kept, **example, **own}, stdout=log, stderr=log
        )
    try:
        wait_until(lambda: process.poll() is not None or _answers(port))
        assert process.poll() is None, (home / "server.log").read_text("utf-8")
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.mark.django_db(transaction=True)
def test_who_signs_in_is_known_by_her_own_address_and_over_tls(tmp_path: Path) -> None:
    clerk = accounts.create_user("clerk", name="林晓雯", password=PASSWORD, company_id=None)
    # The tests hash quickly; this server knows the real way alone.
    accounts.keep_password(clerk, hashed=Argon2PasswordHasher().encode(PASSWORD, "a" * 22))
    with own_database(tmp_path) as url, server(tmp_path, url) as port:
        for proxy_of in (nginx, caddy):
            folder = tmp_path / proxy_of.__name__
            folder.mkdir()
            with proxy_of(folder, port) as proxy:
                answer = sign_in(proxy, X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="http", X_Request_ID="made-up-1")

            assert (answer.status, answer.headers["Location"]) == (302, "/start/")
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
            cookies = answer.headers.get_all("Set-Cookie") or []
            assert {one.split("=")[0] for one in cookies} == {"__Host-sessionid", "__Host-csrftoken"}
            assert all("; Secure" in one for one in cookies)
            number = answer.headers["X-Request-ID"]
            assert number != "made-up-1"
            assert views_of(number, tmp_path / "server.log") == ["accounts:sign_in"]
        assert rows_of(url, "SELECT address FROM accounts_session") == [(ASKER,), (ASKER,)]


def sign_in(proxy: Proxy, **headers: str) -> Answer:
    door = proxy.ask("/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', door.text)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "username": "clerk", "password": PASSWORD}
    headers |= {"Content_Type": "application/x-www-form-urlencoded", "Referer": f"https://{NAME}/sign-in/"}
    return proxy.ask(
        "/sign-in/", "POST", urlencode(form), Cookie=str(door.headers["Set-Cookie"]).split(";")[0], **headers
    )


def views_of(number: str, log: Path) -> list[str]:
    """Return which pages the server says it answered under this number."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    return [line["view"] for line in lines if line["request_id"] == number]


@pytest.mark.parametrize("proxy_of", [nginx, caddy])
def test_what_the_proxy_refuses_and_what_is_away_is_said_in_words(proxy_of: ProxyOf, tmp_path: Path) -> None:
    (nobody,) = free_ports(1)
    with proxy_of(tmp_path, nobody) as proxy:
        plain = proxy.ask_plainly("/cases/?page=2")
        assert (plain.status in (301, 308), plain.headers["Location"].startswith(f"https://{NAME}")) == (True, True)
        assert [proxy.ask(path).status for path in ("/metrics", "/readyz")] == [404, 404]
        large = proxy.ask("/sign-in/", "POST", Content_Length=str(106 * 1000 * 1000))
        away = proxy.ask("/sign-in/")
        assert (large.status, large.headers["HX-Retarget"]) == (413, "#flashes")
        assert "什么都没有收下" in large.text
        assert (away.status in (502, 503), away.headers["HX-Retarget"]) == (True, "#flashes")
        assert "系统暂时连不上" in away.text
