"""Publishing: a version that holds the sections that changed, each sealed apart; everything else stays as it was."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.people import people
from app.children.service.keys import own_key
from app.kit.errors import Fault
from app.ledger.actions import Action
from app.organisations.directory import Directory
from app.passports import queries
from app.passports.errors import PassportErased
from app.passports.models import passport_sections, passport_versions, passports
from app.passports.policy import first_review, overridden, unchanged
from app.passports.service.entitling import check_writer
from app.passports.service.knowing import before_writing, identity_in
from app.passports.service.revealing import bound_to, current_words
from app.passports.service.standing import Standing, newest, stand, view_of
from app.passports.service.telling import hold, readers_of, tell
from app.passports.service.versioning import require_section, require_whole
from app.rules.edition import current
from app.rules.passport_checks import ERROR, WARNING, Known
from app.security.errors import PractitionerRequired
from app.web.errors import InvalidDocument
from app.work.once import Reply
from app.work.tx import Tx

Document = Mapping[str, Any]


def publish(tx: Tx, directory: Directory, child_id: str, if_match: str | None, document: Document) -> Reply:
    """Publish the sections sent; the rest is carried forward with its dates.

    Raises NotYours, PassportNotForYou, SectionNotYours, ChildRestricted, InsufficientScope, SensitivePartClosed,
    VersionRequired, StaleVersion, PractitionerRequired, InvalidDocument, PassportErased, PassportMovedOn.
    """
    standing = stand(tx, directory, child_id)
    check_writer(tx, standing, {name: f"/{name}" for name in document})
    require_whole(tx, directory, standing, if_match, document)
    return _store(tx, directory, standing, document)


def write_section(
    tx: Tx, directory: Directory, child_id: str, if_match: str | None, name: str, section: Document
) -> Reply:
    """Publish one section, whatever else changed meanwhile. Raises what ``publish`` raises."""
    standing = stand(tx, directory, child_id)
    check_writer(tx, standing, {name: ""})
    require_section(tx, directory, standing, name, if_match)
    return _store(tx, directory, standing, {name: section})


def _store(tx: Tx, directory: Directory, standing: Standing, document: Document) -> Reply:
    row = before_writing(tx, standing)
    key = _own_key(tx, standing, row)
    held = _held_words(tx, standing, document)
    changed = {name: words for name, words in document.items() if not unchanged(words, held.get(name, _NOTHING))}
    _check_named(tx, standing, changed)
    known = Known(date.fromisoformat(tx.today), identity_in(tx, standing, row))
    checks = current().passport_checks
    if errors := checks.findings(document, known, ERROR):
        raise InvalidDocument(faults=[Fault(*each) for each in errors])
    entry_id = None
    if changed:
        entry_id = _add_version(tx, directory, standing, _signed(tx, directory, changed), key)
    seen = view_of(tx, standing).shared.keys() | document.keys()
    version = standing.version + 1 if changed else newest(standing.held, seen)
    answer = {
        "child_id": standing.shown_id,
        "version": version,
        "changed": list(changed),
        "unchanged": [name for name in document if name not in changed],
        "warnings": [each._asdict() for each in checks.findings(document, known, WARNING)],
        "left_out": [],
        "left_out_more": 0,
        "sections_not_yours": [],
        "receipt": {"entry_id": entry_id, "recorded_at": tx.at} if entry_id else None,
    }
    return Reply(200, orjson.dumps(answer))


_NOTHING: Document = {"provenance": {}}


def _check_named(tx: Tx, standing: Standing, changed: Iterable[str]) -> None:
    """Insist on a named person where the table does; a system may send back what it read. PractitionerRequired."""
    if tx.by.practitioner_id is None and not standing.party.by_name.isdisjoint(changed):
        raise PractitionerRequired


def _own_key(tx: Tx, standing: Standing, row: Row[Any]) -> bytes:
    """The publishing organisation's own key for this child: it controls what it writes. Raises PassportErased."""
    if row.own_wrapped is None and row.own_child_id is not None:
        raise PassportErased
    return own_key(tx, standing.child_id, row.own_wrapped, row.own_master_key_id)


def _held_words(tx: Tx, standing: Standing, document: Document) -> dict[str, Document]:
    """The words of today of the sections that are sent, to tell which of them change."""
    found = {}
    for row in current_words(tx, standing):
        if row.section in document and row.wrapped is not None:
            key = tx.vault.unwrap(row.wrapped, row.master_key_id, standing.child_id, row.organisation_code)
            name = f"{bound_to(standing.child_id, row.version)}|{row.section}"
            found[row.section] = orjson.loads(tx.vault.unseal(key, name, row.sealed))
    return found


def _signed(tx: Tx, directory: Directory, sections: Document) -> dict[str, Document]:
    """The sections, each with who wrote it down: where that was not sent, the named person who publishes."""
    person = people(tx, [tx.by.practitioner_id]).get(tx.by.practitioner_id or "")
    if person is None:
        return dict(sections)
    organisation = directory.organisation(tx.by.organisation)
    recorder = {
        "name": person["name"],
        "role": person["role"],
        "organisation": organisation.name if organisation else tx.by.organisation,
    }
    return {
        name: {**words, "provenance": {"recorded_by": recorder, **words["provenance"]}}
        for name, words in sections.items()
    }


def _add_version(tx: Tx, directory: Directory, standing: Standing, sections: Document, key: bytes) -> str:
    version, child_id = standing.version + 1, standing.child_id
    bodies = {f"{bound_to(child_id, version)}|{name}": orjson.dumps(words) for name, words in sections.items()}
    entry_id = tx.record(
        Action.PASSPORT_PUBLISHED,
        {"child": child_id},
        version=version,
        sections=list(sections),
        why=standing.right.code,
        overrides=overridden(sections.get("sharing", {})),
        commitments={
            name: tx.vault.commitment(key, bound, body)
            for name, (bound, body) in zip(sections, bodies.items(), strict=True)
        },
    )
    now_held = {**standing.held, **{name: _new_age(tx, version, words) for name, words in sections.items()}}
    _move_on(tx, standing, version, now_held)
    _add_row(tx, standing, version, list(sections), orjson.dumps(now_held).decode(), entry_id)
    for name in sections:
        if name in standing.held:
            tx.change(queries.SUPERSEDE, {"b_child_id": child_id, "b_section": name, "b_version": version})
    sealed = tx.vault.seal_all(key, bodies)
    tx.add(
        passport_sections,
        *(
            {
                "child_id": child_id,
                "section": name,
                "version": version,
                "until_version": None,
                "organisation_code": tx.by.organisation,
                "sealed": each,
            }
            for name, each in zip(sections, sealed, strict=True)
        ),
    )
    readers = readers_of(tx, *standing.records)
    hold(tx, standing, readers, entry_id)
    tell(tx, directory, standing, readers, sections, entry_id)
    return entry_id


def _new_age(tx: Tx, version: int, words: Document) -> dict[str, Any]:
    """What stands in the clear of a section: its version, who wrote it, and its dates."""
    by, provenance = tx.by, words["provenance"]
    return {
        "version": version,
        "organisation": by.organisation,
        "function": by.function,
        "practitioner": by.practitioner_id,
        "at": tx.at,
        "as_of": provenance["as_of"],
        "confirmed_on": provenance.get("last_confirmed_on"),
        "confirmed_by": None,
        "confirmed_at": None,
        "review_due_on": provenance.get("review_due_on"),
    }


def _move_on(tx: Tx, standing: Standing, version: int, held: Document) -> None:
    """Somebody else's version first is a Conflict: the unit runs again, and finds this caller's tag stale."""
    sections, review_due_on = orjson.dumps(held).decode(), first_review(held)
    if standing.version == 0:
        tx.add(
            passports,
            {
                "child_id": standing.child_id,
                "version": version,
                "sections": sections,
                "review_due_on": review_due_on,
                "created_at": tx.at,
                "changed_at": tx.at,
            },
        )
        return
    tx.change(
        queries.MOVE_ON,
        {
            "b_child_id": standing.child_id,
            "b_was": standing.version,
            "b_were": standing.stored,
            "b_version": version,
            "b_sections": sections,
            "b_review_due_on": review_due_on,
            "b_at": tx.at,
        },
    )


def _add_row(tx: Tx, standing: Standing, version: int, changed: list[str], sections: str, entry_id: str) -> None:
    by = tx.by
    tx.add(
        passport_versions,
        {
            "child_id": standing.child_id,
            "version": version,
            "organisation_code": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "changed": orjson.dumps(changed).decode(),
            "sections": sections,
            "at": tx.at,
            "entry_id": entry_id,
        },
    )
