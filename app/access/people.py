"""The names behind practitioner references, for those who may see who opened and acknowledged."""

from collections.abc import Iterable
from typing import cast

import orjson
from sqlalchemy import bindparam, select
from typing_extensions import TypedDict

from app.security.models import practitioners
from app.work.tx import Tx

_PEOPLE = select(practitioners.c.id, practitioners.c.organisation_code, practitioners.c.sealed).where(
    practitioners.c.id.in_(bindparam("ids", expanding=True))
)


class Person(TypedDict):
    """A professional as their own organisation named them."""

    id: str
    name: str
    role: str
    identifier: str | None
    team: str | None
    organisation: str


def people(tx: Tx, ids: Iterable[str | None]) -> dict[str, Person]:
    """The practitioners behind ``ids``, by id; one query for all of them."""
    wanted = sorted({each for each in ids if each})
    if not wanted:
        return {}
    return {
        row.id: cast(
            "Person",
            {
                **orjson.loads(tx.vault.unseal_own("practitioners", row.id, row.sealed)),
                "id": row.id,
                "organisation": row.organisation_code,
            },
        )
        for row in tx.all(_PEOPLE, {"ids": wanted})
    }
