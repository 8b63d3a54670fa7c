"""Whether the client that calls is in good standing, learnt beside the first thing that is asked for it.

A round trip of its own would be a sixth of what a short read costs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, literal_column, select

from app.db import questions
from app.security.delegation import DELEGATED
from app.security.errors import ClientRevoked, WrongOrganisation
from app.security.models import clients
from app.security.principal import Caller

_GOOD = ""
_REVOKED_AT = func.coalesce(clients.c.revoked_at, literal_column(f"'{_GOOD}'"))
_STANDING = select(_REVOKED_AT.label("standing")).where(clients.c.id == bindparam("calling_client_id")).correlate(None)
_BESIDE = _STANDING.scalar_subquery().label("standing")
"""Null: there is no such client."""


class GoodStanding:
    """Of one caller, on the connection that reads everything else: a revocation works at once.

    Nothing is handed out that was asked for whoever is not, and nothing is written.
    """

    def __init__(self, connection: Connection, caller: Caller | None) -> None:
        self._connection = connection
        self._to_check = caller
        if caller is not None and caller.organisation != caller.client_organisation:
            self.check()
            check_delegation(connection, caller)

    def ask(self, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Every row of a question. Raises ClientRevoked."""
        if self._to_check is None:
            return questions.every(self._connection, statement, values)
        known = {**values, "calling_client_id": self._to_check.client_id}
        found = questions.every_beside(self._connection, statement, _BESIDE, known)
        if found is None:
            self.check()
            return questions.every(self._connection, statement, values)
        self._judge(found.value)
        return found.rows

    def check(self) -> None:
        """Ask by itself, where nothing was asked yet. Raises ClientRevoked."""
        if self._to_check is None:
            return
        row = questions.one(self._connection, _STANDING, {"calling_client_id": self._to_check.client_id})
        self._judge(row.standing if row else None)

    def _judge(self, standing: str | None) -> None:
        if standing != _GOOD:
            raise ClientRevoked
        # Once for each unit: what is asked next is asked for whoever was in good standing when it began.
        self._to_check = None


def check_delegation(connection: Connection, by: Caller) -> None:
    """Raise WrongOrganisation where a client acts for an organisation that has withdrawn its delegation."""
    if by.organisation == by.client_organisation:
        return
    asked = {"organisation": by.organisation, "delegate": by.client_organisation, "function": by.function}
    if questions.one(connection, DELEGATED, asked) is None:
        raise WrongOrganisation("organisation: has withdrawn its delegation of this function to yours.")
