"""Both engines' ways of writing a value come out as one; a checksum sees every change and no order."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import models

from huiyin.foundation.postgres import carrying
from huiyin.foundation.postgres.carrying import Summing, Table

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEY = UUID("8c1f2b3e-0000-4000-8000-000000000001")
# field, as the file has it, as the server has it, as it is compared
SAME: list[tuple[Any, Any, Any, Any]] = [
    (models.BooleanField(), 1, True, True),
    (models.BigIntegerField(), 7, 7, 7),
    (
        models.DateTimeField(),
        "2026-11-25 02:00:00",
        datetime(2026, 11, 25, 10, tzinfo=SHANGHAI),
        datetime(2026, 11, 25, 2, tzinfo=UTC),
    ),
    (
        models.DateTimeField(),
        "2026-11-25 02:00:00.000005",
        datetime(2026, 11, 25, 2, 0, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 25, 2, 0, 0, 5, tzinfo=UTC),
    ),
    (models.DateField(), "2026-11-25", date(2026, 11, 25), date(2026, 11, 25)),
    (models.TimeField(), "08:30:00", time(8, 30), time(8, 30)),
    (models.DurationField(), 1_500_000, timedelta(seconds=1.5), timedelta(seconds=1.5)),
    (models.DecimalField(max_digits=9, decimal_places=2), 12.1, Decimal("12.10"), Decimal("12.10")),
    (models.DecimalField(max_digits=9, decimal_places=2), 12, Decimal("12.00"), Decimal("12.00")),
    (
        models.JSONField(),
        '{"b": [1, "一"], "a": null}',
        '{"a": null, "b": [1, "\\u4e00"]}',
        '{"a": null, "b": [1, "一"]}',
    ),
    (models.JSONField(), "null", "null", "null"),
    (models.UUIDField(), KEY.hex, KEY, KEY),
    (models.BinaryField(), b"\x00\xff", memoryview(b"\x00\xff"), b"\x00\xff"),
    (models.TextField(), "三栋", "三栋", "三栋"),
]


@pytest.mark.parametrize(("field", "here", "there", "plain"), SAME, ids=range(len(SAME)))
def test_a_value_is_the_same_on_both_sides(field: Any, here: Any, there: Any, plain: Any) -> None:
    table = Table("sample", ("one",), (carrying._reading(field),), "")
    assert list(carrying.plain_rows(table, [(here,), (there,), (None,)])) == [(plain,), (plain,), (None,)]


def test_a_kind_of_field_nobody_thought_of_stops_the_move() -> None:
    with pytest.raises(TypeError, match="FilePathField"):
        carrying._reading(models.FilePathField())


def test_the_sum_sees_a_change_a_double_and_a_loss_but_no_order() -> None:
    def sum_of(*rows: tuple[Any, ...]) -> carrying.Sum:
        summing = Summing()
        assert list(summing.passing(rows)) == list(rows)
        return summing.sum()

    whole = sum_of((1, "一"), (2, "二"))
    assert sum_of((2, "二"), (1, "一")) == whole
    others = [
        sum_of((1, "一")),
        sum_of((1, "一"), (2, "二 ")),
        sum_of((1, "二"), (2, "一")),
        sum_of((1, "一"), (1, "一"), (2, "二")),
    ]
    assert whole not in others and len({one.checksum for one in others}) == 4
    assert sum_of() == carrying.Sum(0, "0" * 32)


def test_every_table_of_the_house_can_be_carried_and_comes_after_what_it_points_at() -> None:
    known = [one.name for one in carrying.tables()]
    assert len(set(known)) == len(known)
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is not model:
                assert known.index(field.related_model._meta.db_table) < known.index(model._meta.db_table), field
