"""What is asked before a token is made or an address is told of things."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.forms import HouseForm
from huiyin.surfaces.web.integrations_words import right_words


class PlacesForm(HouseForm):
    """A form about some of the estates one may connect."""

    estates = forms.MultipleChoiceField(label="小区", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, places: Sequence[Estate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("estates", [(str(one.pk), one.name) for one in places])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def places(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["estates"]]


class TokenForm(PlacesForm):
    name = forms.CharField(label="给谁用", max_length=60, help_text="例如 客服热线系统")
    owner = forms.ChoiceField(label="以谁的名义", help_text="记录里写这个人;权限不会超过这个人和您自己现有的权限")
    rights = forms.MultipleChoiceField(label="能做什么", widget=forms.CheckboxSelectMultiple)
    until = forms.DateField(
        label="用到哪天", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text="最长一年"
    )
    field_order = ("name", "owner", "until", "estates", "rights")

    def __init__(self, *args: Any, people: Sequence[User], rights: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(one.pk): one for one in people}
        self._choose("owner", [(key, f"{one.name} {one.username}") for key, one in self._people.items()])
        self._choose("rights", [(right, right_words(right)) for right in rights])

    def owner_chosen(self) -> User:
        return self._people[self.cleaned_data["owner"]]

    def expires_at(self) -> datetime:
        """Return the end of the last day."""
        after: date = self.cleaned_data["until"] + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=timezone.get_current_timezone())


class WebhookForm(PlacesForm):
    name = forms.CharField(label="推送给谁", max_length=60, help_text="例如 客服热线系统")
    url = forms.CharField(
        label="地址", max_length=400, help_text="以 https:// 开头", widget=forms.TextInput(attrs={"inputmode": "url"})
    )
    kinds = forms.MultipleChoiceField(
        label="只推送这些事件", required=False, widget=forms.CheckboxSelectMultiple, help_text="一个都不选就是全部"
    )
    field_order = ("name", "url", "estates", "kinds")

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("kinds", [(kind, kind) for kind in kinds])
