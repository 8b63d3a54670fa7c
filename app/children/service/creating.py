"""Creating a child's record before any move, so that a health passport can exist."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import shows_child_id
from app.access.errors import NotAPlacingAuthority
from app.children import queries
from app.children.errors import ChildKnown
from app.children.identity import Indexes, identity_name, new_child
from app.children.models import child_keys, children
from app.children.policy import findable
from app.children.restrictions import in_force, restrictions_for
from app.ledger.actions import Action
from app.rules.edition import current
from app.work.once import Reply
from app.work.tx import Tx


def create(tx: Tx, document: Mapping[str, Any]) -> Reply:
    """Store a new child of the caller's authority. Raises NotAPlacingAuthority, ChildKnown."""
    organisation = tx.by.organisation
    made = new_child(tx.vault, organisation, document)
    row = tx.one(
        queries.BEFORE_CREATE,
        {"organisation": organisation, "local_id_index": made.indexes["local_id_index"]},
    )
    if row is None or row.kind != "local_authority":
        raise NotAPlacingAuthority
    if row.child_id is not None:
        raise ChildKnown(members={"child_id": row.child_id} if _may_know(tx, row) else {})
    alike = possible_duplicates(tx, made.indexes)
    committed = {"identity": tx.vault.commitment(made.key, identity_name(made.id), made.identity)}
    entry_id = tx.record(Action.CHILD_CREATED, {"child": made.id}, version=1, commitments=committed)
    tx.add(children, made.child_row(tx.at, entry_id))
    tx.add(child_keys, made.key_row(tx.at))
    answer = {
        "child_id": made.id,
        "version": 1,
        "possible_duplicates": alike,
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(answer))


def _may_know(tx: Tx, row: Row[Any]) -> bool:
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    return shows_child_id(current().view(tx.by.function, "placing", "active", restrictions))


def possible_duplicates(tx: Tx, indexes: Indexes) -> list[str]:
    """Other children of the authority with this NHS number, or this name and date of birth; at most 20."""
    alike = tx.all(queries.ALIKE, {"organisation": tx.by.organisation, **indexes})
    return [row.id for row in alike if findable(in_force(row.restrictions))]
