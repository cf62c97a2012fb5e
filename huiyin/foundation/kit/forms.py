"""Forms of the house: Chinese sentences for errors, the look of Tabler, and fields that read what people type."""

import base64
import binascii
import copy
import re
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

import phonenumbers
from django import forms
from django.utils import timezone

from huiyin.foundation.kit import times

SIGNATURE_LIMIT = 300_000
EXTENSION = re.compile(r"(?:转|轉|分机|ext\.?|x|#)\s*(\d{1,6})$", re.IGNORECASE)
SERVICE_NUMBER = re.compile(r"1(?:10|19|20|22)|1[0-2]\d{3}|9[56]\d{3,6}|[48]00\d{7}")


class HouseForm(forms.Form):
    """A form whose fields look and complain as everything here does."""

    base_fields: ClassVar[dict[str, forms.Field]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        _dress_once(type(self))
        super().__init__(*args, **kwargs)

    def _clean_fields(self) -> None:
        """As Django does, but a field that was not sent is not asked what it makes of nothing: most of a long form is not."""
        left_out = _left_out(type(self))
        for name, field in self.fields.items():
            skipped = name in left_out and not (field.required or field.disabled)
            if skipped and self.add_prefix(name) not in self.data:
                self.cleaned_data[name] = left_out[name]
                continue
            try:
                self.cleaned_data[name] = field._clean_bound_field(self[name])  # type: ignore[attr-defined]  # not in its stub
                if clean := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = clean()
            except forms.ValidationError as error:
                self.add_error(name, error)


class _Patterns(dict[str, forms.Field]):
    """The fields every form of a kind is copied from. A form copies them all, and a busy page is mostly its form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _copied(field) for name, field in self.items()}


@cache
def _left_out(kind: type[HouseForm]) -> dict[str, Any]:
    """Return, for each field that needs not be sent and is read from one name, what it is then."""
    found = {}
    for name, field in kind.base_fields.items():
        plain = not isinstance(field, forms.FileField) and not isinstance(field.widget, forms.MultiWidget)
        if plain and not field.required and not field.disabled and not hasattr(kind, f"clean_{name}"):
            value = field.clean(field.widget.value_from_datadict({}, {}, name))
            if value is None or value is False or value == "":
                found[name] = value
    return found


@cache
def _dress_once(kind: type[HouseForm]) -> None:
    for field in kind.base_fields.values():
        dress(field)
    kind.base_fields = _Patterns(kind.base_fields)


_PLAIN_FIELDS = (forms.Field.__deepcopy__, forms.ChoiceField.__deepcopy__)
_PLAIN_WIDGETS = (forms.Widget.__deepcopy__, forms.widgets.ChoiceWidget.__deepcopy__)


def _copied(field: forms.Field) -> forms.Field:
    """Copy a field as Django does, but for the choices: a form that has its own sets them anew."""
    widget = field.widget
    if type(field).__deepcopy__ not in _PLAIN_FIELDS or type(widget).__deepcopy__ not in _PLAIN_WIDGETS:
        return copy.deepcopy(field)
    made: forms.Field = object.__new__(type(field))
    shown: forms.Widget = object.__new__(type(widget))
    shown.__dict__.update(widget.__dict__, attrs=widget.attrs.copy())
    made.__dict__.update(
        field.__dict__, widget=shown, error_messages=field.error_messages.copy(), validators=field.validators[:]
    )
    return made


def dress(field: forms.Field) -> None:
    """Give a field its look and its sentences; what the form has chosen itself stays."""
    widget = field.widget
    if not {"form-control", "form-select", "form-check-input"} & set(widget.attrs.get("class", "").split()):
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {_look(widget)}".strip()
    choosing = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField))
    label = field.label or ""
    sentences = {
        "required": f"请{'选择' if choosing else '填写'}{label}",
        "invalid_choice": f"{label or '这一项'}里没有这个选项,请重新选择",
        "invalid_list": "请从列表里选择",
        "min_value": f"{label}不能小于 %(limit_value)s",
        "max_value": f"{label}不能大于 %(limit_value)s",
        "max_digits": f"{label}数字太长",
        "max_decimal_places": f"{label}最多 %(max)s 位小数",
    }
    if isinstance(field, forms.DateField):
        sentences["invalid"] = "日期请写成 2026-11-25 这样"
    elif isinstance(field, (forms.IntegerField, forms.DecimalField)):
        sentences["invalid"] = f"{label}请填数字"
    usual = {
        key: text
        for kind in reversed(type(field).__mro__)
        for key, text in getattr(kind, "default_error_messages", {}).items()
    }
    for key, sentence in sentences.items():
        if key in field.error_messages and field.error_messages[key] is usual.get(key):
            field.error_messages[key] = sentence


def _look(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


class PeopleDateTimeField(forms.Field):
    """A moment typed as people say it: 今天 16:00, 明天 9点, 下周一 10:30, 11-25 15:30, or from a date picker."""

    default_error_messages = {"invalid": "没看懂这个时间,可以写 今天 16:00、明天 9点、11-25 15:30"}

    def __init__(self, *, picker: bool = False, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M" if picker else "%Y-%m-%d %H:%M",
            attrs={"type": "datetime-local"} if picker else {"autocomplete": "off", "placeholder": "今天 16:00"},
        )
        super().__init__(**{"widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return timezone.localtime(value)
        return value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        moment = times.read_time(str(value), timezone.now(), timezone.get_current_timezone())
        if moment is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


def read_phone(text: str) -> str | None:
    """Read a telephone number into one spelling: 13800138000, 010-65551234转801, +1 650-253-0000; else None."""
    said = unicodedata.normalize("NFKC", text).strip()
    extension = ""
    if found := EXTENSION.search(said):
        extension, said = f"转{found[1]}", said[: found.start()].strip()
    digits = re.sub(r"[\s\-()]", "", said)
    if SERVICE_NUMBER.fullmatch(digits):
        return digits + extension
    try:
        number = phonenumbers.parse(said, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    if number.country_code != 86:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) + extension
    national = str(number.national_number)
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE:
        return national + extension
    area = phonenumbers.length_of_geographical_area_code(number)
    return (f"0{national[:area]}-{national[area:]}" if area else national) + extension


class PhoneField(forms.CharField):
    """A telephone number in any spelling, kept in one: 13800138000, 010-65551234转801."""

    default_error_messages = {"invalid": "电话看起来不对,请核对"}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_length": 40, **kwargs})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        phone = read_phone(text)
        if phone is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return phone


class SignatureField(forms.Field):
    """A signature drawn on the page, cleaned to the bytes of a PNG."""

    default_error_messages = {"required": "请签名", "invalid": "签名没有收到,请重签", "large": "签名太大,请重签"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.HiddenInput, **kwargs})

    def to_python(self, value: Any) -> bytes | None:
        if value in self.empty_values:
            return None
        head, _, body = str(value).partition(",")
        if head != "data:image/png;base64":
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if len(body) > SIGNATURE_LIMIT:
            raise forms.ValidationError(self.error_messages["large"], code="large")
        try:
            drawn = base64.b64decode(body, validate=True)
        except binascii.Error:
            drawn = b""
        if not drawn.startswith(b"\x89PNG\r\n\x1a\n"):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return drawn
