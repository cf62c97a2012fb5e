"""What was quoted, who agreed, when the work began, what was accepted. Rows are added; the latest quote counts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.repairs.models.charging import ChargeKind, TariffItem, Terms
from huiyin.areas.repairs.models.orders import Acceptance, WorkOrder
from huiyin.areas.repairs.rules.quotes import CODE_TRIES
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards import APPEND_ONLY, Guard
from huiyin.foundation.money.fields import MoneyField


class ConsentMode(models.TextChoices):
    SIGNATURE = "signature", "手写签名"
    CODE = "code", "同意码"
    PAPER = "paper", "纸质签名"


class Quote(models.Model):
    """报价: one version; the hash is of its canonical text (`rules.quotes.quote_text`)."""

    guard: ClassVar[Guard] = APPEND_ONLY
    journal_name: ClassVar[str] = "repairs.quote"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField("版次")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    total = MoneyField("合计")
    note = models.CharField("说明", max_length=200, blank=True)
    quoted_at = models.DateTimeField("报价时间")
    quoted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="one_quote_version"),
            models.CheckConstraint(condition=Q(total__gt=0), name="quote_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} 第 {self.version} 版"


class QuoteLine(models.Model):
    """One line, copied from the posted item it charges."""

    guard: ClassVar[Guard] = APPEND_ONLY

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(TariffItem, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    title = models.CharField("项目", max_length=60)
    unit = models.CharField("单位", max_length=10)
    quantity = models.DecimalField("数量", max_digits=8, decimal_places=2)
    unit_price = MoneyField("单价")
    discount = MoneyField("优惠", default=0)
    amount = MoneyField("金额")

    class Meta:
        ordering = ("quote", "position")
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="one_quote_line"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gt=0, discount__gte=0, amount__gte=0), name="quote_line_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ConsentCode(models.Model):
    """A code the desk told the resident for one quote: only its keyed digest is kept, a few tries, half an hour."""

    guard: ClassVar[Guard] = Guard(kept=True, but=("tries",))

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=CODE_TRIES), name="code_tries"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="code_lasts"),
        ]
        indexes = [models.Index(fields=["quote", "-id"], name="latest_code")]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.made_at}"


class Consent(models.Model):
    """同意: who agreed to exactly this quote, how and when. The signer's name alone can be erased."""

    guard: ClassVar[Guard] = Guard(kept=True, but=("signer",))
    journal_name: ClassVar[str] = "repairs.consent"

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="consent")
    mode = models.CharField("同意方式", max_length=10, choices=ConsentMode)
    signer = models.CharField("同意人", max_length=60)
    content_hash = models.CharField(max_length=64)
    signature = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paper_slip = models.CharField("纸单编号", max_length=40, blank=True)
    code = models.ForeignKey(ConsentCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField("同意时间")
    keyed_at = models.DateTimeField("录入时间", null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(mode="signature", signature__isnull=False)
                | Q(mode="code", code__isnull=False)
                | (Q(mode="paper") & ~Q(paper_slip="")),
                name="consent_is_evidenced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.get_mode_display()}"


class WorkStart(models.Model):
    """开工: chargeable work began under this consent."""

    guard: ClassVar[Guard] = APPEND_ONLY
    journal_name: ClassVar[str] = "repairs.work_start"

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="+")
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="start")
    started_at = models.DateTimeField("开工")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.order_id} {self.started_at}"


class Accepted(models.Model):
    """验收: what exactly the resident accepted. What is about a person can be erased with its secret; the hash stands."""

    guard: ClassVar[Guard] = Guard(kept=True, but=("signer", "opinion", "contact_phone", "secret"))

    order = models.OneToOneField(WorkOrder, on_delete=models.PROTECT, related_name="accepted")
    work_done = models.TextField("维修情况")
    charge = models.CharField("收费", max_length=4, choices=ChargeKind)
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    total = MoneyField("金额", default=0)
    precautions_explained = models.BooleanField("已说明注意事项", default=False)
    satisfaction = models.PositiveSmallIntegerField("满意程度", null=True, blank=True)
    mode = models.CharField("验收方式", max_length=10, choices=Acceptance)
    accepted_at = models.DateTimeField("验收时间")
    signer = models.CharField("签收人", max_length=60, blank=True)
    opinion = models.CharField("维修意见", max_length=400, blank=True)
    contact_phone = models.CharField("联系电话", max_length=24, blank=True)
    secret = models.CharField(max_length=32, blank=True)
    personal_digest = models.CharField(max_length=64)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="satisfaction_of_five",
            ),
            models.CheckConstraint(
                condition=Q(charge="free", total=0) | Q(charge="paid", quote__isnull=False, total__gt=0),
                name="accepted_what_was_quoted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.accepted_at}"
