"""The systems of organisations that may call: registering one, giving it new keys, ending its access.

Acts of an operator, never of a client. Each is one transaction with its ledger entry.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from app.ledger.actions import Action
from app.organisations import queries
from app.organisations.errors import UnknownOrganisation
from app.security import clients
from app.security.clients import Client, RegistrationRefused
from app.security.jwks import read_key_set
from app.security.scopes import FUNCTION_SCOPES, Function, Scope
from app.security.strict import from_base64url
from app.work.resources import Resources
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class System:
    """What an administrator says of a system. ``acts_for``: organisations that delegated to its own."""

    organisation: str
    name: str
    functions: Collection[Function]
    acts_for: Collection[str] = ()


def register_system(resources: Resources, system: System, key_set: str) -> Client:
    """Register a system by its public keys, a JWK set as text, with every scope its functions may hold.

    Raises UnknownOrganisation, RegistrationRefused, KeyRefused.
    """
    with resources.database.write() as connection:
        _check(connection, system)
        tx = Tx(connection, resources, None)
        client = clients.register(
            connection,
            organisation=system.organisation,
            name=system.name,
            functions=system.functions,
            scopes=_scopes(system.functions),
            acts_for=system.acts_for,
            key_set=key_set,
            now=tx.now,
        )
        tx.record(
            Action.CLIENT_REGISTERED,
            {"client": client.id},
            organisation=client.organisation,
            functions=sorted(client.functions),
            acts_for=sorted(client.acts_for),
            keys=_thumbprints(key_set),
        )
        tx.flush()
    return client


def replace_keys(resources: Resources, client_id: str, key_set: str) -> None:
    """Give a system its next keys; old and new may stand in the set together. Raises as ``register_system``."""
    with resources.database.write() as connection:
        clients.replace_keys(connection, client_id, key_set)
        tx = Tx(connection, resources, None)
        tx.record(Action.CLIENT_KEYS_REPLACED, {"client": client_id}, keys=_thumbprints(key_set))
        tx.flush()


def revoke_system(resources: Resources, client_id: str) -> bool:
    """End a system's access, at once. Returns False, leaving no entry, where there was none to end."""
    with resources.database.write() as connection:
        tx = Tx(connection, resources, None)
        if not clients.revoke(connection, client_id, tx.now):
            return False
        tx.record(Action.CLIENT_REVOKED, {"client": client_id})
        tx.flush()
    return True


def _check(connection: Connection, system: System) -> None:
    if system.organisation not in queries.kinds_by_code(connection):
        raise UnknownOrganisation
    delegated = queries.delegations_to(connection, system.organisation)
    for principal in system.acts_for:
        if not any((principal, function) in delegated for function in system.functions):
            raise RegistrationRefused(
                f"{principal} has delegated none of these functions to {system.organisation}. "
                "Record it first: placement-notify organisations delegate"
            )


def _scopes(functions: Collection[Function]) -> frozenset[Scope]:
    return frozenset[Scope]().union(*(FUNCTION_SCOPES[function] for function in functions))


def _thumbprints(key_set: str) -> list[str]:
    """The keys' RFC 7638 thumbprints in hex, which the ledger can hold."""
    return [from_base64url(key.thumbprint).hex() for key in read_key_set(key_set)]
