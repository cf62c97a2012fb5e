"""The connections of this process, as far as they outlive a request."""

from django.db import connections


def close_all() -> None:
    """Close every connection of this thread and the pools behind them, before the process forks.

    A child that went on with them would write into its parent's conversations, and a pool's own threads are not forked.
    """
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # of the pooled backend
