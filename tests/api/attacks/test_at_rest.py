"""Somebody who holds the service's role, or an account on its machine, and no key."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db.engine import Database
from app.db.migrate import migrate
from tests.api.placements.stories import tell
from tests.world import SHROPSHIRE, World


@pytest.mark.parametrize("table", ["openings", "acknowledgements", "recalls", "assertions", "child_corrections"])
def test_the_role_of_the_service_rewrites_no_account_of_who_saw_and_said_what(world: World, table: str) -> None:
    if world.database.is_sqlite:
        pytest.skip("a file has no roles")
    for change in (f"UPDATE {table} SET child_id = child_id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(DBAPIError, match="permission denied"), world.database.write() as connection:
            connection.execute(text(change.replace("child_id", _A_COLUMN.get(table, "child_id"))))


_A_COLUMN = {"acknowledgements": "outcome", "recalls": "reason", "assertions": "jti"}


def test_nobody_else_on_the_machine_reads_a_database_made_here_or_its_log(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    migrate(url)
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("DELETE FROM ledger_pending"))
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.glob("service.db*")}
    database.dispose()
    assert set(modes) >= {"service.db", "service.db-wal"}
    assert set(modes.values()) == {0o600}


def test_sealed_words_moved_to_another_notification_do_not_open_there(world: World) -> None:
    one, other = tell(world), tell(world)
    host = world.as_(SHROPSHIRE, name="Bryn Edwards")
    put = text("UPDATE notifications SET sealed = :sealed WHERE id = :id")
    with world.database.write() as connection:
        held = {row.id: row.sealed for row in connection.execute(text("SELECT id, sealed FROM notifications"))}
        connection.execute(put, {"sealed": held[one.notification], "id": other.notification})
    try:
        answer = host.get(f"/v1/notifications/{other.notification}")
        assert (answer.status_code, answer.json()["code"]) == (500, "damaged")
        # The list of a duty team goes on without it.
        assert host.get("/v1/register?limit=200").status_code == 200
    finally:
        with world.database.write() as connection:
            connection.execute(put, {"sealed": held[other.notification], "id": other.notification})
