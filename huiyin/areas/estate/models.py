"""Who lives where, since when, as what."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.estate.rules.details import DETAILS
from huiyin.areas.estate.states import ImportStatus
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.privacy.fields import EncryptedTextField


class Company(models.Model):
    name = models.CharField("公司", max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Estate(models.Model):
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="estates")
    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("小区", max_length=60)
    city = models.CharField("城市", max_length=30, blank=True)
    phone = models.CharField("服务电话", max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="buildings")
    code = models.CharField("楼栋", max_length=12)
    name = models.CharField(max_length=40, blank=True)
    hint = models.TextField("接待提示", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "code"], name="one_building")]

    def __str__(self) -> str:
        return self.name or f"{self.code} 栋"


class Entrance(models.Model):
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="entrances")
    code = models.CharField("单元", max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "code"], name="one_entrance")]

    def __str__(self) -> str:
        return f"{self.code} 单元" if self.code else "不分单元"


class Unit(models.Model):
    """户: the exclusive part of one household. `code` is what people say and write: 3-2-1501."""

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="units")
    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="units")
    code = models.CharField("房屋", max_length=40)
    unit_no = models.CharField("房号", max_length=12)
    floor = models.SmallIntegerField("楼层", null=True, blank=True)
    gross_area = models.DecimalField("建筑面积", max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="one_unit"),
            models.CheckConstraint(condition=Q(gross_area=None) | Q(gross_area__gt=0), name="area_is_positive"),
        ]
        indexes = [models.Index(fields=["estate", "unit_no"], name="unit_by_number")]

    def __str__(self) -> str:
        return self.code


class Household(models.Model):
    """业户: the party served in a unit from one day until another."""

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="households")
    since_date = models.DateField("入住")
    until_date = models.DateField("迁出", null=True, blank=True)
    note = models.TextField("备注", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(until_date=None), name="one_present_household"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("since_date")), name="household_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.since_date}"


class Person(models.Model):
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=20, blank=True)
    salutation = models.CharField("称呼", max_length=10, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", initials="", salutation=""), name="erased_person_has_no_name"
            )
        ]
        indexes = [
            models.Index(fields=["estate", "name"], name="person_by_name"),
            models.Index(fields=["estate", "initials"], name="person_by_initials"),
        ]

    def __str__(self) -> str:
        return f"{self.name}{self.salutation}" if self.erased_at is None else "(资料已删除)"


class DetailSwitch(models.Model):
    """An item that this estate has decided to record of its residents. Without a row it is neither asked nor kept."""

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=20, choices=[(one.code, one.label) for one in DETAILS.values()])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "item"], name="one_detail_switch"),
            models.CheckConstraint(condition=Q(item__in=list(DETAILS)), name="detail_switch_item"),
        ]

    def __str__(self) -> str:
        return f"{self.estate_id} {self.item}"


class PersonDetail(models.Model):
    """What somebody let us know beyond name and phone; encrypted, whatever it is."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="details")
    item = models.CharField(max_length=20, choices=[(one.code, one.label) for one in DETAILS.values()])
    value = EncryptedTextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "item"], name="one_detail"),
            models.CheckConstraint(condition=Q(item__in=list(DETAILS)), name="detail_item"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.item}"


class Phone(models.Model):
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="phones")
    number = models.CharField("电话", max_length=24)
    tail = models.CharField(max_length=4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="one_phone")]
        indexes = [
            models.Index(fields=["estate", "number"], name="phone_by_number"),
            models.Index(fields=["estate", "tail"], name="phone_by_tail"),
        ]

    def __str__(self) -> str:
        return self.number


class Occupancy(models.Model):
    class Kind(models.TextChoices):
        OWNER = "owner", "业主"
        TENANT = "tenant", "租户"
        FAMILY = "family", "家庭成员"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="occupancies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="occupancies")
    kind = models.CharField("身份", max_length=10, choices=Kind)
    since_date = models.DateField("自")
    until_date = models.DateField("至", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], condition=Q(until_date=None), name="one_present_occupancy"
            ),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("since_date")), name="occupancy_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(kind__in=["owner", "tenant", "family"]), name="occupancy_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class UnitImport(models.Model):
    """One sheet of units and residents that somebody handed in: kept, checked, and taken in when confirmed.

    `report` holds what the check found or the import did: figures, columns nobody asked for, the first problems.
    """

    journal_name: ClassVar[str] = "estate.import"

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField("状态", max_length=10, choices=ImportStatus, default=ImportStatus.CHECKING)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_rows = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="import_status")]
        indexes = [models.Index(fields=["estate", "-id"], name="import_latest")]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_status_display()}"

    @property
    def thread(self) -> str:
        return f"import:{self.pk}"
