"""Where the pieces of a chart lie. Widths are shares of the page's, heights are pixels, so that letters keep their size.

A chart never stands alone: beneath it is the table it was drawn from. Colour is never the only difference: of bars the
pattern, of lines the dashes and marks differ too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_BARS = 15
LONGEST_LABEL = 18
BAR = 46
# A segment at least this wide has room for its number.
ROOM = 9
PLOT, PLOT_TOP = 180, 22
# The marks stand clear of the words of the scale on the left.
LEFT, RIGHT = 12, 97


@dataclass(frozen=True)
class Segment:
    """A piece of a bar: `kind` counts from 1 and chooses colour and pattern."""

    kind: int
    left: float
    width: float
    says: str
    shown: str = ""

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart: its label over it, what it comes to at the end of the line."""

    label: str
    whole: str
    says: str
    top: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Bars:
    """A chart of bars, plain or stacked. `left_out` are the rows there was no room for."""

    key: str
    title: str
    says: str
    height: int
    bars: tuple[Bar, ...]
    legend: tuple[str, ...]
    left_out: int


@dataclass(frozen=True)
class Mark:
    """One point of a line."""

    across: float
    down: float
    says: str


@dataclass(frozen=True)
class Line:
    """One line: its pieces (it breaks where nothing is known) and its marks."""

    kind: int
    name: str
    pieces: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Lines:
    """A chart of lines over the same places: `scale` are the heights with a word, `places` those named below."""

    key: str
    title: str
    says: str
    lines: tuple[Line, ...]
    scale: tuple[tuple[float, str], ...]
    places: tuple[tuple[float, str], ...]


Rows = Sequence[tuple[str, Sequence[tuple[str, float, str]], str]]


def bars(key: str, title: str, rows: Rows, *, of: float = 0) -> Bars:
    """Lay out one bar for each row: its label, its segments (name, value, in words), and what it comes to in words.

    The longest bar is as wide as the chart, or stands for `of`, where that is the whole. Rows past the room are left out.
    """
    drawn = rows[:MOST_BARS]
    whole = max([of, *(sum(value for _, value, _ in segments) for _, segments, _ in drawn)], default=0) or 1
    legend: list[str] = []
    laid = []
    for at, (label, segments, says) in enumerate(drawn):
        left, pieces = 0.0, []
        for name, value, words in segments:
            if name not in legend:
                legend.append(name)
            width = 100 * value / whole
            if value:
                shown = words if width >= ROOM and len(segments) > 1 else ""
                pieces.append(Segment(legend.index(name) + 1, left, width, f"{label},{name}:{words}", shown))
            left += width
        short = label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
        laid.append(Bar(short, label, says, at * BAR, tuple(pieces)))
    told = ";".join(f"{one.whole} {one.says}" for one in laid)
    return Bars(key, title, told, len(laid) * BAR, tuple(laid), tuple(legend), len(rows) - len(drawn))


def lines(key: str, title: str, places: Sequence[str], series: Sequence[tuple[str, Sequence[int | None]]]) -> Lines:
    """Lay out lines of percentages over the same places; what is not known leaves a gap."""
    step = (RIGHT - LEFT) / max(1, len(places) - 1)
    across = [LEFT + step * at if len(places) > 1 else 50.0 for at in range(len(places))]
    drawn = [
        Line(kind, name, _pieces(across, values), _marks(name, places, across, values))
        for kind, (name, values) in enumerate(series, start=1)
    ]
    known = any(line.marks for line in drawn)
    ends = sorted({0, (len(places) - 1) // 2, len(places) - 1}) if known else []
    named = tuple((across[at], places[at]) for at in ends)
    told = ";".join(f"{one.name}:{'、'.join(mark.says for mark in one.marks) or '还看不出'}" for one in drawn)
    return Lines(key, title, told, tuple(drawn), tuple((_down(share), f"{share}%") for share in (100, 50, 0)), named)


def _down(share: float) -> float:
    return PLOT_TOP + PLOT * (100 - share) / 100


def _pieces(across: Sequence[float], values: Sequence[int | None]) -> tuple[str, ...]:
    pieces: list[list[str]] = [[]]
    for x, value in zip(across, values, strict=True):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{x:.2f},{100 - value}")
    return tuple(" ".join(piece) for piece in pieces if len(piece) > 1)


def _marks(name: str, places: Sequence[str], across: Sequence[float], values: Sequence[int | None]) -> tuple[Mark, ...]:
    return tuple(
        Mark(x, _down(value), f"{place} {value}%")
        for place, x, value in zip(places, across, values, strict=True)
        if value is not None
    )
