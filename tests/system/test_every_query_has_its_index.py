"""Every question has its index: nothing is read whole on either database, however much is stored.

The statements are found, not listed: a new one in any ``queries`` module is asked for its plan here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, Delete, NullPool, Select, Update, create_engine

import app.access.issue
import app.access.people
import app.assessments.part_queries
import app.assessments.queries
import app.assessments.waiting_queries
import app.audit.queries
import app.children.queries
import app.documents.queries
import app.ledger.following
import app.letters.queries
import app.lives.keeping_queries
import app.lives.queries
import app.lives.resuming_queries
import app.notifications.queries
import app.oversight.months
import app.oversight.queries
import app.passports.queries
import app.placements.calendar
import app.placements.changes
import app.placements.ending_queries
import app.placements.queries
import app.placements.search_queries
import app.placements.timeline_queries
import app.transfers.changes
import app.transfers.queries
import app.work.unit
from app.db.base import metadata
from app.oversight.models import COUNTS
from app.oversight.policy import TIMES
from tests.databases import Databases

Statement = Select[Any] | Update | Delete
MODULES = (
    app.access.issue,
    app.access.people,
    app.assessments.part_queries,
    app.assessments.queries,
    app.assessments.waiting_queries,
    app.audit.queries,
    app.children.queries,
    app.lives.keeping_queries,
    app.lives.queries,
    app.lives.resuming_queries,
    app.ledger.following,
    app.letters.queries,
    app.documents.queries,
    app.notifications.queries,
    app.passports.queries,
    app.oversight.months,
    app.oversight.queries,
    app.placements.calendar,
    app.placements.ending_queries,
    app.placements.changes,
    app.placements.queries,
    app.placements.search_queries,
    app.placements.timeline_queries,
    app.transfers.changes,
    app.transfers.queries,
    app.work.unit,
)
_NUMBERS = {
    "limit",
    "before",
    "sends",
    "position",
    "from_position",
    "was",
    "now",
    "number",
    "b_below",
    "b_settled",
    "b_told",
    "b_version",
    "b_was",
    "version",
}
COUNTED = {f"b_{name}" for name in (*COUNTS, *TIMES)}
NAMED = {
    "assessments.queries.TO_TELL": "ix_assessments_to_tell",
    "assessments.waiting_queries.LISTS no_passport": "ix_children_in_care",
    "assessments.waiting_queries.LISTS overdue": "ix_assessments_open",
    "assessments.waiting_queries.LISTS declined": "ix_assessments_open",
    "assessments.waiting_queries.LISTS unread": "ix_assessment_readers_unread",
    "assessments.waiting_queries.LISTS unread_by_others": "ix_assessment_readers_unread",
    "assessments.waiting_queries.LISTS recommendations": "ix_assessment_recommendations_undone",
    "placements.queries.TO_OPEN": "ix_openings_seen_again",
    "placements.queries.REGISTER": "ix_placements_host_area_state_id",
    "placements.queries.CLOCKS_OF": "ix_clocks_placement_id_code",
    "placements.timeline_queries.TIMELINE whole": "ix_openings_placement_id_id",
    "placements.timeline_queries.TIMELINE own": "ix_notifications_placement_id_id",
    "placements.calendar.END": "ix_placements_ending",
    "audit.queries.SEEN": "ix_openings_child_id_id",
    "audit.queries.SEEN_OF_PLACEMENT": "ix_openings_placement_id_id",
    "lives.queries.HISTORY": "ix_placements_child_id_id",
    "lives.queries.TRANSFERS from_us": "ix_responsibility_transfers_from",
    "lives.queries.TRANSFERS to_us": "ix_responsibility_transfers_to",
    "placements.calendar._COMING_OF_AGE": "ix_children_adult_in_id",
    "passports.queries.STANDING": "ix_openings_passport_seen_again",
    "transfers.queries.UNSETTLED to_us": "ix_passport_transfers_to",
    "transfers.queries.UNSETTLED from_us": "ix_passport_transfers_from",
    "transfers.queries.UNSETTLED placed_by_us": "ix_passport_transfers_authority",
    "transfers.queries.OF_CHILD": "ix_passport_transfers_child_id_id",
    "transfers.queries.STEPS": "ix_passport_transfer_steps_transfer_id_id",
    "passports.queries.SEEN_BY_TEAM": "ix_openings_passport_seen_again",
    "passports.queries.CURRENT": "ix_passport_sections_current",
    "passports.queries.READERS": "ix_passport_teams_in_force",
    "placements.search_queries.CHILDREN nhs_number": "ix_children_nhs_number_index",
    "placements.search_queries.CHILDREN name_and_birth": "ix_children_name_and_birth_index",
    "placements.search_queries.OF_CHILDREN": "ix_placements_child_id_id",
    "placements.search_queries.IN_AREA": "ix_placements_host_area_state_id",
    "placements.search_queries.SEARCHED": "ix_searches_practitioner_id_at",
    "oversight.queries.UNREGISTERED placing": "ix_placements_concern_of_sender",
    "oversight.queries.OUT_OF_AREA placing": "ix_placements_away",
    "oversight.queries.OUT_OF_AREA host": "ix_placements_host_area_state_id",
    "oversight.queries.TOLD_IN": "ix_notifications_organisation_code_id",
    "oversight.months.DUE": "ix_oversight_months_due",
    "oversight.months.SENT_IN": "ix_notifications_organisation_code_id",
    "notifications.queries.INBOX waiting": "ix_recipients_waiting",
    "notifications.queries.INBOX overdue": "ix_recipients_waiting",
    "notifications.queries.INBOX all": "ix_recipients_organisation_code_function_id",
    "notifications.queries.PARTIES": "ix_recipients_placement_id",
    "placements.queries.RECIPIENTS": "ix_recipients_placement_id",
    "notifications.queries.SENT": "ix_notifications_organisation_code_id",
    "notifications.queries.END_ACCESS": "ix_recipients_",
}
"""The index that some of them must use by name: where another would do, but would grow."""


BY_HASH = {
    "ix_children_id_hash": (
        "placements.queries.STANDING",
        "notifications.queries.TO_OPEN",
        "passports.queries.STANDING",
    ),
    "ix_placements_id_hash": ("placements.queries.STANDING", "placements.queries.TO_OPEN"),
    "ix_notifications_id_hash": ("notifications.queries.TO_OPEN", "notifications.queries.TO_ACKNOWLEDGE"),
    "ix_ledger_entries_id_hash": (),
}
"""On PostgreSQL: the index that makes looking up one row cost the same however many there are, and who needs it."""


def found() -> Iterator[tuple[str, Statement]]:
    for module in MODULES:
        home = module.__name__.removeprefix("app.")
        for name, held in vars(module).items():
            several = held if isinstance(held, Mapping) else {"": held}
            for each, statement in several.items():
                if isinstance(statement, (Select, Update, Delete)):
                    yield f"{home}.{name} {each}".strip(), statement


STATEMENTS = dict(found())


@pytest.fixture(scope="module")
def connection(databases: Databases) -> Iterator[Connection]:
    engine = create_engine(databases.fresh(), poolclass=NullPool)
    with engine.connect() as opened:
        if opened.dialect.name == "postgresql":
            # The tables are empty, and an empty table is cheapest read whole; what counts is whether it must be.
            for choice in ("enable_seqscan", "enable_bitmapscan"):
                opened.exec_driver_sql(f"SET {choice} = off")
        yield opened


def plan(connection: Connection, statement: Statement) -> str:
    """How the database would answer, as it says itself."""
    compiled = statement.compile(dialect=connection.dialect)
    values = {name: _value(name) for name, given in compiled.params.items() if given is None}
    asked = compiled.construct_expanded_state(values)
    is_sqlite = connection.dialect.name == "sqlite"
    given: Any = asked.positional_parameters if is_sqlite else asked.parameters
    verb = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    explained = connection.exec_driver_sql(f"{verb} {asked.statement}", given)
    return "\n".join(str(row[-1]) for row in explained)


def _value(name: str) -> Any:
    if name in COUNTED:
        return 1
    if name == "digests":
        return '["ntf_a", "ntf_b"]'
    if name in ("ids", "authorities"):
        return ["ntf_a", "ntf_b"]
    if name in _NUMBERS:
        return 51
    if "sealed" in name:
        return b"sealed"
    return "active" if name == "state" else f"{name[:3]}_a"


@pytest.mark.parametrize("question", STATEMENTS)
def test_no_question_reads_a_table_whole(connection: Connection, question: str) -> None:
    how = plan(connection, STATEMENTS[question])
    assert NAMED.get(question, "") in how, how
    assert "Seq Scan" not in how, how
    tables = (*metadata.tables, "seen", "own_key", "asked", "from_key", "to_key")
    assert not any(f"SCAN {table}" in how for table in tables), how


@pytest.mark.parametrize(("index", "question"), [(index, each) for index, all_ in BY_HASH.items() for each in all_])
def test_one_row_is_looked_up_by_hash(connection: Connection, index: str, question: str) -> None:
    if connection.dialect.name == "postgresql":
        assert index in plan(connection, STATEMENTS[question])


@pytest.mark.parametrize("index", BY_HASH)
def test_a_foreign_key_is_checked_by_hash(connection: Connection, index: str) -> None:
    """What the database asks itself for every row that names another: fifty times for a page of a list."""
    if connection.dialect.name == "postgresql":
        table = index.removeprefix("ix_").removesuffix("_id_hash")
        check = f"SELECT 1 FROM ONLY {table} x WHERE id = 'one'"
        assert index in str(connection.exec_driver_sql(f"EXPLAIN {check}").all())


def test_every_index_by_hash_is_wanted_by_somebody(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        made = connection.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%% USING hash %%'")
        assert {row[0] for row in made} == {
            *BY_HASH,
            "ix_children_nhs_number_index",
            "ix_children_name_and_birth_index",
            "ix_recipients_placement_id",
            "ix_recipients_notification_id",
        }


def test_the_named_ones_are_there() -> None:
    assert NAMED.keys() <= STATEMENTS.keys()
    assert len(STATEMENTS) > 40
