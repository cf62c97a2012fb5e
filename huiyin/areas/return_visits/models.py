"""回访: a visit or call after finished work. Drawn by the standard, made by somebody else than the doer."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate, Household, Person, Unit
from huiyin.areas.return_visits.states import VisitStatus
from huiyin.areas.upkeep.models import ProjectHome
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.standards.models import Draw, Rule


class Mode(models.TextChoices):
    PHONE = "phone", "电话回访"
    DOOR = "door", "上门回访"
    SMS = "sms", "短信回访"
    EMAIL = "email", "邮件回访"


class Verdict(models.TextChoices):
    PASS = "pass", "合格"
    FAIL = "fail", "不合格"


class Grade(models.IntegerChoices):
    """The answer to one of the five evaluation items."""

    VERY_GOOD = 4, "很满意"
    GOOD = 3, "满意"
    FAIR = 2, "一般"
    BAD = 1, "不满意"


class ExcuseReason(models.TextChoices):
    ANONYMOUS = "anonymous", "未留姓名"
    LETTER = "letter", "上级只要求复函"
    MOVED_AWAY = "moved_away", "已搬离"
    REFUSED = "refused", "客户明确谢绝回访"
    UNREACHABLE = "unreachable", "多次联系不上"


@dataclass
class HomeAsked:
    """A home that a project touched, in the words a case has; names are shortened in it before they are printed."""

    estate: Estate
    number: str
    text: str
    answer: str
    closed_at: datetime | None
    unit: Unit
    household: Household | None
    person: Person | None
    caller_name: str
    caller_phone: str
    caller_unit: str
    anonymous: bool = False

    @classmethod
    def of(cls, home: ProjectHome) -> "HomeAsked":
        project, person = home.project, home.person
        return cls(
            estate=project.estate,
            number=project.number,
            text=f"{project.title}({project.place})",
            answer=project.text,
            closed_at=project.completed_at,
            unit=home.unit,
            household=home.household,
            person=person,
            caller_name=str(person) if person and person.erased_at is None else "",
            caller_phone=next((phone.number for phone in person.phones.all()), "") if person else "",
            caller_unit=home.unit.code,
        )

    @property
    def estate_id(self) -> int:
        return self.estate.pk

    @property
    def caller(self) -> str:
        """Whom it asks in one breath: 3-2-1501 王女士."""
        return " ".join(part for part in (self.caller_unit, self.caller_name) if part)


# What it takes to say whom a visit asks, and about what.
ABOUT = ("case__estate", "home__project__estate", "home__unit", "home__person", "home__household")
PHONES = ("home__person__phones",)


class ReturnVisit(models.Model):
    """It hangs on the matter that was settled, or on a home that a project touched."""

    journal_name: ClassVar[str] = "return_visits.visit"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    home = models.ForeignKey(ProjectHome, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    estate_id = models.BigIntegerField()
    status = models.CharField("状态", max_length=10, choices=VisitStatus, default=VisitStatus.DUE)
    type = models.CharField("类型", max_length=20)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    round = models.PositiveSmallIntegerField("第几次", default=1)
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    window_from = models.DateTimeField("自")
    window_to = models.DateTimeField("至")
    visitor_post = models.CharField("回访岗位", max_length=30)
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    doer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    visited_at = models.DateTimeField("回访时间", null=True, blank=True)
    mode = models.CharField("方式", max_length=10, choices=Mode, blank=True)
    quality = models.PositiveSmallIntegerField("质量评价", choices=Grade, null=True, blank=True)
    effect = models.PositiveSmallIntegerField("服务效果", choices=Grade, null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField("满意程度", choices=Grade, null=True, blank=True)
    shortcomings = models.TextField("缺点和不足", blank=True)
    opinions = models.TextField("意见征集", blank=True)
    verdict = models.CharField("结论", max_length=6, choices=Verdict, blank=True)
    signature = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signer = models.CharField("签字人", max_length=60, blank=True)
    raised_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    excuse = models.CharField("免回访原因", max_length=12, choices=ExcuseReason, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=VisitStatus.values), name="visit_status"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, home=None) | Q(case=None, home__isnull=False),
                name="visit_is_about_one_thing",
            ),
            models.CheckConstraint(condition=Q(window_to__gt=F("window_from")), name="window_is_a_span"),
            models.CheckConstraint(
                condition=Q(doer=None) | Q(visitor=None) | ~Q(visitor=F("doer")), name="visitor_is_not_the_doer"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "failed"])
                | Q(
                    visitor__isnull=False,
                    visited_at__isnull=False,
                    quality__isnull=False,
                    effect__isnull=False,
                    satisfaction__isnull=False,
                )
                & ~Q(mode="")
                & ~Q(verdict=""),
                name="made_visit_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | Q(raised_case__isnull=False, verdict="fail"),
                name="failed_visit_raised_a_case",
            ),
            models.CheckConstraint(condition=~Q(status="done") | Q(verdict="pass"), name="done_visit_passed"),
            models.CheckConstraint(condition=~Q(status="exempt") | ~Q(excuse=""), name="exempt_visit_has_reason"),
            models.CheckConstraint(condition=~Q(mode="door") | Q(signature__isnull=False), name="door_visit_is_signed"),
        ]
        indexes = [
            models.Index(fields=["estate_id", "window_to"], condition=Q(status="due"), name="visits_due"),
            models.Index(fields=["estate_id", "visited_at"], name="visits_made"),
            models.Index(fields=["case"], name="visits_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.thread} 第 {self.round} 次回访"

    @property
    def thread(self) -> str:
        return f"case:{self.case_id}" if self.case_id else f"home:{self.home_id}"

    @cached_property
    def about(self) -> Case | HomeAsked:
        """Whom it asks and about what, in the words a case has."""
        if self.case is not None:
            return self.case
        assert self.home is not None
        return HomeAsked.of(self.home)


class Attempt(models.Model):
    """An attempt that did not reach the resident."""

    guard: ClassVar[Guard] = APPEND_ONLY

    class Result(models.TextChoices):
        NO_ANSWER = "no_answer", "无人接听"
        ABSENT = "absent", "家中无人"
        CALL_LATER = "call_later", "请稍后再来电"
        WRONG_NUMBER = "wrong_number", "号码不对"

    visit = models.ForeignKey(ReturnVisit, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField("方式", max_length=10, choices=Mode)
    result = models.CharField("结果", max_length=14, choices=Result)
    note = models.CharField("备注", max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.at} {self.get_result_display()}"
