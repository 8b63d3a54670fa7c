"""Years of notifications in a minute: one that was really sent, opened and acknowledged, copied with new ids."""

import psycopg
from psycopg import sql
from sqlalchemy import Table

from app.db.base import metadata

_COPIED = (
    "children",
    "child_keys",
    "ledger_entries",
    "ledger_leaves",
    "placements",
    "notifications",
    "recipients",
    "clocks",
    "openings",
    "acknowledgements",
    "outbox",
    "idempotency_keys",
)
_IDS = ("id", "child_id", "placement_id", "notification_id", "recipient_id", "entry_id")
_DIGESTS = ("key_digest", "local_id_index", "nhs_index", "identity_index", "reference_index")
_OLDER_ID = "substr({c}, 1, 4) || lpad(n::text, 10, '0') || substr({c}, 15)"
"""The ten characters of time become a number that sorts before today, so the copies are the older ones."""
_OTHER_DIGEST = "md5({c} || n) || md5(n || {c})"
_STILL_WAITING = "mod(n, 20) = 1"
"""One in twenty, and none of the team whose inbox is measured: what waits there is new, as it is in life."""
_SPECIAL = {
    "ledger_leaves.position": "1000000000 + n * 10 + position",
    "outbox.delivered_at": "created_at",
    "recipients.opened_at": f"CASE WHEN {_STILL_WAITING} THEN NULL ELSE sent_at END",
    "recipients.acknowledged_at": f"CASE WHEN {_STILL_WAITING} THEN NULL ELSE sent_at END",
    # Of its kind another body each time: an inbox of one team does not hold the whole country.
    "recipients.organisation_code": """
        CASE WHEN mod(n, 100) = 0 THEN organisation_code ELSE (
            SELECT codes[1 + mod(array_position(codes, code) + n, cardinality(codes))]
            FROM same_kind WHERE code = organisation_code
        ) END""",
}
_SAME_KIND = """
CREATE TEMP TABLE same_kind AS
SELECT one.code, array_agg(other.code ORDER BY other.code) AS codes
FROM organisations one JOIN organisations other ON other.kind = one.kind
WHERE one.code IN (SELECT organisation_code FROM recipients) GROUP BY one.code
"""


class Seed:
    """Copies what stands in a database now. Needs a superuser: foreign keys hold by construction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._copies = 1
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute(_SAME_KIND)
        for name in _COPIED:
            table = sql.Identifier(name)
            connection.execute(sql.SQL("CREATE TEMP TABLE {} AS TABLE {}").format(_kept(name), table))

    def grow_to(self, notifications: int) -> None:
        """Copy until so many are stored, and bring the planner's knowledge up to date."""
        for name in _COPIED:
            self._connection.execute(_copy(metadata.tables[name]), (self._copies, notifications - 1))
        self._copies = notifications
        self._connection.execute("VACUUM ANALYZE")
        self._connection.execute("CHECKPOINT")


def _kept(name: str) -> sql.Identifier:
    return sql.Identifier(f"kept_{name}")


def _copy(table: Table) -> sql.Composed:
    names = [column.name for column in table.columns]
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}, generate_series(%s::int, %s::int) n").format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.SQL(_copied(table.name, name)) for name in names),  # type: ignore[arg-type]
        _kept(table.name),
    )


def _copied(table: str, column: str) -> str:
    if special := _SPECIAL.get(f"{table}.{column}"):
        return special
    form = _OLDER_ID if column in _IDS else _OTHER_DIGEST if column in _DIGESTS else "{c}"
    return form.format(c=column)
