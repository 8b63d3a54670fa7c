"""Letters of a notification: who gets which, one of them as data, and the record that it was printed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order, reveal
from app.access.errors import NotYours
from app.children.models import openings
from app.children.restrictions import in_force, restrictions_for
from app.children.service.seeing import SENDER, Sight, opening
from app.kit.days import LANGUAGES
from app.kit.ids import derived_id
from app.ledger.actions import Action
from app.letters import queries
from app.letters.composing import Around, compose
from app.letters.errors import NoLetter, OnlyNamedPractitioners
from app.letters.policy import NAMES_PEOPLE, Addressee, Planned, addressed_in, addressees, plan
from app.organisations.directory import Directory
from app.placements.errors import Erased
from app.placements.policy import PLACING, is_sender, shut_out, state_on
from app.placements.service.merged import sealed_parts
from app.rules.edition import Edition, edition
from app.rules.facts import Context, Facts, read_facts
from app.rules.letters import Circumstances, LetterRow
from app.work.errors import Contended
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter ready to be set, in one language, on one day."""

    data: Mapping[str, Any]
    kind: str
    planned: Planned
    on: date
    language: str
    sections: tuple[str, ...]
    """Those of which something may stand in it."""


@dataclass(frozen=True, slots=True)
class _Case:
    """A notification with everything said of the placement so far, and what the tables make of it."""

    row: Row[Any]
    rules: Edition
    sections: Mapping[str, Any]
    facts: Facts
    circumstances: Circumstances


def listed(tx: Tx, directory: Directory, notification_id: str) -> bytes:
    """Whom this notification is to be told to by letter, and why somebody not. Raises NotYours, Erased.

    Who the child's people are is shown here, so it leaves an entry.
    """
    case = _case(tx, directory, notification_id)
    items = [_item(planned) for planned in _planned(tx, directory, case)]
    shown = in_order(NAMES_PEOPLE & case.sections.keys())
    _leave_trace(tx, case, Action.LETTERS_READ, tuple(shown), count=len(items))
    return orjson.dumps({"notification_id": notification_id, "items": items})


def composed(tx: Tx, directory: Directory, notification_id: str, letter_id: str, language: str) -> Letter:
    """One letter, as it would be printed today. Raises NotYours, NoLetter, Erased."""
    return _composed(tx, directory, _case(tx, directory, notification_id), letter_id, language)


def printed(tx: Tx, directory: Directory, notification_id: str, letter: Letter) -> None:
    """Record that a letter was printed. Raises Contended where it would be another letter by now, and the rest."""
    case = _case(tx, directory, notification_id)
    planned = letter.planned
    if _composed(tx, directory, case, planned.id, letter.language) != letter:
        raise Contended(retry_after=1)
    _leave_trace(
        tx,
        case,
        Action.LETTER_PRINTED,
        letter.sections,
        letter=planned.id,
        letter_kind=letter.kind,
        person=planned.to.person,
        without_address=planned.without_address,
        language=letter.language,
    )


def _composed(tx: Tx, directory: Directory, case: _Case, letter_id: str, language: str) -> Letter:
    planned = next((each for each in _planned(tx, directory, case) if each.id == letter_id), None)
    if planned is None:
        raise NotYours
    if planned.row is None or planned.why_not:
        raise NoLetter
    host = case.row.host_area
    around = Around(
        council=directory.name_of(case.row.organisation_code),
        host_authority=directory.name_of(host) if host else None,
        today=date.fromisoformat(tx.today),
        language=language,
    )
    table = case.rules.letters
    data = compose(table, planned, planned.row, case.sections, around)
    used = {*table.cut(planned.facts, case.sections), *_addressed_from(planned.to, case.sections)}
    return Letter(data, planned.row.code, planned, around.today, language, tuple(in_order(used)))


def _addressed_from(to: Addressee, sections: Mapping[str, Any]) -> set[str]:
    """The sections the name and address on the letter may come from."""
    return {name for name in ("told", addressed_in(to.person)) if name and name in sections}


def _case(tx: Tx, directory: Directory, notification_id: str) -> _Case:
    row = tx.one(queries.TO_PRINT, {"notification_id": notification_id, "organisation": tx.by.organisation})
    if row is None or not is_sender(tx.by, row.organisation_code):
        raise NotYours
    rules = edition(row.rules_edition)
    state = state_on(row.state, row.ended_on, tx.today)
    view = rules.view(tx.by.function, PLACING, state, restrictions_for(row.restrictions, tx.by.practitioner_id))
    if shut_out(view):
        raise OnlyNamedPractitioners
    if row.wrapped is None:
        raise Erased
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    revealed = reveal(tx.vault, key, sealed_parts(tx, orjson.loads(row.sections)), view)
    sections = {name: orjson.loads(body) for name, body in revealed.sections.items()}
    facts = read_facts({**sections, "urgency": row.urgency, "occasion": row.occasion}, _context(tx, directory, row))
    return _Case(row, rules, sections, facts, _circumstances(row, rules, facts, state))


def _context(tx: Tx, directory: Directory, row: Row[Any]) -> Context:
    placing = row.organisation_code
    return Context(
        placing_area=placing,
        placing_country=directory.country(placing) or "elsewhere",
        received_at=tx.now,
        kind=row.kind,
        host_area=row.host_area,
        host_country=directory.country(row.host_area) if row.host_area else None,
    )


def _circumstances(row: Row[Any], rules: Edition, facts: Facts, state: str) -> Circumstances:
    return Circumstances(
        so=facts.so,
        kind=row.kind,
        occasion=row.occasion,
        placement_state=state,
        child_state=row.child_state,
        restrictions=frozenset(each["kind"] for each in in_force(row.restrictions)),
        held=not any(gap.holds(facts.so) for gap in rules.coverage),
    )


def _planned(tx: Tx, directory: Directory, case: _Case) -> Iterator[Planned]:
    alike: Counter[tuple[str, str | None]] = Counter()
    for to in addressees(case.sections, _virtual_schools(directory, case)):
        alike[to.person, to.name] += 1
        yield plan(case.rules.letters, case.circumstances, _letter_id(tx, case, to, alike[to.person, to.name]), to)


def _letter_id(tx: Tx, case: _Case, to: Addressee, place: int) -> str:
    """The same for the same person as long as their name stands; it tells nothing without the key."""
    return derived_id("ltr", tx.vault.index("letter", f"{case.row.id}|{to.person}|{to.name or ''}|{place}"))


def _virtual_schools(directory: Directory, case: _Case) -> list[tuple[str, str]]:
    """Of the placing and of the host authority, for a child of school age."""
    if "age_3_to_17" not in case.circumstances.so:
        return []
    found = [("placing_virtual_school", directory.name_of(case.row.organisation_code))]
    if "out_of_area" in case.circumstances.so:
        found.append(("host_virtual_school", directory.name_of(case.row.host_area)))
    return found


def _item(planned: Planned) -> dict[str, Any]:
    row, to, stop = planned.row, planned.to, planned.stop
    prints = row is not None and planned.why_not is None
    return {
        "letter_id": planned.id if prints else None,
        "person": to.person,
        "name": to.name,
        "told": to.told_state,
        "told_at": to.told_at,
        "letter": row.code if row else None,
        "title": row.title if row else None,
        "basis": row.basis if row else None,
        "source": row.source if row else None,
        "sureness": row.sureness if row else None,
        "facts": list(planned.facts),
        "without_address": planned.without_address,
        "left_out": row.left_out if row and prints else None,
        "has_address": bool(to.address) or to.person == "child",
        "languages": list(LANGUAGES) if prints else [],
        "why_not": planned.why_not,
        "why_not_in_words": _why_not(planned, row),
        "what_to_do": stop.todo if stop else None,
    }


def _why_not(planned: Planned, row: LetterRow | None) -> str | None:
    if planned.why_not is None:
        return None
    if planned.stop:
        return planned.stop.title
    if row is None:
        return "The tables hold no letter for this person after a notification of this kind"
    return "The placement is no longer in a state in which this letter is true"


def _leave_trace(tx: Tx, case: _Case, action: Action, sections: tuple[str, ...], **facts: Any) -> None:
    row = case.row
    subject = {"placement": row.placement_id, "child": row.child_id, "notification": row.id}
    entry_id = tx.record(action, subject, sections=list(sections), version=row.version, **facts)
    sight = Sight(row.child_id, row.placement_id, row.id, row.version, sections, SENDER)
    tx.add(openings, opening(tx, sight, entry_id))
