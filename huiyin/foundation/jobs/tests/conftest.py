"""Our own rows are tested on either engine; what is Procrastinate's, in test_postgres."""

import pytest


@pytest.fixture(autouse=True)
def our_own_rows(request: pytest.FixtureRequest) -> None:
    if not request.module.__name__.endswith("test_postgres"):
        request.getfixturevalue("leased_rows")
