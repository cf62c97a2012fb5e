"""Adding lines to the chain of their estate, at the end of the command that wrote them."""

from django.db import connection

from huiyin.foundation import rows
from huiyin.foundation.journal.chain import BEGINNING, follow
from huiyin.foundation.transactions import gather

Written = tuple[int, int, str]
_HEAD = "SELECT place, digest FROM journal_head WHERE estate_id = %s"
_BEGIN = f"""INSERT INTO journal_head (estate_id, place, digest) VALUES (%s, 0, '{BEGINNING}')
    ON CONFLICT (estate_id) DO NOTHING"""
_LINK = "INSERT INTO journal_link (entry_id, estate_id, place, digest) VALUES (%s, %s, %s, %s)"
_MOVE = "UPDATE journal_head SET place = %s, digest = %s WHERE estate_id = %s"


def chain(estate_id: int, entry_id: int, content: str) -> None:
    """Let the line be linked when the command ends: the head is locked last and for the shortest time."""
    gather(link, (estate_id, entry_id, content))


def link(written: list[Written]) -> None:
    """Link these lines in the order they were written. Estates are taken in one order, so that nobody waits in a ring."""
    by_estate: dict[int, list[tuple[int, str]]] = {}
    for estate_id, entry_id, content in written:
        by_estate.setdefault(estate_id, []).append((entry_id, content))
    for estate_id in sorted(by_estate):
        _link_in(estate_id, by_estate[estate_id])


def _link_in(estate_id: int, lines: list[tuple[int, str]]) -> None:
    place, digest = locked_head(estate_id)
    links = []
    for entry_id, content in lines:
        place, digest = place + 1, follow(digest, content)
        links.append((entry_id, estate_id, place, digest))
    rows.run_all(_LINK, links)
    rows.run(_MOVE, [place, digest, estate_id])


def locked_head(estate_id: int) -> tuple[int, str]:
    """Return where the chain stands and hold it there. SQLite lets in one writer at a time anyway."""
    sql = _HEAD if connection.vendor == "sqlite" else f"{_HEAD} FOR UPDATE"
    found = rows.read(sql, [estate_id])
    if not found:
        rows.run(_BEGIN, [estate_id])
        found = rows.read(sql, [estate_id])
    return int(found[0][0]), str(found[0][1])
