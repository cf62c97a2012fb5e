"""Facts about what follows a closed order."""

from dataclasses import dataclass
from typing import ClassVar, Final

from huiyin.foundation.journal.facts import Fact

TALKED: Final = "repairs.talk.entered"


@dataclass(frozen=True, kw_only=True)
class CopiesFact(Fact):
    subject_type: ClassVar[str] = "repairs.copies"
    case_id: int
    order: str


@dataclass(frozen=True, kw_only=True)
class CopiesExpected(CopiesFact):
    """An order was accepted: its second copy is to come back, its first is to be looked at."""

    code: ClassVar[str] = "repairs.copies.expected"


@dataclass(frozen=True, kw_only=True)
class CopyReturned(CopiesFact):
    code: ClassVar[str] = "repairs.copies.returned"
    materials: str


@dataclass(frozen=True, kw_only=True)
class CopySeen(CopiesFact):
    code: ClassVar[str] = "repairs.copies.seen"
    training: bool = False


@dataclass(frozen=True, kw_only=True)
class ContactFact(Fact):
    subject_type: ClassVar[str] = "repairs.contact"
    case_id: int
    order: str


@dataclass(frozen=True, kw_only=True)
class ContactConfirmed(ContactFact):
    """Name and phone were confirmed on the order and agree with the roster."""

    code: ClassVar[str] = "repairs.contact.confirmed"


@dataclass(frozen=True, kw_only=True)
class ContactProposed(ContactFact):
    """They differ from the roster; `changed` says in what."""

    code: ClassVar[str] = "repairs.contact.proposed"
    changed: str


@dataclass(frozen=True, kw_only=True)
class ContactDecided(ContactFact):
    code: ClassVar[str] = "repairs.contact.decided"
    accepted: bool = False
    changed: str = ""
