"""The restrictions on a child as disclosure takes them, seen by one caller."""

from functools import lru_cache
from typing import TypedDict

import orjson

from app.rules.disclosure import Restrictions

NO_RESTRICTIONS = "[]"


class Stored(TypedDict):
    """One restriction in force, as it stands in the child's row: codes and references only."""

    id: str
    kind: str
    spared: list[str]
    practitioners: list[str]


def restrictions_for(stored: str, practitioner_id: str | None) -> Restrictions:
    """What restricts this caller. A practitioner named in a restriction is spared, whatever their team."""
    if stored == NO_RESTRICTIONS:
        return ()
    return tuple(
        (each["kind"], tuple(each["spared"]))
        for each in in_force(stored)
        if practitioner_id is None or practitioner_id not in each["practitioners"]
    )


@lru_cache(maxsize=1024)
def in_force(stored: str) -> tuple[Stored, ...]:
    """Every restriction in a child's row, oldest first."""
    return tuple(orjson.loads(stored))
