"""What people fill in about buildings, units and who lives in them, cleaned."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from huiyin.areas.estate.models import Occupancy
from huiyin.areas.estate.rules.details import LONGEST, Detail
from huiyin.areas.estate.rules.phones import read_phone, split_phones
from huiyin.areas.estate.rules.residents import NewResident
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.kit.forms import HouseForm, dress

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SALUTATIONS = (("", "—"), ("先生", "先生"), ("女士", "女士"))


class BuildingForm(HouseForm):
    code = forms.CharField(label="楼栋", max_length=12, help_text="3、3栋 或 A座")
    name = forms.CharField(label="名称", max_length=40, required=False, help_text="有别名才填,如 听雨楼")


class DescribeForm(HouseForm):
    name = forms.CharField(label="名称", max_length=40, required=False)
    hint = forms.CharField(
        label="接待提示",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="这栋楼有人来电时,前台会先看到这句话",
    )


class UnitForm(HouseForm):
    entrance = forms.CharField(label="单元", max_length=12, required=False, help_text="不分单元就空着")
    unit_no = forms.CharField(label="房号", max_length=12)
    floor = forms.IntegerField(label="楼层", min_value=-9, max_value=200, required=False)
    gross_area = forms.DecimalField(label="建筑面积", max_digits=8, decimal_places=2, required=False)


class CorrectUnitForm(HouseForm):
    floor = forms.IntegerField(label="楼层", min_value=-9, max_value=200, required=False)
    gross_area = forms.DecimalField(label="建筑面积", max_digits=8, decimal_places=2, required=False)


class PhonesField(forms.CharField):
    """One or several phones, side by side."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_length": 120, "help_text": "多个电话用顿号隔开", **kwargs})

    def clean(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]  # several instead of one
        said = split_phones(str(super().clean(value)))
        for number in said:
            if read_phone(number) is None:
                raise forms.ValidationError(f"“{number}”看起来不是电话,请核对")
        return tuple(said)


class ResidentForm(HouseForm):
    name = forms.CharField(label="姓名", max_length=60)
    salutation = forms.ChoiceField(label="称呼", choices=SALUTATIONS, required=False)
    kind = forms.ChoiceField(label="身份", choices=Occupancy.Kind.choices)
    phones = PhonesField(label="电话", required=False)
    since_date = forms.DateField(label="入住日期", widget=DAY)

    def resident(self) -> NewResident:
        said = self.cleaned_data
        return NewResident(said["name"], said["kind"], said["salutation"], said["phones"])


class PersonForm(HouseForm):
    name = forms.CharField(label="姓名", max_length=60)
    salutation = forms.CharField(label="称呼", max_length=10, required=False, help_text="先生、女士")
    kind = forms.ChoiceField(label="身份", choices=Occupancy.Kind.choices)


class PhoneForm(HouseForm):
    number = forms.CharField(
        label="电话", max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    )


class ChangePhoneForm(PhoneForm):
    phone = forms.IntegerField(widget=forms.HiddenInput)


class DropPhoneForm(HouseForm):
    phone = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label="原因", max_length=200, required=False)  # the operation asks for it


class DetailsForm(HouseForm):
    """The items the estate has switched on, each empty: what is recorded is not sent to the browser to be looked at."""

    def __init__(self, *args: Any, items: Mapping[str, Detail], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, one in items.items():
            kept = forms.CharField(label=one.label, required=False, max_length=LONGEST)
            kept.widget.attrs["autocomplete"] = "off"
            dress(kept)
            self.fields[code] = kept

    def said(self, drop: Sequence[str]) -> dict[str, str]:
        """Return what was written, and an empty text for each item to be deleted."""
        written = {code: text for code, text in self.cleaned_data.items() if text}
        return written | {code: "" for code in drop if code in self.fields and code not in written}


class LeaveForm(HouseForm):
    until_date = forms.DateField(label="迁出日期", widget=DAY)
    note = forms.CharField(label="说明", max_length=200, required=False)


class SheetForm(HouseForm):
    sheet = UploadField(allowed=SHEETS, label="Excel 或 CSV 文件", error_messages={"required": "请选择文件"})
