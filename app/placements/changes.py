"""Changes to what a placement owes, made apart from any notification."""

from sqlalchemy import bindparam, update

from app.placements.models import clocks

_C = clocks.c

MARK_CLOCK = (
    update(clocks)
    .where(_C.id == bindparam("b_id"), _C.due_at == bindparam("b_was"), _C.met_at.is_(None))
    .values(
        starts_at=bindparam("b_starts_at"),
        due_at=bindparam("b_due_at"),
        met_at=bindparam("b_met_at"),
        marked_at=bindparam("b_at"),
        marked_by=bindparam("b_by"),
    )
)
"""Somebody says that it is done; touches no row where somebody else said so first."""
