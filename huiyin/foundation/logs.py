"""Log lines, as text or JSON, each with the number of the request that wrote it.

Never what somebody typed: of an error the kind and the place are written, not its words, which may quote a row.
"""

import logging
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

import orjson

# The number of the request this thread works for; empty outside of requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# What a line may say besides its message; everything else stays out.
ABOUT = ("method", "view", "status", "ms", "user", "estate")
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Marked(logging.Filter):
    """Give every line the number of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        asked = getattr(record, "request", None)
        if asked is not None and record.args:
            # Django names the address, which may hold a key that opens something; the view is as good.
            found = getattr(asked, "resolver_match", None)
            status = getattr(record, "status_code", record.levelname)
            record.msg, record.args = "%s %s", (status, found.view_name if found else "none")
        return True


class TextLines(logging.Formatter):
    """One line a message, for people."""

    def formatException(self, ei: Raised) -> str:
        return without_words(ei[1])


class JsonLines(logging.Formatter):
    """One JSON object a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
        }
        line.update((name, value) for name in ABOUT if (value := getattr(record, name, None)) is not None)
        if record.exc_info:
            line["exception"] = without_words(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


def without_words(error: BaseException | None) -> str:
    """Return where an error came from and what kind it is, with those that led to it, and none of their words."""
    told = []
    for one in _led_up_to(error):
        frames = [
            f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
            for frame in traceback.extract_tb(one.__traceback__)
        ]
        kind = type(one)
        told.append(
            "\n".join(["Traceback (most recent call last):", *frames, f"{kind.__module__}.{kind.__qualname__}"])
        )
    return "\n\n".join(told)


def _led_up_to(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what it arose from, the first cause first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    yield from reversed(chain)
