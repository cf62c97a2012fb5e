"""Decisions about cases from plain values."""

import re
from collections.abc import Collection, Iterable, Mapping
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
CATEGORY_TITLE = 20


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


@dataclass(frozen=True)
class OwnCategory:
    """A category an estate wants of its own, as somebody typed it or wrote it into a sheet."""

    kind: str
    below: str
    title: str
    keywords: tuple[str, ...] = ()
    location_kind: str = ""
    urgency: str = ""
    row: int = 0


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row of a sheet, and in which column."""

    row: int
    sentence: str
    column: str = ""


def not_there_yet(rows: Iterable[OwnCategory], *, known: Mapping[str, Collection[str]]) -> list[OwnCategory]:
    """Return the rows but for those the estate knows already, so that a sheet may come again."""
    return [one for one in rows if one.title.strip() not in known.get(one.below.strip(), ())]


def category_problems(rows: Iterable[OwnCategory], *, known: Mapping[str, Collection[str]]) -> list[RowProblem]:
    """Return what is wrong with categories an estate wants, row by row; `known` holds by class what is below it."""
    found: list[RowProblem] = []
    taken = {(below, title) for below, titles in known.items() for title in titles}
    for one in rows:
        below, title = one.below.strip(), one.title.strip()
        if not title:
            found.append(RowProblem(one.row, "没有写名称", "名称"))
        elif len(title) > CATEGORY_TITLE:
            found.append(RowProblem(one.row, f"名称太长,最多 {CATEGORY_TITLE} 个字", "名称"))
        elif below not in known:
            found.append(RowProblem(one.row, f"没有「{below}」这一类,请从这些里选:{'、'.join(known)}", "归在"))
        elif (below, title) in taken:
            found.append(RowProblem(one.row, f"「{below}」下面已经有「{title}」", "名称"))
        taken.add((below, title))
    return found


def class_of(code: str) -> str:
    """Return the class of a category: what stands before the first dot of its code. Repeats are counted by it."""
    return code.partition(".")[0]


def suggest(found: Mapping[int, Collection[str]], *, at_most: int = 3) -> list[int]:
    """Return the ids of the categories by the keywords found of each, most letters first.

    Of equals the one given first: whoever asks puts the narrower before the wider.
    """
    scored = [(sum(map(len, words)), number) for number, words in found.items() if words]
    return [number for _, number in sorted(scored, key=lambda s: -s[0])][:at_most]


def fits(said: str, *, title: str, initials: str, keywords: Iterable[str]) -> bool:
    """Tell whether somebody who types this means the category: letters of its title, a part of it, or a keyword."""
    asked = normalize("NFKC", said).strip()
    if not asked:
        return False
    if asked.isascii():
        return initials.startswith(asked.upper())
    return asked in title or any(asked in word or word in asked for word in keywords)


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
