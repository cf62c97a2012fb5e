"""What must hold of the record, and of what watches over it."""

from collections.abc import Iterator
from datetime import datetime

from huiyin.foundation import rows
from huiyin.foundation.guards import installing
from huiyin.foundation.invariants import Invariant, by_query
from huiyin.foundation.journal import proving


def _count(table: str) -> int:
    return int(rows.read(f"SELECT COUNT(*) FROM {table}", [])[0][0])


def _left_mark(at: datetime) -> Iterator[str]:
    yield from installing.problems()
    if _count("journal_underway"):
        yield "journal_underway 里留着一行:有人让触发器以为一直有操作在进行"


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
    Invariant(
        "journal.chain",
        "日志一行接一行,写下以后没有改过、删过、插过",
        looked_at=lambda at: _count("journal_entry"),
        broken=lambda at: proving.broken_lines(),
    ),
    Invariant(
        "journal.head",
        "每个小区的日志到账头为止,末尾没有少",
        looked_at=lambda at: _count("journal_head"),
        broken=lambda at: proving.broken_heads(),
    ),
    Invariant(
        "journal.seal",
        "每天的封存一天接一天,与日志一致",
        looked_at=lambda at: _count("journal_seal"),
        broken=lambda at: proving.broken_seals(),
    ),
    Invariant(
        "journal.guard",
        "看守数据的触发器一个不少,没有改过",
        looked_at=lambda at: len(installing.wanted()),
        broken=_left_mark,
    ),
    by_query(
        "journal.behind",
        "绕过操作直接改的数据都有人说明过",
        looked_at="journal_behind",
        broken="""
SELECT b.table_name || ' #' || b.key || ' ' || b.operation || ' ' || b.at FROM journal_behind b
LEFT JOIN journal_explanation e ON e.change_id = b.id WHERE e.change_id IS NULL ORDER BY b.id
""",
    ),
    by_query(
        "journal.explained",
        "每条说明都是通过操作写下的,日志里有",
        looked_at="journal_explanation",
        broken="""
SELECT '#' || e.change_id FROM journal_explanation e WHERE NOT EXISTS (
  SELECT 1 FROM journal_entry j WHERE j.kind = 'journal.behind.explained' AND j.subject_type = 'journal.behind'
  AND j.subject_id = e.change_id AND j.actor_id = e.by_id)
""",
    ),
)
