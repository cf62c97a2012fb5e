"""Reading what a matter may be about: the tree of categories, shipped and the estate's own."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from django.db.models import Q
from django.http import Http404

from huiyin.areas.cases import rules
from huiyin.areas.cases.models import Category
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.rows import Prepared

One = TypeVar("One")

_OF_NO_ESTATE = 0
_CATEGORIES = Prepared(
    lambda estate_id: (
        Category.objects.filter(Q(estate=None) | Q(estate=estate_id), retired_at=None)
        .defer("keywords", "suggests")  # a choice shows neither, and reading them costs more than the rest
        .order_by("kind", "id")
    )
)
_CATEGORIES_OF = Prepared(
    lambda kind, estate_id: Category.objects.filter(
        Q(estate=None) | Q(estate=estate_id), kind=kind, retired_at=None
    ).order_by("id")
)


def all_categories(estate_id: int | None = None) -> list[Category]:
    """Return the shipped categories and the estate's own, each below its parent."""
    return _as_tree(_CATEGORIES.all(estate_id or _OF_NO_ESTATE))


def categories_of(kind: str, estate_id: int | None = None) -> list[Category]:
    """Return the shipped categories of the kind and the estate's own, each below its parent."""
    return _as_tree(_CATEGORIES_OF.all(kind, estate_id or _OF_NO_ESTATE))


@dataclass(frozen=True)
class Keywords:
    """The words by which a category is known while somebody types."""

    pk: int
    parent_id: int | None
    words: frozenset[str]


_KEYWORDS = """
SELECT id, parent_id, code, keywords FROM cases_category
WHERE kind = %s AND retired_at IS NULL AND (estate_id IS NULL OR estate_id = %s) ORDER BY id
"""
_BY_IDS = Prepared(lambda ids: Category.objects.filter(pk__in=ids))


def keywords_of(kind: str, estate_id: int | None = None) -> tuple[Keywords, ...]:
    """Return the words of what `categories_of` returns, in the same order, for much less."""
    return _read_keywords(tuple(rows.read(_KEYWORDS, [kind, estate_id or _OF_NO_ESTATE])))


@lru_cache(maxsize=64)
def _read_keywords(found: tuple[tuple[int, int | None, str, str], ...]) -> tuple[Keywords, ...]:
    """Read what is asked for with every matter, and changes once a year, once."""
    ordered = _ordered_as_tree(found, lambda one: ("", one[2]))
    return tuple(Keywords(pk, parent_id, frozenset(json.loads(words))) for pk, parent_id, _, words in ordered)


def categories_by_ids(ids: Sequence[int]) -> list[Category]:
    """Return these categories in the order given."""
    found = {one.pk: one for one in _BY_IDS.all(ids)}
    return [found[one] for one in ids]


def _as_tree(found: list[Category]) -> list[Category]:
    return _ordered_as_tree(found, lambda one: (one.kind, one.code))


def _ordered_as_tree(found: Sequence[One], named: Callable[[One], tuple[str, str]]) -> list[One]:
    """Put what hangs below a category behind it. A code (kind, code) says where it hangs."""
    place = {named(one): at for at, one in enumerate(found)}

    def where(one: One) -> tuple[str, int, bool, str]:
        kind, code = named(one)
        return kind, place.get((kind, rules.class_of(code)), len(found)), "." in code, code

    return sorted(found, key=where)


def known_titles(estate_id: int, kind: str) -> dict[str, set[str]]:
    """Return what the estate may file under: by the title of each shipped class, the titles below it."""
    found = Category.objects.filter(Q(estate=None) | Q(estate=estate_id), kind=kind, retired_at=None)
    known: dict[str, set[str]] = {}
    for one in found.select_related("parent").order_by("id"):
        if one.parent is None:
            known.setdefault(one.title, set())
        else:
            known.setdefault(one.parent.title, set()).add(one.title)
    return known


def own_categories(estate_id: int, kind: str) -> list[Category]:
    """Return the categories of the kind that are the estate's own, those in use first."""
    own = Category.objects.filter(estate=estate_id, kind=kind).select_related("parent")
    return sorted(own, key=lambda one: (one.retired_at is not None, one.parent_id or 0, one.pk))


def own_category_for(user: User, number: int, *, to: str) -> Category:
    """Return a category of an estate's own; 404 for a shipped one or out of sight, 403 without the right."""
    category = Category.objects.filter(pk=number, estate__isnull=False).select_related("estate", "parent").first()
    access = access_of(user)
    if category is None or category.estate is None:
        raise Http404
    mine = category.estate.company_id == user.company_id
    if not mine or (access.estate_ids is not None and category.estate_id not in access.estate_ids):
        raise Http404
    require_right(user, to, category.estate.pk)
    return category
