"""Reading a child's register: dates and owners for everybody with a part, words for those whose work needs them."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.access.people import Person, people
from app.assessments import queries
from app.assessments.part_queries import READERS
from app.assessments.policy import PART_ENDED, PLACING, UNREAD, Team, may_act, owner, reader_state
from app.assessments.service.becoming import find
from app.assessments.service.recording import Held, event_name, held_in
from app.assessments.service.reporting import SECTION, opens
from app.assessments.service.standing import Place, enter
from app.children.models import openings
from app.children.service.listing import Listing, listed
from app.children.service.seeing import OPENED, Sight, how, opening
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports.service.telling import first_contact
from app.rules.edition import current
from app.work.tx import Tx

_ACTIONS: Final = {True: Action.ASSESSMENT_OPENED, False: Action.ASSESSMENT_RETRIEVED}
_NOT_NEEDED, _ERASED = "not_needed_for_this_work", "erased"
Grouped = Mapping[str, Sequence[Row[Any]]]


def register(tx: Tx, directory: Directory, child_id: str, listing: Listing) -> bytes:
    """A page of a child's register as JSON; reading it is recorded. Raises what ``enter`` raises, BadCursor."""
    place = enter(tx, directory, child_id)
    shown, more = listed(tx, queries.OF_CHILD, place.records, "assessments", listing)
    ids = [row.id for row in shown]
    readers, recommended = _readers(tx, ids), _recommended(tx, ids)
    _seen(tx, place, {row.child_id for row in shown}, None, max((row.version for row in shown), default=0))
    answer = {
        "child_id": place.child_id,
        "your_side": place.team.side,
        "why_you": place.standing.rules.rights[place.standing.right.code],
        "you_see": place.party.sees,
        "items": [_head(tx, place, held_in(row), readers, recommended) for row in shown],
        "next_cursor": more,
    }
    return orjson.dumps(answer)


def assessment(tx: Tx, directory: Directory, child_id: str, assessment_id: str) -> bytes:
    """One assessment as JSON, with its history, readers and recommendations; reading it is recorded.

    Raises what ``enter`` raises, and NotYours where it is not of this child.
    """
    place = enter(tx, directory, child_id)
    held = find(tx, place, assessment_id)
    readers, recommended = _readers(tx, [held.id]), _recommended(tx, [held.id])
    events = tx.all(queries.EVENTS, {"assessment_id": held.id})
    names = people(tx, _people_in(events, readers[held.id], recommended[held.id]))
    _seen(tx, place, {held.child_id}, held.id, held.version)
    caller, asker = (tx.by.organisation, tx.by.function.value), held.asker[:2] if held.asker else (None, None)
    answer = {
        **_head(tx, place, held, readers, recommended),
        "child_id": place.child_id,
        "your_side": place.team.side,
        "you_see": place.party.sees,
        "you_may_act": may_act(place.party, caller, held.owner, asker) and held.closed_at is None,
        "you_may_open_report": bool(held.report_at) and not place.restricted and opens(tx, place, held),
        "history": [_event(tx, place, each, names) for each in events],
        "readers": [_reader(tx, place, each, names) for each in readers[held.id]],
        "recommendations": [_recommendation(tx, place, each, names) for each in recommended[held.id]],
    }
    return orjson.dumps(answer)


def _seen(tx: Tx, place: Place, of: Set[str], assessment_id: str | None, version: int) -> None:
    """Leave a trace in the account of each record ``of`` which something is shown: parted again, each tells its own."""
    records = [each for each in place.records if each in of] or [place.child_id]
    subject = {"child": records[0], **({"assessment": assessment_id} if assessment_id else {})}
    why = place.standing.right.code
    entry_id = tx.record(_ACTIONS[how(tx) == OPENED], subject, version=version, sees=place.party.sees, why=why)
    sights = (Sight(each, None, None, version, (SECTION,), why) for each in records)
    tx.add(openings, *(opening(tx, sight, entry_id) for sight in sights))
    first_contact(tx, place.standing, entry_id)


def _readers(tx: Tx, ids: Sequence[str]) -> Grouped:
    asked = {"ids": ids, "today": tx.today, "now": tx.at, "reading": current().passport_transfers.reading}
    return _grouped(ids, tx.all(READERS, asked) if ids else ())


def _recommended(tx: Tx, ids: Sequence[str]) -> Grouped:
    return _grouped(ids, tx.all(queries.RECOMMENDATIONS_OF, {"ids": ids}) if ids else ())


def _grouped(ids: Iterable[str], rows: Iterable[Row[Any]]) -> Grouped:
    found: dict[str, list[Row[Any]]] = {each: [] for each in ids}
    for row in rows:
        found[row.assessment_id].append(row)
    return found


def _people_in(events: Iterable[Any], readers: Iterable[Any], recommended: Iterable[Any]) -> Iterable[str | None]:
    yield from (each.practitioner_id for each in events)
    yield from (each.opened_by for each in readers)
    yield from (each.done_by for each in recommended)


def _head(tx: Tx, place: Place, held: Held, readers: Grouped, recommended: Grouped) -> dict[str, Any]:
    rule = next((row for row in place.rules.dues if row.code == held.due_rule), None)
    unread, never = (
        [owner(place.hides_area, _team_of(each)) for each in readers[held.id] if _state(each) == state]
        for state in (UNREAD, PART_ENDED)
    )
    return {
        "assessment_id": held.id,
        "record": held.child_id,
        "kind": held.kind,
        "title": place.rules.kinds[held.kind].title,
        "state": held.state,
        "owner": owner(place.hides_area, held.owner),
        "asked_by": owner(place.hides_area, held.asker),
        "asked_at": held.asked_at,
        "commissioned_by": None if place.hides_area else held.commissioner,
        "due_at": held.due_at,
        "due_rule": held.due_rule,
        "due_basis": rule.basis if rule else "stated",
        "due_source": rule.source if rule else None,
        "overdue": held.closed_at is None and held.due_at < tx.at,
        "next_on": held.next_on if held.closed_at is None else None,
        "next_overdue": held.closed_at is None and held.next_at is not None and held.next_at < tx.at,
        "done_on": held.done_on,
        "report": "uploaded" if held.report_at else ("awaited" if held.report_id or held.done_on else "none"),
        "report_at": held.report_at,
        "unread_by": unread,
        "never_read_by": never,
        "recommendations_open": sum(each.done_at is None for each in recommended[held.id]),
        "version": held.version,
    }


def _state(reader: Row[Any]) -> str:
    return reader_state(reader.opened_at, bool(reader.has_part))


def _team_of(row: Row[Any]) -> Team:
    return Team(row.organisation_code, row.function, row.side)


def _event(tx: Tx, place: Place, row: Row[Any], names: Mapping[str, Person]) -> dict[str, Any]:
    by = owner(place.hides_area, _team_of(row)) if row.organisation_code else None
    words, withheld = _words(tx, place, row)
    hidden = by is not None and by["organisation"] is None
    return {
        "event": row.event,
        "state": row.state,
        "at": row.at,
        "organisation": by["organisation"] if by else None,
        "function": row.function,
        "by": None if hidden else names.get(row.practitioner_id),
        "owner": owner(place.hides_area, Team(row.owner_organisation_code, row.owner_function, row.owner_side)),
        "due_at": row.due_at,
        "next_on": row.next_on,
        "words": words,
        "words_withheld": withheld,
        "entry_id": row.entry_id,
    }


def _words(tx: Tx, place: Place, row: Row[Any]) -> tuple[dict[str, Any] | None, str | None]:
    """What was said, less the place of an appointment where that would tell where the child lives."""
    if row.sealed is None:
        return None, None
    if not place.sees_words:
        return None, _NOT_NEEDED
    words = _opened(tx, row, event_name(row.id), row.sealed)
    if words is None:
        return None, _ERASED
    if place.hides_area:
        words = {name: value for name, value in words.items() if name not in ("where", "elsewhere", "commissioning")}
    return words, None


def _opened(tx: Tx, row: Row[Any], name: str, sealed: bytes, which: str = "") -> dict[str, Any] | None:
    """Sealed words, or None where the organisation that wrote them had them erased."""
    wrapped, master = getattr(row, f"{which}wrapped"), getattr(row, f"{which}master_key_id")
    if wrapped is None:
        return None
    key = tx.vault.unwrap(wrapped, master, row.child_id, getattr(row, f"{which}organisation_code"))
    words: dict[str, Any] = orjson.loads(tx.vault.unseal(key, name, sealed))
    return words


def _reader(tx: Tx, place: Place, row: Row[Any], names: Mapping[str, Person]) -> dict[str, Any]:
    team = owner(place.hides_area, _team_of(row))
    hidden = team is None or team["organisation"] is None
    return {
        **(team or {}),
        "side": row.side,
        "state": _state(row),
        "told_at": row.told_at,
        "read_by": row.read_by,
        "overdue": _state(row) == UNREAD and row.read_by < tx.at,
        "opened_at": row.opened_at,
        "opened_by": None if hidden else names.get(row.opened_by),
    }


def _recommendation(tx: Tx, place: Place, row: Row[Any], names: Mapping[str, Person]) -> dict[str, Any]:
    said = _opened(tx, row, f"{row.id}|what", row.sealed) or {}
    done = _opened(tx, row, f"{row.id}|done", row.done_sealed, "done_") if row.done_sealed else None
    hides = place.hides_area and row.owner_side != PLACING
    return {
        "recommendation_id": row.id,
        "function": row.owner_function,
        "organisation": None if hides else row.owner_organisation_code,
        "due_on": row.due_on,
        "overdue": row.done_at is None and row.due_on < tx.today,
        "what": said.get("what"),
        "owner": None if hides else said.get("owner"),
        "outcome": row.outcome,
        "done_at": row.done_at,
        "done_by": None if hides else names.get(row.done_by),
        "note": (done or {}).get("note"),
    }
