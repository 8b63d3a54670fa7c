"""pgbench replaying the statements of one send, captured from the running service: what PostgreSQL alone could do.

The server is asked to log everything for the length of one request. Each statement goes into the script as the
service sent it, with every value as a parameter (``-M prepared``) and every row there was. Only what has to be new
each time differs: ids and digests end in a number that counts up.
"""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgres import SERVICE, PostgresServer

LOGGING = {"logging_collector": "on", "log_destination": "jsonlog", "log_directory": "log"}
"""Settings the server must have been started with; they cost nothing while nothing is logged."""

_STATEMENT = re.compile(r"(?:execute [^:]*|statement): (.*)", re.DOTALL)
_VALUE = re.compile(r"\$(\d+) = (NULL|'((?:[^']|'')*)')")
_MARK = re.compile(r"\$(\d+)")
_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}|[0-9a-f]{64}")
_DIGITS = 14

Statement = tuple[str, dict[int, str | None]]


def captured(server: PostgresServer, database: str, act: Callable[[], object]) -> list[Statement]:
    """The statements, with their values, that the service's role sends while ``act`` runs."""
    with _logging(server, database):
        act()
        time.sleep(1)
    lines = [json.loads(line) for path in sorted((server.root / "data/log").glob("*.json")) for line in path.open()]
    return [found for line in lines if line.get("dbname") == database and (found := _statement(line))]


@contextmanager
def _logging(server: PostgresServer, database: str) -> Iterator[None]:
    with psycopg.connect(server.admin.replace("+psycopg", ""), autocommit=True) as admin:
        for value in ("all", "none"):
            admin.execute(f"ALTER SYSTEM SET log_statement = '{value}'")
            admin.execute("SELECT pg_reload_conf()")
            time.sleep(0.5)
            if value == "all":
                yield


def _statement(line: dict[str, str]) -> Statement | None:
    match = _STATEMENT.fullmatch(line["message"])
    if match is None or line.get("user") != SERVICE:
        return None
    values = {int(n): None if word == "NULL" else text.replace("''", "'") for n, word, text in _VALUE.findall(line.get("detail", ""))}
    return match[1], values


class Script:
    """A pgbench script and the values of its variables."""

    def __init__(self, statements: list[Statement]) -> None:
        self.values: dict[str, str] = {}
        self._made: dict[str, str] = {}
        self._old = _asked_for(statements)
        self.lines = [self._line(text, values) for text, values in statements]

    def text(self, *, pipelined: bool) -> str:
        """The script: one transaction, its writes in a pipeline or each awaited."""
        lines = ["\\set i :i + 1", *(f"\\set {name} 10000000000000 + :client_id * 1000000000 + :i * 100 + {place}" for place, name in enumerate(self._made.values()))]
        first = next(place for place, line in enumerate(self.lines) if line.startswith("INSERT"))
        writes = self.lines[first:-1]
        if pipelined:
            writes = ["\\startpipeline", *writes, "\\endpipeline"]
        return "\n".join([*lines, *self.lines[:first], *writes, self.lines[-1]]) + "\n"

    def _line(self, text: str, values: dict[int, str | None]) -> str:
        flat = " ".join(text.split())
        return _MARK.sub(lambda match: self._value(values[int(match[1])]), flat) + ";"

    def _value(self, value: str | None) -> str:
        if value is None:
            return "NULL"
        if _ID.fullmatch(value) and value not in self._old:
            made = self._made.setdefault(value, f"n{len(self._made)}")
            return f"('{value[:-_DIGITS]}' || :{made})"
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"
