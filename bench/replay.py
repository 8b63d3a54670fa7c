"""pgbench replaying the statements of one send: what PostgreSQL alone could do with the same work.

The server logs everything for the length of one request. Each statement goes into the script as the service sent
it, each value a parameter (``-M prepared``), each row there. Only what has to be new every time differs: such ids
and digests end in a number that counts up. Each client of pgbench sends about children of its own, in turn: about one
child they would wait for each other, since a move ends the offers made before it.
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
_NEW = re.compile(r"(?:clk|led|ntf|obx|plc|ptr|rcp)_[0-9a-z]{26}|\b[0-9a-f]{64}\b")
_ANY = re.compile(r"[a-z]{3}_[0-9a-z]{26}|\b[0-9a-f]{64}\b")
_CHILD = re.compile(r"chd_[0-9a-z]{26}")
_CHILDREN = 2_000
_MOST_CLIENTS = 16
_FIRST = 10**13
_HOLE, _CHILDS_HOLE = "@" * len(str(_FIRST)), "#" * len(str(_FIRST))
"""Stand where a number goes in a value that holds several ids."""
_COPY = """
INSERT INTO children SELECT (jsonb_populate_record(children, jsonb_build_object(
    'id', %(head)s || n, 'local_id_index', md5(n::text) || md5(local_id_index)
))).* FROM children, generate_series(%(first)s::bigint, %(last)s::bigint) n WHERE id = %(child)s
"""

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
    return any("INSERT INTO notifications " in text for text, _ in transaction)


class Script:
    """A pgbench script, and the values of its variables.

    ``n`` is a number no other transaction has, ``c`` that of a child no other client sends about.
    """

    def __init__(self, statements: list[Statement]) -> None:
        self.values: dict[str, str] = {}
        writes = [value for text, values in statements if "INSERT" in text for value in values.values() if value]
        made = dict.fromkeys(found for value in writes for found in _NEW.findall(value))
        self._holed = {old: _holed(old, place) for place, old in enumerate(made)}
        self.child = next(found[0] for value in writes if (found := _CHILD.search(value)))
        self.child_head = self.child[: -len(_CHILDS_HOLE)]
        self._holed[self.child] = self.child_head + _CHILDS_HOLE
        self._lines = [self._line(*statement) for statement in statements]

    def text(self, *, pipelined: bool) -> str:
        """The script; all of it in a pipeline, or each statement awaited."""
        lines = ["\\startpipeline", *self._lines, "\\endpipeline"] if pipelined else self._lines
        numbers = (
            "\\set i :i + 1",
            f"\\set n {_FIRST} + :client_id * 1000000000 + :i",
            f"\\set c {_FIRST} + (:client_id + {_MOST_CLIENTS} * :i) % {_CHILDREN}",
        )
        return "\n".join([*numbers, *lines, ""])

    def _line(self, text: str, values: dict[int, str | None]) -> str:
        return _MARK.sub(lambda mark: self._value(values[int(mark[1])]), " ".join(text.split())) + ";"

    def _value(self, value: str | None) -> str:
        if value is None:
            return "NULL"
        if value == self.child:
            return f"('{self.child_head}' || :c)"
        if value in self._holed:
            return f"('{self._holed[value].removesuffix(_HOLE)}' || :n)"
        holed = _ANY.sub(lambda found: self._holed.get(found[0], found[0]), value)
        name = f"v{len(self.values)}"
        self.values[name] = holed
        filled = f":{name}"
        for hole, number in ((_HOLE, "n"), (_CHILDS_HOLE, "c")):
            filled = f"replace({filled}, '{hole}', :{number})" if hole in holed else filled
        return filled


def _holed(old: str, place: int) -> str:
    """An id or digest of the same length that a number ends; its time stays in front, as in real ones."""
    head = f"{old[:14]}{place:02}" if old[3] == "_" else f"{place:02}{old[2 : -len(_HOLE)]}"
    return head + _HOLE


class Replay:
    """Runs the script. Each run counts on from the one before."""

    def __init__(self, server: PostgresServer, database: str, statements: list[Statement]) -> None:
        self._server, self._database = server, database
        self._script = Script(statements)
        self._runs = 0
        with psycopg.connect(server.url("postgres", database).replace("+psycopg", ""), autocommit=True) as connection:
            of = {"child": self._script.child, "head": self._script.child_head}
            connection.execute(_COPY, {**of, "first": _FIRST, "last": _FIRST + _CHILDREN - 1})

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
