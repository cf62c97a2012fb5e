"""What people fill in on the return-visit pages, cleaned."""

from typing import Any

from django import forms

from huiyin.areas.return_visits.models import Attempt, ExcuseReason, Grade, Mode
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.return_visits.words import TYPES
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import PHOTOS
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField

TYPE_CHOICES = [("", "全部"), *TYPES.items()]


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class CallFilters(HouseForm):
    type = forms.ChoiceField(label="类型", required=False, choices=TYPE_CHOICES)
    whose = forms.ChoiceField(
        label="归谁", required=False, choices=[("", "全部"), ("mine", "指定给我的"), ("nobody", "还没指定人的")]
    )


class MadeFilters(HouseForm):
    verdict = forms.ChoiceField(
        label="结论",
        required=False,
        choices=[("", "全部"), ("pass", "合格"), ("fail", "不合格"), ("exempt", "免回访")],
    )
    type = forms.ChoiceField(label="类型", required=False, choices=TYPE_CHOICES)
    mode = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *Mode.choices])
    since = _day("回访自")
    until = _day("回访至")


def _grade(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=Grade.choices, coerce=int, widget=forms.RadioSelect)


class RecordForm(HouseForm):
    """The five items of the record. A bad answer is sent once more with what will be opened in view (`agreed`)."""

    mode = forms.ChoiceField(label="怎么回访的", choices=Mode.choices, widget=forms.RadioSelect)
    quality = _grade("质量")
    effect = _grade("效果")
    satisfaction = _grade("满意程度")
    shortcomings = forms.CharField(
        label="缺点和不足", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    opinions = forms.CharField(
        label="意见和建议", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    visited_at = PeopleDateTimeField(
        label="什么时候回访的", required=False, help_text="不填就是现在;补记时写,例如 今天 9:30"
    )
    drawing = forms.CharField(label="客户签名", required=False, widget=forms.HiddenInput)
    signed_paper = UploadField(allowed=PHOTOS, label="或者拍下签过字的纸质记录", required=False)
    signer = forms.CharField(label="签字人", required=False, max_length=60)
    next_visit_at = PeopleDateTimeField(
        label="约好的下次回访", required=False, help_text="例如 后天 10点;不填就是三天内"
    )
    agreed = forms.CharField(required=False, widget=forms.HiddenInput)
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, modes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [(mode.value, mode.label) for mode in Mode if mode.value in modes]

    def evaluation(self) -> Evaluation:
        names = ("quality", "effect", "satisfaction", "shortcomings", "opinions")
        return Evaluation(**{name: self.cleaned_data[name] for name in names})

    def grades(self) -> list[int]:
        """Return the grades given so far, also from a form that is not complete."""
        said = [self.data.get(name, "") for name in ("quality", "effect", "satisfaction")]
        return [int(grade) for grade in said if grade in {"1", "2", "3", "4"}]


class AttemptForm(HouseForm):
    result = forms.ChoiceField(label="结果", choices=Attempt.Result.choices)
    note = forms.CharField(label="备注", required=False, max_length=200)
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class ExcuseForm(HouseForm):
    reason = forms.ChoiceField(label="原因", choices=[("", "请选择"), *ExcuseReason.choices])
    note = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 2}))


class AssignForm(HouseForm):
    to = forms.TypedChoiceField(label="指定给", coerce=int)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "请选择"), *((person.pk, person.name) for person in people)]


class WordsForm(HouseForm):
    """An opinion, or the text of a notice."""

    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 3}))
