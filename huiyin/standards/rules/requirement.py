"""Requirements: a gate on a step, open when what is needed is there and what is forbidden is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from huiyin.standards.rules.conditions import EMPTY
from huiyin.standards.rules.reading import needed, texts

KEYS = {"gates", "needs", "forbids"}


def read(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Read what only a requirement says."""
    return {"gates": needed(spec, "gates"), "needs": texts(spec, "needs"), "forbids": texts(spec, "forbids")}


def unmet(needs: Sequence[str], forbids: Sequence[str], values: Mapping[str, Any]) -> str:
    """Name the first value that keeps the gate shut; nothing when it is open."""
    missing = (name for name in needs if values.get(name) in EMPTY)
    in_the_way = (name for name in forbids if values.get(name) not in EMPTY)
    return next(missing, "") or next(in_the_way, "")
