"""Merging two records of one child, and parting them again. Every record keeps its own key and its own words.

From a merge on both ids lead to the record that is kept, and what restricts either restricts both. What is begun
afterwards is begun under the kept record and stays with it, and so does what restricted the other when it was written;
a restriction set meanwhile stays with both. An end of care that was told meanwhile is one child's, and the care of the
other goes on.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app.children.identity import indexes
from app.children.models import child_restrictions
from app.children.policy import findable
from app.children.restrictions import Stored, in_force
from app.children.service.reading import family, find, identity_of_row, key_of, leave_trace
from app.children.service.restricting import put_in_force, seal_words, unseal_words
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.lives import queries, resuming_queries
from app.lives.errors import CannotMerge, NotMerged
from app.lives.policy import TRANSFERRED, TURNED_18, may_merge
from app.lives.service.resuming import give_back, give_offers_back, of_age
from app.placements.service.care_over import IN_CARE
from app.work.tx import Tx


def possible_duplicates(tx: Tx, child_id: str) -> bytes:
    """Other records of the authority with this NHS number, or this name and date of birth; at most 20.

    None for a sealed identity, and never one. Raises NotYours, ChildErased.
    """
    row = find(tx, child_id)
    identity = identity_of_row(tx, row, key_of(tx, row))
    found_by = indexes(tx.vault, row.organisation_code, identity)
    alike = tx.all(queries.ALIKE, {**found_by, "organisation": row.organisation_code, "child_id": row.id})
    open_ = findable(in_force(row.restrictions))
    items = [each.id for each in alike if open_ and findable(in_force(each.restrictions))]
    leave_trace(tx, [row], ["possible_duplicates"])
    return orjson.dumps({"child_id": row.id, "items": items})


def check_merge(tx: Tx, kept: Row[Any], duplicate_id: str | None) -> None:
    """Raise CannotMerge unless both may become one; NotYours for a record that is not the caller's.

    The same questions are asked whatever the answer, so that neither words nor time tell which reason it was.
    """
    duplicate = find(tx, duplicate_id or "")
    below = family(tx, duplicate)[1:]
    passed = [tx.all(queries.TRANSFERS_OF, {"child_id": each.id}) for each in (*family(tx, kept), duplicate)]
    taken_by = {each[-1].to_organisation_code for each in passed if each}
    if duplicate.id != duplicate_id or not may_merge(kept, duplicate, below, taken_by):
        raise CannotMerge


def merge(tx: Tx, kept: Row[Any], duplicate_id: str) -> str:
    """Join the duplicate to the kept record; returns the id of the ledger entry. Raises what its check raises."""
    check_merge(tx, kept, duplicate_id)
    duplicate = find(tx, duplicate_id)
    both = {each["id"]: each for row in (kept, duplicate) for each in in_force(row.restrictions)}
    put_in_force(tx, [*family(tx, kept), duplicate], list(both.values()))
    # Once both rows are held: what a concurrent end of care wrote is seen by then.
    tx.change(queries.MERGE, {"b_id": duplicate.id, "b_kept": kept.id, "b_state": kept.state})
    return tx.record(Action.CHILD_MERGED, {"child": kept.id, "other": duplicate.id}, restrictions=len(both))


def check_unmerge(tx: Tx, kept: Row[Any], duplicate_id: str | None) -> None:
    """Raise NotMerged unless this record was merged into that one."""
    _merged(tx, kept, duplicate_id)


def unmerge(tx: Tx, kept: Row[Any], duplicate_id: str) -> str:
    """Part the two again as they were, each with what was set on both meanwhile. Raises NotMerged, ChildErased."""
    duplicate = _merged(tx, kept, duplicate_id)
    merged = tx.one(queries.LAST_MERGE, {"child_id": kept.id, "other_child_id": duplicate.id})
    tx.change(queries.UNMERGE, {"b_id": duplicate.id, "b_kept": kept.id})
    entry_id = tx.record(Action.CHILD_UNMERGED, {"child": kept.id, "other": duplicate.id})
    others = [each for each in family(tx, kept) if each.id != duplicate.id]
    merged_at = merged.decided_at if merged else ""
    _part_restrictions(tx, others, duplicate, merged_at, entry_id)
    if kept.state != IN_CARE and merged is not None and merged.care_state == IN_CARE:
        _goes_on(tx, others, duplicate, merged_at, entry_id)
    elif kept.state == IN_CARE and findable(in_force(kept.restrictions)):
        ours = [each.id for each in others]
        for side in (ours, [duplicate.id]):
            give_offers_back(tx, side, [*ours, duplicate.id], merged_at, entry_id)
    return entry_id


def _part_restrictions(tx: Tx, others: Sequence[Row[Any]], duplicate: Row[Any], since: str, entry_id: str) -> None:
    """Each has its own again, and a copy of what was set on both; what was written meanwhile keeps the duplicate's."""
    kept, records = others[0], [*others, duplicate]
    held = {row.id: row for row in tx.all(queries.RESTRICTIONS_HELD, {"ids": [each.id for each in records]})}
    keys = {each.id: key_of(tx, each) for each in records}
    stored = in_force(kept.restrictions)
    theirs = [each for each in stored if held[each["id"]].child_id == duplicate.id]
    ours = [each for each in stored if each not in theirs]
    meanwhile = [each for each in ours if held[each["id"]].child_id == kept.id and held[each["id"]].set_at > since]
    copies = [_copy(tx, each, held[each["id"]], duplicate, keys, entry_id) for each in meanwhile]
    put_in_force(tx, [duplicate], [*theirs, *copies])
    begun = {"ids": [each.id for each in others], "since": since}
    if theirs and tx.one(queries.BEGUN_SINCE, begun):
        ours += [_copy(tx, each, held[each["id"]], kept, keys, entry_id) for each in theirs]
    put_in_force(tx, others, ours)


def _goes_on(tx: Tx, others: Sequence[Row[Any]], duplicate: Row[Any], since: str, entry_id: str) -> None:
    """Care ended while they were one: it goes on for the child it did not end for.

    Who is 18 by their own date of birth is not asked about again for a day, until the calendar finds them.
    """
    kept, state = others[0], duplicate.state
    going = others if _is_of_duplicate(tx, others, duplicate, since) else [duplicate]
    if not (state == TURNED_18 and of_age(tx, going[0])):
        give_back(tx, going)
    if state == TRANSFERRED:
        passed = [*tx.all(queries.TRANSFERS_OF, {"child_id": kept.id})]
        passed += tx.all(queries.TRANSFERS_OF, {"child_id": duplicate.id})
        for each in passed:
            tx.publish("transfer.record_parted", each.to_organisation_code, "social_care", entry_id)


def _is_of_duplicate(tx: Tx, others: Sequence[Row[Any]], duplicate: Row[Any], since: str) -> bool:
    """Whether what ended care was told of the duplicate: of its placement, or by an offer that names it."""
    if duplicate.state == TRANSFERRED:
        return bool(tx.all(queries.TRANSFERS_OF, {"child_id": duplicate.id}))
    asked = {"ids": [each.id for each in (*others, duplicate)], "why": duplicate.state, "since": since}
    told = tx.one(resuming_queries.END_TOLD_OF, asked)
    return told is not None and told.child_id == duplicate.id


def _merged(tx: Tx, kept: Row[Any], duplicate_id: str | None) -> Row[Any]:
    found = next((each for each in family(tx, kept)[1:] if each.id == duplicate_id), None)
    if found is None:
        raise NotMerged
    return found


def _copy(tx: Tx, stored: Stored, row: Row[Any], to: Row[Any], keys: dict[str, bytes], entry_id: str) -> Stored:
    """The restriction once more, for the other record and under its own key, so that each is lifted by itself."""
    copied: Stored = {**stored, "id": new_id("rst")}
    words = {**unseal_words(tx, keys[row.child_id], row), "id": copied["id"]}
    tx.add(
        child_restrictions,
        {
            **row._mapping,
            "id": copied["id"],
            "child_id": to.id,
            "sealed": seal_words(tx, keys[to.id], copied["id"], words),
            "entry_id": entry_id,
        },
    )
    return copied
