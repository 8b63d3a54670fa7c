"""Many notifications in one request: what a council's nightly job sends."""

from typing import Annotated

from pydantic import Field

from .base import Document
from .constraints import Leaf
from .notification import Notification

MOST_IN_A_BATCH = 500


class Item(Document):
    """One notification and the key it is known by when the batch is sent again."""

    idempotency_key: Annotated[
        str,
        Leaf("idempotency_key", "1 to 200 visible ASCII characters.", r"^[\x21-\x7e]{1,200}$", 200, "LCS00412-move-3"),
    ]
    """New for each notification, the same for its repeats: what a key was used for is never added twice."""
    notification: Notification
    """The notification, as it would be sent by itself."""


class Batch(Document):
    """Up to 500 notifications. Each is judged, recorded and answered by itself, in this order."""

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_IN_A_BATCH)]
    """The notifications."""
