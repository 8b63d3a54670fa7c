"""Correcting who a child is: the old value is kept, as wrong, and the record moves on by one version."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.people import people
from app.children import queries
from app.children.errors import ChildRestricted, NothingCorrected
from app.children.models import child_corrections
from app.children.policy import SECTION, corrected, differing, findable, hides
from app.children.restrictions import in_force
from app.children.service.creating import possible_duplicates
from app.children.service.listing import Listing, listed
from app.children.service.reading import family, find, identity_of_row, key_of, leave_trace, tag_of, view_of
from app.children.service.rewriting import rewrite
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.web.etag import require_match
from app.work.once import Reply
from app.work.tx import Tx


def correct(tx: Tx, child_id: str, if_match: str | None, document: Mapping[str, Any]) -> Reply:
    """Put facts right (UK GDPR Article 16).

    Raises NotYours, VersionRequired, StaleVersion, ChildErased, ChildRestricted, NothingCorrected.
    """
    row = find(tx, child_id)
    view = view_of(tx, row)
    require_match(if_match, tag_of(tx, row, view))
    key = key_of(tx, row)
    identity = identity_of_row(tx, row, key)
    if hides(view, identity, document["facts"]):
        raise ChildRestricted
    facts = differing(identity, document["facts"])
    if not facts:
        raise NothingCorrected
    correction_id, version = new_id("cor"), row.version + 1
    kept = _kept(identity, facts, document)
    entry_id = tx.record(
        Action.CHILD_CORRECTED,
        {"child": row.id, "correction": correction_id},
        reason=document["reason"],
        facts=sorted(facts),
        version=version,
        commitments={"facts": tx.vault.commitment(key, _name(correction_id), kept)},
    )
    _keep(tx, row, correction_id, tx.vault.seal(key, _name(correction_id), kept), sorted(facts), entry_id)
    found_by = rewrite(tx, row.id, row.version, key, corrected(identity, facts))
    alike = possible_duplicates(tx, found_by) if findable(in_force(row.restrictions)) else []
    answer = {
        "correction_id": correction_id,
        "child_id": row.id,
        "version": version,
        "facts": sorted(facts),
        "possible_duplicates": alike,
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at},
    }
    return Reply(201, orjson.dumps(answer))


def corrections(tx: Tx, child_id: str, listing: Listing) -> bytes:
    """What was corrected and what stood before. Raises NotYours, ChildErased, ChildRestricted."""
    row = find(tx, child_id)
    view = view_of(tx, row)
    if SECTION not in view.shared:
        raise ChildRestricted
    records = family(tx, row)
    keys = {each.id: key_of(tx, each) for each in records}
    rows, more = listed(tx, queries.CORRECTIONS, [*keys], "corrections", listing)
    names = people(tx, (each.practitioner_id for each in rows))
    items = []
    for each in rows:
        kept = orjson.loads(tx.vault.unseal(keys[each.child_id], _name(each.id), each.sealed))
        items.append(
            {
                "correction_id": each.id,
                "version": each.version,
                "corrected_at": each.corrected_at,
                "corrected_by": names.get(each.practitioner_id),
                "reason": kept["reason"],
                "detail": kept["detail"],
                "was": view.apply(SECTION, kept["was"]),
                "now": view.apply(SECTION, kept["now"]),
            }
        )
    leave_trace(tx, records, ["corrections"])
    return orjson.dumps({"items": items, "next_cursor": more})


def _kept(identity: Mapping[str, Any], facts: Mapping[str, Any], document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(
        {
            "reason": document["reason"],
            "detail": document.get("detail"),
            "was": {name: identity[name] for name in facts if name in identity},
            "now": facts,
        }
    )


def _keep(tx: Tx, row: Row[Any], correction_id: str, sealed: bytes, facts: list[str], entry_id: str) -> None:
    tx.add(
        child_corrections,
        {
            "id": correction_id,
            "child_id": row.id,
            "organisation_code": row.organisation_code,
            "practitioner_id": tx.by.practitioner_id,
            "version": row.version + 1,
            "facts": orjson.dumps(facts).decode(),
            "sealed": sealed,
            "corrected_at": tx.at,
            "entry_id": entry_id,
        },
    )


def _name(correction_id: str) -> str:
    return f"{correction_id}|facts"
