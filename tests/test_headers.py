"""What every answer carries, whose forwarded headers are believed, and what the settings make of HUIYIN_HTTPS."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from huiyin.areas.estate.models import Estate
from tests.cast import Cast
from tests.test_permission_table import VIEWS, World, address, world

__all__ = ["world"]
ROOT = Path(__file__).parents[1]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
FILE_POLICY = {"default-src 'none'", "sandbox"}
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy(answer: object) -> set[str]:
    return set(answer.headers["Content-Security-Policy"].split("; "))


def test_every_address_answers_with_the_strict_headers(world: World, browser_of: object, clock: object) -> None:
    browser: Client = browser_of(world.cast.supervisor)
    browser.raise_request_exception = False
    bare = {}
    for name in VIEWS:
        answer = browser.get(address(name, world))
        answer.close()
        wanted = FILE_POLICY if name == "web:file" else POLICY
        found = {header: answer.headers.get(header) for header in ALWAYS}
        if not re.search("private|no-store", answer.headers["Cache-Control"]):
            bare[f"{name}, kept"] = answer.headers["Cache-Control"]
        if found != ALWAYS or policy(answer) != wanted or "geolocation=()" not in answer.headers["Permissions-Policy"]:
            bare[name] = (answer.status_code, found, policy(answer))
    assert bare == {}


def test_nothing_unsafe_is_ever_allowed() -> None:
    allowed = " ".join(POLICY | FILE_POLICY)
    assert "unsafe" not in allowed
    assert "*" not in allowed
    assert "http" not in allowed


@pytest.mark.parametrize("path", ["/sign-in/", "/no/such/page/"])
def test_errors_and_the_page_for_strangers_carry_them_too(path: str, db: None, client: Client) -> None:
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert policy(answer) == POLICY


def test_a_body_that_is_too_large_is_not_even_read(db: None, client: Client) -> None:
    answer = client.post(
        "/sign-in/", data=b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="104857601"
    )
    assert answer.status_code == 413
    assert "一次最多 100 MB" in answer.content.decode()


class TestNames:
    def test_a_name_that_is_not_ours_is_refused(self, db: None, client: Client) -> None:
        assert client.get("/sign-in/", headers={"Host": "evil.example"}).status_code == 400

    def test_the_name_a_stranger_forwards_is_not_heard(self, db: None, client: Client) -> None:
        answer = client.get("/", headers={"X-Forwarded-Host": "evil.example"})
        assert answer.headers["Location"] == "/sign-in/?next=/"


class TestProxies:
    def test_only_a_trusted_proxy_says_that_it_was_https(self, db: None, client: Client, settings: object) -> None:
        settings.SECURE_HSTS_SECONDS = 60
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
        client = Client()  # the length of HSTS is read when the handler is made
        forwarded = {"X-Forwarded-Proto": "https"}
        assert "Strict-Transport-Security" in client.get("/sign-in/", headers=forwarded).headers
        assert (
            "Strict-Transport-Security"
            not in Client().get("/sign-in/", headers=forwarded, REMOTE_ADDR="10.0.0.8").headers
        )

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("0123abcd-REQ.7_x", True),
            ("short", False),
            ("with space inside", False),
            ("x" * 65, False),
            ("abcdefgh\nINFO forged", False),
            ("王丽的请求编号啊啊", False),
        ],
    )
    def test_a_well_formed_number_from_a_trusted_proxy_is_kept(
        self, given: str, kept: bool, client: Client, settings: object
    ) -> None:
        settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
        answer = client.get("/healthz", HTTP_X_REQUEST_ID=given)
        assert (answer.headers["X-Request-ID"] == given) is kept
        assert len(answer.headers["X-Request-ID"]) >= 8

    def test_a_number_from_anybody_else_is_not(self, client: Client) -> None:
        answer = client.get("/healthz", HTTP_X_REQUEST_ID="0123abcd-REQ.7_x")
        assert len(answer.headers["X-Request-ID"]) == 16

    @pytest.mark.parametrize(
        ("forwarded", "came_from"),
        [
            ("203.0.113.9", "203.0.113.9"),
            ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
            ("203.0.113.9, 10.0.0.2", "203.0.113.9"),
            ("", "127.0.0.1"),
        ],
        ids=["one proxy", "what the asker made up is left of it", "two proxies", "the proxy itself"],
    )
    def test_the_asker_is_the_first_that_is_no_proxy_of_ours(
        self, forwarded: str, came_from: str, client: Client, settings: object
    ) -> None:
        settings.TRUSTED_PROXIES = frozenset({"127.0.0.1", "10.0.0.2"})
        answer = client.get("/healthz", HTTP_X_FORWARDED_FOR=forwarded)
        assert answer.wsgi_request.META["REMOTE_ADDR"] == came_from


def python(home: Path, what: str, **env: str) -> str:
    """Return what a process of its own prints, with nothing of ours in its environment but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    around = {**kept, "HUIYIN_HOME": str(home), **env}
    done = subprocess.run(
        [sys.executable, "-c", what], cwd=ROOT, env=around, capture_output=True, text=True, check=True
    )
    return done.stdout


def settings_with(home: Path, **env: str) -> dict[str, object]:
    """Return what the settings become in a process of its own with these in the environment."""
    names = [
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "SECURE_PROXY_SSL_HEADER",
        "PASSWORD_HASHERS",
        "TRUSTED_PROXIES",
    ]
    show = (
        "import json; from huiyin.config import settings as s;"
        f"print(json.dumps({{n: getattr(s, n) for n in {names}}}, default=sorted))"
    )
    return dict(json.loads(python(home, show, **env)))


def test_without_https_nothing_forwarded_is_believed_and_only_this_machine_is_known(tmp_path: Path) -> None:
    found = settings_with(tmp_path)
    assert found == {
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SESSION_COOKIE_NAME": "sessionid",
        "CSRF_COOKIE_NAME": "csrftoken",
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "SECURE_HSTS_SECONDS": 0,
        "SECURE_PROXY_SSL_HEADER": None,
        "TRUSTED_PROXIES": [],
        "PASSWORD_HASHERS": ARGON2,
    }


def test_with_https_cookies_are_bound_to_the_host_and_browsers_told_to_stay(tmp_path: Path) -> None:
    found = settings_with(tmp_path, HUIYIN_HTTPS="yes", HUIYIN_ALLOWED_HOSTS="huiyin.example.cn")
    assert found == {
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", "huiyin.example.cn"],
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "TRUSTED_PROXIES": ["127.0.0.1", "::1"],
        "PASSWORD_HASHERS": ARGON2,
    }


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(estate: Estate, cast: Cast, client: Client) -> None:
    client.get("/sign-in/")
    client.force_login(cast.clerk)
    client.post("/estate/", {"estate": estate.pk})  # what is kept with the session sends its cookie anew
    for name in ("csrftoken", "sessionid"):
        cookie = client.cookies[name]
        assert (name, cookie["httponly"], cookie["samesite"], cookie["path"]) == (name, True, "Lax", "/")


@pytest.mark.parametrize(("command", "all_names"), [("run", True), ("serve", False), ("worker", False)])
def test_only_the_demonstration_answers_to_every_name(command: str, all_names: bool, tmp_path: Path) -> None:
    show = (
        "from huiyin.surfaces.cli import main\n"
        "real = main.wake\n"
        "def wake():\n"
        "    real()\n"
        "    from django.conf import settings\n"
        "    print('*' in settings.ALLOWED_HOSTS)\n"
        "    raise SystemExit\n"
        "main.wake = wake\n"
        f"main.main([{command!r}])"
    )
    assert python(tmp_path, show) == f"{all_names}\n"
