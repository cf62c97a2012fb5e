"""A real server over a staged estate, a real Chromium, and pages whose every complaint fails the journey.

Server and browser live as long as the tests of this folder. Afterwards the server is stopped and every invariant of
the house is checked over what the journeys left behind.
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.browser import launch
from tests.cast import PASSWORD
from tests.homes import set_up, shared_by_workers

ROOT = Path(__file__).parents[2]
# Under load everything is slow; nothing waits longer than it must.
PATIENCE = 60_000
STARTS_WITHIN = 600
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 780}
STAGE = "from huiyin.surfaces.cli.main import wake; wake(); from tests.journeys import stage; stage.main()"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class House:
    """The running server, and what the stage made for the journeys: `made` by journey, `keys` by view or area and key."""

    url: str
    home: Path
    made: dict[str, Any]
    keys: dict[str, dict[str, Any]]


def surroundings(home: Path) -> dict[str, str]:
    """Return the environment of a process of its own: none of the settings of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    return {**kept, "HUIYIN_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


def python(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=surroundings(home),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=STARTS_WITHIN,
        check=False,
    )


@pytest.fixture(scope="package")
def staged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A home of one's own with the stage set. Several workers set it once between them and take copies."""
    mine = tmp_path_factory.mktemp("journeys") / "home"
    shared = shared_by_workers(tmp_path_factory)
    with (shared / "stage.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        original, card = shared / "stage", shared / "stage.json"
        if not card.exists():
            shutil.rmtree(original, ignore_errors=True)
            set_up(original, tmp_path_factory)
            done = python(original, "-c", STAGE)
            assert done.returncode == 0, done.stdout + done.stderr
            card.write_text(done.stdout.splitlines()[-1], "utf-8")
        shutil.copytree(original, mine)
        return mine, json.loads(card.read_text("utf-8"))


@pytest.fixture(scope="package")
def house(staged: tuple[Path, dict[str, Any]]) -> Iterator[House]:
    """Serve the staged home; at the end stop, and check every promise of the house."""
    home, card = staged
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    said = home / "server.log"
    with said.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "huiyin.surfaces.cli.main", "serve", "--port", str(port)],
            cwd=ROOT,
            env=surroundings(home),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(url, server, said)
            yield House(url, home, card["made"], card["keys"])
        finally:
            stop(server)
    assert "Traceback" not in said.read_text("utf-8"), said.read_text("utf-8")
    checked = python(home, "-m", "huiyin.surfaces.cli.main", "verify")
    broken = [line for line in checked.stdout.splitlines() if not line.startswith("✓")]
    assert checked.returncode == 0, "\n".join([*broken, checked.stderr])


def wait_for(url: str, server: subprocess.Popen[bytes], said: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/sign-in/", timeout=10):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start\n{said.read_text('utf-8')}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server and the process it forked."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, how)
            server.wait(timeout=20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        chromium = launch(play)
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What the browser had to complain about: errors on the console (broken policies too), failed requests.

    `too_late` is how an address ends where the journey means to come second: there a conflict is the right answer.
    """

    complaints: list[str] = field(default_factory=list)
    too_late: str = ""

    def meant(self, address: str) -> bool:
        return bool(self.too_late) and address.endswith(self.too_late)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self.hear)
        context.on("weberror", lambda wrong: self.complaints.append(f"{wrong.page and wrong.page.url}: {wrong.error}"))
        context.on("requestfailed", self.miss)
        context.on("response", self.answer)

    def hear(self, said: ConsoleMessage) -> None:
        conflict = "status of 409" in said.text and self.meant(said.location["url"])
        if said.type == "error" and not conflict:
            self.complaints.append(f"{said.page and said.page.url}: {said.text}")

    def miss(self, request: Request) -> None:
        # Going on while an answer is still on its way calls the request off; so does every download.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.method} {request.url}: {request.failure}")

    def answer(self, response: Response) -> None:
        conflict = response.status == 409 and self.meant(response.url)
        if response.status >= 400 and not conflict:
            self.complaints.append(f"{response.request.method} {response.url}: {response.status}")


Enter = Callable[..., Page]


@pytest.fixture(scope="package")
def badges() -> dict[str, Any]:
    """Who has signed in already, with their cookies."""
    return {}


@pytest.fixture
def enter(house: House, browser: Browser, badges: dict[str, Any]) -> Iterator[Enter]:
    """Give somebody a browser of their own: `enter("clerk")`; nobody for the page of signing in."""
    watches: list[Watch] = []
    opened: list[BrowserContext] = []

    def open_page(
        username: str = "", *, size: dict[str, int] = DESK, watched: bool = True, too_late: str = "", **how: Any
    ) -> Page:
        if username and username not in badges:
            badges[username] = sign_in(browser, house.url, username)
        context = browser.new_context(
            viewport=size,
            base_url=house.url,
            storage_state=badges.get(username),
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **how,
        )
        context.set_default_timeout(PATIENCE)
        if watched:  # who goes without a signal hears of nothing but failed requests
            watches.append(Watch(too_late=too_late))
            watches[-1].over(context)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
    assert [one for watch in watches for one in watch.complaints] == []


def sign_in(browser: Browser, url: str, username: str) -> Any:
    with browser.new_context(base_url=url) as context:
        context.set_default_timeout(PATIENCE)
        context.request.get("/sign-in/")
        token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
        answer = context.request.post(
            "/sign-in/",
            form={"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token},
            max_redirects=0,
        )
        assert answer.status == 302, username
        return context.storage_state()
