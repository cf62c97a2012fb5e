"""One line of a timeline, as `kit/timeline.html` draws it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["resident", "internal", "rule", "done"]


@dataclass(frozen=True)
class Entry:
    """A sentence about what happened: who, when, and under which rule.

    Kinds: resident (they can read it or said it), internal (only we see it), rule (done by a rule), done (a step taken).
    """

    at: datetime
    says: str
    who: str = ""
    kind: Kind = "done"
    rule: str = ""
    rule_url: str = ""
    detail: str = ""
    url: str = ""
