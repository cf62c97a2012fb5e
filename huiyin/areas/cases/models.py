"""事项: one matter, from the moment it is told until it is answered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.cases.states import CaseStatus
from huiyin.areas.estate.models import Estate, Household, Person, Unit
from huiyin.areas.staffing.models import Post


class CaseKind(models.TextChoices):
    ENQUIRY = "enquiry", "咨询"
    COMPLAINT = "complaint", "投诉"
    REPAIR = "repair", "报修"
    SUGGESTION = "suggestion", "建议"
    COMPLIMENT = "compliment", "表扬"
    SPECIAL_SERVICE = "special_service", "特约服务"


class Urgency(models.TextChoices):
    NORMAL = "normal", "一般"
    URGENT = "urgent", "紧急"
    EMERGENCY = "emergency", "急修"


class Category(models.Model):
    """What a matter is about: a tree per kind, its codes joined by dots. `keywords` suggest it while the clerk types.

    Shipped ones are everybody's; with an estate it is that estate's own. `suggests` is what else goes with it: the
    urgency, and where it usually is.
    """

    journal_name: ClassVar[str] = "cases.category"

    kind = models.CharField("类别", max_length=20, choices=CaseKind)
    code = models.CharField(max_length=60)
    title = models.CharField("名称", max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    keywords = models.JSONField(default=list)
    post_code = models.CharField("归口岗位", max_length=30, blank=True)
    suggests = models.JSONField(default=dict)
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField("停用", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="one_category"),
            models.CheckConstraint(
                condition=Q(estate=None) | Q(parent__isnull=False), name="own_category_below_shipped_one"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Case(models.Model):
    """While open it has somebody responsible, a next step and a time for it: the database refuses anything else.

    The caller's name, phone and unit are copied as they were told; they do not follow later changes.
    """

    journal_name: ClassVar[str] = "cases.case"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, db_index=False, related_name="+")
    number = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=20, choices=CaseKind)
    status = models.CharField("状态", max_length=12, choices=CaseStatus, default=CaseStatus.NEW)
    text = models.TextField("内容")
    place = models.CharField("地点", max_length=80, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.NORMAL)
    channel = models.CharField("来源", max_length=12, blank=True)
    anonymous = models.BooleanField("匿名", default=False)

    caller_name = models.CharField("来电人", max_length=60, blank=True)
    caller_phone = models.CharField("电话", max_length=24, blank=True)
    caller_unit = models.CharField("房屋", max_length=40, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    opened_at = models.DateTimeField("受理时间")
    written_at = models.DateTimeField("书面时间", null=True, blank=True)
    first_contact_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name="首问责任人"
    )
    responsible_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    next_step = models.CharField("下一步", max_length=60, blank=True)
    next_at = models.DateTimeField("时间", null=True, blank=True)
    promised_at = models.DateTimeField("约定时间", null=True, blank=True)

    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="merged"
    )
    repeat_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="repeats"
    )
    raised_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_index=False, related_name="raised"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="case_status"),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind"),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "merged", "voided"])
                | (
                    (Q(responsible__isnull=False) | Q(responsible_post__isnull=False))
                    & ~Q(next_step="")
                    & Q(next_at__isnull=False)
                ),
                name="open_case_has_next_step",
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="merged_case_points_on",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | ~Q(status="closed"), name="closed_case_has_time"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(
                fields=["estate", "next_at", "id"],
                condition=Q(status__in=["new", "working", "on_hold"]),
                name="open_case_by_time",
            ),
            models.Index(
                fields=["responsible", "next_at"],
                condition=Q(status__in=["new", "working", "on_hold"]),
                name="open_case_by_person",
            ),
            models.Index(fields=["responsible", "next_at"], condition=Q(status="new"), name="new_case_by_person"),
            models.Index(
                fields=["responsible_post", "next_at"],
                condition=Q(status="new", responsible=None),
                name="new_case_by_post",
            ),
            models.Index(
                fields=["estate", "opened_at", "id"],
                condition=Q(status__in=["merged", "voided"]),
                name="case_set_aside",
            ),
            models.Index(fields=["estate", "opened_at", "id"], name="case_by_time"),
            models.Index(fields=["estate", "kind", "opened_at"], name="case_by_kind"),
            models.Index(fields=["unit", "opened_at"], name="case_by_unit"),
            models.Index(fields=["estate", "caller_phone"], name="case_by_phone"),
            models.Index(fields=["estate", "caller_name"], name="case_by_caller"),
            models.Index(fields=["estate", "caller_unit"], name="case_by_unit_told"),
            # Most cases point to no other. An index with all of these in it would be taken for one that finds too much.
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged_into"),
            models.Index(fields=["repeat_of"], condition=Q(repeat_of__isnull=False), name="case_repeating"),
            models.Index(fields=["raised_by"], condition=Q(raised_by__isnull=False), name="case_raised_by"),
        ]

    def __str__(self) -> str:
        return self.number

    # Django's own look the word up in a list made anew each time; a page asks a hundred times.
    def get_kind_display(self) -> str:
        return CaseKind(self.kind).label

    def get_status_display(self) -> str:
        return CaseStatus(self.status).label

    def get_urgency_display(self) -> str:
        return Urgency(self.urgency).label

    @property
    def thread(self) -> str:
        return f"case:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in (CaseStatus.NEW, CaseStatus.WORKING, CaseStatus.ON_HOLD)

    @property
    def caller(self) -> str:
        """Whom it concerns in one breath: 3-2-1501 王女士."""
        who = "匿名" if self.anonymous else self.caller_name
        return " ".join(part for part in (self.caller_unit, who) if part)
