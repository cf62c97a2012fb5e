"""Fixtures of the whole house: an estate with its cast, a standard in force, a moment, a stopped clock."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from hypothesis import settings as hypothesis

from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts import queries as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.guards import installing
from huiyin.foundation.jobs.backend import LeasedBackend
from huiyin.standards import in_force, operations
from huiyin.standards import queries as promises
from huiyin.standards.models import Standard
from huiyin.standards.operations import publishing
from tests import cast as people
from tests import emptying
from tests.replaying import Ground

FAR_OFF = 4102444800  # 2100, in seconds
# A deadline by the clock on the wall says how busy the machine is, not whether the code is right.
hypothesis.register_profile("house", deadline=None)
hypothesis.load_profile("house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server, run what works with the database; the rest was run with the embedded one and would be the same."""
    if connections.settings["default"]["ENGINE"] == "huiyin.foundation.sqlite":
        return
    kept = [one for one in items if one.get_closest_marker("django_db") or "db" in getattr(one, "fixturenames", ())]
    config.hook.pytest_deselected(items=[one for one in items if one not in set(kept)])
    items[:] = kept


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Rows are rolled back after each test; what was remembered of them must go too."""
    yield
    accounts._system_actor_id.cache_clear()
    in_force.forget()
    promises.code_of.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def transactions_outlive_answers() -> Iterator[None]:
    """A page that is put away would close the connection in which the whole test runs; in memory that does nothing."""
    usual = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def outside_transactions(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            usual(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", outside_transactions)
        yield


@pytest.fixture(autouse=True, scope="session")
def emptied_by_rows() -> Iterator[None]:
    with emptying.only_what_has_rows():
        yield


def commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(request.fixturenames)
    return bool(asked or (marker and marker.kwargs.get("transaction")))


@pytest.fixture(autouse=True)
def emptied_without_guards(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits is followed by the emptying of every table, which the triggers of the embedded database refuse.

    They come back with the signal that follows the emptying, as after a migration. On a server they are passed by.
    """
    if not commits(request):
        yield
        return
    # Asked for first, so that it ends last: the tables are emptied after the triggers are gone.
    request.getfixturevalue("transactional_db")
    yield
    if connections["default"].vendor == "sqlite":
        installing.remove()


@pytest.fixture
def unguarded(db: None) -> None:
    """Rows that are kept may be changed in this test: it plants what must be found. Undone with the test."""
    installing.remove(kept_only=True)


@pytest.fixture
def leased_rows() -> Iterator[None]:
    """Let jobs be rows of ours on a server too, for tests that look at them."""
    chosen = task_backends[DEFAULT_TASK_BACKEND_ALIAS]
    task_backends[DEFAULT_TASK_BACKEND_ALIAS] = LeasedBackend(DEFAULT_TASK_BACKEND_ALIAS, {})
    yield
    task_backends[DEFAULT_TASK_BACKEND_ALIAS] = chosen


@pytest.fixture
def at() -> datetime:
    """Wednesday, 25 November 2026, 10:00 in Shanghai."""
    return people.AT


@pytest.fixture(autouse=True)
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    found = Ground()
    if commits(request):
        found.spoil()
    found.watch()
    yield found
    found.look_away()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    if laid := getattr(item, "funcargs", {}).get("ground"):
        laid.look_away()


@pytest.fixture
def estate(db: None, ground: Ground) -> Estate:
    return ground.lay("estate", people.open_estate)


@pytest.fixture
def cast(estate: Estate, ground: Ground) -> people.Cast:
    return ground.lay("cast", lambda: people.gather(estate))


@pytest.fixture
def home(estate: Estate, ground: Ground) -> Household:
    """王丽女士, 13800138000, owner of 3-2-1501."""
    return ground.lay("home", lambda: people.settle_family(estate))


@pytest.fixture(scope="session")
def recommended_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(publishing.CATALOGUE / "recommended", folder / "recommended")
    return folder


@pytest.fixture
def standard(estate: Estate, at: datetime, recommended_only: Path, ground: Ground) -> Standard:
    """The recommended standard, in force in the estate since 90 days."""
    since = at - timedelta(days=90)

    def adopt() -> Standard:
        version = operations.load_catalogue(at=since, folder=recommended_only)[0]
        operations.adopt(estate.pk, "recommended", since=since, actor=accounts.system_actor(), at=since)
        return version.standard

    return ground.lay(f"standard since {since:%Y-%m-%d %H:%M}", adopt)


@pytest.fixture
def real_database(tmp_path: Path) -> Iterator[None]:
    """A file in the place of the database in memory, which threads cannot share; on a server, the server itself."""
    usual, settings = connections["default"], connections.settings["default"]
    usual.ensure_connection()
    if usual.vendor != "sqlite":
        yield
        return
    name = settings["NAME"]
    settings["NAME"] = str(tmp_path / "house.sqlite3")
    del connections["default"]
    try:
        connections["default"].ensure_connection()
        usual.connection.backup(connections["default"].connection)
        yield
    finally:
        connections["default"].close()
        settings["NAME"] = name
        connections["default"] = usual


class Clock:
    """The clock of the edges, stopped: every `now()` answers `at` until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def move(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def clock(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop `django.utils.timezone.now`, also where it was imported by name."""
    stopped = Clock(at)

    class Moment(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return stopped.at.astimezone(tz)

    monkeypatch.setattr(timezone, "datetime", Moment)
    return stopped


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A signed-in test client with raised powers: `browser_of(cast.clerk).get("/")`."""

    def signed_in(user: User, *, raised: bool = True) -> Client:
        client = Client()
        client.force_login(user)
        if raised:
            session = client.session
            session["powers_until"] = FAR_OFF
            session.save()
        return client

    return signed_in
