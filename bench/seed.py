"""Ten years of notifications: one that was really sent, opened and acknowledged, copied with new ids.

The copies are spread over the years, over all authorities as senders and as areas, and over the states of a
placement. The first thousand are denser, so that a page of a list is as full with few stored as with many.
"""

from collections.abc import Mapping, Sequence

import psycopg
from psycopg import sql
from sqlalchemy import Table

from app.db.base import metadata

COPIED = (
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
_DIGESTS = ("key_digest", "local_id_index", "nhs_number_index", "name_and_birth_index", "reference_index")
_OLDER_ID = "substr({c}, 1, 4) || stamp || substr({c}, 15)"
"""The ten characters of time become those of a moment of the last ten years."""
_STAMPS = """
CREATE TEMP TABLE stamps AS SELECT n, (
    SELECT string_agg(
        substr('0123456789abcdefghjkmnpqrstvwxyz', ((ms >> bits) & 31)::int + 1, 1), '' ORDER BY bits DESC
    )
    FROM generate_series(0, 45, 5) bits
) AS stamp
FROM generate_series(1, %s::int) n, LATERAL (
    SELECT (%s + (%s / %s) * n + CASE WHEN n < 1000 THEN 0 ELSE 2764800000 END)::bigint AS ms
) moment
"""
"""32 days lie after the first thousand, so that the report of their month is as full with few stored as with many."""
_TEN_YEARS_MS = 315_000_000_000
_TEN_YEARS_AGO_MS = 1_470_000_000_000
"""August 2016."""
_OTHER_DIGEST = "md5({c} || n) || md5(n || {c})"
_STILL_WAITING = "mod(n, 20) = 1"
"""One in twenty, and none of the team whose inbox is measured: what waits there is new, as it is in life."""
_DENSE = "n < 1000 AND mod(n, 2) = 0"
_SENDER = f"CASE WHEN {_DENSE} THEN organisation_code ELSE authorities[1 + mod(n, cardinality(authorities))] END"
_LIVES_ON = f"({_DENSE} OR mod(n / 200, 20) < 3)"
"""Three placements in twenty still go on."""
_SPECIAL = {
    "children.organisation_code": _SENDER,
    # The acknowledging organisation has a key of its own there.
    "child_keys.organisation_code": "CASE WHEN organisation_code <> sender THEN organisation_code ELSE "
    + _SENDER
    + " END",
    "notifications.organisation_code": _SENDER,
    "placements.organisation_code": _SENDER,
    # A copy of another child does not open: what lists show of these is of the one that was really sent.
    "placements.child_id": f"CASE WHEN {_DENSE} THEN child_id ELSE " + _OLDER_ID.format(c="child_id") + " END",
    "placements.host_area": f"""
        CASE WHEN {_DENSE} THEN host_area ELSE authorities[1 + mod(n + n / 200, cardinality(authorities))] END""",
    "placements.state": f"CASE WHEN {_LIVES_ON} THEN state ELSE 'ended' END",
    "placements.ended_on": f"CASE WHEN {_LIVES_ON} THEN NULL ELSE '2026-01-31' END",
    "placements.concern": "CASE WHEN mod(n / 2, 7) = 1 THEN 'unregistered_setting' END",
    "placements.concern_since": "CASE WHEN mod(n / 2, 7) = 1 THEN '2026-01-01' END",
    # So that the report of a month follows from the ledger as it does in life.
    "ledger_entries.body": """
        convert_to(
            regexp_replace(convert_from(body, 'UTF8'), '"(ntf|plc|chd|rcp)_.{10}', '"\\1_' || stamp, 'g'), 'UTF8'
        )""",
    "ledger_leaves.position": "1000000 + n * 20 + position",
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
_AUTHORITIES = """
CREATE TEMP TABLE senders AS SELECT array_agg(code ORDER BY code) AS authorities,
(SELECT min(organisation_code) FROM children) AS sender
FROM organisations WHERE kind = 'local_authority'
AND (code IN (SELECT organisation_code FROM children) OR code NOT IN (SELECT organisation_code FROM child_keys))
"""
_MORE_ENTRIES = """
WITH found AS (SELECT * FROM ledger_entries ORDER BY id DESC LIMIT 1)
INSERT INTO ledger_entries (id, at, body, nonce)
SELECT 'led_' || lpad(n::text, 26, '0'), at, convert_to('{"action":"placement.retrieved"}', 'UTF8'), nonce
FROM found, generate_series(%s::int, %s::int) n
"""
_MORE_LEAVES = """
INSERT INTO ledger_leaves (position, entry_id, leaf_hash)
SELECT 100000000 + n, 'led_' || lpad(n::text, 26, '0'), decode(md5(n::text) || md5(n::text), 'hex')
FROM generate_series(%s::int, %s::int) n
"""
_COPY = """
INSERT INTO {} ({}) SELECT {}
FROM senders, stamps, LATERAL (SELECT * FROM {} WHERE stamps.n > 0 OFFSET 0) kept
WHERE n BETWEEN %s AND %s
"""
"""One copy after another: what was written together lies together, as it does where it was really sent."""
_SAME_KIND = """
CREATE TEMP TABLE same_kind AS
SELECT one.code, array_agg(other.code ORDER BY other.code) AS codes
FROM organisations one JOIN organisations other ON other.kind = one.kind
WHERE one.code IN (SELECT organisation_code FROM recipients) GROUP BY one.code
"""


class Seed:
    """Copies what stands in a database now. Needs a superuser: foreign keys hold by construction."""

    def __init__(
        self,
        connection: psycopg.Connection,
        tables: Sequence[str] = COPIED,
        instead: Mapping[str, str] | None = None,
    ) -> None:
        """``instead``: what stands in a column (``table.column``) of the copies, in SQL."""
        self._tables, self._instead = tables, {**_SPECIAL, **(instead or {})}
        self._connection = connection
        self._copies = self._entries = 1
        connection.execute(_AUTHORITIES)
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute(_SAME_KIND)
        for name in tables:
            table = sql.Identifier(name)
            connection.execute(sql.SQL("CREATE TEMP TABLE {} AS TABLE {}").format(_kept(name), table))

    def grow_to(self, notifications: int, entries: int = 0, most: int = 0) -> None:
        """Copy until so many are stored, of ``most`` at the end, and bring the planner's knowledge up to date.

        ``entries``: how many further entries the ledger is to hold.
        """
        self._connection.execute("DROP TABLE IF EXISTS stamps")
        most = max(notifications, most)
        self._connection.execute(_STAMPS % (notifications, _TEN_YEARS_AGO_MS, _TEN_YEARS_MS, most))
        self._connection.execute("ANALYZE stamps")
        for name in self._tables:
            copy = _copy(metadata.tables[name], self._instead)
            self._connection.execute(copy, (self._copies, notifications - 1))
        if entries > self._entries:
            for more in (_MORE_ENTRIES, _MORE_LEAVES):
                self._connection.execute(more, (self._entries, entries - 1))
            self._entries = entries
        self._copies = notifications
        self._connection.execute("VACUUM ANALYZE")
        self._connection.execute("CHECKPOINT")


def _kept(name: str) -> sql.Identifier:
    return sql.Identifier(f"kept_{name}")


def _copy(table: Table, instead: Mapping[str, str]) -> sql.Composed:
    names = [column.name for column in table.columns]
    return sql.SQL(_COPY).format(
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(sql.SQL(_copied(table.name, name, instead)) for name in names),  # type: ignore[arg-type]
        _kept(table.name),
    )


def _copied(table: str, column: str, instead: Mapping[str, str]) -> str:
    if special := instead.get(f"{table}.{column}"):
        return special
    form = _OLDER_ID if column in _IDS else _OTHER_DIGEST if column in _DIGESTS else "{c}"
    return form.format(c=column)
