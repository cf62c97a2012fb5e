"""The forms of signing in and of changing the password."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from huiyin.foundation.kit.forms import dress


class SignInForm(AuthenticationForm):
    error_messages: ClassVar[dict[str, str]] = {
        "invalid_login": "账号或密码不对,请核对后再试。",
        "inactive": "这个账号已停用,请联系主管。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "密码"
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        for field in self.fields.values():
            dress(field)


WEAK = {"password_too_short": "新密码太短,至少要 8 位。", "password_too_common": "这个密码太常见,请换一个。"}


class PasswordForm(PasswordChangeForm):
    error_messages: ClassVar[dict[str, str]] = {
        "password_incorrect": "现在的密码不对,请再输一次。",
        "password_mismatch": "两次输入的新密码不一样。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        labels = {"old_password": "现在的密码", "new_password1": "新密码", "new_password2": "再输一次新密码"}
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["new_password1"].help_text = "至少 8 位,不要用常见的密码,也不要全用数字。"
        self.fields["new_password2"].help_text = ""
        for field in self.fields.values():
            assert isinstance(field, forms.Field)
            dress(field)

    def add_error(self, field: str | None, error: Any) -> None:
        """Say in our words why a password is too weak; the framework's are partly English."""
        for one in getattr(error, "error_list", ()):
            if one.code in WEAK:
                one.message, one.params = WEAK[one.code], None
        super().add_error(field, error)
