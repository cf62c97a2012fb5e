"""The Jinja2 environment of our pages: strict about names, escaping always, with the words of the house as filters."""

from collections.abc import MutableMapping
from functools import lru_cache
from types import FunctionType, MethodType
from typing import Any

from django.templatetags.static import static
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined
from jinja2.runtime import Context

from huiyin.foundation.kit import times, words
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.icons import icon
from huiyin.foundation.kit.listing import column
from huiyin.foundation.kit.parts import PARTS
from huiyin.foundation.privacy.asked import sealed


class House(Environment):
    """Our environment. Its globals are the templates' own, not a chain over them: an import asks for their names each time."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class PlainContext(Context):
    """Calls plain functions and macros at once: Jinja asks each of them six questions first, a thousand times a page."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(called) not in _PLAIN or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


_PLAIN = (FunctionType, MethodType)


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend."""
    house = House(
        **{
            **options,
            "autoescape": True,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n"],
        }
    )
    house.context_class = PlainContext
    house.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the i18n extension
    house.globals.update(
        url=url,
        static=lru_cache(maxsize=256)(static),  # the names are settled before the first page
        icon=icon,
        parts=PARTS,
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
        sealed=sealed,
        initial_letters=words.initial_letters,
        count=words.count_words,
        iso=words.iso,
    )
    return house


def zone_name() -> str:
    """Name the zone pages are written in, for the clock in the browser."""
    return timezone.get_current_timezone_name()
