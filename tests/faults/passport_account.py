"""Holding passports against what their publishers were told: each version once, whole, and with its trace."""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row, Table, select

from app.children.models import child_keys
from app.db.engine import Database
from app.ledger.models import ledger_entries
from app.ledger.verify import verify
from app.outbox.models import outbox
from app.passports.models import passport_sections, passport_teams, passport_versions, passports
from app.settings import Settings
from app.vault.keys import load_keys
from app.vault.vault import Vault
from app.work.models import idempotency_keys
from tests.faults.senders import Recorded

_PUBLISHED = "passport.published"


class PassportAccount:
    """Every row about passports, read once, and what does not hold of them as sentences."""

    def __init__(self, database: Database, keys: Path) -> None:
        self._database = database
        settings = Settings(database_url="sqlite://", public_url="http://localhost", keys_dir=keys)
        self._vault = Vault(load_keys(settings))
        self.passports = {row.child_id: row for row in self._all(passports)}
        self.versions = self._all(passport_versions)
        self.sections = self._all(passport_sections)
        self.teams = self._all(passport_teams)
        self.keys = {(row.child_id, row.organisation_code): row for row in self._all(child_keys)}
        self.outbox = self._all(outbox)
        self.entries = {row.id: orjson.loads(row.body) for row in self._all(ledger_entries)}
        self.answers = self._all(idempotency_keys)

    def _all(self, table: Table) -> Sequence[Row[Any]]:
        with self._database.read() as connection:
            return connection.execute(select(table)).all()

    def faults(self, told: Sequence[Recorded]) -> list[str]:
        """What does not hold of these publications; an empty list when all of it holds."""
        checks = (
            self._against(told),
            self._versions_in_a_row(),
            self._entries(),
            self._messages(),
            self._words(),
            self._answers(told),
            self._holders(),
            self._ledger(),
        )
        return [fault for check in checks for fault in check]

    def _against(self, told: Sequence[Recorded]) -> Iterator[str]:
        """Each acknowledged publication stands under the version it was told, with the words it sent."""
        stands = {(row.child_id, row.section, row.version): row for row in self.sections}
        for each in told:
            if len(set(each.answers)) != 1:
                yield f"{each.path}: one key was given different answers"
            (section,) = each.answer["changed"]
            row = stands.get((each.answer["child_id"], section, each.answer["version"]))
            if row is None:
                yield f"{section} of version {each.answer['version']} was acknowledged and does not stand"
            elif self._opened(row) != self._without_recorder(orjson.loads(each.body)):
                yield f"{section} of version {each.answer['version']} says something else"
        if len(stands) != len(told):
            yield f"{len(stands)} sections were written, {len(told)} were asked for"

    def _opened(self, row: Row[Any]) -> Any:
        key = self.keys[row.child_id, row.organisation_code]
        secret = self._vault.unwrap(key.wrapped, key.master_key_id, row.child_id, row.organisation_code)
        bound = f"{row.child_id}|passport|{row.version}|{row.section}"
        return self._without_recorder(orjson.loads(self._vault.unseal(secret, bound, row.sealed)))

    def _without_recorder(self, section: dict[str, Any]) -> dict[str, Any]:
        section["provenance"].pop("recorded_by", None)
        return section

    def _versions_in_a_row(self) -> Iterator[str]:
        numbers = defaultdict(list)
        for row in self.versions:
            numbers[row.child_id].append(row.version)
        for child_id, row in self.passports.items():
            if sorted(numbers[child_id]) != list(range(1, row.version + 1)):
                yield f"{child_id} has version {row.version} and the versions {sorted(numbers[child_id])}"
            newest = [each for each in self.versions if (each.child_id, each.version) == (child_id, row.version)]
            if [_ages(row)] != [_ages(each) for each in newest]:
                yield f"{child_id} is not as its newest version left it"

    def _entries(self) -> Iterator[str]:
        """Each version has the entry of itself, and no entry tells of a version that does not stand."""
        stands = {row.entry_id: row for row in self.versions}
        for entry_id, entry in self.entries.items():
            if entry["action"] != _PUBLISHED:
                continue
            row = stands.pop(entry_id, None)
            if row is None:
                yield f"{entry_id} tells of a version that does not stand"
            elif (entry["subject"]["child"], entry["facts"]["version"]) != (row.child_id, row.version):
                yield f"version {row.version} has the entry of something else"
            elif entry["facts"]["sections"] != orjson.loads(row.changed):
                yield f"version {row.version} has an entry that names other sections"
        yield from (f"version {row.version} has no entry" for row in stands.values())

    def _messages(self) -> Iterator[str]:
        """The authority was told of each version it sees anything of: all of those here."""
        told = [row.entry_id for row in self.outbox if row.topic == _PUBLISHED]
        for row in self.versions:
            if told.count(row.entry_id) != 1:
                yield f"version {row.version} has {told.count(row.entry_id)} messages"

    def _words(self) -> Iterator[str]:
        """Of each section one row stands; each earlier one ends where the next begins."""
        rows = defaultdict(list)
        for row in self.sections:
            rows[row.child_id, row.section].append(row)
        for (child_id, name), held in rows.items():
            held.sort(key=lambda row: row.version)
            ends = [row.until_version for row in held]
            if ends != [row.version for row in held[1:]] + [None]:
                yield f"{name} of {child_id} does not follow itself"
            if orjson.loads(self.passports[child_id].sections)[name]["version"] != held[-1].version:
                yield f"{name} of {child_id} is older or newer than the passport says"

    def _answers(self, told: Sequence[Recorded]) -> Iterator[str]:
        """One answer is kept for each publication, the one that was given."""
        kept = []
        for row in self.answers:
            answer = orjson.loads(zlib.decompress(self._vault.unseal_own("answers", row.key_digest, row.answer)))
            if "changed" in answer:
                kept.append((answer["child_id"], answer["version"], *answer["changed"]))
        given = [(each.answer["child_id"], each.answer["version"], *each.answer["changed"]) for each in told]
        if sorted(kept) != sorted(given):
            yield f"{len(kept)} answers are kept of {len(given)} that were given, or others"

    def _holders(self) -> Iterator[str]:
        for child_id in self.passports:
            holding = [row for row in self.teams if row.child_id == child_id and row.holds]
            if len(holding) != 1:
                yield f"{child_id} is kept by {len(holding)} teams"

    def _ledger(self) -> Iterator[str]:
        with self._database.read() as connection:
            yield from verify(connection).faults


def _ages(row: Row[Any]) -> dict[str, int]:
    return {name: age["version"] for name, age in orjson.loads(row.sections).items()}
