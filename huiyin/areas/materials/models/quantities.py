"""The column a quantity is kept in: whole hundredths, so that adding and taking away leave nothing over."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

_PLACES = Decimal("0.01")
_HUNDRED = Decimal(100)


class QuantityField(models.Field):  # type: ignore[type-arg]  # cannot be given while running
    """A quantity with two places at most; a `Decimal` in Python, a whole number in the database."""

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / _HUNDRED

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None or hasattr(value, "resolve_expression") else hundredths(value)


def hundredths(value: Any) -> int:
    """Return the quantity as it is kept. A finer one is no quantity."""
    said = Decimal(value)
    if said != said.quantize(_PLACES):
        raise ValidationError(f"{value} is finer than a hundredth")
    return int(said * _HUNDRED)
