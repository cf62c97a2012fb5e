"""Multiply what the operations made, by set SQL: the same matters again on other days, every invariant kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, transaction

from huiyin.foundation.guards import installing

# table → its columns that hold ids of copied tables
COPIED = {
    "journal_entry": {},
    "cases_case": {},
    "service_desk_contact": {},
    "service_desk_contactcase": {"contact_id": "service_desk_contact", "case_id": "cases_case"},
    "repairs_workorder": {"case_id": "cases_case"},
    "complaints_complaint": {"case_id": "cases_case"},
    "standards_commitment": {"opened_by_id": "journal_entry", "met_by_id": "journal_entry"},
}
SUBJECTS = {
    "cases.case": "cases_case",
    "service_desk.contact": "service_desk_contact",
    "repairs.order": "repairs_workorder",
    "complaints.complaint": "complaints_complaint",
    "standards.commitment": "standards_commitment",
}
_CHECKS = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
    "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
}
# What a server does by itself every night, and what would be measured otherwise.
_SETTLED = {"sqlite": ("ANALYZE",), "postgresql": ("VACUUM (ANALYZE)", "CHECKPOINT")}
BEHIND = {"opened_at", "received_at", "at", "met_at", "ended_at", "settled_at", "acknowledged_at", "not_before"}
AHEAD = {"next_at", "due_at"}


def use(name: str) -> None:
    """Turn to another database: a file, or by name on the same server."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def copy_as(word: str) -> str:
    """Copy the database beside itself, turn to the copy, and return its name."""
    taken = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        name = str(Path(taken).with_name(f"{word}.sqlite3"))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute(f"VACUUM INTO '{name}'")
    else:
        name = f"{taken}_{word}"
        use("postgres")  # nobody may be connected to what is copied
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{taken}"')
    use(name)
    return name


def multiply(*, day: date, copies: int) -> None:
    """Repeat every matter of the day on as many earlier days; open ones fall due spread over the next two weeks,
    one in a hundred yesterday.

    Only for a database that holds that one day's matters, none of them closed.
    """
    with _unchecked(), installing.set_aside(), transaction.atomic():
        _multiply(day=day, copies=copies)
    with connection.cursor() as cursor:
        for statement in _SETTLED[connection.vendor]:
            cursor.execute(statement)


@contextmanager
def _unchecked() -> Iterator[None]:
    """Leave the foreign keys of millions of copied rows unchecked: they point where those of the pattern point."""
    off, on = _CHECKS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(on)


def _multiply(*, day: date, copies: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copies (k INTEGER, behind TEXT, ahead TEXT, ymd TEXT, day TEXT)")
        cursor.executemany(
            "INSERT INTO copies VALUES (%s, %s, %s, %s, %s)",
            [
                (
                    k,
                    f"-{k} days",
                    "-1 days" if k % 100 == 0 else f"+{k % 14} days",
                    f"{before:%y%m%d}",
                    before.isoformat(),
                )
                for k in range(1, copies + 1)
                for before in [day - timedelta(days=k)]
            ],
        )
        spans = {}
        for table in COPIED:
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")
            spans[table] = cursor.fetchone()[0]
        for table, ids in COPIED.items():
            columns = _columns(table)
            chosen = ", ".join(_copy(table, column, ids, spans, day) for column in columns)
            listed = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(
                f"INSERT INTO {table} ({listed}) SELECT {chosen} FROM {table} t, copies c WHERE t.id < %s",
                [spans[table]],
            )
        of_day = "c.day" if connection.vendor == "sqlite" else "CAST(c.day AS date)"
        cursor.execute(
            "INSERT INTO numbers_counter (estate_id, kind, day, last) "
            f"SELECT estate_id, kind, {of_day}, last FROM numbers_counter n, copies c WHERE n.day = %s",
            [day.isoformat()],
        )
        cursor.execute("DROP TABLE copies")
        if connection.vendor == "postgresql":
            for table in COPIED:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")


def _moved(moment: str, by: str) -> str:
    return f"datetime({moment}, {by})" if connection.vendor == "sqlite" else f"{moment} + CAST({by} AS interval)"


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _copy(table: str, column: str, ids: dict[str, str], spans: dict[str, int], day: date) -> str:
    own = f't."{column}"'
    if column == "id":
        return f"t.id + c.k * {spans[table]}"
    if column in ids:
        return f"{own} + c.k * {spans[ids[column]]}"
    if column == "number":
        return f"replace({own}, '{day:%y%m%d}', c.ymd)"
    if column == "thread":
        return (
            f"CASE WHEN {own} LIKE 'case:%%' THEN 'case:' || (CAST(substr({own}, 6) AS INTEGER) + c.k * {spans['cases_case']}) "
            f"WHEN {own} LIKE 'contact:%%' THEN 'contact:' || "
            f"(CAST(substr({own}, 9) AS INTEGER) + c.k * {spans['service_desk_contact']}) ELSE {own} END"
        )
    if column == "subject_id":
        cases = " ".join(f"WHEN '{kind}' THEN {own} + c.k * {spans[of]}" for kind, of in SUBJECTS.items())
        return f"CASE t.subject_type {cases} ELSE {own} END"
    if column in AHEAD:
        # What is done keeps its time; what is owed falls due in the days to come.
        done = "t.ended_at IS NOT NULL" if table == "standards_commitment" else "1 = 0"
        return f"CASE WHEN {done} THEN {_moved(own, 'c.behind')} ELSE {_moved(own, 'c.ahead')} END"
    if column in BEHIND:
        return _moved(own, "c.behind")
    return own
