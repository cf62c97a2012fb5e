"""What people fill in on the upkeep pages, cleaned."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from huiyin.areas.estate.models import Building
from huiyin.areas.staffing.models import Post
from huiyin.areas.upkeep.models import EquipmentKind, OverhaulKind, Stage
from huiyin.areas.upkeep.operations import StagePlan
from huiyin.areas.upkeep.rules import UNITS
from huiyin.areas.upkeep.states import EquipmentStatus, PlanStatus, ProjectStatus, RoundStatus
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import DOCUMENTS
from huiyin.foundation.kit.forms import HouseForm, dress

STAGE_ROWS = 6
ATTACHMENTS = 3


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs})


class KeyedForm(HouseForm):
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def of_people(people: Sequence[User]) -> list[tuple[Any, str]]:
    return [("", "请选择"), *((one.pk, one.name) for one in people)]


def among(choices: Sequence[Any], pk: Any) -> Any:
    return next((one for one in choices if one.pk == pk), None)


class RoundFilters(HouseForm):
    show = forms.ChoiceField(
        label="看哪些",
        required=False,
        choices=[
            ("", "全部"),
            ("owed", "还没做的"),
            ("overdue", "逾期没做的"),
            ("late", "晚做的"),
            *((one.value, one.label) for one in RoundStatus if one != RoundStatus.DUE),
        ],
    )
    q = forms.CharField(label="设备、任务", required=False, max_length=40)
    since = DayField(label="应做自", required=False)
    until = DayField(label="应做至", required=False)


class PlanFilters(HouseForm):
    q = forms.CharField(label="设备、任务", required=False, max_length=40)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *EquipmentKind.choices])
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "执行中的"), (PlanStatus.ENDED.value, "已停止的")]
    )


class EquipmentFilters(HouseForm):
    q = forms.CharField(label="编号、名称、型号、位置", required=False, max_length=40)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *EquipmentKind.choices])
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "没报废的"), *EquipmentStatus.choices])
    overhauled = forms.BooleanField(label="只看做过大中修的", required=False)


class ProjectFilters(HouseForm):
    q = forms.CharField(label="编号、名称、地点、施工单位", required=False, max_length=40)
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("running", "没完的"), *ProjectStatus.choices]
    )


class ChangeEquipmentForm(HouseForm):
    name = forms.CharField(label="名称", max_length=60)
    model = forms.CharField(label="型号", max_length=60, required=False)
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=99_999, initial=1)
    building = forms.TypedChoiceField(label="楼栋", required=False, coerce=int, empty_value=None)
    place = forms.CharField(label="位置", max_length=80, required=False, help_text="如:地下室泵房、1 单元前室")
    since_date = DayField(label="投用日期", required=False)

    def __init__(self, *args: Any, buildings: Sequence[Building], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._buildings = buildings
        self.fields["building"].choices = [("", "不在楼里"), *((one.pk, str(one)) for one in buildings)]

    def clean_building(self) -> Building | None:
        found: Building | None = among(self._buildings, self.cleaned_data["building"])
        return found


class EquipmentForm(ChangeEquipmentForm):
    code = forms.CharField(label="编号", max_length=30, help_text="定了就不能改")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *EquipmentKind.choices])

    field_order = ("code", "name", "kind", "model", "quantity", "building", "place", "since_date")


class OverhaulForm(KeyedForm):
    kind = forms.ChoiceField(label="类别", choices=OverhaulKind.choices)
    done_on = DayField(label="日期")
    what = forms.CharField(label="做了什么", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    by_whom = forms.CharField(label="谁做的", max_length=80)
    cost = forms.DecimalField(label="费用(元)", required=False, min_value=0, max_digits=12, decimal_places=2)


class PlanForm(KeyedForm):
    task = forms.CharField(label="维保任务", max_length=60, help_text="如:月度保养、季度检测")
    every = forms.IntegerField(label="每", min_value=1, max_value=366, initial=1)
    unit = forms.ChoiceField(label="周期", choices=[(code, word.removeprefix("个")) for code, word in UNITS.items()])
    first_on = DayField(label="首次日期", help_text="以后每次都从这天起算,不会越推越晚")
    post = forms.TypedChoiceField(label="执行岗位", coerce=int)
    person = forms.TypedChoiceField(
        label="指定到人", required=False, coerce=int, empty_value=None, help_text="不指定就由岗位上的人做"
    )
    checklist = forms.CharField(
        label="检查项", required=False, widget=forms.Textarea(attrs={"rows": 5}), help_text="一行写一项"
    )

    def __init__(self, *args: Any, posts: Sequence[Post], people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posts, self._people = posts, people
        self.fields["post"].choices = [("", "请选择"), *((one.pk, one.title) for one in posts)]
        self.fields["person"].choices = of_people(people)

    def clean_post(self) -> Post:
        found: Post = among(self._posts, self.cleaned_data["post"])
        return found

    def clean_person(self) -> User | None:
        found: User | None = among(self._people, self.cleaned_data["person"])
        return found

    def clean_checklist(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["checklist"].splitlines() if line.strip()]
        if any(len(line) > 60 for line in lines):
            raise forms.ValidationError("每个检查项最多 60 个字")
        return lines


class RoundForm(KeyedForm):
    fine = forms.ChoiceField(
        label="结果", choices=[("yes", "正常"), ("no", "有问题,开维修单")], widget=forms.RadioSelect
    )
    checked = forms.TypedMultipleChoiceField(
        label="做了的检查项", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label="说明", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="有问题或者有没做的检查项,请写明",
    )  # fmt: skip

    def __init__(self, *args: Any, checklist: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked"].choices = list(enumerate(checklist))


class ReasonForm(HouseForm):
    note = forms.CharField(label="原因", max_length=200)


class WordsForm(HouseForm):
    note = forms.CharField(label="说明", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class AcceptForm(KeyedForm):
    """Words to an acceptance, and what belongs to it: photos, a signed sheet, a report."""

    note = forms.CharField(label="验收意见", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, ATTACHMENTS + 1):
            field = UploadField(label=f"附件 {n}", allowed=DOCUMENTS, required=False)
            dress(field)
            self.fields[f"file_{n}"] = field

    @property
    def files_asked(self) -> list[Any]:
        return [self[f"file_{n}"] for n in range(1, ATTACHMENTS + 1)]

    def attachments(self) -> list[Any]:
        kept = [self.cleaned_data[f"file_{n}"] for n in range(1, ATTACHMENTS + 1)]
        return [one for one in kept if one]


class RejectForm(HouseForm):
    note = forms.CharField(label="哪里不合格", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    redo_by = DayField(label="整改到哪天")


class SendBackForm(RejectForm):
    stage = forms.TypedChoiceField(label="哪道工序返工", coerce=int)

    field_order = ("stage", "note", "redo_by")

    def __init__(self, *args: Any, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stages = stages
        self.fields["stage"].choices = [(one.pk, f"{one.position}. {one.title}") for one in stages]

    def clean_stage(self) -> Stage:
        found: Stage = among(self._stages, self.cleaned_data["stage"])
        return found


class ProjectForm(KeyedForm):
    """A project with up to six stages; rows without a title are left out."""

    title = forms.CharField(label="工程名称", max_length=80)
    place = forms.CharField(label="地点", max_length=80, help_text="如:3 栋外墙、地下车库")
    text = forms.CharField(label="内容", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    contractor = forms.CharField(label="施工单位", max_length=80, required=False, help_text="自己施工就不填")
    budget = forms.DecimalField(label="预算(元)", required=False, min_value=0, max_digits=12, decimal_places=2)
    responsible = forms.TypedChoiceField(label="工程负责人", coerce=int)
    begins_on = DayField(label="计划开工")
    ends_on = DayField(label="计划竣工")
    buildings = forms.TypedMultipleChoiceField(
        label="涉及的楼栋", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    units = forms.CharField(
        label="另外涉及的房屋",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行写一户,如 3-2-1501;竣工后从涉及的住户里抽人回访",
    )

    def __init__(self, *args: Any, people: Sequence[User], buildings: Sequence[Building], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people
        self.fields["responsible"].choices = of_people(people)
        self.fields["buildings"].choices = [(one.pk, str(one)) for one in buildings]
        for n in range(1, STAGE_ROWS + 1):
            made: dict[str, forms.Field] = {
                f"stage_{n}": forms.CharField(label=f"第 {n} 道工序", max_length=60, required=n == 1),
                f"begins_{n}": DayField(label="开始", required=n == 1),
                f"ends_{n}": DayField(label="完成", required=n == 1),
                f"by_{n}": forms.TypedChoiceField(
                    label="负责人", required=n == 1, coerce=int, empty_value=None, choices=of_people(people)
                ),
            }
            for name, field in made.items():
                dress(field)
                self.fields[name] = field

    @property
    def stage_rows(self) -> list[list[Any]]:
        return [[self[f"{name}_{n}"] for name in ("stage", "begins", "ends", "by")] for n in range(1, STAGE_ROWS + 1)]

    def clean_responsible(self) -> User:
        found: User = among(self._people, self.cleaned_data["responsible"])
        return found

    def clean_units(self) -> list[str]:
        said = self.cleaned_data["units"].replace(",", "\n").replace("、", "\n").replace(",", "\n")
        return [line.strip() for line in said.splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(2, STAGE_ROWS + 1):
            row = [said.get(f"{name}_{n}") for name in ("stage", "begins", "ends", "by")]
            if any(row) and not all(row):
                self.add_error(f"stage_{n}", "这道工序的名称、日期和负责人要一起写")
        return said

    def stages(self) -> list[StagePlan]:
        said = self.cleaned_data
        rows = [n for n in range(1, STAGE_ROWS + 1) if said.get(f"stage_{n}")]
        return [
            StagePlan(
                said[f"stage_{n}"],
                _day(said[f"begins_{n}"]),
                _day(said[f"ends_{n}"]),
                among(self._people, said[f"by_{n}"]),
            )
            for n in rows
        ]

    def plain(self) -> dict[str, Any]:
        names = ("title", "place", "text", "contractor", "budget", "responsible", "begins_on", "ends_on")
        return {name: self.cleaned_data[name] for name in names}


def _day(said: Any) -> date:
    assert isinstance(said, date)
    return said
