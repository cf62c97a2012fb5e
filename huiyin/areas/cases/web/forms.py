"""What the pages of cases ask for."""

from typing import Any

from django import forms

from huiyin.areas.cases.models import CaseKind, Category, Urgency
from huiyin.areas.cases.states import CaseStatus
from huiyin.areas.cases.words import CHANNELS
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import DOCUMENTS
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField

Holders = list[tuple[Post, list[User]]]


class CaseFilter(HouseForm):
    """The filters of the list. `q` is the beginning of a number, a phone, a unit or a name."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": "编号、房号、电话、姓名"}),
    )
    status = forms.ChoiceField(label="状态", required=False)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *CaseKind.choices])
    who = forms.ChoiceField(label="负责", required=False)
    urgency = forms.ChoiceField(label="紧急程度", required=False, choices=[("", "全部"), *Urgency.choices])
    category = forms.ChoiceField(label="分类", required=False)
    channel = forms.ChoiceField(label="来源", required=False, choices=[("", "全部"), *CHANNELS.items()])
    since = forms.DateField(label="受理自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="受理至", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    late = forms.BooleanField(label="只看逾期", required=False)

    def __init__(self, *args: Any, holders: Holders, categories: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("status", [("", "未办结"), *CaseStatus.choices, ("all", "全部状态")])
        people = {user.pk: user.name for _, users in holders for user in users}
        self._choose(
            "who",
            [
                ("", "全部"),
                ("me", "我负责的"),
                ("岗位", [(f"post-{post.pk}", post.title) for post, _ in holders]),
                ("人员", [(f"person-{pk}", name) for pk, name in people.items()]),
            ],
        )
        by_kind: dict[str, list[tuple[str, str]]] = {}
        for category in categories:
            by_kind.setdefault(category.get_kind_display(), []).append((str(category.pk), category.title))
        self._choose("category", [("", "全部"), *by_kind.items()])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class StepForm(HouseForm):
    """A step that asks for nothing more."""


class NoteForm(HouseForm):
    note = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}))


class ResumeForm(HouseForm):
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class TextForm(HouseForm):
    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(HouseForm):
    answer = forms.CharField(label="怎么答复客户的", widget=forms.Textarea(attrs={"rows": 4}))


class CloseForm(HouseForm):
    answer = forms.CharField(
        label="怎么答复客户的",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="办不了的,写明为什么",
    )


class PromiseForm(HouseForm):
    promised_at = PeopleDateTimeField(label="约定时间")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class HoldForm(HouseForm):
    note = forms.CharField(label="为什么等", widget=forms.Textarea(attrs={"rows": 2}))
    wakes_at = PeopleDateTimeField(label="什么时候再看", help_text="到时间会回到待办里")


class DecideForm(HouseForm):
    adopted = forms.ChoiceField(label="是否采纳", choices=[("yes", "采纳"), ("no", "不采纳")], widget=forms.RadioSelect)
    note = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))


class AttachForm(HouseForm):
    upload = UploadField(allowed=DOCUMENTS, label="照片或文件", help_text="照片、PDF、Word 或 Excel,最大 15 MB")


class TransferForm(HouseForm):
    to = forms.ChoiceField(label="转给")
    note = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, holders: Holders, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = {
            f"{post.pk}-{user.pk if user else ''}": Responsible(post, user)
            for post, users in holders
            for user in (None, *users)
        }
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "请选择岗位或人"),
            *(
                (post.title, [(f"{post.pk}-", f"{post.title}(谁当班谁办)"), *_people(post, users)])
                for post, users in holders
            ),
        ]

    def clean_to(self) -> Responsible:
        return self._places[self.cleaned_data["to"]]


def _people(post: Post, users: list[User]) -> list[tuple[str, str]]:
    return [(f"{post.pk}-{user.pk}", user.name) for user in users]


class UrgencyForm(HouseForm):
    urgency = forms.ChoiceField(label="紧急程度", choices=Urgency.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(HouseForm):
    into = forms.CharField(label="并入哪一件", max_length=40, help_text="填对方的编号")
