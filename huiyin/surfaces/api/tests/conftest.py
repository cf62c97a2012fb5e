"""Programs of the cast, over the furnished estate."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts.models import User
from huiyin.foundation.tokens import limits
from huiyin.standards.models import Standard
from tests.cast import Cast
from tests.programs import Program, lend
from tests.world import World, furnish


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    yield
    limits.forget()


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    return furnish(estate, cast, home, standard)


@pytest.fixture
def program_of(estate: Estate, at: datetime, clock: object) -> Callable[..., Program]:
    def made(user: User, rights: list[str] | None = None) -> Program:
        return Program(lend(user, estates=[estate.pk], rights=rights, at=at)[1])

    return made
