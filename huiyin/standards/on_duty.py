"""Whom a post or a person's name reaches at a moment. The area that knows the roster registers its answer here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reached:
    """Who is told: one person, or a post for whoever is on it; `name` as people call them."""

    user_id: int | None
    post: str
    name: str = ""


Find = Callable[[int, str, int | None, datetime], Reached | None]
_finders: list[Find] = []


def found_by(find: Find) -> None:
    """Register who answers: estate, post, person by name, moment → who is reached, None for an unknown post."""
    _finders[:] = [find]


def reach(estate_id: int, *, post: str = "", user_id: int | None = None, at: datetime) -> Reached | None:
    """Return who is reached by this post, or by this person or else the post; None when nobody knows the post."""
    return _finders[0](estate_id, post, user_id, at) if _finders else None
