"""Who owes what is open: handed over, visibly, when a team takes a child over from another or has no part any more."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row

from app.assessments import queries
from app.assessments.models import assessment_readers
from app.assessments.policy import HANDED_OVER, Team
from app.assessments.service.parties import owner_of, tell
from app.assessments.service.raising import records_of
from app.assessments.service.recording import Act, Held, held_in, move
from app.assessments.service.reporting import reachable, reader_row, uploaders
from app.children.restrictions import restrictions_for
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.rules.edition import current
from app.work.tx import Tx

NO_PART: Final = "no_part_any_more"


def hand_over(tx: Tx, child_id: str, from_team: Team, to_team: Team, entry: str) -> int:
    """Make ``to_team`` the owner of what ``from_team`` owes of a child; returns how many assessments changed hands.

    ``child_id`` is the one the child is known by; what stands under a record that was merged into it passes on too.

    Called in the transaction in which the child's health care passes on; ``entry`` is the ledger's entry of that. Due
    dates stay as they are: they are the child's. The team that takes over should read the reports there are.
    """
    count = 0
    for row in tx.all(queries.OPEN_OF_CHILD, {"child_id": child_id}):
        was = held_in(row)
        if was.owner[:2] != from_team[:2]:
            continue
        entry_id = _hand(tx, was, to_team, because=entry)
        tell(tx, "assessment.handed_over", child_id, [from_team, to_team], entry_id)
        count += 1
    must_read(tx, child_id, [to_team])
    return count


def take_from_who_left(tx: Tx, directory: Directory, child_id: str, teams: Sequence[Team]) -> int:
    """Hand on what teams owe of a child in which they have no part any more; returns how much changed hands.

    Its two records were parted, or they were told by mistake. ``teams`` are those with a part today. A
    recommendation may name a team of the placing side with no part yet: it stays with that one.
    """
    there = {team[:2] for team in teams}
    rules, count = current().assessments, 0
    for row in tx.all(queries.OPEN_OF_CHILD, {"child_id": child_id}):
        was = held_in(row)
        if was.owner[:2] not in there:
            to = owner_of(tx, directory, rules, was.kind, (child_id, was.authority))
            entry_id = _hand(tx, was, to, why=NO_PART)
            tell(tx, "assessment.handed_over", child_id, [to], entry_id)
            count += 1
    for row in tx.all(queries.RECOMMENDED_TO_HOST, {"child_id": child_id}):
        doer = Team(row.owner_organisation_code, row.owner_function, row.owner_side)
        if doer[:2] not in there:
            to = owner_of(tx, directory, rules, row.kind, (child_id, row.authority_code))
            entry_id = _hand_recommendation(tx, row, doer, to)
            tell(tx, "assessment.handed_over", child_id, [to], entry_id)
            count += 1
    return count


def _hand(tx: Tx, was: Held, to: Team, **why: str) -> str:
    """Make another team the owner of an assessment, visibly; returns the id of the ledger entry."""
    entry_id = tx.record(
        Action.ASSESSMENT_HANDED_OVER,
        {"child": was.child_id, "assessment": was.id},
        from_owner=was.owner.code,
        owner=to.code,
        due=was.due_at,
        **why,
    )
    move(tx, was, replace(was, owner=to), Act(HANDED_OVER, entry_id, to if tx.caller else None))
    return entry_id


def _hand_recommendation(tx: Tx, row: Row[Any], doer: Team, to: Team) -> str:
    subject = {"child": row.child_id, "assessment": row.assessment_id, "recommendation": row.id}
    facts = {"from_owner": doer.code, "owner": to.code, "why": NO_PART}
    entry_id = tx.record(Action.ASSESSMENT_HANDED_OVER, subject, **facts)
    now = {"b_organisation": to.organisation, "b_function": to.function, "b_side": to.side}
    tx.change(queries.RECOMMEND_TO, {**now, "b_id": row.id})
    return entry_id


def must_read(tx: Tx, child_id: str, teams: list[Team]) -> int:
    """Enter teams that came to have a part as readers of the reports there are; returns how many were entered.

    Nobody is waited for who uploaded the report, or whom a restriction keeps from it.
    """
    rows = tx.all(queries.REPORTED, {"child_id": child_id})
    if not rows:
        return 0
    restrictions = restrictions_for(records_of(tx, child_id)[0].restrictions, None)
    ids = [row.id for row in rows]
    readers = tx.all(queries.READERS_OF, {"ids": ids})
    known = {(each.assessment_id, each.organisation_code, each.function) for each in readers}
    known |= {(each, *team) for each, team in uploaders(tx, ids).items()}
    fresh = [
        reader_row(tx, (row.id, row.child_id), team, rule)
        for row in rows
        for team in teams
        if (rule := current().assessments.reader(row.kind, team.party))
        and (row.id, *team[:2]) not in known
        and reachable(restrictions, team)
    ]
    tx.add(assessment_readers, *fresh)
    return len(fresh)
