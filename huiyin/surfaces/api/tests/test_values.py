"""Nothing is guessed: a number is a number, a moment has its zone, and what no database keeps does not get in."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from huiyin.foundation.api.values import AskedId, Day, Flag, Id, Moment, Upload, ValueRefused, Word

BODY, ASKED, FLAG, MOMENT, DAY, WORD = (TypeAdapter(one) for one in (Id, AskedId, Flag, Moment, Day, Word))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (BODY, "1"),
        (BODY, True),
        (BODY, 1.5),
        (BODY, 0),
        (BODY, 2**53),
        (BODY, None),
        (ASKED, "1.0"),
        (ASKED, "+1"),
        (ASKED, "１"),
        (ASKED, "-1"),
        (ASKED, "0"),
        (FLAG, 1),
        (FLAG, "yes"),
        (MOMENT, 1795572000),
        (MOMENT, "2026-11-25"),
        (MOMENT, "2026-11-25T10:00:00"),
        (MOMENT, "明天 9点"),
        (DAY, "2026-11-25T00:00:00Z"),
        (DAY, "2026-13-01"),
        (WORD, "a\0b"),
        (WORD, "x" * 81),
    ],
)
def test_what_only_looks_like_it_is_refused(kind: TypeAdapter[Any], value: object) -> None:
    with pytest.raises(ValidationError):
        kind.validate_python(value)


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (BODY, 7, 7),
        (BODY, 7.0, 7),
        (ASKED, "7", 7),
        (FLAG, False, False),
        (MOMENT, "2026-11-25T10:00:00+08:00", datetime(2026, 11, 25, 2, tzinfo=UTC)),
        (MOMENT, "2026-11-25t02:00:00.5z", datetime(2026, 11, 25, 2, 0, 0, 500_000, tzinfo=UTC)),
        (DAY, "2026-11-25", date(2026, 11, 25)),
    ],
)
def test_what_is_well_formed_is_read(kind: TypeAdapter[Any], value: object, read: object) -> None:
    assert kind.validate_python(value) == read


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z"])
def test_a_moment_that_cannot_be_is_said_to_be_wrong(value: str) -> None:
    with pytest.raises(ValueRefused):
        MOMENT.validate_python(value)


def test_a_file_is_its_bytes() -> None:
    assert Upload(name="a.txt", content="aGk=").file().read() == b"hi"
    with pytest.raises(ValueRefused):
        Upload(name="a.txt", content="aGk").file()
