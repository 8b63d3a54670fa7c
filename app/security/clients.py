"""Registered clients: the systems of organisations, known by their public keys."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, insert, select, update

from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.security.jwks import KeyRefused, PublicKey, public_key, read_key_set
from app.security.models import client_keys, clients
from app.security.scopes import FUNCTION_SCOPES, Function, Scope


class RegistrationRefused(ValueError):
    """A client cannot be registered as asked; the message is for an administrator."""


@dataclass(frozen=True, slots=True)
class Client:
    """One system of one organisation. ``acts_for``: organisations that delegated to it; ``keys``: by kid."""

    id: str
    organisation: str
    name: str
    functions: frozenset[Function]
    scopes: frozenset[Scope]
    acts_for: frozenset[str]
    keys: Mapping[str, PublicKey]
    revoked_at: str | None = None

    @property
    def revoked(self) -> bool:
        """Whether its access has ended."""
        return self.revoked_at is not None


def register(  # noqa: PLR0913
    connection: Connection,
    *,
    organisation: str,
    name: str,
    functions: Collection[Function],
    scopes: Collection[Scope],
    acts_for: Collection[str] = (),
    key_set: str,
    now: datetime,
) -> Client:
    """Register a client with its keys, a JWK set as text. Raises RegistrationRefused or KeyRefused."""
    _check_rights(functions, scopes)
    if not name.strip() or len(name) > 100 or not name.isprintable():
        raise RegistrationRefused("A client needs a name of 1 to 100 printable characters.")
    keys = read_key_set(key_set)
    row: dict[str, Any] = {
        "id": new_id("cli"),
        "organisation_code": organisation,
        "name": name,
        "functions": _json(sorted(functions)),
        "scopes": _json(sorted(scopes)),
        "acts_for": _json(sorted(set(acts_for) - {organisation})),
        "jwks": _json([{"kid": key.kid, **key.jwk} for key in keys]),
        "created_at": utc_text(now),
        "revoked_at": None,
    }
    connection.execute(insert(clients), [row])
    _claim_keys(connection, row["id"], keys)
    return client_from(row)


def replace_keys(connection: Connection, client_id: str, key_set: str) -> None:
    """Give a client its next keys; the set may hold old and new. Raises KeyRefused or RegistrationRefused."""
    keys = read_key_set(key_set)
    members = _json([{"kid": key.kid, **key.jwk} for key in keys])
    changed = connection.execute(update(clients).where(clients.c.id == client_id).values(jwks=members))
    if changed.rowcount != 1:
        raise RegistrationRefused("There is no such client.")
    _claim_keys(connection, client_id, keys)


def revoke(connection: Connection, client_id: str, now: datetime) -> bool:
    """End a client's access now. Returns False when there was none to end; the first time stands."""
    statement = update(clients).where(clients.c.id == client_id, clients.c.revoked_at.is_(None))
    return connection.execute(statement.values(revoked_at=utc_text(now))).rowcount == 1


def find(connection: Connection, client_id: str) -> Client | None:
    """Return the client, revoked or not, or None."""
    row = connection.execute(select(clients).where(clients.c.id == client_id)).mappings().first()
    return client_from(row) if row else None


def client_from(row: RowMapping | Mapping[str, Any]) -> Client:
    """Build a client from a row of ``clients``."""
    return Client(
        id=row["id"],
        organisation=row["organisation_code"],
        name=row["name"],
        functions=frozenset(map(Function, orjson.loads(row["functions"]))),
        scopes=frozenset(map(Scope, orjson.loads(row["scopes"]))),
        acts_for=frozenset(orjson.loads(row["acts_for"])),
        keys=MappingProxyType({key["kid"]: _stored_key(key) for key in orjson.loads(row["jwks"])}),
        revoked_at=row["revoked_at"],
    )


def _check_rights(functions: Collection[Function], scopes: Collection[Scope]) -> None:
    if not functions or not scopes:
        raise RegistrationRefused("A client needs at least one function and one scope.")
    possible = frozenset[Scope]().union(*(FUNCTION_SCOPES[function] for function in functions))
    if beyond := sorted(set(scopes) - possible):
        raise RegistrationRefused(f"None of these functions may ever hold {', '.join(beyond)}.")


def _claim_keys(connection: Connection, client_id: str, keys: tuple[PublicKey, ...]) -> None:
    owners = select(client_keys.c.thumbprint, client_keys.c.client_id).where(
        client_keys.c.thumbprint.in_([key.thumbprint for key in keys])
    )
    owned = {row.thumbprint: row.client_id for row in connection.execute(owners)}
    if any(owner != client_id for owner in owned.values()):
        raise KeyRefused("A key in this set belongs to another client. Each system needs keys of its own.")
    fresh = [{"thumbprint": key.thumbprint, "client_id": client_id} for key in keys if key.thumbprint not in owned]
    if fresh:
        connection.execute(insert(client_keys), fresh)


def _stored_key(members: dict[str, str]) -> PublicKey:
    return public_key(members["kid"], {name: value for name, value in members.items() if name != "kid"})


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
