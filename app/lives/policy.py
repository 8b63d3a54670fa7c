"""What may become of a child's record. Pure."""

from collections.abc import Sequence, Set
from typing import Any, Final

from sqlalchemy import Row

from app.children.policy import findable
from app.children.restrictions import in_force
from app.placements.policy import SENDING_FUNCTIONS
from app.security.scopes import Function

MERGE, UNMERGE, CARE_NOT_OVER = "merge", "unmerge", "care_not_over"
PROPOSED, CONFIRMED, REJECTED = "proposed", "confirmed", "rejected"
OFFERED, ACCEPTED, DECLINED, REVOKED = "offered", "accepted", "declined", "revoked"

TRANSFERRED: Final = "transferred"
"""The state of a child whose care passed to another authority, and why its placement ended."""
TURNED_18: Final = "turned_18"

LISTS_PLACEMENTS = SENDING_FUNCTIONS | {Function.REVIEWING_OFFICER}
"""The teams that follow the whole of a child's placements, whether or not they were told of each."""


def may_merge(kept: Row[Any], duplicate: Row[Any], of_duplicate: Sequence[Row[Any]], taken_by: Set[str]) -> bool:
    """Whether two records of one authority may become one. All of it is weighed, whichever part says no.

    ``taken_by`` are the authorities that took either over last: two of them would each read the other's child.
    """
    apart = (
        kept.id == duplicate.id,
        kept.state != duplicate.state,
        bool(of_duplicate),
        kept.state == TRANSFERRED and len(taken_by) > 1,
        not findable(in_force(kept.restrictions)),
        not findable(in_force(duplicate.restrictions)),
    )
    return not any(apart)
