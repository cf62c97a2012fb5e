"""What was acknowledged survives `kill -9` of the server; what was not committed is not there in part."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener

import pytest

from tests.cast import PASSWORD
from tests.child_rows import SQLITE, fingerprint, rows_of
from tests.own_database import own_database, settings_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[1]
ROUNDS, DESKS, PATIENCE = 10, 2, 60


class HouseProcess:
    """The process of `tests.child_house`, its home and its database file."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.child_house", str(self.port)],
            cwd=ROOT,
            env=settings_for(url, home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.server = 0
        assert self._answer() == "ready"

    def ask(self, line: str) -> Any:
        stdin: IO[str] = self.process.stdin
        stdin.write(f"{line}\n")
        stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        stdout: IO[str] = self.process.stdout
        return json.loads(stdout.readline())

    def serve(self) -> None:
        """Start the server and return when it answers."""
        self.server = self.ask("serve")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with closing(socket.socket()) as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("the server never answered")

    def kill(self) -> None:
        """Kill -9 the server with everything it started."""
        if self.server:
            os.killpg(self.server, signal.SIGKILL)
            self.server = 0

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return rows_of(self.url, sql)

    def assert_sound(self) -> None:
        """See that the file, which was open when it happened, is whole; a server's was not in our hands."""
        if self.url.startswith(SQLITE):
            assert self.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[HouseProcess]:
    with own_database(tmp_path) as url:
        house = HouseProcess(tmp_path, url)
        yield house
        house.kill()
        house.process.kill()
        house.process.communicate()


class StayHere(HTTPRedirectHandler):
    """Do not follow: where one is sent is the answer."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Desk:
    """A clerk at a browser of her own, who writes down every number she was told, by the key of the form."""

    def __init__(self, house: HouseProcess) -> None:
        self.base = f"http://127.0.0.1:{house.port}"
        self.jar = CookieJar()
        self.browser: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar), StayHere())
        self.told: dict[str, str] = {}
        self.sent: list[str] = []

    def sign_in(self) -> None:
        self.browser.open(f"{self.base}/sign-in/", timeout=PATIENCE).read()
        assert self._post("/sign-in/", username="clerk", password=PASSWORD) == "/start/"

    def register(self, key: str) -> None:
        """Send the form of the desk and write down the number it was given."""
        self.sent.append(key)
        told = {"kind": "repair", "channel": "call", "text": f"厨房漏水 {key}", "idempotency_key": key}
        answer = self._post("/desk/", **told)
        found = re.fullmatch(r"/desk/\?done=(YH-W\d{6}-\d{3})", answer)
        assert found, answer
        self.told[key] = found[1]

    def work_until_the_line_is_dead(self, luck: Random) -> None:
        while True:
            try:
                self.register(f"{luck.getrandbits(128):032x}")
            except (URLError, HTTPException, ConnectionError):
                return

    def _post(self, path: str, **fields: str) -> str:
        """Send the fields and return where the answer leads."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        try:
            answer = self.browser.open(f"{self.base}{path}", body, timeout=PATIENCE)
        except HTTPError as redirect:
            assert redirect.code in (302, 303), redirect.code
            return redirect.headers["Location"]
        return f"{answer.status} {answer.read().decode()[:2000]}"


def test_what_the_desk_was_told_survives_a_killed_server(house: HouseProcess) -> None:
    desks = [Desk(house) for _ in range(DESKS)]
    for turn in range(ROUNDS):
        house.serve()
        if turn == 0:
            for desk in desks:
                desk.sign_in()
        before = sum(len(desk.told) for desk in desks)
        at_work = [
            threading.Thread(target=desk.work_until_the_line_is_dead, args=(Random(f"{turn}/{place}"),))
            for place, desk in enumerate(desks)
        ]
        for thread in at_work:
            thread.start()
        _wait_until(lambda: sum(len(desk.told) for desk in desks) >= before + 3)  # noqa: B023  (called in this turn)
        time.sleep(Random(turn).uniform(0, 0.08))
        house.kill()
        for thread in at_work:
            thread.join()
        house.assert_sound()
        kept = {number for (number,) in house.rows("SELECT number FROM cases_case")}
        assert {number for desk in desks for number in desk.told.values()} <= kept

    told = {key: number for desk in desks for key, number in desk.told.items()}
    sent = {key for desk in desks for key in desk.sent}
    house.serve()
    again = Desk(house)
    again.sign_in()
    for key in sorted(sent):
        again.register(key)
    house.kill()
    assert {key: again.told[key] for key in told} == told
    assert len(sent) > len(told) >= 3 * ROUNDS
    assert house.rows("SELECT count(*) FROM cases_case") == [(len(sent),)]
    assert house.ask("verify") == {}


IN_THE_MIDDLE = (
    "service_desk.contact.registered",
    "cases.case.registered",
    "cases.case.merged",
    "cases.case.held",
    "repairs.order.registered",
    "repairs.order.closed",
    "complaints.complaint.closed",
    "cases.case.closed",
    "return_visits.visit.failed",
    "staffing.person.left",
)


def test_an_operation_killed_in_the_middle_left_nothing(house: HouseProcess) -> None:
    for fact in IN_THE_MIDDLE:
        left = house.home / "left"
        left.write_text(fingerprint(house.url))
        assert house.ask(f"die {fact}") is True, fact
        house.assert_sound()
        assert fingerprint(house.url) == left.read_text(), fact
        assert house.ask("verify") == {}, fact


def _wait_until(done: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until
        time.sleep(0.002)
