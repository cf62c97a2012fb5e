"""Who may take an order, in which order they are proposed, and why: from plain values. Nobody is hidden."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from huiyin.foundation.kit.words import people_slot, people_time

Span = tuple[datetime, datetime]
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Hand:
    """Somebody who repairs here: whether they are there, what they can do, what they have in hand and agreed on."""

    person_id: int
    name: str
    there: bool = True
    there_again: datetime | None = None
    skills: frozenset[str] = frozenset()
    load: int = 0
    visits: tuple[Span, ...] = ()
    last_turn: datetime | None = None


@dataclass(frozen=True)
class Wanted:
    """What an order asks for: a skill (nothing: any hands do), at most so many in hand (0: no limit), its own visit."""

    skill: str = ""
    skill_says: str = ""
    load_cap: int = 0
    visit: Span | None = None


@dataclass(frozen=True)
class Candidate:
    """Somebody an order could be given to, why, and what speaks against it. Whoever is fit has nothing against them."""

    person_id: int
    name: str
    says: str
    against: tuple[str, ...] = ()

    @property
    def fit(self) -> bool:
        return not self.against

    @property
    def why_not(self) -> str:
        return "、".join(self.against)


def skill_for(fault: str, *, own: Mapping[str, str], shipped: Mapping[str, str]) -> str:
    """Return the skill a fault asks for: what the estate says of it or of its class, else the shipped list likewise."""
    for said in (own, shipped):
        for code in (fault, fault.partition(".")[0]):
            if code in said:
                return said[code]
    return ""


def judge(hand: Hand, wanted: Wanted, *, at: datetime) -> Candidate:
    """Say of somebody what speaks for and against giving them this order."""
    against = []
    if not hand.there:
        again = f"({people_time(hand.there_again, at)} 来)" if hand.there_again else ""
        against.append(f"不在岗{again}")
    if lacks_skill(hand, wanted):
        against.append(f"不会{wanted.skill_says}")
    if wanted.load_cap and hand.load >= wanted.load_cap:
        against.append(f"手上已有 {hand.load} 张,上限 {wanted.load_cap} 张")
    if crossed := _crossed(hand, wanted):
        against.append(f"{people_slot(*crossed, at)} 已有约")
    return Candidate(hand.person_id, hand.name, _says(hand, wanted, against, at=at), tuple(against))


def rank(hands: Iterable[Hand], wanted: Wanted, *, at: datetime) -> list[Candidate]:
    """Return everybody: the fit first, of them who has the skill, then who has least in hand; the others last."""
    judged = [(judge(hand, wanted, at=at), hand) for hand in hands]
    judged.sort(
        key=lambda pair: (
            not pair[0].fit,
            len(pair[0].against),
            wanted.skill not in pair[1].skills,
            pair[1].load,
            len(pair[1].visits),
            pair[1].person_id,
        )
    )
    return [candidate for candidate, _ in judged]


def whose_turn(hands: Iterable[Hand], wanted: Wanted, *, at: datetime) -> Candidate | None:
    """Return who of the fit has waited longest for a turn; nobody when nobody is fit."""
    fit = [(hand.last_turn or NEVER, hand.person_id, one) for hand in hands if (one := judge(hand, wanted, at=at)).fit]
    return min(fit, key=lambda turn: turn[:2])[2] if fit else None


def lacks_skill(hand: Hand, wanted: Wanted) -> bool:
    """Tell whether the skill is missing; of whom nothing is recorded nothing is known."""
    return bool(wanted.skill and hand.skills and wanted.skill not in hand.skills)


def _crossed(hand: Hand, wanted: Wanted) -> Span | None:
    if wanted.visit is None:
        return None
    start, end = wanted.visit
    return next((one for one in sorted(hand.visits) if one[0] < end and one[1] > start), None)


def _says(hand: Hand, wanted: Wanted, against: list[str], *, at: datetime) -> str:
    """Say in one line: 在岗 · 会水暖 · 手上 2 张 · 今天 14:00–16:00 有约; what speaks against it comes first."""
    said = list(against)
    if hand.there:
        said.append("在岗")
    if wanted.skill and wanted.skill in hand.skills:
        said.append(f"会{wanted.skill_says}")
    elif wanted.skill and not hand.skills:
        said.append("没登记会什么")
    if not (wanted.load_cap and hand.load >= wanted.load_cap):
        said.append(f"手上 {hand.load} 张" if hand.load else "手上没有单")
    if hand.visits and not _crossed(hand, wanted):
        first = people_slot(*min(hand.visits), at)
        said.append(f"{first} 有约" if len(hand.visits) == 1 else f"{first} 等 {len(hand.visits)} 处有约")
    return " · ".join(said)


def countdown(due_at: datetime, *, at: datetime) -> str:
    """Say how long there is still, or how long it is over: 还剩 18 分钟, 还剩 2 小时 5 分, 已超 7 分钟."""
    left = due_at - at
    minutes = -(-abs(left) // timedelta(minutes=1)) if left >= timedelta(0) else abs(left) // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    said = f"{hours} 小时 {rest} 分" if hours and rest else f"{hours} 小时" if hours else f"{rest} 分钟"
    return f"还剩 {said}" if left >= timedelta(0) else f"已超 {said}"


# Why an order waits. The first three say it all; 其他 needs words.
HOLD_REASONS = {"parts": "等配件", "resident": "等住户", "contractor": "等外协", "other": "其他"}


def hold_words(why: str, said: str) -> str:
    """Return the reason in words: the one from the list with what was said besides; 其他 is what was said alone."""
    title, detail = HOLD_REASONS[why], said.strip()
    if why == "other" or detail.startswith(title):
        return detail
    return f"{title}:{detail}" if detail else title


def may_wait(*, urgency: str, reached: bool, why: str) -> bool:
    """Tell whether an order may wait: an emergency nobody has reached waits for its resident or for nobody."""
    return urgency != "emergency" or reached or why == "resident"
