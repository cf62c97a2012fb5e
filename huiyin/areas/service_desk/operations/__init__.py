"""Every write of the desk: a contact is taken, and ends answered, promised or as cases."""

from huiyin.areas.service_desk.operations.ending import (
    ContactIncomplete,
    answer_contact,
    ask_callback,
    call_back,
    promise_contact,
)
from huiyin.areas.service_desk.operations.taking import (
    AlreadyEntered,
    Ending,
    Home,
    Matter,
    pass_on,
    register_contact,
    report_again,
    settle_at_desk,
    take_matter,
)

__all__ = [
    "AlreadyEntered",
    "ContactIncomplete",
    "Ending",
    "Home",
    "Matter",
    "answer_contact",
    "ask_callback",
    "call_back",
    "pass_on",
    "promise_contact",
    "register_contact",
    "report_again",
    "settle_at_desk",
    "take_matter",
]
