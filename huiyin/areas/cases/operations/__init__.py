"""Every write of cases. An area that owns more of a matter (a complaint, a repair) calls these for its case."""

from huiyin.areas.cases.operations.categories import (
    CategoryRefused,
    add_category,
    import_categories,
    load_categories,
    retire_category,
)
from huiyin.areas.cases.operations.ending import close_case, open_again, reopen_case, settle_case, void_case
from huiyin.areas.cases.operations.merging import CannotMerge, merge_case, unmerge_case
from huiyin.areas.cases.operations.past import record_past_cases
from huiyin.areas.cases.operations.registering import register_case
from huiyin.areas.cases.operations.steps import (
    NEXT_STEP,
    CaseIncomplete,
    NotYours,
    frame,
    go_on,
    owe_step,
    refresh_next_step,
)
from huiyin.areas.cases.operations.working import (
    answer_case,
    attach_file,
    begin_case,
    change_urgency,
    comment,
    decide_suggestion,
    hold_case,
    promise_time,
    record_answer,
    rehome_cases_of,
    resume_case,
    return_case,
    take_case,
    transfer_case,
)

__all__ = [
    "NEXT_STEP",
    "CannotMerge",
    "CaseIncomplete",
    "CategoryRefused",
    "NotYours",
    "add_category",
    "answer_case",
    "attach_file",
    "begin_case",
    "change_urgency",
    "close_case",
    "comment",
    "decide_suggestion",
    "frame",
    "go_on",
    "hold_case",
    "import_categories",
    "load_categories",
    "merge_case",
    "open_again",
    "owe_step",
    "promise_time",
    "record_answer",
    "record_past_cases",
    "refresh_next_step",
    "register_case",
    "rehome_cases_of",
    "reopen_case",
    "resume_case",
    "retire_category",
    "return_case",
    "settle_case",
    "take_case",
    "transfer_case",
    "unmerge_case",
    "void_case",
]
