"""pgbench replaying the statements of one send: what PostgreSQL alone could do with the same work.

The server logs everything for the length of one request. Each statement goes into the script as the service sent
it, each value a parameter (``-M prepared``), each row there. Only what has to be new every time differs: such ids
and digests end in a number that counts up.
"""

import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from tests.postgres import SERVICE, PostgresServer

LOGGING = {"logging_collector": "on", "log_destination": "jsonlog", "log_directory": "log"}
"""Settings the server must be started with; they cost nothing while nothing is logged."""

_STATEMENT = re.compile(r"(?:execute [^:]*|statement): (.*)", re.DOTALL)
_VALUE = re.compile(r"\$(\d+) = (?:NULL|'((?:[^']|'')*)')")
_MARK = re.compile(r"\$(\d+)")
_NEW_ID = re.compile(r"(?:clk|led|ntf|obx|plc|rcp)_[0-9a-z]{26}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUMBER = 10**13
_WIDTH = 14
"""Characters of an id or digest that are replaced by a number, so that its length stays."""

Statement = tuple[str, dict[int, str | None]]


def captured(server: PostgresServer, database: str, act: Callable[[], object]) -> list[Statement]:
    """The transaction of one send, which ``act`` makes: each statement with its values."""
    with _logging(server):
        act()
        time.sleep(1)
    files = sorted((server.root / "data" / LOGGING["log_directory"]).glob("*.json"))
    lines = [json.loads(line) for path in files for line in path.read_text().splitlines()]
    by_backend: dict[int, list[Statement]] = {}
    for line in lines:
        if line.get("dbname") == database and line.get("user") == SERVICE and (found := _statement(line)):
            by_backend.setdefault(line["pid"], []).append(found)
    return next(each for all_ in by_backend.values() for each in _transactions(all_) if _is_send(each))


@contextmanager
def _logging(server: PostgresServer) -> Iterator[None]:
    with psycopg.connect(server.admin.replace("+psycopg", ""), autocommit=True) as admin:
        for value in ("all", "none"):
            admin.execute(f"ALTER SYSTEM SET log_statement = '{value}'")  # type: ignore[arg-type]
            admin.execute("SELECT pg_reload_conf()")
            time.sleep(0.5)
            if value == "all":
                yield


def _statement(line: dict[str, str]) -> Statement | None:
    match = _STATEMENT.fullmatch(line["message"])
    if match is None:
        return None
    values = {}
    for found in _VALUE.finditer(line.get("detail", "")):
        text = found[2]
        values[int(found[1])] = None if text is None else text.replace("''", "'")
    return match[1], values


def _transactions(statements: list[Statement]) -> Iterator[list[Statement]]:
    transaction: list[Statement] = []
    for statement in statements:
        transaction = [statement] if statement[0].startswith("BEGIN") else [*transaction, statement]
        if statement[0] == "COMMIT":
            yield transaction


def _is_send(transaction: list[Statement]) -> bool:
    return any(text.startswith("INSERT INTO notifications ") for text, _ in transaction)


class Script:
    """A pgbench script: the statements, the values that stay and the names of those that are made anew."""

    def __init__(self, statements: list[Statement]) -> None:
        self.values: dict[str, str] = {}
        self._made: dict[str, str] = {}
        inserted = [value for text, values in statements if text.startswith("INSERT") for value in values.values()]
        self._new = {value for value in inserted if value and (_NEW_ID.fullmatch(value) or _DIGEST.fullmatch(value))}
        self._lines = [self._line(*statement) for statement in statements]

    def text(self, *, pipelined: bool) -> str:
        """The script, its writes in a pipeline as the service has them, or each awaited."""
        first = next(place for place, line in enumerate(self._lines) if line.startswith("INSERT"))
        reads, writes, commit = self._lines[:first], self._lines[first:-1], self._lines[-1]
        if pipelined:
            writes = ["\\startpipeline", *writes, "\\endpipeline"]
        counted = f"{_NUMBER} + :client_id * 1000000000 + :i * 100"
        made = [f"\\set {name} {counted} + {place}" for place, name in enumerate(self._made.values())]
        return "\n".join(["\\set i :i + 1", *made, *reads, *writes, commit, ""])

    def _line(self, text: str, values: dict[int, str | None]) -> str:
        return _MARK.sub(lambda mark: self._value(values[int(mark[1])]), " ".join(text.split())) + ";"

    def _value(self, value: str | None) -> str:
        if value is None:
            return "NULL"
        if value in self._new:
            return f"('{value[:-_WIDTH]}' || :{self._made.setdefault(value, f'n{len(self._made)}')})"
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


class Replay:
    """Runs the script. Each run counts on from the one before."""

    def __init__(self, server: PostgresServer, database: str, statements: list[Statement]) -> None:
        self._server, self._database = server, database
        self._script = Script(statements)
        self._runs = 0

    def per_s(self, connections: int, seconds: int, *, pipelined: bool) -> float:
        """Transactions a second."""
        self._runs += 1
        values = {**self._script.values, "i": str(self._runs * 1_000_000)}
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(self._script.text(pipelined=pipelined))
            script.flush()
            said = subprocess.run(
                [
                    self._server.bin("pgbench"),
                    *("--no-vacuum", "--protocol=prepared", f"--client={connections}", f"--time={seconds}"),
                    *(f"--jobs={min(2, connections)}", f"--file={script.name}", f"--host={self._server.root}"),
                    *(f"--username={SERVICE}", *(f"--define={name}={value}" for name, value in values.items())),
                    self._database,
                ],
                capture_output=True,
                text=True,
                check=False,
            )
        if said.returncode or "number of failed transactions: 0 " not in said.stdout:
            raise RuntimeError(said.stdout + said.stderr)
        return float(re.search(r"tps = ([\d.]+)", said.stdout)[1])  # type: ignore[index]
