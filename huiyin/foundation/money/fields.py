"""The column money is kept in."""

from typing import Any

from django.db import models


class MoneyField(models.DecimalField):  # type: ignore[type-arg]  # cannot be given while running
    """Yuan with two places, up to a hundred million less a fen. No float is ever near it."""

    def __init__(self, verbose_name: str | None = None, **options: Any) -> None:
        super().__init__(verbose_name, **({"max_digits": 12, "decimal_places": 2} | options))
