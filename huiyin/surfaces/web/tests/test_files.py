"""Files go only to those who may see what they belong to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.areas.cases import operations
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.files.rules import DOCUMENTS
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell

Browser = Callable[[User], Client]
LETTER = b"%PDF-1.4\nletter\n%%EOF"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def letter() -> SimpleUploadedFile:
    return SimpleUploadedFile("来信.pdf", LETTER)


def statuses(stored: StoredFile, cast: Cast, browser_of: Browser, *people: str) -> list[int]:
    found = []
    for who in people:
        answer = browser_of(getattr(cast, who)).get(f"/files/{stored.pk}/")
        found.append(answer.status_code)
        answer.close()
    return found


def test_who_may_open_a_file_of_a_case(estate: Estate, cast: Cast, standard: Standard, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="repair")
    stored = operations.attach_file(case, upload=letter(), actor=cast.clerk, at=AT)
    assert statuses(stored, cast, browser_of, "clerk", "director", "auditor", "technician", "outsider") == [
        200,
        200,
        200,
        403,
        404,
    ]
    order = WorkOrder.objects.get(case=case)
    repairs.dispatch(order, technician=cast.technician, actor=cast.lead, at=AT)
    assert statuses(stored, cast, browser_of, "technician", "second_technician") == [200, 403]
    assert Client().get(f"/files/{stored.pk}/").status_code == 302
    assert browser_of(cast.clerk).get("/files/999/").status_code == 404


def test_a_file_leaves_as_an_attachment_that_cannot_run(
    estate: Estate, cast: Cast, standard: Standard, browser_of: Browser
) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    stored = operations.attach_file(case, upload=letter(), actor=cast.clerk, at=AT)
    answer: Any = browser_of(cast.clerk).get(f"/files/{stored.pk}/")
    assert b"".join(answer.streaming_content) == LETTER
    answer.close()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_something_unknown_is_nobodys(
    estate: Estate, cast: Cast, standard: Standard, browser_of: Browser
) -> None:
    stored = files.store_upload(
        letter(),
        actor=cast.clerk,
        at=AT,
        estate_id=estate.pk,
        subject_type="some.thing",
        subject_id=1,
        allowed=DOCUMENTS,
    )
    assert statuses(stored, cast, browser_of, "director", "technician", "outsider") == [403, 403, 404]
