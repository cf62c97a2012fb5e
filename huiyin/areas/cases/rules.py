"""Decisions about cases from plain values."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

FIRST_STEP = {
    "enquiry": "答复咨询",
    "complaint": "核实投诉",
    "repair": "派单",
    "suggestion": "研究建议并答复",
    "compliment": "转达表扬",
    "special_service": "安排特约服务",
}
FIRST_POST = {
    "enquiry": "front_desk",
    "complaint": "cs_supervisor",
    "repair": "maintenance_lead",
    "suggestion": "cs_manager",
    "compliment": "cs_supervisor",
    "special_service": "butler",
}
NUMBER_LETTER = {
    "enquiry": "Z",
    "complaint": "T",
    "repair": "W",
    "suggestion": "J",
    "compliment": "B",
    "special_service": "F",
}
PAST_LETTER = "H"  # the series of matters taken over from other books
ENDED_BY_ITS_AREA = frozenset({"complaint", "repair"})
LAST_LETTER = "\uffff"


@dataclass(frozen=True)
class Caller:
    """Who told it, as told. An anonymous caller has no name and no phone."""

    name: str = ""
    phone: str = ""
    unit_code: str = ""

    @property
    def anonymous(self) -> bool:
        return not self.name.strip() and not self.phone.strip()


NOBODY = Caller()


@dataclass(frozen=True)
class PastCase:
    """A matter as another book tells it. `due_at` is when it should have been done, if a time was promised."""

    kind: str
    text: str
    opened_at: datetime
    caller: Caller = NOBODY
    channel: str = ""
    place: str = ""
    urgency: str = "normal"
    category_id: int | None = None
    unit_id: int | None = None
    household_id: int | None = None
    answer: str = ""
    closed_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Promised:
    """What `due_at` of past cases promised: the code by which it is counted, and the act."""

    code: str
    does: str


def suggest(text: str, categories: Iterable[tuple[int, Sequence[str]]], *, at_most: int = 3) -> list[int]:
    """Return the ids of the categories whose keywords the text names, most letters matched first."""
    scored = [(sum(len(word) for word in words if word in text), number) for number, words in categories]
    return [number for score, number in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0][:at_most]


def search_ranges(text: str) -> list[tuple[str, str]]:
    """Return which fields a text may be the beginning of, by its shape, each with the beginning to look for.

    A number starts with a letter or has the date and serial, a phone is digits, a unit has a digit or a name.
    """
    said = normalize("NFKC", text).strip()
    fields: list[tuple[str, str]] = []
    if re.fullmatch(r"[A-Za-z][\w-]*", said):
        fields.append(("number", said.upper()))
    if re.fullmatch(r"[\d-]{3,}(?:转\d*)?|\+[\d -]+", said):
        fields.append(("caller_phone", said))
    if re.match(r"\d|\D{1,6}\d", said) or not said.isascii():
        fields.append(("caller_unit", said))
    if not any(letter.isdigit() for letter in said):
        fields.append(("caller_name", said))
    return fields or [("number", said.upper())]


def steps(kind: str, *, moves: Collection[str], works: bool, is_open: bool, with_first_contact: bool) -> list[str]:
    """Return the steps of a case in the order they are offered, out of the moves its status allows this person.

    Complaints and repairs are answered, closed and opened again by their own steps.
    """
    plain = kind not in ENDED_BY_ITS_AREA
    wanted = [
        ("take", "take" in moves),
        ("resume", "resume" in moves),
        ("decide", works and is_open and kind == "suggestion"),
        ("answer", works and is_open and kind != "complaint"),
        ("close", "close" in moves and plain),
        ("reopen", "reopen" in moves and plain),
        ("unmerge", "unmerge" in moves),
        ("promise", works and is_open),
        ("progress", works and is_open),
        ("transfer", works and is_open),
        ("return", works and is_open and not with_first_contact),
        ("hold", "hold" in moves),
        ("comment", works),
        ("attach", works),
        ("urgency", works and is_open),
        ("merge", "merge" in moves),
        ("void", "void" in moves),
    ]
    return [code for code, offered in wanted if offered]


def main_step(kind: str, open_steps: Collection[str], *, answered: bool) -> str:
    """Return the one step a case waits for, or nothing where its own area says it or nobody may."""
    if kind in ENDED_BY_ITS_AREA:
        order: tuple[str, ...] = ("resume",)
    elif answered:
        order = ("resume", "close", "unmerge")
    elif kind == "suggestion":
        order = ("resume", "take", "decide", "answer")
    else:
        order = ("resume", "take", "answer")
    return next((code for code in order if code in open_steps), "")
