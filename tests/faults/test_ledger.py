"""The ledger when things go wrong: crashes, races, and somebody who rewrites history."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.engine import Database
from app.db.errors import Conflict, NotRecorded
from app.ledger.guards import install, missing_guards
from app.ledger.sequencer import Sequencer, sequence
from app.ledger.verify import MOST_FAULTS
from tests.faults.ledgers import Crash, Ledger

ADD_AND_SEQUENCE = """
import sys
from app.db.engine import Database
from app.ledger.sequencer import Sequencer
from tests.faults.ledgers import Ledger

database = Database(sys.argv[1])
Sequencer(database, 0.001).start()
ledger = Ledger(database, sys.argv[1], sys.argv[1])
ledger.add(5)
print("busy", flush=True)
while True:
    ledger.add()
"""


def until(true: Callable[[], bool]) -> None:
    """Wait up to 20 seconds for something to become true."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class TestCrashes:
    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_a_crash_at_any_statement_loses_nothing(self, ledger: Ledger, moment: str) -> None:
        added = ledger.add(3)
        step = 0
        while self._crashes(ledger, step, moment):
            report = ledger.verify()
            assert report.sound, report.faults
            assert (report.leaves, report.pending) == (0, 3)
            step += 1
        assert step >= 5
        assert ledger.in_order() == sorted(added)
        assert ledger.verify().sound

    def _crashes(self, ledger: Ledger, step: int, moment: str) -> bool:
        with ledger.crashing(step, moment):
            try:
                assert sequence(ledger.database) == 3
            except Crash:
                return True
        return False

    def test_a_commit_that_fails_loses_nothing(self, ledger: Ledger) -> None:
        ledger.add(3)

        def crash(_connection: Any) -> None:
            raise Crash

        event.listen(ledger.database._writer, "commit", crash)
        with pytest.raises(NotRecorded):
            sequence(ledger.database)
        event.remove(ledger.database._writer, "commit", crash)
        assert ledger.verify().pending == 3
        assert sequence(ledger.database) == 3
        assert ledger.verify().sound

    def test_a_process_killed_at_work_leaves_a_sound_ledger(self, ledger: Ledger) -> None:
        for delay in (0.0, 0.05, 0.13):
            with subprocess.Popen(
                [sys.executable, "-c", ADD_AND_SEQUENCE, ledger.url], stdout=subprocess.PIPE, text=True
            ) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "busy\n"
                time.sleep(delay)
                process.send_signal(signal.SIGKILL)
            report = ledger.verify()
            assert report.sound, report.faults
        while sequence(ledger.database):
            pass
        report = ledger.verify()
        assert report.sound
        assert report.entries == report.leaves >= 15

    def test_the_sequencer_goes_on_after_a_failure(self, ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
        ledger.add(3)
        with ledger.crashing(2, "before"):
            sequencer = Sequencer(ledger.database, 0.01)
            sequencer.start()
            until(lambda: "Crash" in {getattr(record, "error", None) for record in caplog.records})
        until(lambda: ledger.verify().leaves == 3)
        sequencer.stop()
        assert ledger.verify().sound


class TestRaces:
    def test_two_sequencers_give_every_entry_one_place(self, ledger: Ledger) -> None:
        other = Database(ledger.url)
        sequencers = [Sequencer(database, 0.001) for database in (ledger.database, other)]
        for sequencer in sequencers:
            sequencer.start()
        writers = [Thread(target=ledger.add, args=(40,)) for _ in range(3)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        until(lambda: ledger.verify().leaves == 120)
        for sequencer in sequencers:
            sequencer.stop()
        other.dispose()
        report = ledger.verify()
        assert report.sound, report.faults
        assert len(set(ledger.in_order())) == 120

    def test_the_loser_of_a_race_changes_nothing(self, ledger: Ledger) -> None:
        if ledger.database.is_sqlite:
            pytest.skip("the one writer of SQLite cannot lose")
        ledger.add(3)
        other = Database(ledger.url)

        def overtake(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("UPDATE ledger_head"):
                assert sequence(other) == 3

        event.listen(ledger.database._writer, "before_cursor_execute", overtake)
        assert sequence(ledger.database) == 0
        other.dispose()
        report = ledger.verify()
        assert report.sound
        assert (report.leaves, report.pending) == (3, 0)

    def test_batches_make_the_same_tree_as_one(self, ledger: Ledger) -> None:
        ledger.add(11)
        taken = [sequence(ledger.database, 4) for _ in range(4)]
        assert taken == [4, 4, 3, 0]
        assert ledger.verify().sound

    def test_verification_sees_one_moment_while_the_sequencer_works(self, ledger: Ledger) -> None:
        sequencer = Sequencer(ledger.database, 0.001)
        sequencer.start()
        writer = Thread(target=ledger.add, args=(100,))
        writer.start()
        while writer.is_alive():
            report = ledger.verify()
            assert report.sound, report.faults
        sequencer.stop()


class TestRewriting:
    @pytest.fixture(autouse=True)
    def entries(self, ledger: Ledger) -> list[str]:
        added = sorted(ledger.add(5))
        sequence(ledger.database)
        assert ledger.verify().sound
        return added

    def test_a_changed_byte_is_found_and_named(self, ledger: Ledger, entries: list[str]) -> None:
        body = "CAST(replace(CAST(body AS TEXT), 'notification.sent', 'notification.seen') AS BLOB)"
        if not ledger.database.is_sqlite:
            body = "set_byte(body, 20, 0)"
        ledger.tamper(f"UPDATE ledger_entries SET body = {body} WHERE id = '{entries[2]}'")
        report = ledger.verify()
        expected = f"Position 2, entry {entries[2]}: the entry's bytes do not give the hash of its leaf."
        assert expected in report.faults
        assert "The head's root does not follow from the entries." in report.faults

    def test_a_changed_time_beside_the_bytes_is_found(self, ledger: Ledger, entries: list[str]) -> None:
        ledger.tamper(f"UPDATE ledger_entries SET at = '2026-11-22T01:00:00.000Z' WHERE id = '{entries[1]}'")
        assert ledger.verify().faults == (
            f"Position 1, entry {entries[1]}: the entry's id or time differs from what its bytes say.",
        )

    def test_leaves_in_another_order_are_found(self, ledger: Ledger) -> None:
        ledger.tamper(
            "UPDATE ledger_leaves SET position = 99 WHERE position = 1",
            "UPDATE ledger_leaves SET position = 1 WHERE position = 3",
            "UPDATE ledger_leaves SET position = 3 WHERE position = 99",
        )
        assert "The head's root does not follow from the entries." in ledger.verify().faults

    def test_a_leaf_taken_out_is_found(self, ledger: Ledger, entries: list[str]) -> None:
        ledger.tamper("DELETE FROM ledger_leaves WHERE position = 2")
        faults = ledger.verify().faults
        assert "Position 2 is empty: the next leaf stands at position 3." in faults
        assert "The head counts 5 leaves, but there are 4." in faults
        assert f"Entry {entries[2]} is in neither the tree nor the pending list." in faults

    def test_an_entry_lost_before_it_was_sequenced_is_found(self, ledger: Ledger) -> None:
        (lost,) = ledger.add()
        ledger.tamper("DELETE FROM ledger_pending")
        assert ledger.verify().faults == (f"Entry {lost} is in neither the tree nor the pending list.",)

    def test_an_entry_in_both_places_is_found(self, ledger: Ledger, entries: list[str]) -> None:
        ledger.tamper(f"INSERT INTO ledger_pending (entry_id) VALUES ('{entries[4]}')")
        assert ledger.verify().faults == (f"Entry {entries[4]} is pending although it stands at position 4.",)
        with pytest.raises((Conflict, IntegrityError)):
            sequence(ledger.database)

    def test_a_head_put_back_is_found(self, ledger: Ledger) -> None:
        ledger.tamper("UPDATE ledger_head SET size = 4")
        assert ledger.verify().faults == ("The head counts 4 leaves, but there are 5.",)

    def test_a_missing_head_is_found(self, ledger: Ledger) -> None:
        ledger.tamper("DELETE FROM ledger_head")
        assert "The head counts 0 leaves, but there are 5." in ledger.verify().faults

    def test_an_entry_removed_past_the_foreign_keys_is_found(self, ledger: Ledger, entries: list[str]) -> None:
        if not ledger.database.is_sqlite:
            pytest.skip("the owner cannot switch foreign keys off")
        (waiting,) = ledger.add()
        ledger.tamper(f"DELETE FROM ledger_entries WHERE id IN ('{entries[0]}', '{waiting}')")
        assert ledger.verify().faults == (
            f"Position 0, entry {entries[0]}: the entry does not exist.",
            f"Entry {waiting} is pending but does not exist.",
        )

    def test_many_faults_are_counted_and_the_first_are_told(self, ledger: Ledger) -> None:
        ledger.add(30)
        ledger.tamper("DELETE FROM ledger_pending")
        report = ledger.verify()
        assert (report.fault_count, len(report.faults)) == (30, MOST_FAULTS)


class TestGuards:
    FORBIDDEN = (
        "UPDATE ledger_entries SET at = 'x'",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_leaves SET position = position + 100",
        "DELETE FROM ledger_leaves",
        "UPDATE ledger_head SET size = size - 1",
        "UPDATE ledger_head SET size = size",
        "DELETE FROM ledger_head",
    )
    SQLITE_ONLY = (
        "INSERT OR REPLACE INTO ledger_entries SELECT id, at, x'00', nonce FROM ledger_entries",
        "INSERT OR REPLACE INTO ledger_leaves SELECT position + 100, entry_id, leaf_hash FROM ledger_leaves",
        "INSERT OR REPLACE INTO ledger_leaves SELECT position, 'other', leaf_hash FROM ledger_leaves",
        "INSERT OR REPLACE INTO ledger_head VALUES (1, 0, '[]', 'x')",
        "UPDATE OR REPLACE ledger_entries SET id = 'x'",
    )
    POSTGRESQL_ONLY = (
        "TRUNCATE ledger_entries CASCADE",
        "TRUNCATE ledger_leaves",
        "TRUNCATE ledger_head",
        "INSERT INTO ledger_leaves TABLE ledger_leaves ON CONFLICT (position) DO UPDATE SET leaf_hash = 'x'",
    )

    def test_even_the_owner_is_refused(self, ledger: Ledger) -> None:
        ledger.add(2)
        sequence(ledger.database)
        more = self.SQLITE_ONLY if ledger.database.is_sqlite else self.POSTGRESQL_ONLY
        engine = create_engine(ledger.owner_url)
        for statement in self.FORBIDDEN + more:
            with (
                pytest.raises(DBAPIError, match="the ledger is never rewritten"),
                engine.begin() as connection,
            ):
                connection.exec_driver_sql(statement)
        engine.dispose()
        assert ledger.verify().sound

    def test_the_role_of_the_service_has_no_right_to_try(self, ledger: Ledger) -> None:
        if ledger.database.is_sqlite:
            pytest.skip("SQLite has no roles")
        for statement in (
            *(each for each in self.FORBIDDEN if "UPDATE ledger_head" not in each),
            *self.POSTGRESQL_ONLY,
            "INSERT INTO ledger_head VALUES (2, 0, '[]', 'x')",
            "UPDATE ledger_pending SET entry_id = 'x'",
            "DELETE FROM outbox",
            "UPDATE alembic_version SET version_num = 'x'",
            "CREATE TABLE more (id int)",
            "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):  # noqa: SIM117
                with ledger.database._writer.begin() as connection:
                    connection.exec_driver_sql(statement)

    def test_a_guard_that_is_gone_or_hollow_is_named_and_put_back(self, ledger: Ledger) -> None:
        is_sqlite = ledger.database.is_sqlite
        hollow = (
            (
                "DROP TRIGGER ledger_entries_no_delete",
                "DROP TRIGGER ledger_leaves_no_update",
                "CREATE TRIGGER ledger_leaves_no_update BEFORE UPDATE ON ledger_leaves BEGIN SELECT 1; END",
            )
            if is_sqlite
            else (
                "DROP TRIGGER ledger_entries_no_change ON ledger_entries",
                "ALTER TABLE ledger_leaves DISABLE TRIGGER ledger_leaves_no_change",
                "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
            )
        )
        expected = (
            ["ledger_entries_no_delete", "ledger_leaves_no_update"]
            if is_sqlite
            else ["ledger_entries_no_change", "ledger_head_no_removal", "ledger_leaves_no_change"]
        )
        engine = create_engine(ledger.owner_url)
        with engine.begin() as connection:
            assert missing_guards(connection) == []
            for statement in hollow:
                connection.execute(text(statement))
            assert missing_guards(connection) == expected
            install(connection)
            assert missing_guards(connection) == []
        engine.dispose()
        with ledger.database.read() as connection:
            assert missing_guards(connection) == []
