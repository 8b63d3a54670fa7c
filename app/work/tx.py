"""One open transaction, and what may be done in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Row, Select, Table, Update

from app.db import rows
from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.ledger import record
from app.ledger.actions import Action
from app.ledger.models import ledger_entries, ledger_pending
from app.outbox import publish
from app.outbox.models import outbox
from app.rules.working_time import london_day
from app.security.principal import Caller
from app.work.good_standing import GoodStanding
from app.work.resources import Resources

Actor = Mapping[str, str | None]


class Tx:
    """Reads at once, collects writes, and flushes them together just before the commit.

    A read therefore does not see what the same unit added: decide first, then add. ``at`` is the one time of
    everything that happens in the unit.
    """

    def __init__(
        self,
        connection: Connection,
        resources: Resources,
        caller: Caller | None,
        actor: Actor | None = None,
        standing: GoodStanding | None = None,
    ) -> None:
        self._connection = connection
        self._standing = standing or GoodStanding(connection, None)
        self._rows: dict[Table, list[Mapping[str, Any]]] = {}
        self._changes: list[rows.Change] = []
        self.caller = caller
        self._actor = actor or actor_of(caller)
        self.vault = resources.vault
        self.now = resources.clock()
        self.at = utc_text(self.now)

    @property
    def today(self) -> str:
        """The day it is in London, as ISO text: law and practice count days there."""
        return london_day(self.now).isoformat()

    @property
    def by(self) -> Caller:
        """The authenticated caller. Raises RuntimeError in work of the service itself."""
        if self.caller is None:
            raise RuntimeError("nobody is calling")
        return self.caller

    def one(self, statement: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
        """The only row, or None."""
        return next(iter(self.all(statement, values)), None)

    def all(self, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Every row; the statement bounds how many."""
        return self._standing.ask(statement, values)

    def add(self, table: Table, *added: Mapping[str, Any]) -> None:
        """Insert rows at the flush. All rows of one table have the same columns in the same order."""
        if added:
            self._rows.setdefault(table, []).extend(added)

    def change(self, statement: Update | Delete, values: Mapping[str, Any], touching: int | None = 1) -> None:
        """Apply a statement at the flush, after the inserts; another number of rows than ``touching`` is a Conflict."""
        self._changes.append(rows.Change(statement, values, touching))

    def record(self, action: Action, subject: Mapping[str, str | None], **facts: Any) -> str:
        """Write what happened to the ledger, in this transaction. Returns the entry's id."""
        entry_id = new_id("led")
        entry, pending = record.entry(entry_id, self.at, action, self._actor, subject, facts)
        self.add(ledger_entries, entry)
        self.add(ledger_pending, pending)
        return entry_id

    def publish(self, topic: str, organisation: str, function: str, entry_id: str, **about: str | None) -> None:
        """Leave a message for a party in the outbox, in this transaction."""
        self.add(outbox, publish.message(topic, organisation, function, entry_id, self.at, **about))

    def flush(self) -> None:
        """Send everything collected to the database. Raises Conflict, Busy."""
        rows.write(self._connection, self._rows, self._changes)


def actor_of(caller: Caller | None) -> Actor:
    """How an entry names who acted: organisations and references, never a name."""
    if caller is None:
        return {"service": "placement_notify"}
    return {
        "client": caller.client_id,
        "organisation": caller.organisation,
        "client_organisation": caller.client_organisation,
        "function": caller.function,
        "practitioner": caller.practitioner_id,
        "purpose": caller.purpose,
        "assertion": caller.assertion_digest,
    }
