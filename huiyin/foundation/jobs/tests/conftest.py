"""Our own rows are tested on either engine; what is Procrastinate's, in test_postgres."""

from collections.abc import Iterator

import pytest
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends

from huiyin.foundation.jobs.backend import LeasedBackend


@pytest.fixture(autouse=True)
def leased_rows(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.module.__name__.endswith("test_postgres"):
        yield
        return
    chosen = task_backends[DEFAULT_TASK_BACKEND_ALIAS]
    task_backends[DEFAULT_TASK_BACKEND_ALIAS] = LeasedBackend(DEFAULT_TASK_BACKEND_ALIAS, {})
    yield
    task_backends[DEFAULT_TASK_BACKEND_ALIAS] = chosen
