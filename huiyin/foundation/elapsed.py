"""The time between two moments as the database counts it: whole seconds, the same on both engines."""

from typing import Any

from django.db.models import BigIntegerField, Func


class Elapsed(Func):
    """Count the whole seconds from the first moment to the second, each cut to its second; nothing when one is missing."""

    output_field = BigIntegerField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._difference(compiler, connection, "unixepoch({})")

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self._difference(compiler, connection, "CAST(floor(extract(epoch from {})) AS bigint)")

    def _difference(self, compiler: Any, connection: Any, seconds: str) -> Any:
        first, last = (compiler.compile(one) for one in self.get_source_expressions())
        sql = f"({seconds.format(last[0])} - {seconds.format(first[0])})"
        return sql, [*last[1], *first[1]]
