"""The report of an assessment: a document of it, and who of those who should have read it has not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row

from app.assessments import queries
from app.assessments.errors import NoReport, ReportNotForYou, ReportNotYours
from app.assessments.models import assessment_readers
from app.assessments.policy import REPORTED, Team
from app.assessments.service.becoming import check_actor, find
from app.assessments.service.parties import social_care, teams_of, tell
from app.assessments.service.recording import Act, Held, move, words_of_ours
from app.assessments.service.standing import Place, enter
from app.children.errors import ChildErased, ChildRestricted
from app.children.models import openings
from app.children.restrictions import restrictions_for
from app.children.service.seeing import OPENED, Sight, how, opening
from app.documents.service import keeping
from app.documents.service.keeping import Holder, Kept, Taken
from app.documents.service.opening import Release, ready, recorded
from app.kit.clock import utc_text
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports.policy import reaching
from app.passports.service.telling import first_contact
from app.rules.assessments import ReaderRow
from app.rules.disclosure import Restrictions
from app.rules.edition import current
from app.work.tx import Tx

KIND: Final = "assessment"
SECTION: Final = "assessments"


def announce(tx: Tx, directory: Directory, child_id: str, assessment_id: str) -> None:
    """Make room for the report, once, or anew where another organisation made room and nothing came of it.

    Raises what ``_writable`` raises.
    """
    place, held = _writable(tx, directory, child_id, assessment_id)
    if held.report_id and held.report_organisation == tx.by.organisation:
        return
    kind = place.rules.kinds[held.kind]
    holder = _holder(held, tx.by.organisation, words_of_ours(tx, held.child_id))
    document_id, entry_id = keeping.announce(tx, holder, {"type": kind.report, "title": kind.title})
    now = replace(held, report_id=document_id, report_organisation=tx.by.organisation)
    move(tx, held, now, Act("announced", entry_id, place.team))


def place_for(tx: Tx, directory: Directory, child_id: str, assessment_id: str) -> keeping.Place:
    """Where an upload of the report would go. Nothing is written. Raises what ``_writable`` raises, NoReport."""
    _, held = _writable(tx, directory, child_id, assessment_id)
    if held.report_id is None:
        raise NoReport
    if held.report_organisation != tx.by.organisation:
        raise ReportNotYours
    return keeping.place_for(tx, _holder_of(tx, held), held.report_id)


def keep(tx: Tx, directory: Directory, ids: tuple[str, str], where: keeping.Place, taken: Taken) -> Kept:
    """Keep what was uploaded; ``ids`` are those of the child and the assessment. Every reader has it unread.

    Raises what ``_writable`` raises.
    """
    child_id, assessment_id = ids
    place, held = _writable(tx, directory, child_id, assessment_id)
    if held.report_id != where.document_id:
        raise ReportNotYours
    kept = keeping.keep(tx, _holder_of(tx, held), where, taken)
    if not kept.is_new:
        return kept
    subject = {"child": held.child_id, "assessment": held.id, "document": where.document_id}
    entry_id = tx.record(Action.ASSESSMENT_REPORTED, subject, version=kept.facts["version"])
    move(tx, held, replace(held, report_at=tx.at), Act(REPORTED, entry_id, place.team))
    readers = _unread(tx, directory, place, held)
    tell(tx, "assessment.reported", place.child_id, [*readers, held.owner, social_care(held.authority)], entry_id)
    return kept


def look(tx: Tx, directory: Directory, child_id: str, assessment_id: str, number: int | None) -> Release:
    """The report for a party that reads it. Leaves no trace. Raises ReportNotForYou, NoReport, ChildRestricted."""
    return _found(tx, directory, child_id, assessment_id, number)[0]


def release(tx: Tx, directory: Directory, child_id: str, assessment_id: str, number: int | None) -> Release:
    """The same, recorded: in the ledger, in the account of the child, as a receipt, and as read by a named person."""
    found, place, held, row = _found(tx, directory, child_id, assessment_id, number)
    subject = {"document": row.id, "child": held.child_id, "assessment": held.id}
    entry_id = recorded(tx, subject, row, place.standing.right.code)
    sight = Sight(held.child_id, None, None, held.version, (SECTION,), place.standing.right.code)
    tx.add(openings, opening(tx, sight, entry_id))
    first_contact(tx, place.standing, entry_id)
    if how(tx) == OPENED and found.number == row.version:
        marked = {
            "b_assessment_id": held.id,
            "b_organisation": tx.by.organisation,
            "b_function": tx.by.function.value,
            "b_at": tx.at,
            "b_by": tx.by.practitioner_id,
        }
        tx.change(queries.MARK_READ, marked, touching=None)
    return found


def reader_row(tx: Tx, ids: tuple[str, str], team: Team, rule: ReaderRow) -> dict[str, Any]:
    """A team that should read a report; ``ids`` are those of the assessment and the child."""
    return {
        "assessment_id": ids[0],
        "organisation_code": team.organisation,
        "function": team.function,
        "child_id": ids[1],
        "side": team.side,
        "rule": rule.code,
        "told_at": tx.at,
        "read_by": utc_text(rule.within.after(tx.now)),
    }


def _reads(rules_party: str, held: Held) -> bool:
    """Whether a party, as side.function, reads the reports of this kind."""
    return current().assessments.reader(held.kind, rules_party) is not None


def opens(tx: Tx, place: Place, held: Held) -> bool:
    """Whether the caller opens the report: its readers do, and the team that uploaded it, not all its organisation."""
    if _reads(place.team.party, held):
        return True
    if held.report_organisation != tx.by.organisation:
        return False
    return uploaders(tx, [held.id]).get(held.id) == (tx.by.organisation, tx.by.function.value)


def uploaders(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """By assessment, the team, an organisation and a function, that uploaded its report as it stands."""
    rows = tx.all(queries.UPLOADERS, {"ids": ids, "event": REPORTED})
    return {row.assessment_id: (row.organisation_code, row.function) for row in rows}


def _writable(tx: Tx, directory: Directory, child_id: str, assessment_id: str) -> tuple[Place, Held]:
    """An assessment whose report the caller uploads.

    Raises NotYours, RegisterNotForYou, ChildRestricted, AssessmentNotYours, ReportNotYours.
    """
    place = enter(tx, directory, child_id)
    held = find(tx, place, assessment_id)
    check_actor(tx, place, held)
    if held.report_at is not None and held.report_organisation != tx.by.organisation:
        raise ReportNotYours
    return place, held


def _found(
    tx: Tx, directory: Directory, child_id: str, assessment_id: str, number: int | None
) -> tuple[Release, Place, Held, Row[Any]]:
    place = enter(tx, directory, child_id)
    held = find(tx, place, assessment_id)
    if not opens(tx, place, held):
        raise ReportNotForYou
    if place.restricted:
        raise ChildRestricted
    if held.report_id is None or held.report_at is None:
        raise NoReport
    holder = _holder_of(tx, held)
    row = keeping.find(tx, holder, held.report_id, number)
    return ready(tx, holder.key, row), place, held, row


def _holder_of(tx: Tx, held: Held) -> Holder:
    """Who keeps the report, with its key. Raises NoReport, ChildErased."""
    if held.report_organisation is None:
        raise NoReport
    asked = {"child_id": held.child_id, "organisation": held.report_organisation}
    row = tx.one(queries.KEY_OF, asked)
    if row is None or row.wrapped is None:
        raise ChildErased
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, held.child_id, held.report_organisation)
    return _holder(held, held.report_organisation, key)


def _holder(held: Held, organisation: str, key: bytes) -> Holder:
    return Holder(held.child_id, organisation, key, KIND, held.id)


def _unread(tx: Tx, directory: Directory, place: Place, held: Held) -> list[Team]:
    """Enter everybody who should read the report; whoever had read a version before has not read this one."""
    known = {(row.organisation_code, row.function) for row in tx.all(queries.READERS_OF, {"ids": [held.id]})}
    uploader = (tx.by.organisation, tx.by.function.value)
    restrictions = restrictions_for(place.standing.row.restrictions, None)
    readers = [
        (team, rule)
        for team in teams_of(tx, directory, place.records, held.authority)
        if team[:2] != uploader
        and (rule := place.rules.reader(held.kind, team.party))
        and reachable(restrictions, team)
    ]
    tx.add(
        assessment_readers,
        *(reader_row(tx, (held.id, held.child_id), team, rule) for team, rule in readers if team[:2] not in known),
    )
    for team, rule in readers:
        if team[:2] in known:
            again = {
                "b_assessment_id": held.id,
                "b_organisation": team.organisation,
                "b_function": team.function,
                "b_at": tx.at,
                "b_read_by": utc_text(rule.within.after(tx.now)),
            }
            tx.change(queries.UNREAD_AGAIN, again)
    return [team for team, _ in readers]


def reachable(restrictions: Restrictions, team: Team) -> bool:
    """Whether the report could be opened there at all: nobody is waited for whom a restriction keeps out."""
    return not reaching(current().passports.restrictions, team.party, restrictions)
