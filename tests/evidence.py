"""What the suite leaves behind, kept until it ends and then searched for everything personal that went in.

Each process of the suite writes into one folder: the personal values it sends, and apart from them what a
service must keep free of such values: its logs, metrics, problems, and every row of its databases.
"""

import json
import logging
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, count
from pathlib import Path

import httpx
from sqlalchemy import LargeBinary, select

from app.db.base import metadata
from app.db.engine import Database
from app.standard.codes import code_lists
from app.web.logs import JsonLines

FOLDER = "TEST_EVIDENCE"
"""The environment variable that names the folder to every process."""

VALUES = "values"
_PUBLIC_TABLES = {"organisations", "organisation_successions", "area_routing", "adjacent_areas", "directory_state"}
_READABLE_BYTES = {"ledger_entries.body"}
_CLEAR_FIELDS = {
    "organisation",
    "area",
    "host_area",
    "destination_area",
    "host_health",
    "maintained_by",
    "maintaining_authority",
    "responsible_authority",
    "placing_authority",
    "originating",
    "originating_icb",
    "outgoing_icb",
    "host_icb",
    "responsible_commissioner",
    "commissioned_by",
    "without_prejudice_provider",
    "acts_for",
    "responsible",
    "placement_id",
    "document_id",
    "sha256",
    "pointer",
}
_BIRTH_FIELDS = {"date_of_birth", "estimated", "due"}
_IMPERSONAL = re.compile(
    r"[a-z]+(_[a-z0-9]+)*|[A-Z]{1,2}\d{0,2}|\d\d:\d\d|\d{4}-\d\d-\d\d(T[\d:.]+Z)?|[a-z]{3}_[0-9a-z]{26}|[0-9a-f]{64}"
)
_CODES = frozenset(code for each in code_lists().values() for code in each.codes)
_CODE_WORDS = frozenset(word for code in _CODES for word in code.lower().split("_"))
"""A refusal names the codes that may stand in a field, so that their words are everywhere."""
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
_WEEKS = timedelta(weeks=8)
_SHORTEST_IN_SEALED = 6
"""Three letters do turn up in random bytes."""

_seen: set[str] = set()
_numbers = count(1)


def personal_values(document: object, field: str = "") -> Iterator[str]:
    """Every leaf of a document that tells of a person, their home or their words, rather than a code of ours."""
    if isinstance(document, Mapping):
        for name, inner in document.items():
            yield from personal_values(inner, name)
    elif isinstance(document, (list, tuple)):
        for inner in document:
            yield from personal_values(inner, field)
    elif isinstance(document, str) and _is_personal(document, field):
        yield document


def _is_personal(value: str, field: str) -> bool:
    if len(value) < _SHORTEST or field in _CLEAR_FIELDS:
        return False
    if field in _BIRTH_FIELDS:
        return True
    return not (value in _CODES or value.lower() in _CODE_WORDS or _IMPERSONAL.fullmatch(value))


def _of_these_weeks(value: str) -> bool:
    """A birth so near to today cannot be told from the day of a move or of an act."""
    try:
        return abs(datetime.now(UTC).date() - date.fromisoformat(value)) < _WEEKS
    except ValueError:
        return False


def sent(document: object) -> None:
    """Remember the personal values of a document that a test sends."""
    fresh = {value for value in personal_values(document) if not _of_these_weeks(value)} - _seen
    _seen.update(fresh)
    _append(f"{VALUES}-{os.getpid()}", "".join(f"{json.dumps(value)}\n" for value in fresh).encode())


def answered(response: httpx.Response) -> None:
    """Keep a refusal. Made to be an event hook of httpx."""
    if response.status_code >= 400:
        response.read()
        headers = " ".join(response.headers.values())
        _append(f"problems-{os.getpid()}", response.content + b" " + headers.encode() + b"\n")


def keep(kind: str, text: bytes) -> None:
    """Keep something else that must hold nothing personal."""
    _append(f"{kind}-{os.getpid()}-{next(_numbers)}", text)


def keep_logs() -> None:
    """Write this process's logs, in the form an operator gets them, beside standard output."""
    root = logging.getLogger()
    if (folder := _folder()) and not any(isinstance(each, logging.FileHandler) for each in root.handlers):
        handler = logging.FileHandler(folder / f"logs-{os.getpid()}", delay=True)
        handler.setFormatter(JsonLines())
        root.addHandler(handler)


def keep_rows(database: Database) -> None:
    """Keep every row: what anybody could read, and apart from it what is sealed."""
    if _folder() is None:
        return
    clear, sealed = bytearray(), bytearray()
    with database.read() as connection:
        for table in metadata.sorted_tables:
            if table.name in _PUBLIC_TABLES:
                continue
            for row in connection.execute(select(table)):
                for column, value in zip(table.c, row, strict=True):
                    is_sealed = isinstance(column.type, LargeBinary) and str(column) not in _READABLE_BYTES
                    (sealed if is_sealed else clear).extend(_line(str(column), value))
    keep("rows", bytes(clear))
    keep("sealed", bytes(sealed))


def _line(column: str, value: object) -> bytes:
    if value is None or isinstance(value, int):
        return b""
    content = value if isinstance(value, bytes) else str(value).encode()
    return column.encode() + b": " + content.replace(b"\n", b" ") + b"\n"


def _folder() -> Path | None:
    return Path(os.environ[FOLDER]) if FOLDER in os.environ else None


def _append(name: str, content: bytes) -> None:
    folder = _folder()
    if folder and content:
        with (folder / name).open("ab") as file:
            file.write(content)


def findings(folder: Path) -> list[str]:
    """Where any personal value stands in anything kept in ``folder``, one line each. The values are invented."""
    lines = chain.from_iterable(path.read_text().splitlines() for path in folder.glob(f"{VALUES}-*"))
    index = _index({json.loads(line) for line in lines})
    kept = [path for path in sorted(folder.iterdir()) if not path.name.startswith(VALUES)]
    with ProcessPoolExecutor() as pool:
        return list(chain.from_iterable(pool.map(partial(_found_in, index), _shared_out(kept, os.cpu_count() or 1))))


def _shared_out(paths: list[Path], shares: int) -> list[list[Path]]:
    """The same amount to read for each."""
    by_size = sorted(paths, key=lambda path: path.stat().st_size)
    return [by_size[first::shares] for first in range(shares)]


def _index(values: Iterable[str]) -> Mapping[str, set[str]]:
    """The ways each value may be written, by their first word."""
    index: dict[str, set[str]] = defaultdict(set)
    for value in values:
        for written in _ways(value):
            if first := _WORD.search(written):
                index[first[0]].add(written[first.start() :])
    return index


def _ways(value: str) -> set[str]:
    ways = {value, json.dumps(value)[1:-1], value.replace("\n", " ")}
    if any(letter.isdigit() for letter in value):
        ways.add(value.replace(" ", ""))
    return ways | {value.upper(), value.lower()} if len(value) > _SHORTEST_IN_SEALED else ways


def _found_in(index: Mapping[str, set[str]], paths: Iterable[Path]) -> list[str]:
    return list(chain.from_iterable(_found_in_one(index, path) for path in paths))


def _found_in_one(index: Mapping[str, set[str]], path: Path) -> Iterator[str]:
    shortest = _SHORTEST_IN_SEALED if path.name.startswith("sealed") else _SHORTEST
    with path.open("rb") as file:
        for line in file:
            text = line.decode("utf-8", "replace")
            for value in sorted(_values_in(text, index)):
                if len(value) >= shortest:
                    yield f"{path.name}: {text[:60].strip()} … holds {value!r}"


def _values_in(text: str, index: Mapping[str, set[str]]) -> set[str]:
    return {
        value
        for word in _WORD.finditer(text)
        for value in index.get(word[0], ())
        if text.startswith(value, word.start()) and not text[word.start() + len(value) :][:1].isalnum()
    }
