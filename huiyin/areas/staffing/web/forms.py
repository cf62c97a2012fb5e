"""What people fill in about departments, posts, people and the roster, cleaned."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import make_aware

from huiyin.areas.estate.models import Building
from huiyin.areas.staffing.models import Assignment, Department, Post
from huiyin.areas.staffing.words import POSTS, SKILLS, WEEKDAYS
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField, PhoneField

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _choices(rows: Iterable[Any], empty: str = "") -> list[tuple[str, str]]:
    listed = [(str(row.pk), str(row)) for row in rows]
    return [("", empty), *listed] if empty else listed


def _one(rows: Iterable[Any], said: str) -> Any:
    return next((row for row in rows if str(row.pk) == said), None)


class DepartmentForm(HouseForm):
    name = forms.CharField(label="部门名称", max_length=40)


class PostForm(HouseForm):
    """A post of the estate; which one it is, is chosen once."""

    code = forms.ChoiceField(label="是哪个岗位", help_text="标准按这个岗位派活、提醒和升级")
    title = forms.CharField(label="本小区叫它", max_length=40)
    department = forms.ChoiceField(label="部门")
    falls_to = forms.ChoiceField(label="没人时由谁顶", required=False)

    def __init__(
        self, *args: Any, departments: list[Department], posts: list[Post], post: Post | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._departments, self._posts = departments, [one for one in posts if one != post]
        taken = {one.code for one in posts}
        self.fields["code"].choices = [("", "请选择"), *((c, t) for c, t in POSTS.items() if c not in taken)]
        self.fields["department"].choices = _choices(departments)
        self.fields["falls_to"].choices = _choices(self._posts, "不再往上")
        if post is not None:
            del self.fields["code"]

    def chosen(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "title": said["title"],
            "department": _one(self._departments, said["department"]),
            "falls_to": _one(self._posts, said["falls_to"]),
        }


class AppointForm(HouseForm):
    person = forms.ChoiceField(label="谁")
    since_date = forms.DateField(label="从哪天起", widget=DAY)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people
        self.fields["person"].choices = [
            ("", "请选择"),
            *((str(one.pk), f"{one.name} {one.username}") for one in people),
        ]

    def chosen(self) -> User:
        return _one(self._people, self.cleaned_data["person"])


class HireForm(HouseForm):
    name = forms.CharField(label="姓名", max_length=40)
    username = forms.RegexField(
        label="账号",
        regex=r"^[a-zA-Z0-9._-]{2,60}$",
        error_messages={"invalid": "账号只能用字母、数字和 . _ -,至少两位"},
        help_text="登录用,建好后不能改",
    )
    phone = PhoneField(label="电话", required=False)
    role = forms.ChoiceField(label="角色", help_text="决定能看什么、能做什么")
    since_date = forms.DateField(label="从哪天起", widget=DAY)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._roles = roles
        self.fields["role"].choices = _choices(roles, "请选择")

    def chosen(self) -> dict[str, Any]:
        return {**self.cleaned_data, "role": _one(self._roles, self.cleaned_data["role"])}


class RoleForm(HouseForm):
    role = forms.ChoiceField(label="角色", help_text="决定能看什么、能做什么")
    lapses_at = PeopleDateTimeField(label="到什么时候止", required=False, help_text="不填就一直有效")
    buildings = forms.MultipleChoiceField(
        label="只管哪几栋", required=False, widget=forms.CheckboxSelectMultiple, help_text="一栋都不选就是整个小区"
    )

    def __init__(self, *args: Any, roles: list[Role], buildings: list[Building], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._roles, self._buildings = roles, buildings
        self.fields["role"].choices = _choices(roles, "请选择")
        self.fields["buildings"].choices = _choices(buildings)

    def chosen(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "role": _one(self._roles, said["role"]),
            "lapses_at": said["lapses_at"],
            "buildings": [one for one in self._buildings if str(one.pk) in said["buildings"]],
        }


class EndForm(HouseForm):
    until_date = forms.DateField(label="到哪天止", widget=DAY)


class AbsentForm(HouseForm):
    until = PeopleDateTimeField(label="什么时候回来")
    reason = forms.CharField(label="原因", max_length=120)


class SkillsForm(HouseForm):
    skills = forms.MultipleChoiceField(
        label="技能", required=False, choices=list(SKILLS.items()), widget=forms.CheckboxSelectMultiple
    )


class ZoneForm(HouseForm):
    name = forms.CharField(label="责任区", max_length=40)
    butler = forms.ChoiceField(label="管家", required=False)
    buildings = forms.MultipleChoiceField(label="楼栋", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: list[User], buildings: list[Building], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people, self._buildings = people, buildings
        self.fields["butler"].choices = [("", "暂时没有"), *((str(one.pk), one.name) for one in people)]
        self.fields["buildings"].choices = _choices(buildings)

    def chosen(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "name": said["name"],
            "butler": _one(self._people, said["butler"]),
            "buildings": [one for one in self._buildings if str(one.pk) in said["buildings"]],
        }


class DutyForm(HouseForm):
    """One person's duties in a week: the same hours on the chosen days; past midnight when they end before they begin."""

    who = forms.ChoiceField(label="谁,在哪个岗位")
    starts = forms.TimeField(label="上班", widget=CLOCK)
    ends = forms.TimeField(label="下班", widget=CLOCK, help_text="早于上班时间就算第二天")
    days = forms.MultipleChoiceField(label="哪几天", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, monday: date, holders: list[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._monday, self._holders = monday, holders
        self.fields["who"].choices = [
            ("", "请选择"),
            *((str(one.pk), f"{one.post.title} · {one.user.name}") for one in holders),
        ]
        days = [monday + timedelta(days=at) for at in range(7)]
        self.fields["days"].choices = [
            (day.isoformat(), f"{name} {day.month}/{day.day}") for name, day in zip(WEEKDAYS, days, strict=True)
        ]

    def holder(self) -> Assignment:
        return _one(self._holders, self.cleaned_data["who"])

    def spans(self) -> list[tuple[datetime, datetime]]:
        said = self.cleaned_data
        return [_span(date.fromisoformat(day), said["starts"], said["ends"]) for day in said["days"]]


def _span(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    last = day + timedelta(days=1) if ends <= starts else day
    return make_aware(datetime.combine(day, starts)), make_aware(datetime.combine(last, ends))
