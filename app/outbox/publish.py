"""Building a message. Only the unit of work does this."""

from typing import Any

from app.kit.ids import new_id


def message(  # noqa: PLR0913
    topic: str,
    organisation: str,
    function: str,
    entry_id: str,
    at: str,
    *,
    child_id: str | None = None,
    notification_id: str | None = None,
    placement_id: str | None = None,
    recipient_id: str | None = None,
) -> dict[str, Any]:
    """Return the ``outbox`` row that tells one function of an organisation of the act in a ledger entry."""
    return {
        "id": new_id("obx"),
        "topic": topic,
        "organisation_code": organisation,
        "function": function,
        "child_id": child_id,
        "notification_id": notification_id,
        "placement_id": placement_id,
        "recipient_id": recipient_id,
        "entry_id": entry_id,
        "created_at": at,
        "attempts": 0,
    }
