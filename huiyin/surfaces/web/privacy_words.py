"""Personal data in words: the declared fields by area, what somebody looked at, what is kept of a person."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from huiyin.foundation.journal.models import Entry
from huiyin.foundation.privacy.declared import PersonalField
from huiyin.foundation.privacy.erasing import Kept
from huiyin.foundation.privacy.operations import REVEALED

AREAS: Final = {
    "accounts": "员工",
    "staffing": "员工",
    "signing_in": "员工",
    "estate": "住户档案",
    "cases": "事项",
    "fees": "收费",
    "materials": "材料",
    "repairs": "维修",
    "complaints": "投诉",
    "service_desk": "来电来访",
    "upkeep": "设备和工程",
    "return_visits": "回访",
}
SUBJECTS: Final = {
    "estate.person": "住户",
    "cases.case": "事项",
    "service_desk.contact": "来电来访",
    "repairs.contact": "核到的联系方式",
}


def grouped(fields: Iterable[tuple[str, PersonalField]]) -> list[tuple[str, list[PersonalField]]]:
    """Return the declared fields under the name of their area, in the order of the tiers."""
    groups: dict[str, list[PersonalField]] = {}
    for label, field in fields:
        groups.setdefault(AREAS.get(label, label), []).append(field)
    return list(groups.items())


def says(line: Entry) -> str:
    """Say what somebody looked at or took out."""
    what = line.values.get("what", "")
    if line.kind == REVEALED:
        return f"看了{what}"
    whole = ",带完整电话" if line.values.get("unmasked") else ""
    return f"导出{what} {line.values.get('rows', 0):,} 行{whole}"


def subject(line: Entry) -> str:
    """Say which record it was about, by number: names would bring back what was erased."""
    kind = SUBJECTS.get(line.subject_type)
    return f"{kind} #{line.subject_id}" if kind else ""


def counted(kept: Iterable[Kept]) -> list[tuple[str, int]]:
    """Count what is kept of a person by item, without showing it."""
    return list(Counter(one.label for one in kept).items())
