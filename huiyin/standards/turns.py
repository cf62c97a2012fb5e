"""What a fact is for what is still owed in its thread, beside what rules say: the words for `Fact.turn`.

The operations that announce such a fact do the same to the promises (`pause`, `settle` …). The words are there so that
what happened can be gone through once more under other rules, from the journal alone.
"""

RESTS = "rests"  # running promises of the matter stand still
RUNS_ON = "runs_on"  # they run on with what was left
ENDS = "ends"  # what is left of the matter is owed no more; its follow-up stays
ANSWERS = "answers"  # what is owed on the very subject is kept
VISITED = "visited"  # the visit of this type in the thread was made, at `visited_at` if that is said
EXCUSED = "excused"  # that visit is owed no more
VISIT_OWED = "visit_owed"  # a visit is owed by the time `promised_at`, from the second `round` on
REGRADED = "regraded"  # the matter is graver or more urgent than it was: its promises follow what it is now
