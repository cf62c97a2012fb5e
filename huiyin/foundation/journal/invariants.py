"""What must hold of the record."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "journal.actor",
        "日志的每一行都有人在",
        looked_at="journal_entry",
        broken="""
SELECT e.kind || ' #' || e.id FROM journal_entry e LEFT JOIN accounts_user u ON u.id = e.actor_id
WHERE u.id IS NULL
""",
    ),
    by_query(
        "journal.kind",
        "日志的每一行都说得出是什么事、关于谁",
        looked_at="journal_entry",
        broken="SELECT '#' || id FROM journal_entry WHERE kind = '' OR subject_type = ''",
    ),
)
