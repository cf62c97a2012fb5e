"""The append-only record: history on pages, audit trail, and the facts that areas react to, in one table.

Beside it what proves it: the chain of digests, its head and its daily seals, and what was changed behind it.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models

from huiyin.foundation.guards import APPEND_ONLY, UNGUARDED, Guard

# What is added behind the operations' back shows in the chain; noting it too would cost every line.
_CHAINED = Guard(kept=True, noted=False)


class Entry(models.Model):
    """One thing that happened. `thread` gathers what belongs to one matter."""

    guard: ClassVar[Guard] = _CHAINED

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    estate_id = models.BigIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, related_name="+")
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    thread = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)
    rule = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["thread", "id"], name="journal_thread"),
            models.Index(fields=["estate_id", "kind", "at"], name="journal_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"


class Link(models.Model):
    """The place of a line in the chain of its estate, counted from 1, and the digest up to there. See `chain.py`."""

    guard: ClassVar[Guard] = _CHAINED

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="link")
    estate_id = models.BigIntegerField()
    place = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate_id", "place"], name="one_line_a_place")]

    def __str__(self) -> str:
        return f"{self.estate_id}/{self.place} {self.digest[:12]}"


class Head(models.Model):
    """Where the chain of an estate stands. Whoever adds to the chain holds this row until the transaction ends."""

    guard: ClassVar[Guard] = UNGUARDED

    estate_id = models.BigIntegerField(primary_key=True)
    place = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.estate_id}/{self.place} {self.digest[:12]}"


class Seal(models.Model):
    """The chain of an estate at the end of a day. `digest` is the chain's, `seal` follows from the seal before."""

    guard: ClassVar[Guard] = _CHAINED

    estate_id = models.BigIntegerField()
    day = models.DateField("日期")
    place = models.BigIntegerField("到第几行")
    digest = models.CharField(max_length=64)
    count = models.BigIntegerField("这一天多少行")
    made_at = models.DateTimeField("封存时间")
    seal = models.CharField("封条", max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate_id", "day"], name="one_seal_a_day")]

    def __str__(self) -> str:
        return f"{self.estate_id} {self.day} {self.seal[:12]}"


class Behind(models.Model):
    """A change that no command made: of which row, and when. Written by the triggers alone."""

    guard: ClassVar[Guard] = _CHAINED

    table_name = models.CharField(max_length=63)
    key = models.CharField(max_length=60)
    operation = models.CharField(max_length=8)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.table_name} #{self.key} {self.operation}"


class Explanation(models.Model):
    """What a change behind the operations was, in the words of whoever looked into it. Said once."""

    guard: ClassVar[Guard] = APPEND_ONLY

    change = models.OneToOneField(Behind, on_delete=models.PROTECT, primary_key=True, related_name="explanation")
    note = models.TextField("是什么改动")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("说明时间")

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(note=""), name="explanation_says_something")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.note[:40]}"


class UnderWay(models.Model):
    """On SQLite, one row while a command is under way, never seen from outside it; the triggers look for it."""

    guard: ClassVar[Guard] = UNGUARDED

    id = models.IntegerField(primary_key=True)

    class Meta:
        db_table = "journal_underway"

    def __str__(self) -> str:
        return "under way"
