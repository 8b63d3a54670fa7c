"""Taking over a child: a record of one's own, what restricts the child, and the placement that goes on.

Everything is written in the transaction of the answer. The two records stay apart, each under its authority's own
key; the row of the transfer is all that joins them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Row

from app.children.errors import ChildKnown
from app.children.identity import NewChild, new_child
from app.children.models import child_keys, child_restrictions, children
from app.children.policy import NAMED_PRACTITIONERS_ONLY
from app.children.queries import BEFORE_CREATE
from app.children.restrictions import Stored, in_force
from app.children.service.reading import identity_of_row, key_of, records_of
from app.children.service.restricting import seal_words, unseal_words
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.lives import queries
from app.lives.errors import TransferNotDue
from app.lives.policy import TRANSFERRED
from app.lives.service.carrying import Luggage, Party, carry_on
from app.lives.service.following import Followed, offers_lapse, papers_follow, passport_follows
from app.lives.service.offering import carried_placement
from app.organisations.directory import Directory
from app.passports.service.following import leaving
from app.placements.service.care_over import Over, end_care
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Taken:
    """What the new authority has from now on. ``told`` are the parties told who is responsible now."""

    child_id: str
    key: bytes
    placement_id: str | None
    told: tuple[Party, ...]
    followed: Followed
    entry_id: str


def take_over(tx: Tx, directory: Directory, row: Row[Any], document: Mapping[str, Any]) -> Taken:
    """Make the new authority's record and end the former authority's care.

    Raises TransferNotDue, CannotTransfer, ChildKnown, ChildErased, NotAPlacingAuthority.
    """
    if row.transfer_on > tx.today:
        raise TransferNotDue
    former = records_of(tx, row.child_id, row.organisation_code)
    keys = {each.id: key_of(tx, each) for each in former}
    passport = leaving(tx, [*keys])
    active = carried_placement(tx, former)
    made = _new_child(tx, former[0], keys[former[0].id], document["local_id"])
    restricted = _restrictions(tx, former, keys)
    made = replace(made, restrictions=orjson.dumps([stored for stored, _, _ in restricted]).decode())
    subject = {"transfer": row.id, "child": made.id}
    entry_id = tx.record(Action.TRANSFER_ACCEPTED, subject, restrictions=len(restricted))
    placement_id: str | None = None
    told: tuple[Party, ...] = ()
    papers = papers_follow(tx, row, keys, made)
    if active:
        brings = Luggage(keys, papers.ids, frozenset(passport.accepted))
        placement_id, told = carry_on(tx, directory, made, active.id, brings, document)
    else:
        tx.add(children, made.child_row(tx.at, entry_id))
        tx.add(child_keys, made.key_row(tx.at))
    for stored, words, held in restricted:
        _keep(tx, made, stored, words, held, entry_id)
    passed = passport_follows(tx, directory, passport, made, told, entry_id)
    offers_lapse(tx, former[0].id)
    end_care(tx, former, Over(TRANSFERRED, row.transfer_on))
    return Taken(made.id, made.key, placement_id, told, Followed(passed, papers), entry_id)


def _new_child(tx: Tx, former: Row[Any], key: bytes, local_id: str) -> NewChild:
    identity = {**identity_of_row(tx, former, key), "local_id": local_id}
    made = new_child(tx.vault, tx.by.organisation, identity)
    asked = {"organisation": tx.by.organisation, "local_id_index": made.indexes["local_id_index"]}
    known = tx.one(BEFORE_CREATE, asked)
    if known is not None and known.child_id is not None:
        raise ChildKnown
    return made


def _restrictions(
    tx: Tx, former: Iterable[Row[Any]], keys: Mapping[str, bytes]
) -> list[tuple[Stored, dict[str, Any], Row[Any]]]:
    """What restricts the child, for the new record: as strictly as before, and openable by who takes over."""
    records = list(former)
    held = {row.id: row for row in tx.all(queries.RESTRICTIONS_HELD, {"ids": [each.id for each in records]})}
    found = []
    for each in in_force(records[0].restrictions):
        row = held[each["id"]]
        words = unseal_words(tx, keys[row.child_id], row)
        stored: Stored = {**each, "id": new_id("rst"), "practitioners": _named(tx, each)}
        found.append((stored, {**words, **stored}, row))
    return found


def _named(tx: Tx, stored: Stored) -> list[str]:
    """A lock that named only people of the former authority would let nobody in here."""
    by = tx.by.practitioner_id
    if stored["kind"] != NAMED_PRACTITIONERS_ONLY or by is None:
        return stored["practitioners"]
    return sorted({*stored["practitioners"], by})


def _keep(tx: Tx, made: NewChild, stored: Stored, words: Mapping[str, Any], held: Row[Any], entry_id: str) -> None:
    tx.add(
        child_restrictions,
        {
            **held._mapping,
            "id": stored["id"],
            "child_id": made.id,
            "organisation_code": made.organisation,
            "sealed": seal_words(tx, made.key, stored["id"], words),
            "entry_id": entry_id,
        },
    )
