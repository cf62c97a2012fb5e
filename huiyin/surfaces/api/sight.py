"""What the routes over several areas share: which estates the token sees, and which posts its owner holds there."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404

from huiyin.areas.estate import queries as estates
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

Found = TypeVar("Found")


def seen_by(user: User) -> dict[int, str]:
    """Return the codes of the estates in sight, by id."""
    return {estate.pk: estate.code for estate in estates.estates_of(user)}


def in_sight(found: Found | None, estate_of: Callable[[Found], int], user: User, right: str) -> Found:
    """Return what was found; 404 for nothing and outside the estates in sight, 403 without the right there."""
    if found is None or estate_of(found) not in seen_by(user):
        raise Http404
    require_right(user, right, estate_of(found))
    return found


def posts_of(user: User) -> dict[int, list[str]]:
    """Return the codes of the posts the owner holds, by estate, as far as the token sees."""
    seen, codes = seen_by(user), dict[int, list[str]]()
    for post in staffing.held_posts(user):
        if post.estate_id in seen:
            codes.setdefault(post.estate_id, []).append(post.code)
    return codes
