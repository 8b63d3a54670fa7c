"""Logs as one JSON object a line, made only of fields we chose: no argument of an exception, no query string."""

import logging
import sys
from datetime import UTC, datetime

import orjson

_FIELDS = ("request_id", "trace_id", "method", "route", "status", "ms", "client", "error", "where", "count", "code")


class JsonLines(logging.Formatter):
    """Formats a record from its level, its fixed message and our own fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.msg if record.name.startswith("placement_notify") else record.getMessage(),
        }
        line.update({name: value for name in _FIELDS if (value := getattr(record, name, None)) is not None})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return orjson.dumps(line).decode()


def set_up_logs(level: str) -> None:
    """Send every log of this process to standard output as JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Nobody reads these here, and every record would pay for them.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    # These two would print addresses with their query strings.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel(logging.WARNING)
