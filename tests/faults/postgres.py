"""The faults of several machines: two web servers and two workers on PostgreSQL, and a cluster that loses its leader."""

import time
from pathlib import Path
from random import Random

import psycopg

from tests.faults.cluster import Cluster, Node
from tests.faults.house import House, free_port
from tests.faults.load import Outcome, Told
from tests.faults.scenarios import CannotBeTried, judged
from tests.postgres_setup import private_cluster, programs

_CREATE = "CREATE DATABASE huiyin TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
# Dead lines are given up after seconds, not after the quarter of an hour of TCP.
_IMPATIENT = "keepalives_idle=5&keepalives_interval=2&keepalives_count=3&tcp_user_timeout=8000"


def two_of_each(home: Path, rounds: int) -> Outcome:
    """One of two web servers, or one of two workers, is killed; the other goes on."""
    found = programs()
    if found is None:
        raise CannotBeTried("PostgreSQL is missing (apt-get install postgresql)")
    luck, ports = Random(2026), [free_port(), free_port()]
    with private_cluster(found) as server:
        _create(server)
        with House(home, url=server.replace("/postgres?", "/huiyin?")) as house:
            webs = {port: house.web(port) for port in ports}
            workers = [house.worker(), house.worker()]

            def disturb(told: Told) -> str:
                for _ in range(rounds):
                    time.sleep(luck.uniform(0.3, 1.5))
                    if luck.random() < 0.7:
                        port = luck.choice(ports)
                        house.kill(webs[port])
                        webs[port] = house.web(port)
                    else:
                        place = luck.randrange(2)
                        house.kill(workers[place])
                        workers[place] = house.worker()
                return f"{rounds} rounds"

            return judged(house, "two of each", ports, disturb)


def leader_lost(home: Path, rounds: int) -> Outcome:
    """The cable of the leading database node is pulled under load; the other takes over; the first comes back and follows."""
    ports = [free_port(), free_port()]
    with Cluster(home / "cluster") as cluster:
        _create(cluster.url.replace("/huiyin?", "/postgres?"))
        with House(home / "house", url=f"{cluster.url}&{_IMPATIENT}") as house:
            for port in ports:
                house.web(port)

            def disturb(told: Told) -> str:
                for _ in range(rounds):
                    time.sleep(5)
                    _pull_and_plug_in(cluster, told)
                return f"{rounds} times the leader's cable"

            return judged(house, "leader lost", ports, disturb)


def _pull_and_plug_in(cluster: Cluster, told: Told) -> None:
    leading = cluster.leader()
    assert isinstance(leading, Node)
    cluster.pull_cable(leading)
    before, give_up = len(told.numbers), time.monotonic() + 120
    while cluster.leader() in (None, leading) or len(told.numbers) < before + 20:
        if time.monotonic() > give_up:
            raise RuntimeError("nobody took over")
        time.sleep(0.2)
    cluster.plug_in(leading)
    cluster.until_in_step()


def _create(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(_CREATE)
