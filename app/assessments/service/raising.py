"""What falls due by itself: because a child came into care, and because one was done before it."""

from collections.abc import Iterable, Mapping
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


def raise_for(tx: Tx, directory: Directory, child_id: str) -> int:
    """Raise what is due of a child in care that was not raised yet, and count anew what was told wrongly before.

    Returns how many were raised or counted anew. Running it again changes nothing.
    """
    row = tx.one(queries.CHILD, {"child_id": child_id})
    return _raise(tx, directory, row, from_care(tx, directory, child_id)) if row is not None else 0


def from_care(tx: Tx, directory: Directory, child_id: str) -> list[Due]:
    """What is due because this child came into care; nothing once care is over, or the record was erased."""
    row = tx.one(queries.CHILD, {"child_id": child_id})
    if row is None or row.state != IN_CARE or row.merged_into is not None or row.wrapped is None:
        return []
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.id, row.organisation_code)
    began, born = care_began(tx, row, key), born_on(identity_of(tx, row, key))
    return [*current().assessments.from_care(began, born, country_of(directory, row.organisation_code))]


def _raise(tx: Tx, directory: Directory, row: Row[Any], dues: Iterable[Due]) -> int:
    there = {each.kind: each for each in tx.all(queries.SERIES, {"child_id": row.id}) if each.series == CARE}
    count = 0
    for each in dues:
        held = there.get(each.kind)
        if held is None:
            add_due(tx, directory, (row.id, row.organisation_code), each, CARE)
            count += 1
        elif _told_otherwise(held, each):
            asked = {"assessment_id": held.id, "child_id": row.id}
            count += _count_anew(tx, tx.one(queries.ASSESSMENT, asked), each)
    return count


def _told_otherwise(held: Row[Any], found: Due) -> bool:
    is_open = held.closed_at is None and held.due_rule != STATED
    return is_open and (held.due_at, held.due_rule) != (utc_text(found.at), found.rule.code)


def add_due(tx: Tx, directory: Directory, child: tuple[str, str], found: Due, series: str) -> Held:
    """Enter an assessment as due; ``child`` is its id and its authority. Its owner is told."""
    rules = current().assessments
    owner = owner_of(tx, directory, rules, found.kind, child)
    held = due(child, found.kind, series, owner, (utc_text(found.at), found.rule.code))
    entry_id = _recorded(tx, held)
    add(tx, held, Act(RAISED, entry_id))
    tell(tx, "assessment.raised", child[0], [owner], entry_id)
    return held


def _count_anew(tx: Tx, row: Row[Any] | None, found: Due) -> int:
    """When care began was told later, or corrected: the due date follows, and the one before stays in the history."""
    if row is None:
        return 0
    was = held_in(row)
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
    """Raise what is due next because this one was done."""
    row = tx.one(queries.CHILD, {"child_id": done.child_id})
    if row is None or row.state != IN_CARE:
        return []
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.id, row.organisation_code) if row.wrapped else b""
    born = born_on(identity_of(tx, row, key)) if key else None
    so = country_of(directory, row.organisation_code)
    open_ = {each.kind for each in tx.all(queries.OPEN_OF_CHILD, {"child_id": row.id}) if each.id != done.id}
    found = current().assessments.from_done(done.kind, done_on, born, so)
    child = (row.id, row.organisation_code)
    return [add_due(tx, directory, child, each, done.id) for each in found if each.kind not in open_]


def care_began(tx: Tx, row: Row[Any], key: bytes) -> date:
    """The day care began: as told, else the start of the first home, else the day the record was made.

    What was told of a home that was withdrawn is not true of this child: it may have been another one's.
    """
    homes = [each for each in tx.all(queries.HOMES, {"child_id": row.id}) if each.state != "withdrawn"]
    for home in homes:
        told = _legal(tx, home, key).get("looked_after_since")
        if isinstance(told, str):
            return date.fromisoformat(told)
    made = london_day(parse_utc(row.created_at))
    started = [date.fromisoformat(home.started_on) for home in homes if home.started_on]
    return min([made, *started])


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
