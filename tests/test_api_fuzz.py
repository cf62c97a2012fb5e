"""Everything the schema allows, and much it forbids, is sent to every operation: no answer breaks the schema, none is a 5xx."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.api.paging import cursor_of
from huiyin.foundation.tokens import limits
from huiyin.standards.models import Standard
from huiyin.surfaces.api.assembly import PREFIX, schema
from huiyin.surfaces.web.can import RIGHTS
from tests.cast import AT, Cast
from tests.programs import lend
from tests.test_api_rights import ASKED, keys_of
from tests.world import World, furnish

pytestmark = [pytest.mark.slow]
DOCUMENT = schemathesis.openapi.from_dict(schema())
DOCUMENT.app = get_wsgi_application()
OPERATIONS = [found.ok() for found in DOCUMENT.get_all_operations()]
EXAMPLES = 12


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard, clock: object) -> World:
    return furnish(estate, cast, home, standard)


@pytest.fixture
def secret(world: World) -> str:
    """A token that may do everything."""
    omnipotent = accounts.define_role("everything", title="全部", rights=RIGHTS)
    accounts.grant_role(world.cast.director, omnipotent, estate_id=world.estate.pk, at=AT)
    director = User.objects.get(pk=world.cast.director.pk)
    return lend(director, estates=[world.estate.pk], at=AT)[1]


@pytest.fixture(autouse=True)
def no_limit(settings: object) -> Iterator[None]:
    settings.API_PER_MINUTE = 10**9
    yield
    limits.forget()


def _real(case: schemathesis.Case, keys: dict[str, object]) -> None:
    """Put the keys of real records where the schema lets anything stand, so that the code behind is reached."""
    path = case.operation.path.removeprefix(PREFIX)
    for place, key in keys.items():
        if place in path:
            case.path_parameters[place[place.index("{") + 1 : -1]] = key
    if case.query:
        if "cursor" in case.query:
            case.query["cursor"] = cursor_of(10**6)
        case.query.update({name: ASKED[name] for name in ASKED if name in case.query and name != "text"})
    if isinstance(case.body, dict) and "estate" in case.body:
        case.body["estate"] = "YH"
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = uuid4().hex


# The fuzzer never closes the files it is answered with.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_breaks_an_operation(mode: GenerationMode, world: World, secret: str) -> None:
    keys, wrong = keys_of(world), {}
    for operation in OPERATIONS:
        with transaction.atomic():
            try:
                _try(operation, mode, keys, secret)
            except BaseExceptionGroup as failures:
                wrong[operation.label] = failures
            transaction.set_rollback(True)
    assert not wrong, "\n".join(f"{label}: {error.exceptions}" for label, error in wrong.items())


def _try(operation, mode: GenerationMode, keys: dict[str, object], secret: str) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def sent(case: schemathesis.Case) -> None:
        if mode.is_positive:
            _real(case, keys)
        with transaction.atomic():
            case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})

    sent()
