"""Test databases in files: Django removes the file but forgets the log that lies beside it."""

from pathlib import Path

from django.db.backends.sqlite3 import creation as django_creation


class DatabaseCreation(django_creation.DatabaseCreation):
    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = super()._create_test_db(verbosity, autoclobber, keepdb)  # type: ignore[misc]  # not in its stub
        if not keepdb:
            self._remove_log(name)
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        super()._destroy_test_db(test_database_name, verbosity)  # type: ignore[misc]  # not in its stub
        self._remove_log(test_database_name)

    def _remove_log(self, name: str) -> None:
        # A log left over from a killed run would be replayed into the new file of the same name.
        if name and not self.is_in_memory_db(name):
            for suffix in ("-wal", "-shm"):
                Path(f"{name}{suffix}").unlink(missing_ok=True)
