"""What is typed at the desk and in the ledger, cleaned. Nothing here decides."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone

from huiyin.areas.cases.models import CaseKind, Category, Urgency
from huiyin.areas.cases.rules import Caller
from huiyin.areas.complaints.models import Responsibility, Severity
from huiyin.areas.repairs.models import LocationKind
from huiyin.areas.service_desk.models import Channel
from huiyin.areas.service_desk.operations import Ending, Home, Matter
from huiyin.areas.service_desk.queries import HomeCard, suggested
from huiyin.areas.service_desk.states import ContactStatus
from huiyin.areas.staffing.models import Department
from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit import words
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField, read_phone

SLOTS = ((time(9), time(12)), (time(14), time(17)), (time(18), time(20)))
SLOT_DAYS = 5
NO_CATEGORY = "none"
STRANGER = "other"
Named = Sequence[tuple[str, str]]


def slots(at: datetime) -> list[tuple[str, str]]:
    """Return the visits one can agree on the phone: mornings, afternoons and evenings of the coming days."""
    here = timezone.localtime(at)
    found = []
    for days in range(SLOT_DAYS):
        day = here.date() + timedelta(days=days)
        for begins, ends in SLOTS:
            start, end = (timezone.make_aware(datetime.combine(day, clock)) for clock in (begins, ends))
            if end > at + timedelta(hours=1):
                found.append((f"{start.isoformat()}/{end.isoformat()}", words.people_slot(start, end, at)))
    return found


class CallerFields(HouseForm):
    """Who is calling, as told. A number nobody can read is kept as it was typed: the line must not wait for it."""

    caller_name = forms.CharField(label="姓名", max_length=60, required=False)
    caller_phone = forms.CharField(label="电话", max_length=24, required=False)
    caller_unit = forms.CharField(label="房号", max_length=40, required=False)

    def clean_caller_phone(self) -> str:
        said = self.cleaned_data["caller_phone"]
        return (read_phone(said) or said)[:24] if said else ""


class MatterFields(HouseForm):
    """What the contact is about: the kind, the category, and what that kind asks besides."""

    kind = forms.ChoiceField(label="是什么事", choices=CaseKind.choices, widget=forms.RadioSelect)
    category = forms.CharField(label="归类", required=False)
    category_other = forms.ChoiceField(label="其他类别", required=False)
    urgency = forms.ChoiceField(
        label="紧急程度", choices=Urgency.choices, initial="normal", required=False, widget=forms.RadioSelect
    )
    place = forms.CharField(label="地点", max_length=80, required=False)
    location_kind = forms.ChoiceField(
        label="部位", choices=LocationKind.choices, initial="in_unit", required=False, widget=forms.RadioSelect
    )
    slot = forms.ChoiceField(label="预约上门", required=False)
    appointment_from = PeopleDateTimeField(label="从", required=False)
    appointment_to = PeopleDateTimeField(label="到", required=False)
    severity = forms.ChoiceField(
        label="严重程度", choices=Severity.choices, initial="minor", required=False, widget=forms.RadioSelect
    )
    responsibility = forms.ChoiceField(
        label="责任方", choices=Responsibility.choices, initial="internal", required=False, widget=forms.RadioSelect
    )
    about_department = forms.ChoiceField(label="投诉哪个部门", required=False)
    about_person = forms.ChoiceField(label="投诉哪位同事", required=False)

    def __init__(
        self,
        *args: Any,
        at: datetime,
        colleagues: Callable[[], Sequence[User]],
        departments: Callable[[], Sequence[Department]],
        categories: Callable[[], Sequence[Category]],
        estate_id: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.estate_id = estate_id
        self._colleagues, self._departments, self._categories = colleagues, departments, categories
        self._choose("slot", lambda: slots(at), "还没约")
        self._choose("about_department", lambda: [(key, one.name) for key, one in self.departments.items()], "没说")
        self._choose("about_person", self._people, "没说")
        self._choose("category_other", self._categories_by_kind, "—")

    def _choose(self, name: str, choices: Callable[[], Sequence[Any]], nothing: str) -> None:
        """Offer these choices; they are made when shown, or when one was chosen."""
        self.fields[name].choices = lambda: [("", nothing), *choices()]

    @cached_property
    def people(self) -> dict[str, User]:
        """Whom one may name, read when the form is shown or somebody was named."""
        return {str(person.pk): person for person in self._colleagues()}

    @cached_property
    def departments(self) -> dict[str, Department]:
        return {str(one.pk): one for one in self._departments()}

    @cached_property
    def categories(self) -> dict[str, Category]:
        return {str(one.pk): one for one in self._categories()}

    def _people(self) -> list[tuple[str, str]]:
        return [(key, one.name) for key, one in self.people.items()]

    def _categories_by_kind(self) -> list[tuple[str, Named]]:
        by_kind: dict[str, list[tuple[str, str]]] = {}
        for key, one in self.categories.items():
            shown = f"　{one.title}" if one.parent_id else one.title
            by_kind.setdefault(one.get_kind_display(), []).append((key, shown))
        return list(by_kind.items())

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        start, end = said.get("appointment_from"), said.get("appointment_to")
        if bool(start) != bool(end) and not {"appointment_from", "appointment_to"} & set(self.errors):
            self.add_error("appointment_to" if start else "appointment_from", "从几点到几点,两头都要写")
        return said

    def chosen_category(self) -> Category | None:
        """Return the category: the one picked from the list, the chip, or the best that the words suggest."""
        said = self.cleaned_data
        picked = said.get("category_other") or said.get("category")
        if picked == NO_CATEGORY:
            return None
        kind = said.get("kind", "")
        named = self.categories.get(picked) if picked else None
        if named and named.kind == kind:
            return named
        return next(iter(suggested(said.get("text", ""), kind, self.estate_id)), None)

    def _appointment(self) -> tuple[datetime | None, datetime | None]:
        said = self.cleaned_data
        if said.get("appointment_from"):
            return said["appointment_from"], said["appointment_to"]
        if not said.get("slot"):
            return None, None
        start, end = said["slot"].split("/")
        return datetime.fromisoformat(start), datetime.fromisoformat(end)

    def matter(self) -> Matter:
        """Return what an operation takes; what belongs to another kind than the chosen one is left out."""
        said = self.cleaned_data
        repair, complaint = said["kind"] == "repair", said["kind"] == "complaint"
        start, end = self._appointment() if repair else (None, None)
        return Matter(
            kind=said["kind"],
            category=self.chosen_category(),
            urgency=said.get("urgency") or "normal",
            place=said.get("place", ""),
            location_kind=(said.get("location_kind") if repair else "") or "in_unit",
            appointment_from=start,
            appointment_to=end,
            severity=(said.get("severity") if complaint else "") or "minor",
            responsibility=(said.get("responsibility") if complaint else "") or "internal",
            about_department=self.departments.get(said["about_department"])
            if complaint and said.get("about_department")
            else None,
            about_person=self.people.get(said["about_person"]) if complaint and said.get("about_person") else None,
        )


class DeskForm(CallerFields, MatterFields):
    """Everything the desk writes down while somebody is on the phone."""

    HOW = (("answered", "当场答复"), ("promised", "约定时间答复"), ("callback", "请回电"), ("case", "转有关岗位办"))

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.IntegerField(widget=forms.HiddenInput, required=False)
    person = forms.ChoiceField(label="谁打来的", required=False, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label="方式", choices=Channel.choices, initial="call", widget=forms.RadioSelect)
    text = forms.CharField(label="客户说了什么", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    how = forms.ChoiceField(label="怎么答复", choices=HOW, initial="answered", required=False, widget=forms.RadioSelect)
    answer = forms.CharField(
        label="答复了什么", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    promised_at = PeopleDateTimeField(label="什么时候答复", required=False)
    by = forms.ChoiceField(label="谁来答复", required=False)
    written_at = PeopleDateTimeField(label="书面时间", required=False, help_text="先记在纸上、现在补录的,写纸上的时间")
    field_order = ("channel", "person", "text", "kind")

    def __init__(self, *args: Any, home: HomeCard | None, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.home_card = home
        self.actor = actor
        self.residents = {str(one.person.pk): one for one in home.household.people} if home else {}
        self.fields["person"].choices = [
            *((key, f"{one.person} {one.kind.label}") for key, one in self.residents.items()),
            (STRANGER, "别的人"),
        ]
        # Without it a known home would be entered as an anonymous caller, who is never visited afterwards.
        self.fields["person"].required = bool(self.residents)
        self._choose("by", self._people, f"我({actor.name})")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("kind") == "enquiry" and not self.data.get("same_as"):
            if (said.get("how") or "answered") == "answered" and not said.get("answer", "").strip():
                self.add_error("answer", "请写下答复了什么;还没答复的,选「约定时间」或「请回电」")
            if said.get("how") == "promised" and not said.get("promised_at") and "promised_at" not in self.errors:
                self.add_error("promised_at", "请写下约在什么时候答复")
        return said

    def frame(self, at: datetime) -> dict[str, Any]:
        """Return what every way of entering a contact takes."""
        said = {name: self.cleaned_data[name] for name in ("channel", "text", "written_at")}
        return said | {"caller": self.caller(), "home": self.home(), "actor": self.actor, "at": at, "key": self.key}

    @property
    def key(self) -> str:
        return str(self.cleaned_data["idempotency_key"])

    def caller(self) -> Caller:
        """Return who called: the resident chosen, with what was typed beside it winning over the roster."""
        said = self.cleaned_data
        known = self.residents.get(said.get("person", ""))
        phone = said.get("caller_phone") or (known.phones[0] if known and known.phones else "")
        unit = self.home_card.unit.code if self.home_card else said.get("caller_unit", "")
        return Caller(said.get("caller_name") or (str(known.person) if known else ""), phone, unit)

    def home(self) -> Home:
        if self.home_card is None:
            return Home()
        known = self.residents.get(self.cleaned_data.get("person", ""))
        return Home(self.home_card.unit, self.home_card.household.household, known.person if known else None)

    def ending(self) -> Ending | None:
        """Return how an enquiry ends at once; None when it becomes a case."""
        said = self.cleaned_data
        how = said.get("how") or "answered"
        if said["kind"] != "enquiry" or how == "case":
            return None
        by = self.people.get(said["by"], self.actor) if said.get("by") else self.actor
        return Ending(
            answer=said.get("answer", "") if how == "answered" else "",
            promised_at=said.get("promised_at") if how == "promised" else None,
            by=by,
        )


class LedgerFilter(HouseForm):
    """What the ledger can be asked for."""

    STATUSES = (("unsettled", "没有着落的"), *ContactStatus.choices)

    status = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *STATUSES])
    channel = forms.ChoiceField(label="方式", required=False, choices=[("", "全部"), *Channel.choices])
    receiver = forms.ChoiceField(label="接待人", required=False)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(
        label="开头是",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "编号、房号、姓名、电话、内容"}),
    )

    def __init__(self, *args: Any, colleagues: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in colleagues}
        self.fields["receiver"].choices = [("", "全部"), *((key, one.name) for key, one in self.people.items())]

    def clean_receiver(self) -> User | None:
        return self.people.get(self.cleaned_data["receiver"])


class AnswerForm(HouseForm):
    """What was answered."""

    answer = forms.CharField(label="答复了什么", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class PromiseForm(HouseForm):
    """By when who will answer."""

    promised_at = PeopleDateTimeField(label="什么时候答复")
    by = forms.ChoiceField(label="谁来答复", required=False)

    def __init__(self, *args: Any, colleagues: Sequence[User], actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in colleagues}
        self.actor = actor
        self.fields["by"].choices = [("", f"我({actor.name})"), *((k, p.name) for k, p in self.people.items())]

    def clean_by(self) -> User:
        return self.people.get(self.cleaned_data["by"], self.actor)


class CallbackForm(PromiseForm):
    """Who calls back; the standard says how soon."""

    promised_at = None
    by = forms.ChoiceField(label="谁来回电", required=False)


class PassOnForm(MatterFields):
    """What the contact becomes a case as."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="内容",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一条来电说了几件事的,每件转一次",
    )
