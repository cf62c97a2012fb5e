"""People who sign in, what they may do (rights are data) and in which estates.

The foundation knows no estates: a place is a plain number, given a meaning by the area that stands above.
"""

from typing import ClassVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from huiyin.foundation.guards import UNGUARDED, WATCHED, Guard
from huiyin.foundation.transactions import as_command


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    # When somebody last signed in is noted by signing in itself.
    guard: ClassVar[Guard] = Guard(but=("last_login",))

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("电话", max_length=20, blank=True)
    company_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_system"], condition=Q(is_system=True), name="one_system_actor")
        ]

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether it is the password, and keep it by today's hash when it was kept by an older one."""

        def renew(said: str | None) -> None:
            self.set_password(said)
            with as_command():
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, renew)


class Role(models.Model):
    guard: ClassVar[Guard] = WATCHED

    code = models.SlugField(unique=True)
    title = models.CharField(max_length=40)
    rights = models.JSONField(default=list)
    # Whoever holds it may do nothing until a second factor is set up.
    second_factor = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Grant(models.Model):
    """A role held by a user in one estate, or (estate empty) in every estate of the user's company.

    `building_ids` limits it to some buildings of the estate; empty: all of them.
    """

    guard: ClassVar[Guard] = WATCHED

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    estate_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    building_ids = models.JSONField(default=list)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    # Set when it is given for a time only: it stops counting then by itself, whether or not anybody has ended it.
    lapses_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two, because SQLite does not know `nulls_distinct` and Django would leave such a constraint out.
            models.UniqueConstraint(
                fields=["user", "role", "estate_id"], condition=Q(until=None), name="one_open_grant"
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(until=None, estate_id=None), name="one_open_grant_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} @{self.estate_id}"


class Session(models.Model):
    """A browser somebody has signed in with. Of the key in its cookie only the digest is kept: a copy of the database
    opens no door.
    """

    guard: ClassVar[Guard] = UNGUARDED

    digest = models.CharField(max_length=64, primary_key=True)
    data = models.TextField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField(db_index=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.begun_at}"
