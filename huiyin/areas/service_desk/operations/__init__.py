"""Every write of the desk: a contact is taken, and ends answered, promised or as cases."""

from huiyin.areas.service_desk.operations.ending import (
    ContactIncomplete,
    answer_contact,
    ask_callback,
    call_back,
    promise_contact,
)
from huiyin.areas.service_desk.operations.incidents import (
    answer_for_incident,
    join_matter,
    owe_telling,
    take_matter_of_incident,
    tell_callers,
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
    "answer_for_incident",
    "ask_callback",
    "call_back",
    "join_matter",
    "owe_telling",
    "pass_on",
    "promise_contact",
    "register_contact",
    "report_again",
    "settle_at_desk",
    "take_matter",
    "take_matter_of_incident",
    "tell_callers",
]
