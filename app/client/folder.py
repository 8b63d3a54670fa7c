"""Sending a folder of notifications, each a JSON file, as a nightly job does; and writing down what became of each.

A file is known by its name and content, so the folder can be sent again after anything: what landed is not added
twice. Nothing is moved or deleted.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import httpx

from app.kit.spreadsheet import sheet
from app.standard.batch import MOST_IN_A_BATCH

MOST_BYTES = 7 * 1024 * 1024
_ATTEMPTS = 6
_LONGEST_WAIT_SECONDS = 60
_TIMEOUT_SECONDS = 120
_AGAIN = (409, 429, 503)


class NotReached(Exception):
    """The service does not answer, or does not take the request at all. The text is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. ``pointer`` and ``message`` are of the first mistake, where there is one."""

    file: str
    status: int
    landed: bool
    notification_id: str = ""
    placement_id: str = ""
    outstanding: int | str = ""
    code: str = ""
    pointer: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class NotificationFile:
    """One file: its name, the notification in it, and the key it is known by."""

    name: str
    notification: Any
    key: str
    size: int


def read_folder(folder: Path) -> tuple[list[NotificationFile], list[Outcome]]:
    """Every ``*.json`` in it by name, and what is refused here because it is no JSON at all."""
    files, refused = [], []
    for path in sorted(folder.glob("*.json")):
        content = path.read_bytes()
        try:
            notification = json.loads(content)
        except ValueError:
            refused.append(Outcome(path.name, 400, landed=False, code="invalid_body", message="This is not JSON."))
            continue
        key = hashlib.sha256(path.name.encode() + b"\0" + content).hexdigest()
        files.append(NotificationFile(path.name, notification, key, len(content)))
    return files, refused


def send_all(http: httpx.Client, files: list[NotificationFile]) -> Iterator[Outcome]:
    """Send in batches; say of each file what became of it. Raises NotReached."""
    for batch in _batches(files):
        items = [{"idempotency_key": each.key, "notification": each.notification} for each in batch]
        told = _ask(http, "/v1/notifications/batch", {"items": items}).json()["items"]
        for file, item in zip(batch, told, strict=True):
            yield _outcome(file, item["status"], item["sent"], item["problem"])


def try_all(http: httpx.Client, files: list[NotificationFile]) -> Iterator[Outcome]:
    """Ask of each file what would follow. Nothing is sent. Raises NotReached."""
    for file in files:
        answer = _ask(http, "/v1/notifications?dry_run=true", file.notification, refusals=True)
        told = answer.json()
        fine = answer.status_code == httpx.codes.OK
        foreseen = {"id": "", "placement_id": "", "outstanding": len(told["outstanding"])} if fine else None
        yield _outcome(file, answer.status_code, foreseen, None if fine else told)


def write_down(folder: Path, outcomes: list[Outcome]) -> Path:
    """Write the results as CSV, and beside it as JSON, into ``folder/results``; returns the CSV's place.

    They hold file names, ids and codes: nothing of what the files say.
    """
    results = folder / "results"
    results.mkdir(exist_ok=True)
    path = results / time.strftime("%Y-%m-%d-%H%M%S.csv")
    rows = [asdict(each) for each in outcomes]
    cells = ({name: str(value) for name, value in row.items()} for row in rows)
    path.write_bytes(sheet([each.name for each in fields(Outcome)], cells))
    path.with_suffix(".json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return path


def _batches(files: list[NotificationFile]) -> Iterator[list[NotificationFile]]:
    batch: list[NotificationFile] = []
    for file in files:
        full = len(batch) == MOST_IN_A_BATCH or sum(each.size for each in batch) + file.size > MOST_BYTES
        if batch and full:
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch


def _ask(http: httpx.Client, path: str, document: Any, *, refusals: bool = False) -> httpx.Response:
    content = json.dumps(document).encode()
    for _ in range(_ATTEMPTS):
        try:
            answer = http.post(
                path, content=content, headers={"Content-Type": "application/json"}, timeout=_TIMEOUT_SECONDS
            )
        except httpx.HTTPError:
            raise NotReached("The service does not answer. Nothing is lost: run this again.") from None
        waits = answer.headers.get("retry-after", "")
        if answer.status_code in _AGAIN and waits.isdecimal():
            time.sleep(min(int(waits), _LONGEST_WAIT_SECONDS))
            continue
        is_refusal = answer.status_code in {400, 404, 409, 410, 422}
        if answer.is_success or (refusals and is_refusal):
            return answer
        raise NotReached(_told(answer))
    raise NotReached("The service is too busy. Nothing is lost: run this again later.")


def _told(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"The service refused the whole: {problem['title']}. {problem['detail']}".strip()
    except (ValueError, KeyError, TypeError):
        return f"The service answered {answer.status_code}."


def _outcome(
    file: NotificationFile, status: int, sent: Mapping[str, Any] | None, problem: Mapping[str, Any] | None
) -> Outcome:
    if sent is not None:
        ids = {"notification_id": sent["id"], "placement_id": sent["placement_id"]}
        return Outcome(file.name, status, landed=True, outstanding=sent["outstanding"], **ids)
    told = problem or {}
    first: Mapping[str, Any] = next(iter(told.get("errors") or ()), {})
    message = first.get("message") or told.get("detail") or told.get("title", "")
    return Outcome(
        file.name,
        status,
        landed=False,
        code=str(told.get("code", "")),
        pointer=str(first.get("pointer", "")),
        message=str(message),
    )
