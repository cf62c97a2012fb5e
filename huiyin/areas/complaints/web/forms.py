"""What the steps of a complaint ask for."""

from typing import Any

from django import forms

from huiyin.areas.complaints.models import Responsibility, Severity, Validity
from huiyin.areas.staffing.models import Department
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField


class StepForm(HouseForm):
    """A step that asks for nothing more."""


class VerifyForm(HouseForm):
    finding = forms.CharField(label="核实情况", widget=forms.Textarea(attrs={"rows": 4}))
    validity = forms.ChoiceField(label="投诉是否成立", choices=Validity.choices, widget=forms.RadioSelect)


class DecideForm(HouseForm):
    method = forms.CharField(label="怎么处理", widget=forms.Textarea(attrs={"rows": 3}))
    department = forms.ChoiceField(label="责任部门")
    resolve_by = PeopleDateTimeField(label="什么时候解决", required=False, help_text="跟投诉人说好的时间")
    severity = forms.ChoiceField(label="严重程度", choices=Severity.choices, widget=forms.RadioSelect)
    responsibility = forms.ChoiceField(label="责任方", choices=Responsibility.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._departments = {str(department.pk): department for department in departments}
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *((pk, department.name) for pk, department in self._departments.items())]

    def clean_department(self) -> Department:
        return self._departments[self.cleaned_data["department"]]


class ReplyForm(HouseForm):
    reply = forms.CharField(label="怎么答复投诉人的", widget=forms.Textarea(attrs={"rows": 4}))


class ReasonForm(HouseForm):
    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}))
