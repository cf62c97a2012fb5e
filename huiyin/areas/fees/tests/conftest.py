"""Every test of money runs under the recommended standard."""

import pytest

from huiyin.standards.models import Standard


@pytest.fixture(autouse=True)
def in_force(request: pytest.FixtureRequest) -> Standard | None:
    if "estate" not in request.fixturenames:
        return None
    found: Standard = request.getfixturevalue("standard")
    return found
