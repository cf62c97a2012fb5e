"""Every write of the standards: publishing, promises, draws."""

from huiyin.standards.operations.calendars import publish_year, set_dated_hours, set_hours
from huiyin.standards.operations.commitments import (
    BY_WORD,
    WAKE_UP,
    give,
    hand_over,
    keep,
    keep_subject,
    open_promises,
    promise,
    rehome,
    require,
    settle,
)
from huiyin.standards.operations.counting import count
from huiyin.standards.operations.draws import draw, top_up
from huiyin.standards.operations.duties import keep_duties, open_duties, record_duty
from huiyin.standards.operations.ladders import climb, confirm_receipt, retell
from huiyin.standards.operations.misses import note_misses
from huiyin.standards.operations.past import PastPromise, record_past_promises
from huiyin.standards.operations.pausing import pause, resume
from huiyin.standards.operations.publishing import adopt, load_catalogue
from huiyin.standards.operations.revisions import link_reopened, re_promise, replace, revise
from huiyin.standards.operations.shared import Owner
from huiyin.standards.operations.waivers import ask_waiver, decide_waiver, waive
from huiyin.standards.queries import Drawn

__all__ = [
    "BY_WORD",
    "WAKE_UP",
    "Drawn",
    "Owner",
    "PastPromise",
    "adopt",
    "ask_waiver",
    "climb",
    "confirm_receipt",
    "count",
    "decide_waiver",
    "draw",
    "give",
    "hand_over",
    "keep",
    "keep_duties",
    "keep_subject",
    "link_reopened",
    "load_catalogue",
    "note_misses",
    "open_duties",
    "open_promises",
    "pause",
    "promise",
    "publish_year",
    "re_promise",
    "record_duty",
    "record_past_promises",
    "rehome",
    "replace",
    "require",
    "resume",
    "retell",
    "revise",
    "set_dated_hours",
    "set_hours",
    "settle",
    "top_up",
    "waive",
]
