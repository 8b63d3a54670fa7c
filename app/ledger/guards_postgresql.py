"""The guards in PostgreSQL's words: triggers that refuse TRUNCATE too and fire in every replication role.

The service's role holds no right to what they refuse; they stand in the way of the owner.
"""

_REFUSE = """
BEGIN
    RAISE EXCEPTION '% refuses %: the ledger is never rewritten', TG_TABLE_NAME, TG_OP;
END
"""
_ONLY_GROW = """
BEGIN
    IF NEW.id <> OLD.id OR NEW.size <= OLD.size THEN
        RAISE EXCEPTION '% refuses to go back: the ledger is never rewritten', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END
"""

_FUNCTIONS = {"ledger_refuse": _REFUSE, "ledger_only_grow": _ONLY_GROW}
_TRIGGERS = (
    # name, table, events, level, function, and PostgreSQL's own number for all of that (pg_trigger.tgtype)
    (
        "ledger_entries_no_change",
        "ledger_entries",
        "UPDATE OR DELETE OR TRUNCATE",
        "STATEMENT",
        "ledger_refuse",
        58,
    ),
    ("ledger_head_no_removal", "ledger_head", "DELETE OR TRUNCATE", "STATEMENT", "ledger_refuse", 42),
    ("ledger_head_only_grow", "ledger_head", "UPDATE", "ROW", "ledger_only_grow", 19),
    (
        "ledger_leaves_no_change",
        "ledger_leaves",
        "UPDATE OR DELETE OR TRUNCATE",
        "STATEMENT",
        "ledger_refuse",
        58,
    ),
)

EXPECTED = tuple((name, table, code, "A", _FUNCTIONS[function]) for name, table, _, _, function, code in _TRIGGERS)
"""Name, table, type, enabled (A: always) and function text of each trigger, as PostgreSQL keeps them."""

STATEMENTS = (
    *(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard${source}$guard$"
        for name, source in _FUNCTIONS.items()
    ),
    *(
        statement
        for name, table, events, level, call, _ in _TRIGGERS
        for statement in (
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH {level} EXECUTE FUNCTION {call}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
        )
    ),
)
STANDING = """
SELECT tgname, relname, tgtype, tgenabled::text, prosrc
  FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
 WHERE NOT tgisinternal AND tgqual IS NULL AND pg_table_is_visible(tgrelid)
"""
