"""What stands before a notification is sent: the child, its key, and the placement with the words said so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name
from app.access.errors import NotAPlacingAuthority, NotYours
from app.children.errors import CareIsOver
from app.children.identity import NewChild, local_id_index, new_child
from app.children.queries import LOCAL_ID_OF
from app.children.service.rewriting import complete
from app.notifications import queries
from app.notifications.errors import ChildMismatch, DuplicateReference
from app.placements.errors import Erased
from app.placements.policy import state_on
from app.placements.service.care_over import IN_CARE
from app.rules.edition import Edition, current, edition
from app.vault import frame
from app.work.tx import Tx

Sections = dict[str, Any]

BEGINNINGS = frozenset({"consultation", "start"})
"""The kinds of notification that begin something."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement as it stood: its state, version, and where the current words of each section are."""

    id: str
    state: str
    version: int
    where: Mapping[str, list[Any]]
    words: Sections
    host_area: str | None
    urgency: str
    concern_since: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that stood before. ``placed`` is None before the first notification of a placement."""

    child_id: str
    key: bytes
    restrictions: str
    edition: Edition
    placed: Placed | None = None
    new_child: NewChild | None = None
    merged_into: str | None = None
    in_care: bool = True
    state: str | None = None
    passport_with: frozenset[str] = frozenset()
    """Health teams that took the passport over before another authority became responsible for the child."""

    @property
    def shown_id(self) -> str:
        """The id the sender knows the child by: of the record that is kept, where several were merged."""
        return self.merged_into or self.child_id


def know(tx: Tx, document: Mapping[str, Any], reference_index: str | None) -> Known:
    """Read what stands before a notification.

    Raises NotYours, NotAPlacingAuthority, DuplicateReference, ChildMismatch, CareIsOver, Erased.
    """
    values = {
        "organisation": tx.by.organisation,
        "kind": document["kind"],
        "reference_index": reference_index,
    }
    if "placement_id" in document:
        return _change(tx, document, values)
    return _start(tx, document, values)


def _start(tx: Tx, document: Mapping[str, Any], values: dict[str, Any]) -> Known:
    child = document["child"]
    blind = local_id_index(tx.vault, tx.by.organisation, child["local_id"]) if "local_id" in child else None
    question = queries.BEFORE_START["local_id" if blind else "child_id"]
    row = tx.one(question, {**values, "local_id_index": blind, "child_id": child.get("child_id")})
    if row is None or row.organisation_kind != "local_authority":
        raise NotAPlacingAuthority
    if row.same_reference is not None:
        raise DuplicateReference
    if row.child_id is None and ("child_id" in child or "local_id" not in child):
        raise NotYours
    if row.child_id is None:
        made = new_child(tx.vault, tx.by.organisation, child)
        return Known(made.id, made.key, "[]", current(), new_child=made)
    if child.get("child_id", row.child_id) not in (row.named_id, row.child_id):
        raise ChildMismatch
    _check_in_care(row, document["kind"])
    key = _key(tx, row)
    complete(tx, row.child_id, row.child_version, row.identity, key, child)
    return Known(row.child_id, key, row.restrictions, current())


def _change(tx: Tx, document: Mapping[str, Any], values: dict[str, Any]) -> Known:
    row = tx.one(queries.BEFORE_CHANGE, {**values, "placement_id": document["placement_id"]})
    if row is None:
        raise NotYours
    if row.same_reference is not None:
        raise DuplicateReference
    _check_child(tx, document.get("child", {}), row)
    _check_in_care(row, document["kind"])
    key = _key(tx, row)
    if "child" in document and document["kind"] != "consultation":
        complete(tx, row.child_id, row.child_version, row.identity, key, document["child"])
    where, words = orjson.loads(row.sections), words_of(tx, key, orjson.loads(row.sections))
    state = state_on(row.state, row.ended_on, tx.today)
    placed = Placed(row.id, state, row.version, where, words, row.host_area, row.urgency, row.concern_since)
    kept = row.shown_id if row.shown_id != row.child_id else None
    rules = edition(row.rules_edition)
    return Known(
        row.child_id, key, row.restrictions, rules, placed, None, kept, row.child_state == IN_CARE, placed.state
    )


def _check_child(tx: Tx, child: Mapping[str, Any], row: Row[Any]) -> None:
    """Either record of a merged child names it. Raises ChildMismatch."""
    if child.get("child_id", row.child_id) not in (row.child_id, row.shown_id):
        raise ChildMismatch
    if "local_id" not in child:
        return
    blind = local_id_index(tx.vault, tx.by.organisation, child["local_id"])
    if blind != row.local_id_index and blind != _kept_local_id(tx, row):
        raise ChildMismatch


def _kept_local_id(tx: Tx, row: Row[Any]) -> str | None:
    kept = tx.one(LOCAL_ID_OF, {"child_id": row.shown_id}) if row.shown_id != row.child_id else None
    return kept and kept.local_id_index


def _check_in_care(row: Row[Any], kind: str) -> None:
    if kind in BEGINNINGS and current().ends(row.child_state, "no_new_notification"):
        raise CareIsOver


def _key(tx: Tx, row: Row[Any]) -> bytes:
    if row.wrapped is None:
        raise Erased
    return tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, tx.by.organisation)


def words_of(tx: Tx, key: bytes, where: Mapping[str, list[Any]]) -> Sections:
    """The current words of every section, from the notifications that hold them; one query for all."""
    ids = sorted({place[0] for place in where.values()})
    frames = {row.id: frame.unpack(row.sealed) for row in tx.all(queries.FRAMES, {"ids": ids}) if row.sealed}
    return {
        name: orjson.loads(tx.vault.unseal(key, part_name(place[0], name), frames[place[0]][name]))
        for name, place in where.items()
        if place[0] in frames
    }
