"""Who owes what is open: handed over, visibly, when one team takes a child over from another."""

from dataclasses import replace

from app.assessments import queries
from app.assessments.models import assessment_readers
from app.assessments.policy import HANDED_OVER, REPORTED, Team
from app.assessments.service.parties import tell
from app.assessments.service.raising import records_of
from app.assessments.service.recording import Act, held_in, move
from app.assessments.service.reporting import reachable, reader_row
from app.children.restrictions import restrictions_for
from app.ledger.actions import Action
from app.rules.edition import current
from app.work.tx import Tx


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
        entry_id = tx.record(
            Action.ASSESSMENT_HANDED_OVER,
            {"child": was.child_id, "assessment": was.id},
            from_owner=from_team.code,
            owner=to_team.code,
            due=was.due_at,
            because=entry,
        )
        by = to_team if tx.caller else None
        move(tx, was, replace(was, owner=to_team), Act(HANDED_OVER, entry_id, by))
        tell(tx, "assessment.handed_over", child_id, [from_team, to_team], entry_id)
        count += 1
    must_read(tx, child_id, [to_team])
    return count


def must_read(tx: Tx, child_id: str, teams: list[Team]) -> int:
    """Enter teams that came to have a part as readers of the reports there are; returns how many were entered.

    Nobody is waited for who uploaded the report, or whom a restriction keeps from it.
    """
    rows = tx.all(queries.REPORTED, {"child_id": child_id})
    if not rows:
        return 0
    restrictions = restrictions_for(records_of(tx, child_id)[0].restrictions, None)
    known = {
        (each.assessment_id, each.organisation_code, each.function)
        for each in tx.all(queries.READERS_OF, {"ids": [row.id for row in rows]})
    } | {(row.id, *_uploader(tx, row.id)) for row in rows}
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


def _uploader(tx: Tx, assessment_id: str) -> tuple[str, ...]:
    row = tx.one(queries.UPLOADER, {"assessment_id": assessment_id, "event": REPORTED})
    return (row.organisation_code, row.function) if row else ()
