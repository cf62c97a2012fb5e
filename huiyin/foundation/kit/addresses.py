"""The addresses of pages, by name: found once, then filled in, because a list asks for fifty that differ in one value."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse

from huiyin.foundation.privacy.asked import sealed_query

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


def _quoted(said: str) -> str:
    # Numbers of matters are letters, digits and dashes: a list asks for fifty.
    plain = said.isascii() and said.replace("-", "").isalnum()
    return said if plain else quote(said, safe=_LEFT_ALONE)


def url(name: str, *args: object, query: Mapping[str, str | int] | None = None, **kwargs: object) -> str:
    """Return the address of a named page, with a query when given; what somebody typed stands sealed in it."""
    if kwargs:
        address = reverse(name, args=args or None, kwargs=kwargs)
    else:
        address = _pattern(name, tuple(isinstance(value, int) for value in args)).format(
            *(value if type(value) is int else _quoted(str(value)) for value in args)
        )
    return f"{address}?{sealed_query(query)}" if query else address
