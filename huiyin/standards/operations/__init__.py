"""Every write of the standards: publishing, promises, draws."""

from huiyin.standards.operations.commitments import (
    BY_WORD,
    WAKE_UP,
    Owner,
    give,
    hand_over,
    keep,
    keep_subject,
    note_misses,
    open_promises,
    pause,
    promise,
    rehome,
    require,
    resume,
    settle,
    waive,
)
from huiyin.standards.operations.draws import draw, top_up
from huiyin.standards.operations.past import PastPromise, record_past_promises
from huiyin.standards.operations.publishing import adopt, load_catalogue
from huiyin.standards.queries import Drawn

__all__ = [
    "BY_WORD",
    "WAKE_UP",
    "Drawn",
    "Owner",
    "PastPromise",
    "adopt",
    "draw",
    "give",
    "hand_over",
    "keep",
    "keep_subject",
    "load_catalogue",
    "note_misses",
    "open_promises",
    "pause",
    "promise",
    "record_past_promises",
    "rehome",
    "require",
    "resume",
    "settle",
    "top_up",
    "waive",
]
