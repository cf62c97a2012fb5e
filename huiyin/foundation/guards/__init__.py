"""What the database itself watches over, table by table: which rows stay as they are, which changes are noted down.

A model says it with `guard: ClassVar[Guard] = APPEND_ONLY`. The triggers are made from these words (`triggers.py`) and
put in place after every migration (`installing.py`).
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

BEHIND, UNDER_WAY, SETTING = "journal_behind", "journal_underway", "huiyin.command"
_RECORDS = ("huiyin.areas.", "huiyin.standards.")


@dataclass(frozen=True)
class Guard:
    """`kept`: rows are added, never changed or deleted, but for the columns `but`. `noted`: what no command did is noted.

    Of what is not kept, changes of the columns `but` alone are nobody's business and are not noted.
    """

    kept: bool = False
    noted: bool = True
    but: tuple[str, ...] = ()


APPEND_ONLY = Guard(kept=True)
WATCHED = Guard()
UNGUARDED = Guard(noted=False)


def guard_of(model: type[Model]) -> Guard:
    """Return how the model's table is guarded: as it says, else watched when it is one of the house's records."""
    said: Any = getattr(model, "guard", None)
    if isinstance(said, Guard):
        return said
    return WATCHED if model.__module__.startswith(_RECORDS) else UNGUARDED
