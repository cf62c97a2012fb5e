"""Who is responsible where, and on duty when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from huiyin.areas.estate.models import Building, Estate


class Department(models.Model):
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("部门", max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "name"], name="one_department")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post of the estate: an abstract code the standards speak of, with the title this estate uses.

    `falls_to` is who answers when nobody on this post is on duty; it ends at a post that is always manned.
    """

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    code = models.CharField("代码", max_length=30)
    title = models.CharField("岗位", max_length=40)
    falls_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "code"], name="one_post")]

    def __str__(self) -> str:
        return self.title


class Assignment(models.Model):
    """A person on a post, from one day until another, and what they can do there (codes of `words.SKILLS`)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    since_date = models.DateField("自")
    until_date = models.DateField("至", null=True, blank=True)
    skills = models.JSONField("会什么", default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "user"], condition=Q(until_date=None), name="one_present_assignment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.post_id}"


class Duty(models.Model):
    """One line of the roster: this person mans this post in this span (half-open)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="duties")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="duties")
    starts_at = models.DateTimeField("上班")
    ends_at = models.DateTimeField("下班")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "user", "starts_at"], name="one_duty"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_start"),
        ]
        indexes = [models.Index(fields=["post", "ends_at"], name="duty_by_end")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.starts_at}"


class Absence(models.Model):
    """Somebody is not there for a while, whatever the roster says: nothing falls to them in this span (half-open)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField("自")
    ends_at = models.DateTimeField("至")
    reason = models.CharField("原因", max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="absence_ends_after_start")
        ]
        indexes = [models.Index(fields=["user", "ends_at"], name="absence_by_end")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_at}"


class Zone(models.Model):
    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("责任区", max_length=40)
    butler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="zones"
    )
    buildings = models.ManyToManyField(Building, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "name"], name="one_zone")]

    def __str__(self) -> str:
        return self.name
