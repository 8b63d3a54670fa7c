"""A message as it is left in the outbox."""

from app.kit.ids import is_id, new_id
from app.outbox.models import outbox
from app.outbox.publish import message

AT = "2026-11-22T02:10:00.000Z"


def test_a_message_holds_ids_and_codes_and_waits() -> None:
    entry_id, recipient_id = new_id("led"), new_id("rcp")
    row = message("notification.sent", "E06000051", "social_care", entry_id, AT, recipient_id=recipient_id)
    assert is_id("obx", row.pop("id"))
    assert row == {
        "topic": "notification.sent",
        "organisation_code": "E06000051",
        "function": "social_care",
        "notification_id": None,
        "placement_id": None,
        "child_id": None,
        "recipient_id": recipient_id,
        "entry_id": entry_id,
        "created_at": AT,
        "attempts": 0,
    }


def test_a_message_fills_every_column_but_those_of_its_delivery() -> None:
    row = message("notification.sent", "E06000051", "social_care", new_id("led"), AT)
    assert set(outbox.columns.keys()) - set(row) == {"claimed_until", "delivered_at"}
