"""Multiply what the operations made, by set SQL: the same matters again on other days, every invariant kept."""

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
BEHIND = {"opened_at", "received_at", "at", "met_at", "ended_at", "settled_at", "acknowledged_at", "not_before"}
AHEAD = {"next_at", "due_at"}


def use(file: Path) -> None:
    """Turn to another database file."""
    connection.close()
    connection.settings_dict["NAME"] = str(file)
    connection.ensure_connection()


def copy_into(file: Path) -> Path:
    """Copy the database into another file and turn to it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(f"VACUUM INTO '{file}'")
    use(file)
    return file


def multiply(*, day: date, copies: int) -> None:
    """Repeat every matter of the day on as many earlier days; open ones fall due spread over the next two weeks,
    one in a hundred yesterday.

    Only for a SQLite database that holds that one day's matters, none of them closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        with installing.set_aside(), transaction.atomic():
            _multiply(day=day, copies=copies)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = ON")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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
        cursor.execute(
            "INSERT INTO numbers_counter (estate_id, kind, day, last) "
            "SELECT estate_id, kind, c.day, last FROM numbers_counter n, copies c WHERE n.day = %s",
            [day.isoformat()],
        )
        cursor.execute("DROP TABLE copies")


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
        done = "t.ended_at IS NOT NULL" if table == "standards_commitment" else "0"
        return f"CASE WHEN {done} THEN datetime({own}, c.behind) ELSE datetime({own}, c.ahead) END"
    if column in BEHIND:
        return f"datetime({own}, c.behind)"
    return own
