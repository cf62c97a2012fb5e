"""The Jinja2 environment of our pages: strict about names, escaping always, with the words of the house as filters."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from huiyin.foundation.kit import times, words
from huiyin.foundation.kit.listing import column

DRAWINGS: Mapping[str, str] = json.loads((Path(__file__).parent / "icons.json").read_text("utf-8"))


# What Django's own reverse leaves unquoted.
_LEFT_ALONE = "!$&'()*+,;=/~:@"


@lru_cache(maxsize=1024)
def _pattern(name: str, whole_numbers: tuple[bool, ...]) -> str:
    """Find the address of a page once, with a place for each value: a list asks for fifty that differ in one."""
    marks = [918273645 + n if whole else f"mark{918273645 + n}" for n, whole in enumerate(whole_numbers)]
    address = reverse(name, args=marks or None).replace("{", "{{").replace("}", "}}")
    for n, mark in enumerate(marks):
        address = address.replace(str(mark), f"{{{n}}}")
    return address


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", size: int = 18) -> Markup:
    """Draw an icon; with a label it is read out, without one it is decoration. An unknown name is a bug."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {1}>{2}</svg>'
    ).format(size, spoken, Markup(DRAWINGS[name]))


def url(name: str, *args: object, query: Mapping[str, str | int] | None = None, **kwargs: object) -> str:
    """Return the address of a named page, with a query when given."""
    if kwargs:
        address = reverse(name, args=args or None, kwargs=kwargs)
    else:
        address = _pattern(name, tuple(isinstance(value, int) for value in args)).format(
            *(quote(str(value), safe=_LEFT_ALONE) for value in args)
        )
    return f"{address}?{urlencode(query, doseq=True)}" if query else address


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend."""
    house = Environment(
        **{
            **options,
            "autoescape": True,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n"],
        }
    )
    house.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    house.globals.update(
        url=url,
        static=static,
        icon=icon,
        now=timezone.now,
        due_words=words.due_words,
        column=column,
        zone_name=zone_name,
    )
    house.filters.update(
        people_time=words.people_time,
        exact_time=words.exact_time,
        deadline_time=words.deadline_time,
        exact_deadline=words.exact_deadline,
        people_date=words.people_date,
        people_slot=words.people_slot,
        duration_words=times.duration_words,
        money=words.money,
        mask_phone=words.mask_phone,
        initial_letters=words.initial_letters,
        count=words.count_words,
        iso=words.iso,
    )
    return house


def zone_name() -> str:
    """Name the zone pages are written in, for the clock in the browser."""
    return timezone.get_current_timezone_name()
