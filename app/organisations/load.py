"""Changing the directory: importing an edition, registering who no edition lists, and delegations.

Each takes a connection inside the caller's transaction, and is an operator's act: no client can do it.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from app.kit.clock import Clock, system_clock, utc_text
from app.kit.errors import Fault
from app.ledger.story import is_plain
from app.organisations import queries
from app.organisations.coherence import check
from app.organisations.contacts import NO_CONTACTS, Contacts, contacts_json
from app.organisations.edition import SHIPPED, Edition, OrganisationRow, read_edition, refuse_if_any
from app.organisations.errors import InvalidOrganisation, UnknownFunction, UnknownOrganisation
from app.organisations.kinds import CODE_FORMS, CodeForm, Kind
from app.security.scopes import Function

_NAME = re.compile(r"\S(?:.{0,198}\S)?")


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did. ``closed`` counts organisations listed as no longer in force."""

    version: int
    organisations: Mapping[Kind, int]
    added: int
    closed: int
    routing: int
    neighbours: int
    successions: int


def import_directory(connection: Connection, folder: Path = SHIPPED, clock: Clock = system_clock) -> Report:
    """Put an edition in the place of the former. Raises InvalidDirectory, having changed nothing.

    Organisations that were registered by hand stay, and so do all contacts and delegations.
    """
    edition = read_edition(folder)
    held = queries.kinds_by_code(connection)
    check(edition, [code for code, kind in held.items() if CODE_FORMS[kind].in_editions])
    _refuse_other_kinds(edition, held)
    queries.put_organisations(connection, map(_organisation, edition.organisations), held)
    queries.replace_links(
        connection,
        [_routing(row.model_dump()) for row in edition.routing],
        [row.model_dump(include={"area_code", "adjacent_code", "evidence"}) for row in edition.neighbours],
        [row.model_dump(exclude={"at", "kind"}) for row in edition.successions],
    )
    return _report(edition, held, queries.bump(connection, loaded_at=utc_text(clock())))


def register(
    connection: Connection, *, code: str, kind: str, name: str, country: str, contacts: Contacts = NO_CONTACTS
) -> None:
    """Register a trust, provider, school or partnership, or change its name and contacts. ``country``: E, W.

    Raises InvalidOrganisation for a kind that comes with an edition and for a code in use for another kind.
    """
    held = queries.kinds_by_code(connection)
    form = _registered_form(kind)
    expected = (
        (form.pattern.fullmatch(code) and is_plain(code), "code", "The code has not the form of this kind."),
        (held.get(code, kind) == kind, "code", "The code is in use for another kind."),
        (_NAME.fullmatch(name) and name.isprintable(), "name", "1 to 200 printable characters."),
        (country in ("E", "W"), "country", "E for England or W for Wales."),
    )
    if faults := [Fault(f"/{field}", "field", message) for right, field, message in expected if not right]:
        raise InvalidOrganisation(faults=faults)
    row = {
        "code": code,
        "code_system": form.system,
        "kind": kind,
        "name": name,
        "short_name": name,
        "country": country,
        "contacts": _contacts(contacts),
    }
    queries.put_organisations(connection, [row], held)
    queries.bump(connection)


def publish_contacts(connection: Connection, code: str, contacts: Contacts) -> None:
    """Replace how the teams of an organisation are reached. Raises UnknownOrganisation."""
    _insist(connection, code)
    queries.put_organisations(connection, [{"code": code, "contacts": _contacts(contacts)}], [code])
    queries.bump(connection)


def delegate(connection: Connection, principal: str, delegate: str, function: str) -> bool:
    """Let one organisation do a function of another. Returns False when it does already.

    Raises UnknownOrganisation, UnknownFunction. It takes effect once a client of the delegate is registered
    as acting for the principal.
    """
    _insist(connection, principal, delegate)
    if function not in frozenset(Function):
        raise UnknownFunction
    row = {"organisation_code": principal, "delegate_code": delegate, "function": str(function)}
    added = queries.add_delegation(connection, row)
    if added:
        queries.bump(connection)
    return added


def withdraw_delegation(connection: Connection, principal: str, delegate: str, function: str) -> bool:
    """End a delegation, for tokens already issued too. Returns False when there was none."""
    row = {"organisation_code": principal, "delegate_code": delegate, "function": function}
    removed = queries.remove_delegation(connection, row)
    if removed:
        queries.bump(connection)
    return removed


def _insist(connection: Connection, *codes: str) -> None:
    if not queries.kinds_by_code(connection).keys() >= set(codes):
        raise UnknownOrganisation


def _contacts(contacts: Contacts) -> str:
    return contacts_json.dump_json(dict(contacts)).decode()


def _registered_form(kind: str) -> CodeForm:
    form = CODE_FORMS[Kind(kind)] if kind in frozenset(Kind) else None
    if form is None or form.in_editions:
        message = "A kind that editions of the directory do not list: trust, provider, school, partnership."
        raise InvalidOrganisation(faults=[Fault("/kind", "field", message)])
    return form


def _refuse_other_kinds(edition: Edition, held: Mapping[str, Kind]) -> None:
    message = "This code is registered for an organisation of another kind."
    taken = (row for row in edition.organisations if held.get(row.code, row.kind) is not row.kind)
    refuse_if_any([Fault(row.at, "taken", message) for row in taken])


def _organisation(row: OrganisationRow) -> dict[str, Any]:
    kept = row.model_dump(exclude={"at", "source", "former_gss"})
    return kept | {"country": row.country, "kind": row.kind.value}


def _routing(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("area_code", "health_code", "police_code", "valid_from", "valid_to")}
    return kept | {"health_share": f"{row['health_share']:.4f}", "is_default": int(row["default"] == "true")}


def _report(edition: Edition, held: Mapping[str, Kind], version: int) -> Report:
    return Report(
        version=version,
        organisations=MappingProxyType(Counter(row.kind for row in edition.organisations)),
        added=sum(row.code not in held for row in edition.organisations),
        closed=sum(row.valid_to is not None for row in edition.organisations),
        routing=len(edition.routing),
        neighbours=len(edition.neighbours),
        successions=len(edition.successions),
    )
