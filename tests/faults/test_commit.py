"""What is answered is what was committed: commits that fail, a database that is away, and the same request again."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, func, make_url, select

from app.db.base import metadata
from tests.databases import Databases, PostgresDatabases
from tests.faults.moves import acknowledgement, reference, start, update
from tests.postgres import Cluster
from tests.world import LEEDS, SHROPSHIRE, Caller, World, furnished, running_world

_ABOUT_THEM = ("notifications", "acknowledgements", "openings", "recipients", "children", "outbox", "ledger_entries")
_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print(flush=True)
sys.stdin.read()
"""

_FAILING = {
    "sqlite": (
        "CREATE TABLE orphans (parent TEXT REFERENCES children (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER orphan AFTER INSERT ON {table} BEGIN INSERT INTO orphans VALUES ('nobody'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no disk'; END$$",
        """CREATE CONSTRAINT TRIGGER orphan AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
               FOR EACH ROW EXECUTE FUNCTION fail()""",
    ),
}
_MENDING = {
    "sqlite": ("DROP TRIGGER orphan", "DROP TABLE orphans"),
    "postgresql": ("DROP TRIGGER orphan ON {table}", "DROP FUNCTION fail()"),
}
"""Everything is written well, and then the COMMIT itself fails: a foreign key or a trigger waits for it."""


@pytest.fixture(scope="module")
def world(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service whose database nobody else uses."""
    with running_world(furnished(databases), tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture(scope="module")
def sender(world: World) -> Caller:
    return world.as_(LEEDS, "emergency_duty", name="Sam Placer")


@pytest.fixture(scope="module")
def host(world: World) -> Caller:
    return world.as_(SHROPSHIRE, "emergency_duty", name="Bo Hughes")


@contextmanager
def failing_commits(databases: Databases, world: World, table: str) -> Iterator[None]:
    """Make every COMMIT fail that follows an insert into ``table``."""
    engine = create_engine(databases.owner_url(world.database_url))

    def run(statements: tuple[str, ...]) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement.format(table=table))

    run(_FAILING[engine.dialect.name])
    try:
        yield
    finally:
        run(_MENDING[engine.dialect.name])
        engine.dispose()


def counted(world: World) -> dict[str, int]:
    """How many rows there are in each table that an act adds to."""
    with world.database.read() as connection:
        tables = [metadata.tables[name] for name in (*_ABOUT_THEM, "idempotency_keys")]
        return {each.name: connection.scalar(select(func.count()).select_from(each)) or 0 for each in tables}


def is_refused(answer: httpx.Response, code: str) -> bool:
    return (answer.status_code, answer.json()["code"]) == (503, code) and int(answer.headers["retry-after"]) > 0


def test_a_send_whose_commit_fails_is_never_said_to_be_recorded(
    databases: Databases, world: World, sender: Caller
) -> None:
    document, key, before = start(), uuid4().hex, counted(world)
    with failing_commits(databases, world, "notifications"):
        assert is_refused(sender.post("/v1/notifications", document, key=key), "not_recorded")
        assert is_refused(sender.post("/v1/notifications", document, key=key), "not_recorded")
        assert counted(world) == before
    first, again = (sender.post("/v1/notifications", document, key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert counted(world)["notifications"] == before["notifications"] + 1


def test_an_update_whose_commit_fails_changes_nothing(databases: Databases, world: World, sender: Caller) -> None:
    placement_id = sender.post("/v1/notifications", start()).json()["placement_id"]
    document, key = update(placement_id), uuid4().hex
    with failing_commits(databases, world, "notifications"):
        assert is_refused(sender.post("/v1/notifications", document, key=key), "not_recorded")
    assert sender.post("/v1/notifications", document, key=key).json()["version"] == 2


def test_an_acknowledgement_whose_commit_fails_is_none(
    databases: Databases, world: World, sender: Caller, host: Caller
) -> None:
    path = f"/v1/notifications/{sender.post('/v1/notifications', start()).json()['id']}/acknowledgements"
    key, before = uuid4().hex, counted(world)
    with failing_commits(databases, world, "acknowledgements"):
        assert is_refused(host.post(path, acknowledgement(), key=key), "not_recorded")
    assert counted(world) == before
    assert host.post(path, acknowledgement(), key=key).status_code == 201


def test_nothing_is_released_when_the_record_of_it_cannot_be_committed(
    databases: Databases, world: World, sender: Caller, host: Caller
) -> None:
    sent = sender.post("/v1/notifications", start()).json()
    with failing_commits(databases, world, "openings"):
        answer = host.get(f"/v1/notifications/{sent['id']}")
    assert is_refused(answer, "not_recorded")
    assert b"sections" not in answer.content


def test_when_every_connection_is_taken_the_client_is_told_when_to_come_again(world: World, sender: Caller) -> None:
    document, key, before = start(), uuid4().hex, counted(world)
    connections = 1 if world.database.is_sqlite else world.app.state.settings.pool_size
    with ExitStack() as taken:
        for _ in range(connections):
            taken.enter_context(world.database.write())
        assert is_refused(sender.post("/v1/notifications", document, key=key), "database_busy")
    assert counted(world) == before
    assert sender.post("/v1/notifications", document, key=key).status_code == 201


def test_a_file_locked_by_another_process_is_busy(world: World, sender: Caller) -> None:
    if not world.database.is_sqlite:
        pytest.skip("only a file can be locked so")
    file = world.database.url.database or ""
    with subprocess.Popen([sys.executable, "-c", _LOCK, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert is_refused(sender.post("/v1/notifications", start()), "database_busy")
        assert sender.get("/v1/sent").status_code == 200
        other.kill()
    assert sender.post("/v1/notifications", start()).status_code == 201


def test_a_database_without_tables_is_not_ready(databases: Databases, tmp_path: Path) -> None:
    with running_world(databases.empty(), tmp_path, record=False) as world:
        assert httpx.get(f"{world.url}/readyz", timeout=60).status_code == 503
        assert httpx.get(f"{world.url}/livez", timeout=60).status_code == 200


@pytest.fixture
def gate(databases: Databases) -> Callable[[str, bool], None]:
    """Shuts a database to everybody, throwing out whoever is in, or opens it again."""
    if not isinstance(databases, PostgresDatabases):
        pytest.skip("a file does not go away")
    return lambda url, is_open: _let_in(databases.cluster, make_url(url).database or "", is_open)


def _let_in(cluster: Cluster, name: str, is_open: bool) -> None:
    admin = make_url(cluster.admin).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        state = sql.SQL("true" if is_open else "false")
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(name), state))
        if not is_open:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_a_service_starts_while_its_database_is_away_and_is_ready_when_it_comes(
    databases: Databases, tmp_path: Path, gate: Callable[[str, bool], None]
) -> None:
    url = furnished(databases)
    gate(url, False)
    with running_world(url, tmp_path) as world:
        answer = httpx.get(f"{world.url}/readyz")
        assert is_refused(answer, "database_busy")
        gate(url, True)
        assert httpx.get(f"{world.url}/readyz").status_code == 200


def test_a_database_that_goes_away_is_busy_and_then_all_is_well_again(
    databases: Databases, tmp_path: Path, gate: Callable[[str, bool], None]
) -> None:
    url = furnished(databases)
    with running_world(url, tmp_path) as world:
        sender, document, key = world.as_(LEEDS, "emergency_duty", name="Sam Placer"), start(), uuid4().hex
        assert sender.post("/v1/notifications", start()).status_code == 201
        gate(url, False)
        for _ in range(2):
            assert is_refused(sender.post("/v1/notifications", document, key=key), "database_busy")
            assert is_refused(sender.get("/v1/sent"), "database_busy")
        assert httpx.get(f"{world.url}/readyz", timeout=60).status_code == 503
        gate(url, True)
        assert sender.post("/v1/notifications", document, key=key).status_code == 201
        assert httpx.get(f"{world.url}/readyz").status_code == 200


def at_once(count: int, act: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """Do the same thing many times at the same moment."""
    barrier = Barrier(count)

    def together(number: int) -> httpx.Response:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(together, range(count)))


def test_first_sends_for_one_child_at_the_same_moment_make_one_child(world: World, sender: Caller) -> None:
    before, document = counted(world), start()
    first, second = at_once(2, lambda _: sender.post("/v1/notifications", document | {"reference": reference()}))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["child_id"] == second.json()["child_id"]
    assert first.json()["placement_id"] != second.json()["placement_id"]
    assert counted(world)["children"] == before["children"] + 1


def is_one_answer(answers: list[httpx.Response]) -> bool:
    """One was recorded; the others got the very same bytes, or were told that it is being handled."""
    recorded = [each for each in answers if each.status_code == 201]
    in_flight = [each for each in answers if each.status_code == 409]
    assert len(recorded) + len(in_flight) == len(answers)
    assert all(each.json()["code"] == "idempotency_key_in_flight" for each in in_flight)
    assert all("retry-after" in each.headers for each in in_flight)
    originals = [each for each in recorded if "idempotent-replayed" not in each.headers]
    return len(originals) == 1 and len({each.content for each in recorded}) == 1


def test_sixteen_identical_requests_at_once_are_one_notification(world: World, sender: Caller) -> None:
    before, document, key = counted(world), start(), uuid4().hex
    assert is_one_answer(at_once(16, lambda _: sender.post("/v1/notifications", document, key=key)))
    after = counted(world)
    assert after["notifications"] == before["notifications"] + 1
    assert after["idempotency_keys"] == before["idempotency_keys"] + 1


def test_identical_requests_to_two_processes_are_one_notification(
    databases: Databases, world: World, sender: Caller, tmp_path: Path
) -> None:
    if world.database.is_sqlite:
        pytest.skip("a file has one process")
    with running_world(world.database_url, tmp_path, keys_dir=world.folder / "keys") as other:
        other.take_over(world)
        callers = [sender, other.as_(LEEDS, "emergency_duty", name="Sam Placer")]
        before, document, key = counted(world), start(), uuid4().hex
        answers = at_once(16, lambda number: callers[number % 2].post("/v1/notifications", document, key=key))
        assert is_one_answer(answers)
        assert counted(world)["notifications"] == before["notifications"] + 1


def test_one_key_for_another_request_is_refused(world: World, sender: Caller) -> None:
    key = uuid4().hex
    assert sender.post("/v1/notifications", start(), key=key).status_code == 201
    answer = sender.post("/v1/notifications", start(), key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_repeated_after_a_restart_gets_the_first_answer(databases: Databases, tmp_path: Path) -> None:
    url, document, key = furnished(databases), start(), uuid4().hex

    def ask(world: World) -> Any:
        return world.as_(LEEDS, "emergency_duty", name="Sam Placer").post("/v1/notifications", document, key=key)

    with running_world(url, tmp_path) as before:
        first = ask(before)
    with running_world(url, tmp_path) as after:
        after.take_over(before)
        again = ask(after)
    assert first.status_code == 201
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"


def test_a_letter_whose_record_is_not_committed_is_not_handed_out(
    databases: Databases, world: World, sender: Caller
) -> None:
    path = f"/v1/notifications/{sender.post('/v1/notifications', start()).json()['id']}/letters"
    letter_id = next(each["letter_id"] for each in sender.get(path).json()["items"] if each["letter_id"])
    before = counted(world)
    with failing_commits(databases, world, "openings"):
        assert is_refused(sender.get(f"{path}/{letter_id}"), "not_recorded")
        assert counted(world) == before
    assert sender.get(f"{path}/{letter_id}").content.startswith(b"%PDF-")
    assert counted(world)["openings"] == before["openings"] + 1
