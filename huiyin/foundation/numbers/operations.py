"""Give the next number. It lives in the caller's transaction, so a rollback leaves no gap."""

from datetime import date

from django.db import transaction

from huiyin.foundation import rows

_NEXT = """
INSERT INTO numbers_counter (estate_id, kind, day, last) VALUES (%s, %s, %s, %s)
ON CONFLICT (estate_id, kind, day) DO UPDATE SET last = numbers_counter.last + excluded.last
RETURNING last
"""


def next_number(estate_id: int, kind: str, day: date) -> int:
    """Return the next number of the kind in the estate on that day, beginning with 1.

    Two requests never get the same number: the counter row stays locked until the transaction ends.
    """
    return next_numbers(estate_id, kind, day, count=1)[0]


def next_numbers(estate_id: int, kind: str, day: date, *, count: int) -> range:
    """Return the next numbers, as many as are wanted, one after the other."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is only given inside a transaction")
    last = int(rows.read(_NEXT, [estate_id, kind, day.isoformat(), count])[0][0])
    return range(last - count + 1, last + 1)
