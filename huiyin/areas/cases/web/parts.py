"""The row of a case in lists, drawn as a function: a list draws fifty (see `kit/parts.py`)."""

from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from huiyin.areas.cases.models import Case
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.parts import NOTHING, badge, due, escaped, moment

TONES = {
    "new": "plain",
    "working": "accent",
    "on_hold": "muted",
    "closed": "green",
    "merged": "muted",
    "voided": "muted",
}


def row(one: Any, at: datetime) -> Markup:
    """Draw the cells of one case of `queries.find`: number, kind, caller, beginning, next step or result, when, who."""
    held_by = one.responsible.name if one.responsible else one.responsible_post.title if one.responsible_post else ""
    number, caller, excerpt, responsible = escaped(one.number, one.caller, one.excerpt, held_by)
    address = url("web:case", one.number)
    urgent = badge(one.get_urgency_display(), URGENT[one.urgency], "urgent") if one.urgency in URGENT else ""
    return Markup(
        f"<td>{number}</td><td>{one.get_kind_display()} {urgent}</td>"
        f'<td class="hy-cell-clip" title="{caller}">{caller or NOTHING}</td>'
        f'<td class="hy-cell-main hy-cell-clip" title="{excerpt}">'
        f'<a class="hy-row-link" href="{address}" data-open>{excerpt}</a></td>'
        f'<td>{_standing(one, at)}</td><td class="hy-quiet-column">{moment(one.opened_at, at)}</td>'
        f'<td data-label="负责">{responsible or NOTHING}</td>'
    )


URGENT = {"urgent": "amber", "emergency": "red"}


def _standing(one: Case, at: datetime) -> str:
    if one.is_open and one.next_at:
        held = f" {badge('挂起', 'muted', 'player-pause')}" if one.status == "on_hold" else ""
        return f"{due(one.next_at, at)} {escape(one.next_step)}{held}"
    closed = f" {moment(one.closed_at, at)}" if one.closed_at else ""
    return f"{badge(one.get_status_display(), TONES[one.status])}{closed}"
