"""What stands before a notification is sent: the child, its key, and the placement with the words said so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name
from app.access.errors import NotAPlacingAuthority, NotYours
from app.children.identity import NewChild, local_id_index, new_child
from app.children.service.rewriting import complete
from app.notifications import queries
from app.notifications.errors import ChildMismatch, DuplicateReference
from app.placements.errors import Erased
from app.placements.policy import state_on
from app.rules.edition import Edition, current, edition
from app.vault import frame
from app.work.tx import Tx

Sections = dict[str, Any]


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
    state: str | None = None


def know(tx: Tx, document: Mapping[str, Any], reference_index: str | None) -> Known:
    """Read what stands. Raises NotYours, NotAPlacingAuthority, DuplicateReference, ChildMismatch, Erased."""
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
    if row.child_id != child.get("child_id", row.child_id) or row.local_id_index != (blind or row.local_id_index):
        raise ChildMismatch
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
    key = _key(tx, row)
    if "child" in document and document["kind"] != "consultation":
        complete(tx, row.child_id, row.child_version, row.identity, key, document["child"])
    where, words = orjson.loads(row.sections), _words(tx, key, orjson.loads(row.sections))
    state = state_on(row.state, row.ended_on, tx.today)
    placed = Placed(row.id, state, row.version, where, words, row.host_area, row.urgency, row.concern_since)
    return Known(row.child_id, key, row.restrictions, edition(row.rules_edition), placed, state=placed.state)


def _check_child(tx: Tx, child: Mapping[str, Any], row: Row[Any]) -> None:
    named = child.get("child_id", row.child_id)
    local = child.get("local_id")
    if named != row.child_id:
        raise ChildMismatch
    if local is not None and local_id_index(tx.vault, tx.by.organisation, local) != row.local_id_index:
        raise ChildMismatch


def _key(tx: Tx, row: Row[Any]) -> bytes:
    if row.wrapped is None:
        raise Erased
    return tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, tx.by.organisation)


def _words(tx: Tx, key: bytes, where: Mapping[str, list[Any]]) -> Sections:
    """The current words of every section, from the notifications that hold them; one query for all."""
    ids = sorted({place[0] for place in where.values()})
    frames = {row.id: frame.unpack(row.sealed) for row in tx.all(queries.FRAMES, {"ids": ids}) if row.sealed}
    return {
        name: orjson.loads(tx.vault.unseal(key, part_name(place[0], name), frames[place[0]][name]))
        for name, place in where.items()
        if place[0] in frames
    }
