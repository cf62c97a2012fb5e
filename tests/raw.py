"""A second connection beside Django's, as whoever holds the database's password or file would open one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Shell:
    """Runs one statement at a time, each at once for everybody to see."""

    def __init__(self, raw: Any, connection: Any) -> None:
        self.raw, self.vendor, self.refused = raw, connection.vendor, connection.Database.IntegrityError

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        found = self.raw.execute(sql)
        return list(found.fetchall()) if found.description else []

    def refusal(self, sql: str) -> str:
        """Return the sentence the statement is refused with; empty when it is not."""
        try:
            self.run(sql)
        except self.refused as error:
            return str(error)
        return ""

    def drop_trigger(self, table: str, name: str) -> None:
        self.run(f"DROP TRIGGER {name}" + (f" ON {table}" if self.vendor == "postgresql" else ""))

    def make_idle_trigger(self, table: str, name: str) -> None:
        act = "BEGIN SELECT 1; END"
        if self.vendor == "postgresql":
            self.run("CREATE OR REPLACE FUNCTION idle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
            act = "EXECUTE FUNCTION idle()"
        self.run(f"CREATE TRIGGER {name} AFTER UPDATE ON {table} FOR EACH ROW {act}")


@contextmanager
def shell_of(connection: Any) -> Iterator[Shell]:
    """Open the database of this Django connection once more, past Django."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        import psycopg  # optional

        parameters = {
            k: v
            for k, v in connection.get_connection_params().items()
            if k in ("dbname", "user", "host", "port", "password")
        }
        raw = psycopg.connect(**parameters, autocommit=True)
    else:
        raw = connection.Database.connect(connection.settings_dict["NAME"], uri=True, isolation_level=None)
    try:
        yield Shell(raw, connection)
    finally:
        raw.close()
