"""Where a caller stands towards a placement: on which side, by which rule, and whether access still holds."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

from app.access.errors import NotYours
from app.children.service.seeing import SENDER
from app.placements.errors import AccessEnded
from app.placements.policy import side_of
from app.work.tx import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """A placement as it was asked for, with the caller's side and why it is a party."""

    row: Row[Any]
    side: str
    why: str


def stand(tx: Tx, question: Select[Any], placement_id: str) -> Standing:
    """Ask for a placement as a party to it. Raises NotYours if it never was one, AccessEnded if recalled."""
    by = tx.by
    row = tx.one(
        question,
        {
            "placement_id": placement_id,
            "organisation": by.organisation,
            "function": by.function,
            "practitioner_id": by.practitioner_id,
            "sends": int(side_of(by, by.organisation) is not None),
        },
    )
    if row is None:
        raise NotYours
    own = side_of(by, row.organisation_code)
    if own is not None:
        return Standing(row, own, SENDER)
    if row.side is None:
        raise NotYours
    if row.access_ended_at is not None:
        raise AccessEnded
    return Standing(row, row.side, row.rule)
