"""The guards in SQLite's words: triggers that abort.

INSERT OR REPLACE deletes the old row without firing its delete triggers, so an insert over an existing row
is refused as well.
"""

_NAMES = {
    "ledger_entries": ("id",),
    "ledger_leaves": ("position", "entry_id"),
    "ledger_head": ("id",),
}
"""The guarded tables, and the columns that say which row is meant."""


def _abort(name: str, event: str, table: str, when: str = "") -> tuple[str, str]:
    condition = f" WHEN {when}" if when else ""
    refusal = f"SELECT RAISE(ABORT, '{table} refuses this: the ledger is never rewritten')"
    return name, f"CREATE TRIGGER {name} BEFORE {event} ON {table}{condition} BEGIN {refusal}; END"


def _guards(table: str, columns: tuple[str, ...]) -> list[tuple[str, str]]:
    same = " OR ".join(f"{column} = NEW.{column}" for column in columns)
    taken = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608
    going_back = "NEW.id <> OLD.id OR NEW.size <= OLD.size" if table == "ledger_head" else ""
    return [
        _abort(f"{table}_no_delete", "DELETE", table),
        _abort(f"{table}_no_replace", "INSERT", table, taken),
        _abort(f"{table}_no_update", "UPDATE", table, going_back),
    ]


EXPECTED = tuple(guard for table, columns in _NAMES.items() for guard in _guards(table, columns))
"""Name and text of each trigger, as SQLite keeps them."""

STATEMENTS = tuple(statement for name, ddl in EXPECTED for statement in (f"DROP TRIGGER IF EXISTS {name}", ddl))
STANDING = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
