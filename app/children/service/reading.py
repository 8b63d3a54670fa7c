"""Reading a child's record: only the controlling authority does, and never without a trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.children import queries
from app.children.errors import ChildErased
from app.children.identity import identity_name
from app.children.models import openings
from app.children.policy import OWN_RECORD, SECTION, addressable, seen
from app.children.restrictions import in_force, restrictions_for
from app.children.service.seeing import Sight, how, opening
from app.kit.ids import is_id
from app.ledger.actions import Action
from app.rules.disclosure import View
from app.rules.edition import current
from app.web.etag import etag, matches
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Seen:
    """A child's record as one party sees it; ``body`` is None where the party has it already."""

    tag: str
    body: bytes | None


def read(tx: Tx, child_id: str, has: str | None) -> Seen:
    """Release a child's record to the caller and record that. Raises NotYours, ChildErased.

    ``has`` is the If-None-Match of the caller: where it still fits, nothing is released and nothing recorded.
    A party to a placement who is not the controlling authority reads the child through the placement.
    """
    row = find(tx, child_id)
    view = view_of(tx, row)
    tag = tag_of(tx, row, view)
    if matches(has, tag):
        return Seen(tag, None)
    shown = seen(view, identity_of_row(tx, row, key_of(tx, row)))
    leave_trace(tx, [row], [] if shown is None else [SECTION])
    return Seen(tag, orjson.dumps(_body(row, view, shown)))


def find(tx: Tx, child_id: str) -> Row[Any]:
    """The child's record, the kept one of a merged child, if the caller's organisation controls it. Raises NotYours.

    To a party that may not know the child by this id it is not there either, unless a lock says whom to ask.
    """
    values = {"child_id": child_id, "organisation": tx.by.organisation}
    row = tx.one(queries.CHILD, values) if is_id("chd", child_id) else None
    if row is None or not addressable(view_of(tx, row)):
        raise NotYours
    return row


def family(tx: Tx, row: Row[Any]) -> list[Row[Any]]:
    """A child's record and those merged into it, the kept one first."""
    return [row, *tx.all(queries.MERGED, {"child_id": row.id})]


def records_of(tx: Tx, child_id: str, organisation: str) -> list[Row[Any]]:
    """All records of a child that is known to be there, the kept one first, whoever asks: to act, not to show."""
    row = tx.one(queries.CHILD, {"child_id": child_id, "organisation": organisation})
    if row is None:
        raise RuntimeError("a child that was there is not there any more")
    return family(tx, row)


def view_of(tx: Tx, row: Row[Any]) -> View:
    """What the caller's function may see. A record outside any placement is shown as in an active one."""
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    return current().view(tx.by.function, "placing", "active", restrictions)


def tag_of(tx: Tx, row: Row[Any], view: View) -> str:
    """The entity tag of the record as this party sees it."""
    by = tx.by
    return etag(row.id, by.organisation, by.function, row.version, row.state, row.restrictions, view.fingerprint)


def key_of(tx: Tx, row: Row[Any]) -> bytes:
    """The authority's key for this child. Raises ChildErased."""
    if row.wrapped is None:
        raise ChildErased
    return tx.vault.unwrap(row.wrapped, row.master_key_id, row.id, row.organisation_code)


def identity_of_row(tx: Tx, row: Row[Any], key: bytes) -> dict[str, Any]:
    """The whole identity document, to decide by; ``seen`` says what of it is shown. Raises ChildErased."""
    if row.sealed is None:
        raise ChildErased
    identity: dict[str, Any] = orjson.loads(tx.vault.unseal(key, identity_name(row.id), row.sealed))
    return identity


def leave_trace(tx: Tx, records: Sequence[Row[Any]], parts: list[str]) -> None:
    """Record that parts of a child's records, the kept one first, were released: by name, or only to a system.

    It stands in the account of who has seen what of the child as any other opening does, and in that of each record:
    parted again, each has its own.
    """
    kept = records[0]
    entry_id = tx.record(Action.CHILD_READ, {"child": kept.id}, how=how(tx), sections=parts, version=kept.version)
    sights = (Sight(each.id, None, None, each.version, tuple(parts), OWN_RECORD) for each in records)
    tx.add(openings, *(opening(tx, each, entry_id) for each in sights))


def _body(row: Row[Any], view: View, shown: dict[str, Any] | None) -> dict[str, Any]:
    withheld = [] if shown is not None else [{"section": SECTION, "reason": view.withheld[SECTION]}]
    return {
        "child_id": row.id,
        "version": row.version,
        "state": row.state,
        "created_at": row.created_at,
        "restrictions": [
            {"restriction_id": each["id"], "restriction": each["kind"]} for each in in_force(row.restrictions)
        ],
        "sections_shared": [] if shown is None else [SECTION],
        "sections_withheld": withheld,
        "sections": {} if shown is None else {SECTION: shown},
    }
