"""A synchronous PostgreSQL cluster of two nodes under Patroni, each in a network namespace of its own, with one etcd.

The nodes hang on a bridge of this machine, so that a cable can be pulled. Needs root and Debian's postgresql, patroni and
etcd-server; nothing of it listens outside the bridge.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.request import urlopen

from tests.packages import there_after_installing
from tests.postgres_setup import programs

NETWORK, BRIDGE = "10.213.77", "hyfaults"
_NEEDED = {"ip": "iproute2", "etcd": "etcd-server", "patroni": "patroni", "runuser": "util-linux"}


class CannotBeTried(Exception):
    """This machine lacks what the fault needs."""


@dataclass(frozen=True)
class Node:
    """One machine: its name, its number in the network."""

    name: str
    number: int

    @property
    def address(self) -> str:
        return f"{NETWORK}.{self.number}"

    @property
    def cable(self) -> str:
        return f"hy{self.name}0"


NODES = (Node("a", 2), Node("b", 3))


class Cluster:
    """Two nodes and the etcd that decides who leads. Use it as a context; it takes everything down again."""

    def __init__(self, home: Path) -> None:
        there = there_after_installing(lambda: all(map(shutil.which, _NEEDED)), *_NEEDED.values())
        binaries = programs()
        if os.geteuid() != 0 or not there or binaries is None:
            raise CannotBeTried(f"needs root, PostgreSQL and {', '.join(_NEEDED)}")
        self.home, self._binaries = home, binaries
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o755)
        self._take_down()  # what a run that was cut off has left
        try:
            self._lay_cables()
            self._start_etcd()
            for node in NODES:
                self._start(node)
                self._until(lambda: self.leader() is not None)
            self._until(self.in_step)
        except BaseException:
            self._take_down()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._take_down()

    def _take_down(self) -> None:
        for process in reversed(self._running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)
        self._running.clear()
        for node in NODES:
            # The database servers are in no process group of ours, but in its namespace.
            told = subprocess.run(
                ["ip", "netns", "pids", f"hy-{node.name}"], check=False, capture_output=True, text=True
            )
            for one in told.stdout.split():
                with suppress(ProcessLookupError):
                    os.kill(int(one), signal.SIGKILL)
            _ip("netns", "del", f"hy-{node.name}", must=False)
        _ip("link", "del", BRIDGE, must=False)

    @property
    def url(self) -> str:
        hosts = ",".join(node.address for node in NODES)
        return f"postgresql://postgres:faults@{hosts}/huiyin?target_session_attrs=read-write&connect_timeout=3"

    def leader(self) -> Node | None:
        """Return the node that calls itself the leader and can be reached."""
        return next((node for node in NODES if self._state(node).get("role") in ("master", "primary")), None)

    def in_step(self) -> bool:
        """Tell whether one leads and the other follows synchronously."""
        roles = [self._state(node) for node in NODES]
        return {one.get("role") in ("master", "primary") for one in roles} == {True, False} and any(
            one.get("sync_standby") for one in roles
        )

    def pull_cable(self, node: Node) -> None:
        _ip("link", "set", node.cable, "down")

    def plug_in(self, node: Node) -> None:
        _ip("link", "set", node.cable, "up")

    def until_in_step(self) -> None:
        self._until(self.in_step, seconds=180)

    def _lay_cables(self) -> None:
        _ip("link", "add", BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{NETWORK}.1/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")
        for node in NODES:
            space = f"hy-{node.name}"
            _ip("netns", "add", space)
            _ip("link", "add", node.cable, "type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("link", "set", node.cable, "master", BRIDGE, "up")
            _ip("-n", space, "addr", "add", f"{node.address}/24", "dev", "eth0")
            _ip("-n", space, "link", "set", "eth0", "up")
            _ip("-n", space, "link", "set", "lo", "up")

    def _start_etcd(self) -> None:
        client, peer = f"http://{NETWORK}.1:2379", f"http://{NETWORK}.1:2380"
        self._launch(
            "etcd",
            *("--name", "one", "--data-dir", str(self.home / "etcd")),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"one={peer}"),
            log="etcd",
        )

    def _start(self, node: Node) -> None:
        place = self.home / node.name
        place.mkdir()
        shutil.chown(place, "postgres", "postgres")
        said = self.home / f"{node.name}.json"  # JSON is YAML too
        said.write_text(json.dumps(_patroni(node, place, self._binaries), indent=1))
        said.chmod(0o644)
        self._launch(
            *("ip", "netns", "exec", f"hy-{node.name}", "runuser", "-u", "postgres", "--", "patroni", str(said)),
            log=node.name,
        )

    def _launch(self, *command: str, log: str) -> None:
        with (self.home / f"{log}.log").open("wb") as written:
            process = subprocess.Popen(command, stdout=written, stderr=written, start_new_session=True, cwd="/")
        self._running.append(process)

    def _state(self, node: Node) -> dict[str, object]:
        """Return what Patroni says of the node; nothing when it cannot be asked."""
        try:
            with urlopen(f"http://{node.address}:8008/patroni", timeout=2) as answer:
                return dict(json.load(answer))
        except OSError as refused:
            body = getattr(refused, "read", lambda: b"{}")()
            with suppress(ValueError):
                return dict(json.loads(body or b"{}"))
            return {}

    def _until(self, holds: object, seconds: float = 120) -> None:
        give_up = time.monotonic() + seconds
        while not holds():  # type: ignore[operator]  # a predicate
            if time.monotonic() > give_up:
                raise RuntimeError(f"the cluster did not come together\n{self._last_words()}")
            time.sleep(0.3)

    def _last_words(self) -> str:
        return "\n".join(f"{one.name}: {one.read_text()[-1500:]}" for one in sorted(self.home.glob("*.log")))


def _patroni(node: Node, place: Path, binaries: Path) -> dict[str, object]:
    listen = f"{node.address}:5432"
    return {
        "scope": "huiyin",
        "name": node.name,
        "restapi": {"listen": f"{node.address}:8008", "connect_address": f"{node.address}:8008"},
        "etcd3": {"host": f"{NETWORK}.1:2379"},
        "bootstrap": {
            "dcs": {
                "ttl": 20,
                "loop_wait": 2,
                "retry_timeout": 5,
                "synchronous_mode": True,
                "postgresql": {
                    "use_pg_rewind": True,
                    "parameters": {"synchronous_commit": "on", "max_connections": 80, "shared_buffers": "64MB"},
                },
            },
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
        },
        "postgresql": {
            "listen": listen,
            "connect_address": listen,
            "data_dir": str(place / "data"),
            "bin_dir": str(binaries),
            "pgpass": str(place / "pgpass"),
            "parameters": {"unix_socket_directories": str(place)},
            "pg_hba": [
                "local all all trust",
                f"host all all {NETWORK}.0/24 scram-sha-256",
                f"host replication replicator {NETWORK}.0/24 scram-sha-256",
            ],
            "authentication": {
                "superuser": {"username": "postgres", "password": "faults"},
                "replication": {"username": "replicator", "password": "faults"},
            },
        },
    }


def _ip(*words: str, must: bool = True) -> None:
    subprocess.run(["ip", *words], check=must, stderr=None if must else subprocess.DEVNULL)
