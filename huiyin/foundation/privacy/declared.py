"""Which fields of the house are about a person, what for, and how sensitive: data that each area lists in `personal.py`.

The list is shown on a page, and the export and the erasure of a person's data are carried out along it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


class Sensitivity(Enum):
    ORDINARY = "一般"
    CONTACT = "联系方式"
    SENSITIVE = "敏感"


class Erasing(Enum):
    """What becomes of a field when the data of its person are erased."""

    BLANK = "清空"
    DELETE = "整行删除"
    CUT = "抹去姓名和电话"
    STAYS = "保留"


CONTRACT = "履行物业服务合同"
CONSENT = "本人同意,可随时撤回"
EMPLOYMENT = "用工管理"


@dataclass(frozen=True)
class PersonalField:
    """One field about a person.

    `person` leads from the row to the person (a look-up of Django); `phone` names the field with the number by which a
    row that names nobody is known to be about somebody. Fields of the staff have neither. `left` is what stands there
    after erasing; `record` and `naming` are how a row is called when its person reads it.
    """

    model: str
    field: str
    label: str
    purpose: str
    sensitivity: Sensitivity
    basis: str = CONTRACT
    masked: bool = False
    erasing: Erasing = Erasing.BLANK
    why: str = ""
    person: str = ""
    phone: str = ""
    estate: str = "estate_id"
    left: str = ""
    record: str = ""
    naming: Callable[[Any], str] = str
    encrypted: bool = False
    several: bool = False

    def said(self, row: Any) -> str:
        """Name the item of a row; a row that holds one of several items names its own."""
        return str(row.get_item_display()) if self.several else self.label


@dataclass(frozen=True)
class Subject:
    """The person whose data are asked for: by number, by name, and by the phones they are known by."""

    estate_id: int
    person_id: int
    name: str
    phones: tuple[str, ...]


Hold = Callable[[Subject, datetime], Iterable[str]]


def declared() -> Iterator[tuple[str, PersonalField]]:
    """Yield the fields of every app with the label of the app whose model they are on, in the order of the tiers."""
    for label, module in _declarations():
        for field in getattr(module, "FIELDS", ()):
            other, _, name = field.model.rpartition(".")
            yield other or label, replace(field, model=name)


def holds_on(subject: Subject, *, at: datetime) -> list[str]:
    """Return, in sentences, everything for which the data of this person must stay for now."""
    found: list[str] = []
    for _, module in _declarations():
        for hold in getattr(module, "HOLDS", ()):
            found += hold(subject, at)
    return found


def _declarations() -> Iterator[tuple[str, object]]:
    for app in apps.get_app_configs():
        if app.name.startswith("huiyin.") and find_spec(f"{app.name}.personal"):
            yield app.label, import_module(f"{app.name}.personal")
