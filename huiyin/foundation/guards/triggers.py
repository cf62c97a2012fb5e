"""The triggers of one table, as text, for each of the two engines. Decided from the guard and the columns alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huiyin.foundation.guards import BEHIND, SETTING, UNDER_WAY, Guard

_BY_COMMAND = {
    "sqlite": f"NOT EXISTS (SELECT 1 FROM {UNDER_WAY})",
    "postgresql": f"current_setting('{SETTING}', true) IS DISTINCT FROM '1'",
}
FUNCTIONS = {
    "guard_refuse": """
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END
""",
    "guard_note": f"""
DECLARE
    key text := '*';
BEGIN
    IF TG_OP = 'DELETE' THEN
        key := to_jsonb(OLD) ->> TG_ARGV[0];
    ELSIF TG_OP <> 'TRUNCATE' THEN
        key := to_jsonb(NEW) ->> TG_ARGV[0];
    END IF;
    INSERT INTO {BEHIND} (table_name, key, operation, at)
    VALUES (TG_TABLE_NAME, key, lower(TG_OP), clock_timestamp());
    RETURN NULL;
END
""",
}


@dataclass(frozen=True)
class Trigger:
    name: str
    table: str
    text: str


def triggers_of(table: str, key: str, columns: Sequence[str], guard: Guard, *, vendor: str) -> Iterator[Trigger]:
    """Yield what keeps the rows of the table and notes their changes. `key` is the column of the primary key."""
    if guard.kept:
        yield from _keeping(table, [name for name in columns if name not in guard.but], guard, vendor)
    if guard.noted:
        yield from _noting(table, key, columns, guard, vendor)


def _keeping(table: str, columns: Sequence[str], guard: Guard, vendor: str) -> Iterator[Trigger]:
    says = f"{table} 只增不改:写下的不能修改,也不能删除"
    events = ["UPDATE" + (_of(columns) if guard.but else ""), "DELETE"]
    for event in events:
        name = f"guard_{table}_keep_{event[:6].lower()}"
        head = f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" FOR EACH ROW'
        act = (
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            if vendor == "sqlite"
            else f"EXECUTE FUNCTION guard_refuse('{says}')"
        )
        yield Trigger(name, table, f"{head} {act}")
    if vendor == "postgresql":
        name = f"guard_{table}_keep_truncate"
        text = f"CREATE TRIGGER {name} BEFORE TRUNCATE ON \"{table}\" FOR EACH STATEMENT EXECUTE FUNCTION guard_refuse('{says}')"
        yield Trigger(name, table, text)


def _noting(table: str, key: str, columns: Sequence[str], guard: Guard, vendor: str) -> Iterator[Trigger]:
    events = ["INSERT"]
    if not guard.kept:
        events += [
            "UPDATE" + (_of([name for name in columns if name not in guard.but]) if guard.but else ""),
            "DELETE",
        ]
    elif guard.but:
        events += ["UPDATE" + _of(guard.but)]
    for event in events:
        kind = event[:6].lower()
        name = f"guard_{table}_note_{kind}"
        head = f'CREATE TRIGGER {name} AFTER {event} ON "{table}" FOR EACH ROW WHEN ({_BY_COMMAND[vendor]})'
        row = "OLD" if kind == "delete" else "NEW"
        act = (
            f"BEGIN INSERT INTO {BEHIND} (table_name, key, operation, at) VALUES "
            f"('{table}', {row}.\"{key}\", '{kind}', strftime('%Y-%m-%d %H:%M:%f', 'now')); END"
            if vendor == "sqlite"
            else f"EXECUTE FUNCTION guard_note('{key}')"
        )
        yield Trigger(name, table, f"{head} {act}")
    if vendor == "postgresql" and not guard.kept:
        name = f"guard_{table}_note_truncate"
        head = f'CREATE TRIGGER {name} AFTER TRUNCATE ON "{table}" FOR EACH STATEMENT WHEN ({_BY_COMMAND[vendor]})'
        yield Trigger(name, table, f"{head} EXECUTE FUNCTION guard_note('{key}')")


def _of(columns: Sequence[str]) -> str:
    return " OF " + ", ".join(f'"{name}"' for name in columns)
