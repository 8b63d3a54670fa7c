"""Asking for an assessment: it has an owner and a date from then on, whoever moves where."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from app.assessments import queries
from app.assessments.errors import AssessmentOpen, NotAnAsker
from app.assessments.policy import ASKED, CARE, DUE, NO_CAPACITY, PLACING, STATED, Team, owner
from app.assessments.service.parties import owner_of, social_care, teams_of, tell
from app.assessments.service.raising import from_care, records_of
from app.assessments.service.recording import Act, Held, add, due, held_in, move, seal, words_of_ours
from app.assessments.service.standing import Place, enter
from app.kit.clock import utc_text
from app.kit.errors import Fault
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.rules.working_time import day_ends
from app.web.errors import InvalidDocument
from app.work.once import Reply
from app.work.tx import Tx

_CLEAR = frozenset({"kind", "asked_of", "commissioned_by", "due_on"})
"""What stands in columns. The rest are words."""


def ask(tx: Tx, directory: Directory, child_id: str, document: Mapping[str, Any]) -> Reply:
    """Ask for an assessment, or take up the one that is due.

    Raises NotYours, RegisterNotForYou, ChildRestricted, NotAnAsker, AssessmentOpen, InvalidDocument, ChildErased.
    """
    place = enter(tx, directory, child_id)
    if not place.party.asks:
        raise NotAnAsker
    _check(tx, directory, document)
    teams = _may_be_asked(place, teams_of(tx, directory, place.records, place.authority))
    was = _taken_up(tx, place, document)
    held = was or _new(tx, directory, place, document)
    due_at, due_rule = _due(document, held)
    now = replace(
        held,
        state=ASKED,
        owner=_asked_of(document, teams) or held.owner,
        asker=place.team,
        asked_at=tx.at,
        commissioner=document.get("commissioned_by"),
        due_at=due_at,
        due_rule=due_rule,
    )
    entry_id = tx.record(
        Action.ASSESSMENT_ASKED,
        {"child": now.child_id, "assessment": now.id},
        kind=now.kind,
        due=now.due_at,
        owner=now.owner.code,
        why=place.standing.right.code,
    )
    words = {name: value for name, value in document.items() if name not in _CLEAR}
    act = Act(ASKED, entry_id, place.team, seal(tx, words_of_ours(tx, now.child_id), words))
    if was:
        move(tx, was, now, act)
    else:
        add(tx, now, act)
    tell(tx, "assessment.asked", place.child_id, [now.owner, social_care(place.authority)], entry_id)
    return Reply(201, orjson.dumps(answer(place, now, entry_id, tx.at)))


def answer(place: Place, held: Held, entry_id: str, at: str) -> dict[str, Any]:
    """What is answered to whoever changed an assessment."""
    return {
        "assessment_id": held.id,
        "child_id": place.child_id,
        "kind": held.kind,
        "state": held.state,
        "owner": owner(place.hides_area, held.owner),
        "due_at": held.due_at,
        "next_on": held.next_on,
        "receipt": {"entry_id": entry_id, "recorded_at": at},
    }


def _check(tx: Tx, directory: Directory, document: Mapping[str, Any]) -> None:
    faults = []
    if document.get("due_on", tx.today) < tx.today:
        faults.append(Fault("/due_on", "past", "A day by which it is wanted lies ahead, or is today."))
    code = document.get("commissioned_by")
    if code is not None and directory.organisation(code) is None:
        told = "This organisation is not in the directory. Use commissioner for anybody else."
        faults.append(Fault("/commissioned_by", "unknown_organisation", told))
    if faults:
        raise InvalidDocument(faults=faults)


def _taken_up(tx: Tx, place: Place, document: Mapping[str, Any]) -> Held | None:
    """The open one of its kind where there is one at a time: it is due, or the team that was asked has no capacity.

    Raises AssessmentOpen where it was asked for already.
    """
    if not place.rules.kinds[document["kind"]].once:
        return None
    rows = tx.all(queries.OPEN_OF_CHILD, {"child_id": place.child_id})
    open_ = [each for each in rows if each.kind == document["kind"]]
    taken = next((each for each in open_ if each.state not in (DUE, NO_CAPACITY)), None)
    if taken is not None:
        raise AssessmentOpen(members={"assessment_id": taken.id})
    # Of two that the service raised before the records were merged, the one of the record that is kept.
    first = min(open_, key=lambda each: place.records.index(each.child_id), default=None)
    return held_in(first) if first is not None else None


def _new(tx: Tx, directory: Directory, place: Place, document: Mapping[str, Any]) -> Held:
    """One nobody raised yet. What is due from the day care began is due by that, whenever it is asked for."""
    child, kind = (place.child_id, place.authority), document["kind"]
    owing = owner_of(tx, directory, place.rules, kind, child)
    raised = {each.kind for each in tx.all(queries.SERIES, {"child_id": child[0]}) if each.series == CARE}
    if kind not in raised:
        for found in from_care(tx, directory, records_of(tx, child[0])):
            if found.kind == kind:
                return due(child, kind, CARE, owing, (utc_text(found.at), found.rule.code))
    found = place.rules.asked_without_a_day(tx.now)
    if "due_on" in document:
        return due(child, kind, None, owing, (_end_of(document["due_on"]), STATED))
    return due(child, kind, None, owing, (utc_text(found.at), found.rule.code))


def _due(document: Mapping[str, Any], held: Held) -> tuple[str, str]:
    """When it is due, and by which rule. A day that is asked for may be earlier than what law or guidance sets."""
    if "due_on" in document and _end_of(document["due_on"]) < held.due_at:
        return _end_of(document["due_on"]), STATED
    return held.due_at, held.due_rule


def _end_of(day: str) -> str:
    return utc_text(day_ends(date.fromisoformat(day)))


def _may_be_asked(place: Place, teams: list[Team]) -> list[Team]:
    """The teams a caller may ask by name: which others have a part would tell where the child lives."""
    return [team for team in teams if team.side == PLACING or not place.hides_area]


def _asked_of(document: Mapping[str, Any], teams: list[Team]) -> Team | None:
    """The team that is asked. Raises InvalidDocument where it has no part in the child's health care."""
    named = document.get("asked_of")
    if named is None:
        return None
    asked = (named["organisation"], named["function"])
    found = next((team for team in teams if team[:2] == asked), None)
    if found is None:
        told = "This team has no part in the child's health care yet: tell it of the placement, or leave this out."
        raise InvalidDocument(faults=[Fault("/asked_of", "no_part", told)])
    return found
