"""What people fill in on the repairs pages, cleaned."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms

from huiyin.areas.cases.models import Urgency
from huiyin.areas.repairs import rules
from huiyin.areas.repairs.models import DispatchMode, EntryMode, PhotoStage
from huiyin.areas.repairs.queries import FaultAsks
from huiyin.areas.repairs.rules import HOLD_REASONS, SKEW, Entering, Leaving, Told
from huiyin.areas.repairs.states import OrderStatus
from huiyin.areas.repairs.web import signals
from huiyin.areas.repairs.web.charge_forms import OpinionFields
from huiyin.areas.repairs.web.figure_filter import FigureFields
from huiyin.areas.repairs.words import ANYBODY
from huiyin.areas.staffing.words import SKILLS
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.forms import UploadField
from huiyin.foundation.files.rules import PHOTOS
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField

PICK = forms.Select(attrs={"class": "form-select"})
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
SLOT_LENGTHS = ((30, "半小时"), (60, "1 小时"), (90, "1 个半小时"), (120, "2 小时"), (180, "3 小时"), (240, "4 小时"))
LASTS = (
    ("30", "半小时"),
    ("60", "1 小时"),
    ("90", "1 个半小时"),
    ("120", "2 小时"),
    ("180", "3 小时"),
    ("240", "半天"),
)


def people(technicians: Iterable[tuple[int, str, int]]) -> list[tuple[str, str]]:
    """Return the choice of technicians (id and name) with what each has in hand."""
    return [(str(person_id), f"{name} · {load} 单") for person_id, name, load in technicians]


DURATIONS = (
    ("", "没说"),
    ("15", "15 分钟"),
    ("30", "半小时"),
    ("60", "1 小时"),
    ("90", "1 个半小时"),
    ("120", "2 小时"),
    ("240", "半天"),
)


class BoardFilters(HouseForm):
    technician = forms.ChoiceField(label="维修工", required=False)
    urgency = forms.ChoiceField(
        label="紧急程度", required=False, choices=[("", "全部"), ("hurry", "急的"), *Urgency.choices]
    )
    q = forms.CharField(label="房号、住户、单号", required=False, max_length=40)

    def __init__(self, *args: Any, technicians: Iterable[tuple[int, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].choices = [("", "全部"), *people(technicians)]


class OrderFilters(FigureFields, BoardFilters):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("running", "没结束的"), *OrderStatus.choices]
    )
    since = forms.DateField(label="登记自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="登记至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    field_order = ("status", "technician", "urgency", "since", "until", "q")


class MyOrderFilters(FigureFields):
    """What a technician narrows his own orders to."""

    status = OrderFilters.base_fields["status"]
    since = OrderFilters.base_fields["since"]
    until = OrderFilters.base_fields["until"]


class DispatchForm(HouseForm):
    technician = forms.IntegerField(label="维修工", error_messages={"required": "请选择维修工"})
    note = forms.CharField(label="原因", required=False)


class AppointForm(HouseForm):
    start = PeopleDateTimeField(label="上门时间")
    lasts = forms.ChoiceField(label="时段", choices=LASTS, initial="120")
    note = forms.CharField(label="原因", required=False, max_length=200)
    work = forms.CharField(label="跟住户说好做什么", required=False, max_length=200)
    minutes = forms.TypedChoiceField(
        label="大约要多久", choices=DURATIONS, required=False, coerce=int, empty_value=None
    )

    def slot(self) -> tuple[datetime, datetime]:
        start = self.cleaned_data["start"]
        return start, start + timedelta(minutes=int(self.cleaned_data["lasts"]))


class ReasonForm(HouseForm):
    note = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}))


class StepForm(HouseForm):
    """A step of the technician. The phone may send it later, with the true time and the key of the first sending."""

    happened_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    # What the phone's clock showed when the server signed a moment for it; without either its clock is believed.
    sent_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    signal = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def told(self, at: datetime) -> Told | None:
        """Return what the phone's clock said; nothing when it did not say both when it happened and when it was sent."""
        clean = self.cleaned_data
        if clean["happened_at"] is None or clean["sent_at"] is None:
            return None
        return Told(clean["happened_at"], clean["sent_at"], signals.read(clean["signal"]) or at)

    def when(self, at: datetime) -> dict[str, Any]:
        """Return the times and the key for the operation: when it happened and, if told later, when it reached us."""
        key, told = self.cleaned_data["idempotency_key"], self.told(at)
        happened_at = told.true_time if told else self.cleaned_data["happened_at"]
        if happened_at is None:
            return {"at": at, "key": key}
        return {"at": min(happened_at, at) if happened_at - at < SKEW else happened_at, "keyed_at": at, "key": key}


class StepReasonForm(StepForm):
    note = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}))


class HoldReasonField(forms.ChoiceField):
    """Why an order waits; a phone that sends what it kept from before there was a list gives it in words alone."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or "other")


class HoldForm(StepReasonForm):
    why = HoldReasonField(label="等什么", choices=list(HOLD_REASONS.items()), initial="parts", widget=forms.RadioSelect)
    note = forms.CharField(label="说清楚", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    wakes_at = PeopleDateTimeField(label="什么时候再看", help_text="例如 明天 9点,到时会提醒您")

    field_order = ("why", "note", "wakes_at")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("why") == "other" and not said.get("note", "").strip():
            self.add_error("note", "请填写原因")
        return said


class PassOnForm(StepReasonForm):
    receiver = forms.IntegerField(label="转给谁", error_messages={"required": "请选择转给谁"})


class PolicyForm(HouseForm):
    """How orders of one urgency are given out."""

    mode = forms.ChoiceField(label="怎么派", choices=DispatchMode.choices, widget=forms.RadioSelect)
    grab_minutes = forms.IntegerField(label="抢单等几分钟", min_value=1, max_value=240, help_text="没人抢就交班长")
    load_cap = forms.IntegerField(label="每人手上最多几张", min_value=0, max_value=99, help_text="0 是不限")
    slots_from = forms.TimeField(label="上门时段从", widget=CLOCK)
    slots_until = forms.TimeField(label="到", widget=CLOCK)
    slot_minutes = forms.TypedChoiceField(label="一段多长", choices=SLOT_LENGTHS, coerce=int)
    per_slot = forms.IntegerField(label="每人一段约几家", min_value=0, max_value=20, help_text="0 是不限,也不算空档")


class SkillsForm(HouseForm):
    """Which skill each fault asks for: one choice a fault, the shipped one first."""

    def __init__(self, *args: Any, asks: Sequence[FaultAsks], **more: Any) -> None:
        super().__init__(*args, **more)
        self.rows = []
        for one in asks:
            choices = [("default", f"照默认({SKILLS.get(one.otherwise, ANYBODY)})"), ("any", ANYBODY), *SKILLS.items()]
            name = f"skill_{one.category.pk}"
            chosen = (one.skill or "any") if one.own else "default"
            self.fields[name] = forms.ChoiceField(
                label=one.category.title, choices=choices, initial=chosen, required=False, widget=PICK
            )
            self.rows.append((one, self[name]))

    def asked(self) -> dict[str, str | None]:
        """Return by fault what was chosen; a fault left out stays as it is."""
        said = {one.category.code: self.cleaned_data[bound.name] for one, bound in self.rows}
        return {code: None if way == "default" else "" if way == "any" else way for code, way in said.items() if way}


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(UploadField):
    """Several photos, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allowed=PHOTOS, **{"widget": ManyFiles(), "required": False, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(PhotosField, self).clean(one, initial) for one in data or []]


def _checks(stage: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="逐项确认",
        required=False,
        choices=[(item.code, item.says) for item in rules.items_of(stage)],
        widget=forms.CheckboxSelectMultiple,
    )


class ArriveForm(StepForm):
    """What is said at the door of a unit; whether enough was done there, the operation knows."""

    consent_by = forms.CharField(label="谁同意进门", max_length=60)
    consent_mode = forms.ChoiceField(label="怎么同意的", choices=EntryMode.choices, widget=forms.RadioSelect)
    done = _checks("enter")
    exception = forms.CharField(label="哪项没做到,为什么", max_length=200, required=False)

    def entering(self) -> Entering:
        clean = self.cleaned_data
        return Entering(clean["consent_by"], clean["consent_mode"], clean["done"], clean["exception"])


class TurnAwayForm(StepReasonForm):
    """`start` when the next visit was agreed on the spot."""

    start = PeopleDateTimeField(label="改约到什么时候", required=False, help_text="没约好就空着,由您或前台再约")
    lasts = forms.ChoiceField(label="时段", choices=LASTS, initial="120", required=False)

    field_order = ("note", "start", "lasts")

    def slot(self) -> tuple[datetime, datetime] | None:
        start = self.cleaned_data["start"]
        return (start, start + timedelta(minutes=int(self.cleaned_data["lasts"] or 120))) if start else None


class PhotosForm(StepForm):
    stage = forms.ChoiceField(label="什么时候的", choices=PhotoStage.choices, widget=forms.HiddenInput)
    photos = PhotosField(label="修前照片", required=True)


class FinishForm(StepForm):
    work_done = forms.CharField(label="修了什么、结果怎样", widget=forms.Textarea(attrs={"rows": 4}))
    photos = PhotosField(label="修后照片")
    done = _checks("leave")
    exception = forms.CharField(label="哪项没做到,为什么", max_length=200, required=False)
    is_soiled = forms.BooleanField(label="地面弄脏,一时清不掉,要保洁来", required=False)
    soiled = forms.CharField(label="弄脏了哪里", max_length=120, required=False)

    def leaving(self) -> Leaving:
        clean = self.cleaned_data
        soiled = clean["soiled"] or ("地面" if clean["is_soiled"] else "")
        return Leaving(clean["done"], clean["exception"], soiled)


class UnsentForm(HouseForm):
    """What a phone could not send as steps, to be kept with the matter in words."""

    text = forms.CharField(label="写进事项的话", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    photos = PhotosField(label="照片和签名")
    idempotency_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class SignForm(OpinionFields, StepForm):
    signer = forms.CharField(label="签字人", max_length=60)
    drawing = forms.CharField(label="客户签名", widget=forms.HiddenInput, error_messages={"required": "请先让客户签名"})


class SlipForm(OpinionFields, StepForm):
    paper_slip = forms.CharField(label="纸质维修单编号", max_length=40)
    signer = forms.CharField(label="签收人", max_length=60)
    written_at = PeopleDateTimeField(label="签收时间", help_text="按纸单上写的,例如 今天 10:20")


class WholeSlipForm(SlipForm):
    technician = forms.TypedChoiceField(label="维修工", coerce=int)
    arrived_at = PeopleDateTimeField(label="到达时间", help_text="按纸单上写的,例如 今天 9:30")
    finished_at = PeopleDateTimeField(label="完工时间")
    work_done = forms.CharField(label="修了什么、结果怎样", widget=forms.Textarea(attrs={"rows": 4}))

    field_order = ("technician", "arrived_at", "finished_at", "work_done", "paper_slip", "signer", "written_at")

    def __init__(self, *args: Any, technicians: list[tuple[User, int]], arrived: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].choices = [(person.pk, person.name) for person, _ in technicians]
        if arrived:
            del self.fields["arrived_at"]
