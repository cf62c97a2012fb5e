"""Wakes the workers of this process when a job was committed, so that they need not look often."""

import threading

_bell = threading.Event()


def ring() -> None:
    _bell.set()


def wait(seconds: float) -> None:
    """Return when a job was committed in this process, at the latest after so many seconds."""
    _bell.wait(seconds)
    _bell.clear()
