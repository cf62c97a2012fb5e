"""The house in which two press at once; afterwards everything `huiyin verify` asks is asked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from huiyin.standards import operations as standards
from huiyin.surfaces.cli import verify
from tests import cast as people
from tests.at_once.pressing import LATER, House
from tests.cast import AT


@pytest.fixture
def house(real_database: None, recommended_only: Path) -> Iterator[House]:
    estate = people.open_estate()
    cast = people.gather(estate)
    since = AT - timedelta(days=90)
    standards.load_catalogue(at=since, folder=recommended_only)
    standards.adopt(estate.pk, "recommended", since=since, actor=cast.system, at=since)
    yield House(estate, cast)
    assert {one.code: found for one in verify.invariants() if (found := list(one.broken(LATER)))} == {}
