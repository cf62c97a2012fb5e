"""The form field that takes a file. It judges, scans and cleans where no transaction holds the database."""

from typing import Any

from django import forms

from huiyin.foundation.files.operations import take_in
from huiyin.foundation.files.rules import Allowed, FileRefused


class UploadField(forms.FileField):
    """A file of an allowed kind. What is refused says so at the field; what is taken is not looked at again."""

    def __init__(self, *, allowed: Allowed, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allowed = allowed

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is not None:
            try:
                take_in(upload, self.allowed)
            except FileRefused as refused:
                raise forms.ValidationError(refused.sentence) from None
        return upload
