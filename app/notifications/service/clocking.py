"""A clock as it is stored: started by a notification, or by an event after one such as a recall."""

from typing import Any

from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.rules.decision import Clock


def clock_row(clock: Clock, placement_id: str, notification_id: str, met_at: str | None) -> dict[str, Any]:
    """The row of ``clocks``. ``met_at`` is None while it runs."""
    return {
        "id": new_id("clk"),
        "placement_id": placement_id,
        "notification_id": notification_id,
        "code": clock.code,
        "basis": clock.basis,
        "owner": clock.owner,
        "starts_at": utc_text(clock.starts_at),
        "due_at": utc_text(clock.due_at),
        "met_at": met_at,
    }
