"""The forms of signing in, of the second step and of setting a password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.forms import HouseForm

WEAK = {"password_too_short": "新密码太短,至少要 8 位。", "password_too_common": "这个密码太常见,请换一个。"}


def secret(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


def code_input() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})


class SignInForm(HouseForm):
    username = forms.CharField(
        label="账号",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(label="密码", max_length=1000, strip=False, widget=secret("current-password"))


class CodeForm(HouseForm):
    code = forms.CharField(label="动态码或恢复码", max_length=40, widget=code_input())


class NewPasswordForm(HouseForm):
    """A new password, typed twice."""

    new_password1 = forms.CharField(
        label="新密码",
        max_length=1000,
        strip=False,
        widget=secret("new-password"),
        help_text="至少 8 位,不要用常见的密码,也不要全用数字。",
    )
    new_password2 = forms.CharField(label="再输一次新密码", max_length=1000, strip=False, widget=secret("new-password"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_new_password1(self) -> str:
        said = str(self.cleaned_data["new_password1"])
        try:
            validate_password(said, self._user)
        except ValidationError as weak:
            raise ValidationError(
                [WEAK.get(one.code or "", "这个密码太弱,请换一个。") for one in weak.error_list]
            ) from None
        return said

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "new_password1" in told and told["new_password1"] != told.get("new_password2"):
            self.add_error("new_password2", "两次输入的新密码不一样。")
        return told


class PasswordForm(NewPasswordForm):
    old_password = forms.CharField(label="现在的密码", max_length=1000, strip=False, widget=secret("current-password"))
    field_order = ("old_password", "new_password1", "new_password2")
