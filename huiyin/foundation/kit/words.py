"""Values as people read them: money, phones, initials, durations. The filters of the templates."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from huiyin.foundation.kit import times

COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯")


def people_time(moment: datetime | None, now: datetime | None = None) -> str:
    """Say a moment as people do; an absent one is a dash."""
    if moment is None:
        return "—"
    return times.people_time(moment, now or timezone.now(), timezone.get_current_timezone())


def exact_time(moment: datetime | None) -> str:
    return "—" if moment is None else times.exact_time(moment, timezone.get_current_timezone())


def people_date(day: date | datetime | None, now: datetime | None = None) -> str:
    """Say a day; of a moment, the day it falls on here."""
    if day is None:
        return "—"
    zone = timezone.get_current_timezone()
    if isinstance(day, datetime):
        day = day.astimezone(zone).date()
    return times.people_date(day, (now or timezone.now()).astimezone(zone).date())


def people_slot(start: datetime, end: datetime, now: datetime | None = None) -> str:
    return times.people_slot(start, end, now or timezone.now(), timezone.get_current_timezone())


def due_words(due: datetime, now: datetime | None = None) -> times.Due:
    return times.due_words(due, now or timezone.now(), timezone.get_current_timezone())


def deadline_time(due: datetime | None, now: datetime | None = None) -> str:
    """Say when a deadline is or was, without the clock running: 今天 24:00, 3 天前; an absent one is a dash."""
    if due is None:
        return "—"
    return times.deadline_time(due, now or timezone.now(), timezone.get_current_timezone())


def exact_deadline(due: datetime | None) -> str:
    return "—" if due is None else times.exact_deadline(due, timezone.get_current_timezone())


def iso(moment: datetime) -> str:
    return moment.astimezone(timezone.get_current_timezone()).isoformat(timespec="seconds")


def money(amount: Decimal | int | None, sign: str = "¥") -> str:
    """Write an amount with two places and thousands: ¥1,234.50; an absent one is a dash."""
    if amount is None:
        return "—"
    exact = Decimal(amount).quantize(Decimal("0.01"))
    return f"{'-' if exact < 0 else ''}{sign}{abs(exact):,.2f}"


def mask_phone(phone: str | None) -> str:
    """Hide the middle of a phone number: 138****1234, 010-****5678; short numbers are hidden whole."""
    said = (phone or "").strip()
    if not said:
        return ""
    if len(said) == 11 and said.isdigit() and said[0] == "1":
        return f"{said[:3]}****{said[7:]}"
    if len(said) < 7:
        return "****"
    area, dash, number = said.rpartition("-")
    if dash and 7 <= len(number) <= 8:
        return f"{area}-****{number[-4:]}"
    return f"****{said[-4:]}"


def mask_name(name: str | None) -> str:
    """Leave the surname of a name: 王**, 欧阳**; of other names the first letter: A**."""
    said = (name or "").strip()
    if not said:
        return ""
    if "\u4e00" <= said[0] <= "\u9fff":
        return f"{said[:2] if said.startswith(COMPOUND_SURNAMES) else said[0]}**"
    return f"{said[0]}**"


def initial_letters(name: str) -> str:
    """Return what stands in for a face: the surname of a Chinese name, the first letters of others."""
    said = name.strip()
    if not said:
        return "?"
    if "\u4e00" <= said[0] <= "\u9fff":
        return said[:2] if said.startswith(COMPOUND_SURNAMES) else said[0]
    return "".join(word[0] for word in said.split()[:2]).upper()


def count_words(count: int) -> str:
    return f"{count:,}"
