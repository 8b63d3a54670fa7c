"""Every question has its index: nothing is read whole on either database, however much is stored."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, Select, create_engine

from app.audit import queries as audit
from app.db.base import metadata
from app.placements import queries
from tests.databases import Databases

VALUES: dict[str, Any] = {
    "placement_id": "plc_a",
    "child_id": "chd_a",
    "organisation": "E06000051",
    "function": "social_care",
    "practitioner_id": "prc_a",
    "ids": ["ntf_a", "ntf_b"],
    "state": "active",
    "after": "plc_a",
    "before": "opn_a",
    "limit": 51,
    **{f"after_{prefix}": f"{prefix}_a" for prefix in ("ntf", "opn", "ack", "rcl", "cor")},
}
CHEAP: dict[str, tuple[Select[Any], str]] = {
    "open a placement": (queries.TO_OPEN, "ix_recipients_placement_id_organisation_code_function"),
    "last seen": (queries.TO_OPEN, "ix_openings_seen_again"),
    "stand": (queries.STANDING, "ix_recipients_placement_id_organisation_code_function"),
    "frames": (queries.FRAMES, "notifications"),
    "clocks": (queries.CLOCKS_OF, "ix_clocks_placement_id_code"),
    "recipients": (queries.RECIPIENTS, "ix_recipients_placement_id_organisation_code_function"),
    "register": (queries.REGISTER, "ix_placements_host_area_state_id"),
    "whole timeline": (queries.TIMELINE["placing"], "ix_openings_placement_id_id"),
    "corrections": (queries.TIMELINE["placing"], "ix_child_corrections_child_id_id"),
    "host timeline": (queries.TIMELINE["host"], "ix_notifications_placement_id_id"),
    "told": (queries.TOLD, "recipients"),
    "who may read the account": (audit.STANDING, "children"),
    "account": (audit.SEEN, "ix_openings_child_id_id"),
}


@pytest.fixture(scope="module")
def connection(databases: Databases) -> Iterator[Connection]:
    engine = create_engine(databases.fresh(), poolclass=NullPool)
    with engine.connect() as opened:
        if opened.dialect.name == "postgresql":
            # The tables are empty, and an empty table is cheapest read whole; what counts is whether it must be.
            for choice in ("enable_seqscan", "enable_bitmapscan"):
                opened.exec_driver_sql(f"SET {choice} = off")
        yield opened


def plan(connection: Connection, statement: Select[Any]) -> str:
    """How the database would answer, as it says itself."""
    used = {name: VALUES[name] for name in statement.compile().params if name in VALUES}
    asked = statement.compile(dialect=connection.dialect).construct_expanded_state(used)
    is_sqlite = connection.dialect.name == "sqlite"
    given: Any = asked.positional_parameters if is_sqlite else asked.parameters
    verb = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    explained = connection.exec_driver_sql(f"{verb} {asked.statement}", given)
    return "\n".join(str(row[-1]) for row in explained)


@pytest.mark.parametrize("question", CHEAP)
def test_no_question_reads_a_table_whole(connection: Connection, question: str) -> None:
    statement, index = CHEAP[question]
    how = plan(connection, statement)
    assert index in how
    assert "Seq Scan" not in how
    assert not any(f"SCAN {table}" in how for table in (*metadata.tables, "seen")), how
