"""What falls due by itself: because a child came into care, and because one was done before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name
from app.assessments import queries
from app.assessments.policy import CARE, RAISED, STATED, born_on
from app.assessments.service.parties import owner_of, tell
from app.assessments.service.recording import Act, Held, add, due, held_in, move
from app.assessments.service.standing import country_of
from app.children.identity import identity_name
from app.kit.clock import parse_utc, utc_text
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.placements.queries import FRAMES
from app.placements.service.care_over import IN_CARE
from app.rules.assessments import Due
from app.rules.edition import current
from app.rules.working_time import london_day
from app.vault import frame
from app.work.tx import Tx

_LEGAL = "legal"


def records_of(tx: Tx, child_id: str) -> Sequence[Row[Any]]:
    """The records of a child, the kept one first, for the service itself; none where there is no such child."""
    return tx.all(queries.RECORDS, {"child_id": child_id})


def raise_for(tx: Tx, directory: Directory, records: Sequence[Row[Any]]) -> int:
    """Raise what is due of a child in care that was not raised yet, and count anew what was told wrongly before.

    It is raised once for all ``records`` of a child, under the one that is kept. Returns how many were raised or
    counted anew. Running it again changes nothing.
    """
    return _raise(tx, directory, records[0], from_care(tx, directory, records))


def from_care(tx: Tx, directory: Directory, records: Sequence[Row[Any]]) -> list[Due]:
    """What is due because this child came into care; nothing once care is over, or the record was erased."""
    kept = records[0]
    if kept.state != IN_CARE or kept.wrapped is None:
        return []
    keys = {row.id: _key_of(tx, row) for row in records if row.wrapped is not None}
    began, born = care_began(tx, records, keys), born_on(identity_of(tx, kept, keys[kept.id]))
    return [*current().assessments.from_care(began, born, country_of(directory, kept.organisation_code))]


def _key_of(tx: Tx, row: Row[Any]) -> bytes:
    return tx.vault.unwrap(row.wrapped, row.master_key_id, row.id, row.organisation_code)


def _raise(tx: Tx, directory: Directory, kept: Row[Any], dues: Iterable[Due]) -> int:
    """Where each of two records had its own before they were merged, both stand, due by the same day."""
    there = [held_in(row) for row in tx.all(queries.SERIES, {"child_id": kept.id}) if row.series == CARE]
    count = 0
    for each in dues:
        of_kind = [held for held in there if held.kind == each.kind]
        if not of_kind:
            add_due(tx, directory, kept, each, (CARE, kept.id))
            count += 1
        count += sum(_count_anew(tx, held, each) for held in of_kind if _told_otherwise(held, each))
    return count


def _told_otherwise(held: Held, found: Due) -> bool:
    is_open = held.closed_at is None and held.due_rule != STATED
    return is_open and (held.due_at, held.due_rule) != (utc_text(found.at), found.rule.code)


def add_due(tx: Tx, directory: Directory, kept: Row[Any], found: Due, why: tuple[str, str]) -> Held:
    """Enter an assessment as due; ``why`` is its series and the record it stands under. Its owner is told."""
    rules, (series, record) = current().assessments, why
    child = (record, kept.organisation_code)
    owner = owner_of(tx, directory, rules, found.kind, child)
    held = due(child, found.kind, series, owner, (utc_text(found.at), found.rule.code))
    entry_id = _recorded(tx, held)
    add(tx, held, Act(RAISED, entry_id))
    tell(tx, "assessment.raised", kept.id, [owner], entry_id)
    return held


def _count_anew(tx: Tx, was: Held, found: Due) -> int:
    """When care began was told later, or corrected: the due date follows, and the one before stays in the history."""
    now = replace(was, due_at=utc_text(found.at), due_rule=found.rule.code)
    move(tx, was, now, Act(RAISED, _recorded(tx, now)))
    return 1


def _recorded(tx: Tx, held: Held) -> str:
    return tx.record(
        Action.ASSESSMENT_RAISED,
        {"child": held.child_id, "assessment": held.id},
        kind=held.kind,
        due=held.due_at,
        rule=held.due_rule,
        owner=held.owner.code,
    )


def raise_next(tx: Tx, directory: Directory, done: Held, done_on: date) -> list[Held]:
    """Raise what is due next because this one was done, beside it: parted again, a record goes on with its own."""
    kept = next(iter(records_of(tx, done.child_id)), None)
    if kept is None or kept.state != IN_CARE:
        return []
    born = born_on(identity_of(tx, kept, _key_of(tx, kept))) if kept.wrapped else None
    so = country_of(directory, kept.organisation_code)
    open_ = {each.kind for each in tx.all(queries.OPEN_OF_CHILD, {"child_id": kept.id}) if each.id != done.id}
    found = current().assessments.from_done(done.kind, done_on, born, so)
    why = (done.id, done.child_id)
    return [add_due(tx, directory, kept, each, why) for each in found if each.kind not in open_]


def care_began(tx: Tx, records: Sequence[Row[Any]], keys: Mapping[str, bytes]) -> date:
    """The day care began: as told, else the start of the first home, else the day the first record was made.

    What was told of a home that was withdrawn is not true of this child: it may have been another one's.
    """
    homes = [each for each in tx.all(queries.HOMES, {"child_id": records[0].id}) if each.state != "withdrawn"]
    for home in homes:
        told = _legal(tx, home, keys[home.child_id]).get("looked_after_since") if home.child_id in keys else None
        if isinstance(told, str):
            return date.fromisoformat(told)
    made = [london_day(parse_utc(row.created_at)) for row in records]
    started = [date.fromisoformat(home.started_on) for home in homes if home.started_on]
    return min([*made, *started])


def _legal(tx: Tx, home: Row[Any], key: bytes) -> Mapping[str, Any]:
    where = orjson.loads(home.sections).get(_LEGAL)
    if not where:
        return {}
    for held in tx.all(FRAMES, {"ids": [where[0]]}):
        if held.sealed is not None:
            part = frame.unpack(held.sealed)[_LEGAL]
            section: Mapping[str, Any] = orjson.loads(tx.vault.unseal(key, part_name(held.id, _LEGAL), part))
            return section
    return {}


def identity_of(tx: Tx, row: Row[Any], key: bytes) -> Mapping[str, Any]:
    """Who the child is, to count by and never to show; nothing where that was erased."""
    if row.sealed is None:
        return {}
    identity: Mapping[str, Any] = orjson.loads(tx.vault.unseal(key, identity_name(row.id), row.sealed))
    return identity
