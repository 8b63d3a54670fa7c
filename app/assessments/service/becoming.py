"""What became of an assessment: booked, done, declined with what was offered instead, no capacity, not needed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import orjson

from app.access.errors import NotYours
from app.assessments import queries
from app.assessments.errors import AssessmentClosed, AssessmentNotYours
from app.assessments.models import assessment_recommendations
from app.assessments.policy import PLACING, Team, gives_back_to, may_act
from app.assessments.service.asking import answer
from app.assessments.service.parties import social_care, teams_of, tell
from app.assessments.service.raising import raise_next
from app.assessments.service.recording import Act, Held, held_in, move, seal, words_of_ours
from app.assessments.service.standing import Place, enter
from app.kit.clock import utc_text
from app.kit.errors import Fault
from app.kit.ids import is_id, new_id
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.rules.assessments import NONE
from app.rules.working_time import day_ends, london_day
from app.web.errors import InvalidDocument
from app.work.once import Reply
from app.work.tx import Tx

_DONE: Final = "done"
_CLEAR: Final = frozenset({"outcome", "recommendations"})


def become(tx: Tx, directory: Directory, child_id: str, assessment_id: str, document: Mapping[str, Any]) -> Reply:
    """Record what became of an assessment.

    Raises NotYours, RegisterNotForYou, ChildRestricted, AssessmentNotYours, AssessmentClosed, InvalidDocument,
    ChildErased.
    """
    place = enter(tx, directory, child_id)
    was = find(tx, place, assessment_id)
    check_actor(tx, place, was)
    if was.closed_at:
        raise AssessmentClosed
    _check(tx, directory, was, document)
    now = _after(tx, place, was, document)
    entry_id = tx.record(
        Action.ASSESSMENT_UPDATED,
        {"child": was.child_id, "assessment": was.id},
        outcome=now.state,
        owner=now.owner.code,
        why=place.standing.right.code,
        recommendations=len(document.get("recommendations", ())),
    )
    key = words_of_ours(tx, was.child_id)
    words = {name: value for name, value in document.items() if name not in _CLEAR}
    move(tx, was, now, Act(now.state, entry_id, place.team, seal(tx, key, words)))
    teams = teams_of(tx, directory, place.records, was.authority)
    for each in document.get("recommendations", ()):
        _recommend(tx, was, each, _doer(each, teams, was.authority), (key, entry_id))
    following = raise_next(tx, directory, was, date.fromisoformat(document["on"])) if now.state == _DONE else []
    _tell(tx, place, teams, now, entry_id)
    told = answer(place, now, entry_id, tx.at) | {"raised": [each.id for each in following]}
    return Reply(201, orjson.dumps(told))


def find(tx: Tx, place: Place, assessment_id: str) -> Held:
    """An assessment of this child, under whichever of its records it stands. Raises NotYours."""
    asked = {"assessment_id": assessment_id, "ids": place.records}
    row = tx.one(queries.ASSESSMENT, asked) if is_id("asm", assessment_id) else None
    if row is None:
        raise NotYours
    return held_in(row)


def check_actor(tx: Tx, place: Place, held: Held) -> None:
    """Insist that the caller may say what became of it. Raises AssessmentNotYours."""
    asker = held.asker[:2] if held.asker else (None, None)
    if not may_act(place.party, (tx.by.organisation, tx.by.function.value), held.owner, asker):
        raise AssessmentNotYours


def _check(tx: Tx, directory: Directory, held: Held, document: Mapping[str, Any]) -> None:
    """Hold days and codes against today and the directory. Raises InvalidDocument."""
    faults = []
    if document["outcome"] == _DONE and document["on"] > tx.today:
        faults.append(Fault("/on", "ahead", "It was done today or before. Until then it is booked."))
    if document["outcome"] == _DONE and (held.kind == "sdq") != ("sdq" in document):
        faults.append(Fault("/sdq", "sdq", "The questionnaire has its score, or why there is none; nothing else has."))
    if document.get("next_on", "9") < tx.today or (document["outcome"] == "booked" and document["on"] < tx.today):
        where = "/on" if document["outcome"] == "booked" else "/next_on"
        faults.append(Fault(where, "past", "The next day lies ahead, or is today."))
    for place, each in enumerate(document.get("recommendations", ())):
        if "organisation" in each and directory.organisation(each["organisation"]) is None:
            told = "This organisation is not in the directory."
            faults.append(Fault(f"/recommendations/{place}/organisation", "unknown_organisation", told))
    if faults:
        raise InvalidDocument(faults=faults)


def _after(tx: Tx, place: Place, was: Held, document: Mapping[str, Any]) -> Held:
    """The assessment once this is so. Its due date stays what it was, whatever was declined."""
    state = place.rules.states[document["outcome"]]
    next_on = document["on"] if state.code == "booked" else document.get("next_on")
    again = state.look_again(tx.now)
    if next_on is None and again is not None:
        next_on = london_day(again).isoformat()
    return replace(
        was,
        state=state.code,
        owner=gives_back_to(was.owner, was.asker, was.authority) if state.gives_back else was.owner,
        next_on=next_on,
        next_at=utc_text(day_ends(date.fromisoformat(next_on))) if next_on else None,
        done_on=document["on"] if state.code == _DONE else None,
        closed_at=None if state.open else tx.at,
    )


def _doer(recommended: Mapping[str, Any], teams: Sequence[Team], authority: str) -> Team:
    """Who does what is recommended, and on which side: of a team with no part yet nobody is told where it is."""
    organisation, function = recommended.get("organisation", authority), recommended["function"]
    if organisation == authority:
        return Team(organisation, function, PLACING)
    found = next((team for team in teams if team.organisation == organisation), None)
    return Team(organisation, function, found.side if found else "host")


def _recommend(tx: Tx, held: Held, recommended: Mapping[str, Any], doer: Team, made: tuple[bytes, str]) -> None:
    """Keep a recommendation until somebody says what became of it; ``made`` is the writer's key and the entry."""
    key, entry_id = made
    recommendation_id = new_id("arc")
    words = {name: recommended[name] for name in ("what", "owner") if name in recommended}
    tx.add(
        assessment_recommendations,
        {
            "id": recommendation_id,
            "assessment_id": held.id,
            "child_id": held.child_id,
            "organisation_code": tx.by.organisation,
            "owner_organisation_code": doer.organisation,
            "owner_function": doer.function,
            "owner_side": doer.side,
            "due_on": recommended["due_on"],
            "sealed": tx.vault.seal(key, f"{recommendation_id}|what", orjson.dumps(words)),
            "entry_id": entry_id,
        },
    )


def _tell(tx: Tx, place: Place, teams: Sequence[Team], now: Held, entry_id: str) -> None:
    """Everybody with a part in the register learns of it; ids only."""
    parties = place.rules.parties
    told = [team for team in teams if parties[team.function, team.side].sees != NONE]
    told += [now.owner, social_care(now.authority)]
    tell(tx, f"assessment.{now.state}", place.child_id, told, entry_id)
