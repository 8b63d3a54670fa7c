"""kill -9 between a file that is stored and the row that names it: nothing half done, nothing left, nothing twice."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine

from app.db.engine import Database
from tests.api.documents.papers import TEXT, announce, blobs, put, rows_of
from tests.api.placements.stories import example
from tests.databases import Databases
from tests.faults.installation import begin
from tests.faults.serving import Served
from tests.world import LEEDS, Caller

CONTENT = b"An invented plan. " * 60_000


def test_a_service_killed_between_file_and_row_leaves_an_orphan_that_is_swept_and_a_repeat_is_the_first_version(
    databases: Databases, service: Served
) -> None:
    begin(service)
    caller = service.as_(LEEDS, "social_care", "Asha Rahman")
    child = caller.post("/v1/children", {**example("child"), "local_id": uuid4().hex[:12]}).json()["child_id"]
    document = announce(caller, child)
    with sending(service, caller, child, document) as rest, no_row_is_written(databases, service):
        rest()
        stored = waited_for(service)
        service.kill()
    assert rows_of(service, document) == []
    assert blobs(service) == stored

    service.start()
    swept = service.run("documents", "sweep", "--minutes", "0")
    assert b"1 files" in swept.stdout, swept
    assert blobs(service) == set()
    again = put(caller, child, document, CONTENT, TEXT)
    assert (again.status_code, again.json()["version"]) == (200, 1)
    assert put(caller, child, document, CONTENT, TEXT).json()["new_version"] is False
    ((number, blob),) = rows_of(service, document)
    assert (number, blobs(service)) == (1, {blob})
    kept = service.run("documents", "sweep", "--minutes", "0")
    assert b"0 files" in kept.stdout
    assert caller.get(f"/v1/children/{child}/documents/{document}").content == CONTENT
    caller.close()


@contextmanager
def sending(service: Served, caller: Caller, child: str, document: str) -> Iterator[Any]:
    """Begin an upload, and give what sends the rest of it."""
    head = (
        f"PUT /v1/children/{child}/documents/{document} HTTP/1.1\r\nHost: here\r\nContent-Type: {TEXT}\r\n"
        f"Authorization: Bearer {caller.token}\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(head.encode() + CONTENT[:600_000])
        deadline = time.monotonic() + 30
        while not (service.folder / "documents").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield lambda: connection.sendall(CONTENT[600_000:])


@contextmanager
def no_row_is_written(databases: Databases, service: Served) -> Iterator[None]:
    """Hold what the commit needs, until the block ends."""
    url = databases.owner_url(service.database_url)
    lock = "BEGIN IMMEDIATE" if Database(url).is_sqlite else "LOCK TABLE document_versions IN EXCLUSIVE MODE"
    engine = create_engine(url)
    with engine.connect() as connection:
        if lock == "BEGIN IMMEDIATE":
            driver: Any = connection.connection.driver_connection
            driver.isolation_level = None
        connection.exec_driver_sql(lock)
        yield
        connection.rollback()
    engine.dispose()


def waited_for(service: Served) -> set[str]:
    """The one file of the store, once it is whole."""
    deadline = time.monotonic() + 30
    while not blobs(service) or any("#" in name for name in blobs(service)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return blobs(service)
