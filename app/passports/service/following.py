"""A passport that follows a child to another authority: its newest words, sealed anew for the new record.

Each section keeps its writer, its dates and its last confirmation, under a key its writer has for the new record: the
words stay their writer's, and erasing either record leaves the other its own. Earlier versions stay where they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.children.identity import NewChild
from app.children.models import child_keys
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.models import passport_sections, passport_teams, passport_versions, passports
from app.passports.policy import HOST, PLACING, PLACING_HEALTH, TRANSFER, first_review, read_of
from app.passports.queries import KEEPER
from app.passports.service.revealing import ERASED, bound_to
from app.passports.service.telling import PUBLISHED
from app.rules.words import SENSITIVE
from app.work.tx import Tx

_FIRST = 1


@dataclass(frozen=True, slots=True)
class Leaving:
    """The passport of a child who passes on, as it is read today, and the health teams that accepted it.

    ``child_id`` is None where there is none; ``others`` says that a merged record has one as well.
    """

    child_id: str | None
    held: Mapping[str, Mapping[str, Any]]
    others: bool
    accepted: Mapping[str, bool]
    """Health team -> whether it is the one that keeps the passport."""


def leaving(tx: Tx, records: Sequence[str]) -> Leaving:
    """What is about to follow, held until it does; ``records`` are the child's, the kept one first."""
    found = {row.id: row for row in tx.all(queries.TO_FOLLOW, {"records": [*records]})}
    rows = [found[each] for each in records]
    teams = tx.all(queries.KEEPERS, {"records": [*records]})
    accepted = {each.organisation_code: bool(each.holds) for each in teams if each.by_right == TRANSFER}
    read, having = read_of(rows), sum(1 for each in rows if each.version)
    if not having:
        return Leaving(None, {}, others=False, accepted=accepted)
    return Leaving(read.id, orjson.loads(read.sections), others=having > 1, accepted=accepted)


@dataclass(frozen=True, slots=True)
class Arriving:
    """The new record, the health teams told of the home as it goes on, and the entry of the acceptance."""

    made: NewChild
    told: frozenset[str]
    entry_id: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Whether there was a passport to follow, and what of it stayed: a section, or a whole other passport, and why."""

    followed: bool
    stayed: list[tuple[str | None, str]]


def follow(tx: Tx, directory: Directory, left: Leaving, to: Arriving, sections: frozenset[str]) -> Passed:
    """Give the new record the sections that follow, and its part to every health team that has it already.

    A health team of the host side that never accepted the passport is offered it by the notification of the home, as
    in any move.
    """
    made = to.made
    own = {each.code for each in directory.health_bodies(made.organisation, tx.today) if each.is_default}
    words = tx.all(queries.CURRENT, {"child_id": left.child_id}) if left.child_id else ()
    moving = [row for row in words if row.section in sections and row.wrapped is not None]
    entry_id = _store(tx, left, made, moving) if moving else None
    _teams(tx, left, to, own)
    for each in sorted(own) if entry_id else ():
        tx.publish(PUBLISHED, each, KEEPER, entry_id or "", child_id=made.id)
    stayed = [
        (row.section, "by_rule" if row.section not in sections else ERASED)
        for row in words
        if row not in moving and row.section not in SENSITIVE
    ]
    others: list[tuple[str | None, str]] = [(None, "of_merged_record")] if left.others else []
    return Passed(entry_id is not None, [*others, *stayed])


def _store(tx: Tx, left: Leaving, made: NewChild, rows: Sequence[Row[Any]]) -> str:
    words = _opened(tx, left.child_id or "", rows)
    keys = _keys(tx, made, words)
    names = {section: f"{bound_to(made.id, _FIRST)}|{section}" for each in words.values() for section in each}
    commitments = {
        section: tx.vault.commitment(keys[writer], names[section], body)
        for writer, bodies in words.items()
        for section, body in bodies.items()
    }
    entry_id = tx.record(
        Action.PASSPORT_FOLLOWED, {"child": made.id}, version=_FIRST, sections=list(names), commitments=commitments
    )
    held = {name: {**age, "version": _FIRST} for name, age in left.held.items() if name in names}
    sections, by = orjson.dumps(held).decode(), tx.by
    passport = {"child_id": made.id, "version": _FIRST, "sections": sections, "review_due_on": first_review(held)}
    tx.add(passports, {**passport, "created_at": tx.at, "changed_at": tx.at})
    tx.add(
        passport_versions,
        {
            "child_id": made.id,
            "version": _FIRST,
            "organisation_code": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "changed": orjson.dumps(list(names)).decode(),
            "sections": sections,
            "at": tx.at,
            "entry_id": entry_id,
        },
    )
    for writer, bodies in words.items():
        sealed = tx.vault.seal_all(keys[writer], {names[section]: body for section, body in bodies.items()})
        tx.add(passport_sections, *(_row(made, writer, *each) for each in zip(bodies, sealed, strict=True)))
    return entry_id


def _row(made: NewChild, writer: str, section: str, sealed: bytes) -> dict[str, Any]:
    return {
        "child_id": made.id,
        "section": section,
        "version": _FIRST,
        "until_version": None,
        "organisation_code": writer,
        "sealed": sealed,
    }


def _opened(tx: Tx, child_id: str, rows: Iterable[Row[Any]]) -> dict[str, dict[str, bytes]]:
    """The words by writer and section."""
    by_writer: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_writer[row.organisation_code].append(row)
    found = {}
    for writer, theirs in by_writer.items():
        key = tx.vault.unwrap(theirs[0].wrapped, theirs[0].master_key_id, child_id, writer)
        parts = [(f"{bound_to(child_id, row.version)}|{row.section}", row.sealed) for row in theirs]
        opened = tx.vault.unseal_all(key, parts)
        found[writer] = dict(zip((row.section for row in theirs), opened, strict=True))
    return found


def _keys(tx: Tx, made: NewChild, writers: Iterable[str]) -> dict[str, bytes]:
    """The key each writer has for the new record; the authority that takes over has its own already."""
    keys = {made.organisation: made.key}
    for writer in writers:
        if writer in keys:
            continue
        fresh = tx.vault.new_key(made.id, writer)
        keys[writer] = fresh.key
        tx.add(
            child_keys,
            {
                "child_id": made.id,
                "organisation_code": writer,
                "wrapped": fresh.wrapped,
                "master_key_id": fresh.master_key_id,
                "created_at": tx.at,
                "destroyed_at": None,
            },
        )
    return keys


def _teams(tx: Tx, left: Leaving, to: Arriving, own: set[str]) -> None:
    """Teams that accepted the passport before, and are still about this child: they are not asked twice."""
    for team, holds in left.accepted.items():
        if team not in to.told | own:
            continue
        ours = team in own
        tx.add(
            passport_teams,
            {
                "id": new_id("ptm"),
                "child_id": to.made.id,
                "organisation_code": team,
                "function": KEEPER,
                "side": PLACING if ours else HOST,
                "by_right": PLACING_HEALTH if ours else TRANSFER,
                "holds": int(holds),
                "since_at": tx.at,
                "until_at": None,
                "until_why": None,
                "entry_id": to.entry_id,
            },
        )
