"""Issuing a token: one signed assertion, used once and kept, for one organisation, one function, one person."""

from dataclasses import dataclass

import orjson
from sqlalchemy import bindparam, select

from app.kit.errors import Failure
from app.kit.ids import new_id
from app.security.assertions import Assertion, Grant, Requested, grant
from app.security.clients import Client, client_from
from app.security.delegation import DELEGATED
from app.security.errors import AssertionReplayed, WrongOrganisation
from app.security.models import assertions, clients, practitioners
from app.security.practitioner import identity_text
from app.security.principal import Practitioner
from app.security.replay import assertion_row
from app.security.tokens import Tokens, verify_assertion
from app.work.tx import Tx

_CLIENT = select(clients).where(clients.c.id == bindparam("client_id"))
_USED = select(assertions.c.digest).where(
    assertions.c.client_id == bindparam("client_id"), assertions.c.jti == bindparam("jti")
)
_KNOWN = select(practitioners.c.id).where(
    practitioners.c.organisation_code == bindparam("organisation"), practitioners.c.lookup == bindparam("lookup")
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token and what it is for."""

    token: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal of a client that has proved who it is, so that it can be recorded under its name."""

    failure: Failure
    client: Client


def issue(tx: Tx, tokens: Tokens, audience: str, text: str, requested: Requested) -> Issued | Refused:
    """Verify a client assertion and issue a token on it. Raises InvalidClient where nobody is proved."""
    assertion = verify_assertion(text, lambda client_id: _client(tx, client_id), audience, tx.now)
    client = _client(tx, assertion.client_id)
    if client is None:
        raise RuntimeError("a client vanished inside one transaction")
    if tx.one(_USED, {"client_id": client.id, "jti": assertion.jti}):
        return Refused(AssertionReplayed(), client)
    try:
        granted = grant(assertion, client, requested)
        _check_delegation(tx, granted)
    except Failure as failure:
        return Refused(failure, client)
    practitioner_id = _practitioner_id(tx, granted)
    _keep(tx, assertion, practitioner_id, text)
    return Issued(tokens.issue(granted, practitioner_id, tx.now), granted)


def _check_delegation(tx: Tx, granted: Grant) -> None:
    """Acting for another body takes its delegation of this very function, as it stands now."""
    if granted.organisation == granted.client_organisation:
        return
    asked = {
        "organisation": granted.organisation,
        "delegate": granted.client_organisation,
        "function": granted.function,
    }
    if tx.one(DELEGATED, asked) is None:
        raise WrongOrganisation("organisation: has not delegated this function to yours.")


def _client(tx: Tx, client_id: str) -> Client | None:
    row = tx.one(_CLIENT, {"client_id": client_id})
    return client_from(row._mapping) if row else None


def _keep(tx: Tx, assertion: Assertion, practitioner_id: str | None, text: str) -> None:
    # Two requests at once with one jti: the second insert is a Conflict, runs again and finds it used.
    sealed = tx.vault.seal_own("assertions", assertion.digest, text.encode())
    tx.add(assertions, assertion_row(assertion, practitioner_id, sealed))


def _practitioner_id(tx: Tx, granted: Grant) -> str | None:
    person = granted.practitioner
    if person is None:
        return None
    lookup = tx.vault.index("practitioner", identity_text(person))
    known = tx.one(_KNOWN, {"organisation": granted.client_organisation, "lookup": lookup})
    if known:
        return str(known.id)
    practitioner_id = new_id("prc")
    tx.add(
        practitioners,
        {
            "id": practitioner_id,
            "organisation_code": granted.client_organisation,
            "lookup": lookup,
            "sealed": tx.vault.seal_own("practitioners", practitioner_id, _words(person)),
            "first_seen_at": tx.at,
        },
    )
    return practitioner_id


def _words(person: Practitioner) -> bytes:
    return orjson.dumps(
        {"name": person.name, "role": person.role, "identifier": person.identifier, "team": person.team}
    )
