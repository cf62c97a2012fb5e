"""The worked example of docs/how-to/hotline.md against a real server: a call is registered and followed to its end."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from tests.homes import set_up
from tests.journeys.conftest import ROOT, python, stop, surroundings, wait_for

pytestmark = [pytest.mark.slow]
SCRIPT = ROOT / "docs/how-to/hotline.py"
STAGE = """
import json, sys
from datetime import timedelta
from huiyin.surfaces.cli.main import wake
wake()
from django.conf import settings
from django.utils.timezone import now
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.webhooks import operations as webhooks
from huiyin.foundation.webhooks.rules import secret_of
from huiyin.standards import operations as standards
from huiyin.surfaces.cli.serve import gather_static
from tests import cast
from tests.programs import lend
at = now()
estate = cast.open_estate()
people = cast.gather(estate)
standards.adopt(estate.pk, "recommended", since=at - timedelta(days=1), actor=system_actor(), at=at)
said = {name: lend(getattr(people, name), estates=[estate.pk], at=at)[1] for name in ("clerk", "supervisor")}
kinds = ["cases.case.taken", "cases.case.closed"]
hook = webhooks.open_endpoint(
    "热线", url=sys.argv[1], kinds=kinds, estates=[estate.pk], inside=True, actor=people.director, at=at
)
gather_static()
print(json.dumps({**said, "secret": secret_of(hook.salt, key=settings.SECRET_KEY)}))
"""


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A server with its worker, and an address on this machine that it tells of cases."""
    tmp_path = tmp_path_factory.mktemp("hotline")
    home, port, listening = tmp_path / "home", free_port(), free_port()
    set_up(home, tmp_path_factory)
    staged = python(home, "-c", STAGE, f"http://127.0.0.1:{listening}/hook")
    assert staged.returncode == 0, staged.stdout + staged.stderr
    log = tmp_path / "server.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "huiyin.surfaces.cli.main", "serve", "--port", str(port)],
            cwd=ROOT,
            env={**surroundings(home), "HUIYIN_WEBHOOKS_INSIDE": "yes"},
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}", server, log)
            made = json.loads(staged.stdout.splitlines()[-1])
            yield {**made, "url": f"http://127.0.0.1:{port}", "listen": str(listening)}
        finally:
            stop(server)
    assert "Traceback" not in log.read_text("utf-8"), log.read_text("utf-8")


def command(served: dict[str, Any], path: str, said: dict[str, Any]) -> Any:
    request = Request(f"{served['url']}/api/v1{path}", json.dumps(said).encode(), method="POST")
    request.add_header("Authorization", f"Bearer {served['supervisor']}")
    request.add_header("Idempotency-Key", uuid4().hex)
    with urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_the_hotline_registers_a_call_and_follows_it_to_its_end(served: dict[str, Any]) -> None:
    call = ("--name", "王女士", "--phone", "13800138000", "--unit", "3-2-1501", "--text", "问地下车库几点关")
    hotline = subprocess.Popen(
        [
            *(sys.executable, str(SCRIPT), "--url", served["url"], "--token", served["clerk"]),
            *("--secret", served["secret"], "--estate", "YH", "--listen", served["listen"], "--poll", "120", *call),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=surroundings(Path("/nowhere")),
    )
    assert hotline.stdout is not None
    watch = threading.Timer(120, hotline.kill)
    watch.start()
    try:
        first = hotline.stdout.readline()
        assert first.startswith("已登记 YH-"), first + hotline.stdout.read()
        number = first.split()[1].partition(",")[0]
        with pytest.raises(HTTPError, match="401"):
            forged = Request(f"http://127.0.0.1:{served['listen']}/hook", b"{}", method="POST")
            forged.add_header("Huiyin-Signature", "t=1795572000,v1=00")
            urlopen(forged, timeout=20)
        command(served, f"/cases/{number}/take", {})
        assert hotline.stdout.readline() == "推送 cases.case.taken\n"
        command(served, f"/cases/{number}/close", {"answer": "晚上十二点关"})
        rest = hotline.stdout.read()
        assert f"{number} 已结束:晚上十二点关" in rest
        assert "推送 cases.case.closed" in rest, "the news came by itself, not by asking"
        assert hotline.wait(timeout=20) == 0
    finally:
        watch.cancel()
        hotline.kill()
        hotline.wait()
        hotline.stdout.close()


def test_what_is_refused_is_said_in_the_words_of_the_house(served: dict[str, Any]) -> None:
    refused = subprocess.run(
        [
            *(sys.executable, str(SCRIPT), "--url", served["url"], "--token", served["clerk"]),
            *("--secret", "x", "--estate", "YH", "--listen", served["listen"], "--name", "", "--phone", ""),
            *("--unit", "", "--text", " "),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env=surroundings(Path("/nowhere")),
        check=False,
    )
    assert (refused.returncode, refused.stderr) == (1, "没有登记: 请写下客户说了什么\n")
