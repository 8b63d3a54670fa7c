"""One place that writes an assessment: its row, what happened to it, and the words of whoever acted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row

from app.assessments import queries
from app.assessments.models import assessment_events, assessments
from app.assessments.policy import DUE, Team, tell_next
from app.children.errors import ChildErased
from app.children.service.keys import own_key
from app.kit.ids import new_id
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Held:
    """An assessment as it stands: everything about it that may change, and what it is."""

    id: str
    child_id: str
    authority: str
    kind: str
    series: str | None
    version: int
    state: str
    owner: Team
    asker: Team | None
    due_at: str
    due_rule: str
    asked_at: str | None = None
    commissioner: str | None = None
    next_on: str | None = None
    next_at: str | None = None
    done_on: str | None = None
    closed_at: str | None = None
    report_id: str | None = None
    report_organisation: str | None = None
    report_at: str | None = None
    tell_at: str | None = None


def held_in(row: Row[Any]) -> Held:
    """What a row says."""
    asker = Team(row.asked_organisation_code, row.asked_function, row.asked_side)
    return Held(
        row.id,
        row.child_id,
        row.authority_code,
        row.kind,
        row.series,
        row.version,
        row.state,
        Team(row.owner_organisation_code, row.owner_function, row.owner_side),
        asker if row.asked_at else None,
        row.due_at,
        row.due_rule,
        row.asked_at,
        row.commissioner_code,
        row.next_on,
        row.next_at,
        row.done_on,
        row.closed_at,
        row.report_id,
        row.report_organisation_code,
        row.report_at,
        row.tell_at,
    )


def due(child: tuple[str, str], kind: str, series: str | None, owner: Team, when: tuple[str, str]) -> Held:
    """An assessment that falls due; ``child`` is its id and its authority, ``when`` the moment and its rule."""
    return Held(new_id("asm"), *child, kind, series, 0, DUE, owner, None, *when)


def words_of_ours(tx: Tx, child_id: str) -> bytes:
    """The caller's own key for this child's words, made where there is none yet. Raises ChildErased."""
    asked = {"child_id": child_id, "organisation": tx.by.organisation}
    row = tx.one(queries.KEY_OF, asked)
    if row is not None and row.wrapped is None:
        raise ChildErased
    return own_key(tx, child_id, row.wrapped if row else None, row.master_key_id if row else None)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody, or the service itself, did to an assessment, and the entry that stands for it."""

    event: str
    entry_id: str
    by: Team | None = None
    words: tuple[str, bytes] | None = None
    """The event's id, and the words sealed for it."""


def add(tx: Tx, held: Held, act: Act) -> None:
    """Write an assessment that was not there before, and how it came about."""
    row = {
        "id": held.id,
        "child_id": held.child_id,
        "authority_code": held.authority,
        "kind": held.kind,
        "series": held.series,
        "version": 1,
        **_moved(held, held.due_at),
        "created_at": tx.at,
        "entry_id": act.entry_id,
    }
    tx.add(assessments, row)
    _happened(tx, held, act)


def move(tx: Tx, was: Held, now: Held, act: Act) -> None:
    """Write what an assessment is now, and what happened. Somebody else first is a Conflict: the unit runs again."""
    values = {f"b_{name}": value for name, value in _moved(now, _tell_at(tx, was, now)).items()}
    tx.change(queries.MOVE_ON, {**values, "b_id": was.id, "b_was": was.version, "b_version": was.version + 1})
    _happened(tx, now, act)


def _tell_at(tx: Tx, was: Held, now: Held) -> str | None:
    """When the owner is told next. What fell due a moment ago and was not told of yet is told all the same."""
    if now.closed_at:
        return None
    if was.due_at != now.due_at:
        return now.due_at
    if was.tell_at is not None and was.tell_at <= tx.at:
        return was.tell_at
    return tell_next(tx.at, now.due_at, now.next_at)


def event_name(event_id: str) -> str:
    """What the words of an event are sealed for: they open nowhere else."""
    return f"{event_id}|words"


def seal(tx: Tx, key: bytes, document: Mapping[str, Any]) -> tuple[str, bytes]:
    """The id of an event to come, and its words sealed for it."""
    event_id = new_id("ase")
    return event_id, tx.vault.seal(key, event_name(event_id), orjson.dumps(document))


def _happened(tx: Tx, held: Held, act: Act) -> None:
    """Write down one act, with the owner and the due date after it."""
    by = act.by
    tx.add(
        assessment_events,
        {
            "id": act.words[0] if act.words else new_id("ase"),
            "assessment_id": held.id,
            "child_id": held.child_id,
            "event": act.event,
            "state": held.state,
            "organisation_code": by.organisation if by else None,
            "function": by.function if by else None,
            "side": by.side if by else None,
            "practitioner_id": tx.by.practitioner_id if by else None,
            **_owner(held.owner),
            "due_at": held.due_at,
            "next_on": held.next_on,
            "sealed": act.words[1] if act.words else None,
            "at": tx.at,
            "entry_id": act.entry_id,
        },
    )


def _owner(team: Team) -> dict[str, str]:
    return {
        "owner_organisation_code": team.organisation,
        "owner_function": team.function,
        "owner_side": team.side,
    }


def _moved(held: Held, tell_at: str | None) -> dict[str, Any]:
    asker = held.asker
    return {
        "state": held.state,
        **_owner(held.owner),
        "commissioner_code": held.commissioner,
        "asked_organisation_code": asker.organisation if asker else None,
        "asked_function": asker.function if asker else None,
        "asked_side": asker.side if asker else None,
        "asked_at": held.asked_at,
        "due_at": held.due_at,
        "due_rule": held.due_rule,
        "next_on": held.next_on,
        "next_at": held.next_at,
        "tell_at": tell_at,
        "done_on": held.done_on,
        "closed_at": held.closed_at,
        "report_id": held.report_id,
        "report_organisation_code": held.report_organisation,
        "report_at": held.report_at,
    }
