"""The components that a list draws fifty times: written as functions, since a macro costs ten times as much.

Templates know them by the same names and in the same families as the macros: `kit/status.html`, `kit/table.html`,
`kit/number.html`. Arguments are escaped unless they are Markup.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, tzinfo
from functools import lru_cache

from django.utils import timezone
from markupsafe import Markup, escape

from huiyin.foundation.kit import times
from huiyin.foundation.kit.icons import icon

Caller = Callable[[], str] | None
SHAPES = {
    "plain": "circle",
    "accent": "progress",
    "amber": "clock",
    "red": "alert-triangle",
    "green": "circle-check",
    "muted": "minus",
}
NOTHING = Markup('<span class="hy-quiet">—</span>')


_BETWEEN = "\x00"


def escaped(*texts: str) -> list[str]:
    """Escape several plain texts at the price of one: a row of a list has five."""
    found = str.split(escape(_BETWEEN.join(texts)), _BETWEEN)
    return found if len(found) == len(texts) else [str(escape(text)) for text in texts]


def badge(word: object, tone: str = "plain", shape: str = "", title: str = "") -> Markup:
    """A state. Tones: plain (waiting), accent (in work), amber (due soon), red (overdue), green (accepted), muted (ended)."""
    hover = f' title="{escape(title)}"' if title else ""
    picture = icon(shape or SHAPES[tone], size=14)
    return Markup(f'<span class="hy-badge hy-tone-{tone}"{hover}>{picture}{escape(word)}</span>')


def due(due_at: datetime, now: datetime, quiet: bool = False) -> Markup:
    """A deadline against the clock; the exact time on hover and in print. `quiet` leaves out shape and ground."""
    zone, here = _here(now)
    there = due_at.astimezone(zone)
    said = times.due_words(there, here, zone)
    if quiet:
        shapes, quietly = "", " hy-due-quiet"
    else:
        shapes, quietly = _due_shapes(), ""
    return Markup(
        f'<time class="hy-due hy-tone-{said.tone}{quietly}" datetime="{there.isoformat(timespec="seconds")}"'
        f' title="{said.exact}" data-due>'
        f"{shapes}<span data-words>{said.words}</span></time>"
    )


@lru_cache(maxsize=16)
def _here(now: datetime) -> tuple[tzinfo, datetime]:
    """Return the zone pages are written in, and the moment in it: one page asks a hundred times."""
    zone = timezone.get_current_timezone()
    return zone, now.astimezone(zone)


@lru_cache(maxsize=1)
def _due_shapes() -> str:
    clock, alarm = icon("clock", size=14), icon("alert-triangle", size=14)
    return f'<span class="hy-shape-amber">{clock}</span><span class="hy-shape-red">{alarm}</span>'


def moment(at: datetime | None, now: datetime) -> Markup:
    """A moment that has been or will be, as people say it."""
    if at is None:
        return NOTHING
    zone, here = _here(now)
    there = at.astimezone(zone)
    return Markup(
        f'<time class="hy-moment" datetime="{there.isoformat(timespec="seconds")}"'
        f' title="{times.exact_time(there, zone)}" data-people>{times.people_time(there, here, zone)}</time>'
    )


def clause(says: object, standard: str = "", url: str = "") -> Markup:
    """The clause a thing follows, in words, with its source; opens the clause."""
    source = f"按《{escape(standard)}》" if standard else ""
    words = f"{icon('book', size=14)}<span>{source}{escape(says)}</span>"
    if not url:
        return Markup(f'<span class="hy-clause">{words}</span>')
    at = escape(url)
    return Markup(
        f'<a class="hy-clause" href="{at}" hx-get="{at}" hx-target="#panel-body" hx-swap="innerHTML">{words}</a>'
    )


def cell(
    value: object = "",
    label: str = "",
    figures: bool = False,
    main: bool = False,
    quiet: bool = False,
    clip: bool | str = False,
    caller: Caller = None,
) -> Markup:
    """One cell. `label` names it on phones; `main` is the line that stands out there; `clip` shortens with the whole
    text on hover: the value's own, or the one given.
    """
    kinds = [
        name
        for name, wanted in (
            ("hy-figures", figures),
            ("hy-cell-main", main),
            ("hy-quiet-column", quiet),
            ("hy-cell-clip", clip),
        )
        if wanted
    ]
    shape = f' class="{" ".join(kinds)}"' if kinds else ""
    named = f' data-label="{escape(label)}"' if label else ""
    hover = ""
    if isinstance(clip, str) or (clip and isinstance(value, str)):
        whole = clip if isinstance(clip, str) else value.striptags() if isinstance(value, Markup) else value
        hover = f' title="{escape(whole)}"'
    if caller is None and (value is None or value == ""):
        return Markup(f"<td{shape}{named} data-empty>{NOTHING}</td>")
    inside = caller() if caller is not None else escape(value)
    return Markup(f"<td{shape}{named}{hover}>{inside}</td>")


def row_link(label: object, url: str, panel: bool = False) -> Markup:
    """The link that opens a row; j and k walk over these."""
    return Markup(f'<a class="hy-row-link" href="{escape(url)}" data-open{_beside(url, panel)}>{escape(label)}</a>')


def work_row(
    time: object,
    sentence: object,
    url: str,
    why: object = "",
    who: str = "",
    panel: bool = True,
    do: object = "",
    caller: Caller = None,
) -> Markup:
    """One thing to do: time · sentence · why · the action (`do`, or the caller). Without an address it is only said."""
    holder = f'<span class="hy-quiet">{escape(who)}</span>' if who else ""
    link = f'<a class="hy-row-link hy-work-says" href="{escape(url)}" data-open{_beside(url, panel)}>{escape(sentence)}</a>'
    said = link if url else f'<span class="hy-work-says">{escape(sentence)}</span>'
    return Markup(
        f'<li class="hy-work-row" data-row><span class="hy-work-time">{escape(time)}</span>{said}'
        f'<span class="hy-work-why">{holder}{escape(why)}</span>'
        f'<span class="hy-work-do">{escape(do) if caller is None else caller()}</span></li>'
    )


def _beside(url: str, panel: bool) -> str:
    return f' hx-get="{escape(url)}" hx-target="#panel-body" hx-swap="innerHTML"' if panel else ""


_kept: OrderedDict[Hashable, Markup] = OrderedDict()
_KEPT = 512


def kept(*key: Hashable, caller: Callable[[], str]) -> Markup:
    """Draw what the caller draws once for each key, and keep it; a key with None in it is drawn every time.

    Only for what the key determines wholly and what holds nothing of a person.
    """
    if None in key:
        return Markup(caller())
    drawn = _kept.get(key)
    if drawn is None:
        drawn = _kept[key] = Markup(caller())
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return drawn


PARTS: dict[str, Callable[..., Markup]] = {
    one.__name__: one for one in (badge, due, moment, clause, cell, row_link, work_row, kept)
}
