"""Reading YAML as people write it: `on` is a word, 2021-01-01 a text and 16:00 no number of minutes (YAML 1.2, not 1.1)."""

import re
from typing import Any

import yaml

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOOL, _INT, _MOMENT = (f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "timestamp"))


class Loader(_FAST):  # type: ignore[misc]  # which of the two it is, is known only when running
    """Plain scalars are texts unless they are true, false, null, or a number in figures."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if tag not in (_BOOL, _INT, _MOMENT)]
    for first, rows in _FAST.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver(_INT, re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))


def load(text: str) -> Any:
    """Read a text. Raises `yaml.YAMLError` with the place where it cannot be read."""
    return yaml.load(text, Loader=Loader)


def nodes(text: str) -> Any:
    """Read a text as nodes, which know their lines."""
    return yaml.compose(text, Loader=Loader)
