"""Who is calling: the facts every decision, ledger entry and disclosure starts from."""

from dataclasses import dataclass

from app.security.errors import InsufficientScope
from app.security.scopes import Function, Scope


@dataclass(frozen=True, slots=True)
class Practitioner:
    """The person a client says is acting, already normalised and bounded (see ``practitioner.py``)."""

    name: str
    role: str
    identifier: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """One verified token: one organisation, one function and at most one practitioner.

    ``organisation`` is the party that is acted for; ``client_organisation`` owns the system that calls. They
    differ where one body works for another by delegation, and both are recorded. ``assertion_digest`` is the
    SHA-256, in hex, of the signed assertion under which the token was issued.
    """

    client_id: str
    organisation: str
    client_organisation: str
    function: Function
    practitioner_id: str | None
    purpose: str | None
    scopes: frozenset[Scope]
    assertion_digest: str

    def check_scope(self, scope: Scope) -> None:
        """Raise InsufficientScope where the token does not hold it."""
        if scope not in self.scopes:
            raise InsufficientScope(f"This needs the scope {scope}.")
