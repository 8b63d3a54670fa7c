"""Holding a database against what its clients were told: nothing lost, nothing twice, no act without its trace."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row, Table, select

from app.children.models import children
from app.db.engine import Database
from app.ledger.models import ledger_entries
from app.ledger.verify import verify
from app.outbox.models import outbox
from app.placements.models import acknowledgements, notifications, recipients
from app.settings import Settings
from app.vault.keys import load_keys
from app.vault.vault import Vault
from app.work.models import idempotency_keys
from tests.faults.senders import Recorded
from tests.world import LEEDS

_ACTS = {
    "notification.sent": "notification",
    "notification.updated": "notification",
    "notification.acknowledged": "recipient",
}


class Account:
    """Everything that stands in a database, read once, and its faults as sentences."""

    def __init__(self, database: Database, keys: Path) -> None:
        self._database = database
        settings = Settings(database_url="sqlite://", public_url="http://localhost", keys_dir=keys)
        self._vault = Vault(load_keys(settings))
        self.notifications = self._all(notifications)
        self.acknowledgements = self._all(acknowledgements)
        self.recipients = self._all(recipients)
        self.children = self._all(children)
        self.outbox = self._all(outbox)
        self.entries = {row.id: orjson.loads(row.body) for row in self._all(ledger_entries)}
        self.answers = self._all(idempotency_keys)

    def _all(self, table: Table) -> Sequence[Row[Any]]:
        with self._database.read() as connection:
            return connection.execute(select(table)).all()

    def faults(self, told: Sequence[Recorded]) -> list[str]:
        """What does not hold of these acts; an empty list when all of it holds."""
        checks = (
            self._against(told),
            self._answers_without_acts(),
            self._notifications(),
            self._acknowledgements(),
            self._children(),
            self._entries_without_acts(),
            self._ledger(),
        )
        return [fault for check in checks for fault in check]

    def _against(self, told: Sequence[Recorded]) -> Iterator[str]:
        """Every answer stands, once; and nobody was told two things."""
        stands = Counter(row.id for row in (*self.notifications, *self.acknowledgements))
        references = Counter(row.reference_index for row in self.notifications)
        for each in told:
            if len(set(each.answers)) != 1:
                yield f"{each.act}: one key was given different answers"
            if stands[each.answer["id"]] != 1:
                yield f"{each.act}: {each.answer['id']} was answered and stands {stands[each.answer['id']]} times"
            if each.act != "acknowledge" and references[self._reference(each)] != 1:
                yield f"{each.act}: its reference stands {references[self._reference(each)]} times"
        if sum(stands.values()) != len(told):
            yield f"{sum(stands.values())} acts stand, {len(told)} were asked for"

    def _reference(self, told: Recorded) -> str:
        return self._vault.index("reference", f"{LEEDS}|{orjson.loads(told.body)['reference']}")

    def _answers_without_acts(self) -> Iterator[str]:
        stands = {row.id for row in (*self.notifications, *self.acknowledgements)}
        for row in self.answers:
            packed = self._vault.unseal_own("answers", row.key_digest, row.answer)
            answer = orjson.loads(zlib.decompress(packed))
            if answer["id"] not in stands:
                yield f"an answer about {answer['id']} is kept, but it does not stand"
        if len(self.answers) != len(stands):
            yield f"{len(self.answers)} answers are kept of {len(stands)} acts"

    def _notifications(self) -> Iterator[str]:
        """Each has its entry, its recipients, and one message for each of them."""
        told, messages = defaultdict(list), Counter((row.entry_id, row.recipient_id) for row in self.outbox)
        for row in self.recipients:
            told[row.notification_id].append(row)
        for row in self.notifications:
            entry = self.entries[row.entry_id]
            if entry["subject"]["notification"] != row.id or entry["facts"]["version"] != row.version:
                yield f"{row.id} has the entry of something else"
            named = sorted(f"{each.organisation_code}.{each.function}" for each in told[row.id])
            if named != sorted(entry["facts"]["recipients"]):
                yield f"{row.id} has not the recipients that its entry names"
            if any(messages[row.entry_id, each.id] != 1 for each in told[row.id]):
                yield f"{row.id} has not one message for each recipient"

    def _acknowledgements(self) -> Iterator[str]:
        messages = Counter(row.entry_id for row in self.outbox)
        for row in self.acknowledgements:
            if self.entries[row.entry_id]["subject"]["recipient"] != row.recipient_id:
                yield f"{row.id} has the entry of something else"
            if messages[row.entry_id] != 1:
                yield f"{row.id} has {messages[row.entry_id]} messages to the sender"

    def _children(self) -> Iterator[str]:
        for row in self.children:
            if self.entries[row.entry_id]["subject"]["child"] != row.id:
                yield f"{row.id} has the entry of something else"

    def _entries_without_acts(self) -> Iterator[str]:
        acts = {row.entry_id for row in (*self.notifications, *self.acknowledgements)}
        for entry_id, entry in self.entries.items():
            if entry["action"] in _ACTS and entry_id not in acts:
                yield f"{entry_id} tells of an act that does not stand"

    def _ledger(self) -> Iterator[str]:
        with self._database.read() as connection:
            yield from verify(connection).faults
