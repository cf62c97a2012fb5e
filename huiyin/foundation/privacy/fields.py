"""A text that stands encrypted in the database and is plain in the program."""

from typing import Any

from django.db import models

from huiyin.foundation.privacy.keys import ring


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # cannot be given while running
    """Encrypted when written, decrypted when read. It cannot be searched; queries that do not need it should defer it."""

    def get_prep_value(self, value: Any) -> Any:
        plain = super().get_prep_value(value)
        return ring().seal(plain) if plain else plain

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return ring().open(value) if value else value
