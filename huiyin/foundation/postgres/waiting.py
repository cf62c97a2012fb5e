"""How long a page may wait for the database server before it says so, instead of holding a connection that others need."""

from django.db import connections

from huiyin.foundation.postgres import pool

STATEMENT_SECONDS = 30
LOCK_SECONDS = 10
IDLE_SECONDS = 60  # a transaction that does nothing for so long has lost its process


def limit_pages() -> None:
    """Limit every connection that this process opens from now on; other processes are left alone."""
    pool.close_all()
    for said in connections.settings.values():
        if said["ENGINE"] == "django.db.backends.postgresql":
            limits = {
                "statement_timeout": STATEMENT_SECONDS,
                "lock_timeout": LOCK_SECONDS,
                "idle_in_transaction_session_timeout": IDLE_SECONDS,
            }
            options = " ".join(f"-c {name}={seconds * 1000}" for name, seconds in limits.items())
            said["OPTIONS"]["options"] = f"{options} {said['OPTIONS'].get('options', '')}".strip()
