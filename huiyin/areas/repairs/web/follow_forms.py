"""What is typed about what follows an order, about hints and about fault categories, cleaned."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from huiyin.areas.cases.models import Category, Urgency
from huiyin.areas.cases.rules import CATEGORY_TITLE, OwnCategory
from huiyin.areas.estate.models import Building, Occupancy
from huiyin.areas.estate.queries import Resident
from huiyin.areas.repairs.models import Attitude, LocationKind, Materials
from huiyin.areas.repairs.operations import FollowUp
from huiyin.areas.repairs.states import ContactChangeStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import SHEETS
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField

ALL = ("", "全部")
DAY = {"type": "date"}
NEXT_STEP = "step"


class CopyBackForm(HouseForm):
    materials = forms.ChoiceField(label="用料核对", choices=Materials.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="差在哪里", max_length=200, required=False, help_text="不符的要写")


class CopySeenForm(HouseForm):
    note = forms.CharField(label="核对意见", max_length=200, required=False)
    training = forms.BooleanField(label="作培训材料", required=False)
    training_note = forms.CharField(label="教什么", max_length=200, required=False)


class TalkForm(HouseForm):
    """What the technician tells the desk of the talk with the resident."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    told_by = forms.TypedChoiceField(label="谁汇报的", coerce=int)
    talked_at = PeopleDateTimeField(label="什么时候谈的", help_text="例如 今天 10:20")
    points = forms.CharField(label="沟通要点", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    attitude = forms.ChoiceField(
        label="态度", choices=Attitude.choices, initial=Attitude.CALM, widget=forms.RadioSelect
    )
    needs = forms.CharField(label="需求", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    follow_up = forms.CharField(
        label="后续要办", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    follow_kind = forms.ChoiceField(
        label="办成",
        required=False,
        choices=(
            ("enquiry", "另开咨询"),
            ("repair", "另开报修"),
            ("suggestion", "另开建议"),
            ("special_service", "另开特约服务"),
            (NEXT_STEP, "这件事的下一步"),
        ),
        initial="enquiry",
        widget=forms.RadioSelect,
    )
    next_at = PeopleDateTimeField(label="什么时候前", required=False, help_text="选「下一步」的要写")

    def __init__(self, *args: Any, people: Sequence[User], open_case: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in people}
        self.fields["told_by"].choices = [(one.pk, one.name) for one in people]
        if not open_case:
            kinds = self.fields["follow_kind"]
            kinds.choices = [one for one in kinds.choices if one[0] != NEXT_STEP]
            del self.fields["next_at"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("follow_up") and said.get("follow_kind") == NEXT_STEP and not said.get("next_at"):
            self.add_error("next_at", "请写明什么时候前办")
        return said

    def talk(self) -> dict[str, Any]:
        """Return what the operation takes."""
        said = self.cleaned_data
        step = said.get("follow_kind") == NEXT_STEP
        kind = "enquiry" if step else said.get("follow_kind") or "enquiry"
        follow = FollowUp(said["follow_up"], kind, said.get("next_at") if step else None)
        return {
            "told_by": self.people[said["told_by"]],
            "talked_at": said["talked_at"],
            "points": said["points"],
            "attitude": said["attitude"],
            "needs": said["needs"],
            "follow_up": follow if said["follow_up"] else None,
            "key": str(said["idempotency_key"]),
        }


class ContactForm(HouseForm):
    """Name and phone as the resident gives them."""

    person = forms.ChoiceField(label="是谁", required=False)
    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="电话", max_length=24)
    kind = forms.ChoiceField(
        label="新的人是", choices=Occupancy.Kind.choices, initial=Occupancy.Kind.FAMILY, required=False
    )

    def __init__(self, *args: Any, people: Sequence[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.person.pk): one.person for one in people}
        known = [(str(one.person.pk), f"{one.person} {one.kind.label}") for one in people]
        self.fields["person"].choices = [*known, ("", "名册里没有的人")]

    def contact(self) -> dict[str, Any]:
        """Return what the operation takes."""
        said = self.cleaned_data
        named = {"name": said["name"], "phone": said["phone"], "person": self.people.get(said["person"])}
        return named | {"kind": said["kind"] or Occupancy.Kind.FAMILY}


class DecideForm(HouseForm):
    decision = forms.ChoiceField(choices=(("accept", "更新"), ("refuse", "不更新")))
    note = forms.CharField(label="为什么不更新", max_length=200, required=False)


class _Days(HouseForm):
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))


class CopiesFilter(_Days):
    show = forms.ChoiceField(
        label="看",
        required=False,
        choices=[
            ALL,
            ("back", "第二联没交回"),
            ("seen", "第一联没核对"),
            ("differ", "用料不符"),
            ("training", "培训材料"),
        ],
    )
    technician = forms.ChoiceField(label="维修工", required=False)
    field_order = ("show", "technician", "since", "until")

    def __init__(self, *args: Any, technicians: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].choices = [ALL, *((str(one.pk), one.name) for one in technicians)]


class TalksFilter(_Days):
    attitude = forms.ChoiceField(label="态度", required=False, choices=[ALL, *Attitude.choices])
    technician = forms.ChoiceField(label="谁汇报的", required=False)
    q = forms.CharField(label="房号、单号", required=False, max_length=40)
    field_order = ("attitude", "technician", "since", "until", "q")

    def __init__(self, *args: Any, technicians: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].choices = [ALL, *((str(one.pk), one.name) for one in technicians)]


class ChangesFilter(HouseForm):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "待核的"), ("all", "全部"), *ContactChangeStatus.choices]
    )


class HintsFilter(HouseForm):
    show = forms.ChoiceField(label="看", required=False, choices=[("", "现在和以后的"), ("all", "全部")])


class HintForm(HouseForm):
    """A hint for the desk."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label="提示", max_length=200, help_text="例如:3 号楼水泵周三 9 点检修,停水两小时")
    building = forms.ChoiceField(label="哪栋楼", required=False)
    category = forms.ChoiceField(label="只在说到这类毛病时提示", required=False)
    since_date = forms.DateField(label="从", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    until_date = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(
        self, *args: Any, buildings: Sequence[Building], categories: Sequence[Category], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {str(one.pk): one for one in buildings}
        self.named = {str(one.pk): one for one in categories}
        self.fields["building"].choices = [("", "全小区"), *((key, str(one)) for key, one in self.by_id.items())]
        shown = [(key, f"　{one.title}" if one.parent_id else one.title) for key, one in self.named.items()]
        self.fields["category"].choices = [("", "不限"), *shown]
        self.initial.setdefault("since_date", today)

    def clean_building(self) -> Building | None:
        return self.by_id.get(self.cleaned_data["building"])

    def clean_category(self) -> Category | None:
        return self.named.get(self.cleaned_data["category"])


class FaultForm(HouseForm):
    """A fault category of the estate's own."""

    below = forms.ChoiceField(label="归在")
    title = forms.CharField(label="名称", max_length=CATEGORY_TITLE)
    keywords = forms.CharField(label="关键词", max_length=200, required=False, help_text="用顿号隔开,录入时靠它提示")
    location_kind = forms.ChoiceField(
        label="多半在哪里", required=False, choices=[("", "不一定"), *LocationKind.choices]
    )
    urgency = forms.ChoiceField(label="多半有多急", required=False, choices=[("", "不一定"), *Urgency.choices])

    def __init__(self, *args: Any, classes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["below"].choices = [(one, one) for one in classes]

    def category(self) -> OwnCategory:
        said = self.cleaned_data
        words = tuple(word for word in said["keywords"].replace(",", "、").replace(",", "、").split("、") if word)
        return OwnCategory("repair", said["below"], said["title"], words, said["location_kind"], said["urgency"])


class SheetForm(HouseForm):
    sheet = UploadField(label="填好的表", allowed=SHEETS)
