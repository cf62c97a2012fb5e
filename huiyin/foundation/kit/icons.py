"""Icons: drawings that come with the page, in the colour of the words beside them."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

DRAWINGS: Mapping[str, str] = json.loads((Path(__file__).parent / "icons.json").read_text("utf-8"))


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", size: int = 18) -> Markup:
    """Draw an icon; with a label it is read out, without one it is decoration. An unknown name is a bug."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" {1}>{2}</svg>'
    ).format(size, spoken, Markup(DRAWINGS[name]))
