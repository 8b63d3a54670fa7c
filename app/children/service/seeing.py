"""Seeing: the one place that writes down who was shown what of a child, opened by name or only retrieved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Row

from app.children.models import openings
from app.kit.clock import utc_text
from app.kit.ids import new_id
from app.ledger.actions import Action
from app.work.tx import Tx

SHARED_FOR = timedelta(minutes=15)
"""The same person reading the same version again within this time adds no second entry."""

OPENED, RETRIEVED = "opened", "retrieved"
SENDER = "sender"
"""Why the teams that placed the child see it: they sent it. Others have the code of a rule."""

_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("notification", OPENED): Action.NOTIFICATION_OPENED,
    ("notification", RETRIEVED): Action.NOTIFICATION_RETRIEVED,
    ("placement", OPENED): Action.PLACEMENT_OPENED,
    ("placement", RETRIEVED): Action.PLACEMENT_RETRIEVED,
    ("passport", OPENED): Action.PASSPORT_OPENED,
    ("passport", RETRIEVED): Action.PASSPORT_RETRIEVED,
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What is about to be released, and why to this party.

    No ``notification_id``: the merged state. No ``placement_id`` either: the child's own record, or a passport.
    """

    child_id: str
    placement_id: str | None
    notification_id: str | None
    version: int
    sections: tuple[str, ...]
    why: str

    @property
    def what(self) -> str:
        """Which record it is of."""
        if self.notification_id:
            return "notification"
        return "placement" if self.placement_id else "passport"


def how(tx: Tx) -> str:
    """``opened`` where a named person asks, ``retrieved`` where only a system does: never the same thing."""
    return OPENED if tx.by.practitioner_id else RETRIEVED


def see(tx: Tx, sight: Sight, last: Row[Any]) -> str | None:
    """Record that the caller sees this; returns the entry's id, or None where an entry just made covers it.

    ``last`` holds the columns ``queries.SEEN``: the same person's last opening of this record.
    """
    if _covered(tx, sight, last):
        return None
    named = {"placement": sight.placement_id, "child": sight.child_id, "notification": sight.notification_id}
    entry_id = tx.record(
        _ACTIONS[sight.what, how(tx)],
        {name: value for name, value in named.items() if value},
        sections=list(sight.sections),
        version=sight.version,
        why=sight.why,
    )
    tx.add(openings, opening(tx, sight, entry_id))
    return entry_id


def opening(tx: Tx, sight: Sight, entry_id: str) -> dict[str, Any]:
    """The row of one opening, under an entry that may stand for several."""
    by = tx.by
    return {
        "id": new_id("opn"),
        "child_id": sight.child_id,
        "placement_id": sight.placement_id,
        "notification_id": sight.notification_id,
        "organisation_code": by.organisation,
        "client_organisation_code": by.client_organisation,
        "function": by.function,
        "practitioner_id": by.practitioner_id,
        "how": how(tx),
        "why": sight.why,
        "purpose": by.purpose,
        "version": sight.version,
        "sections": orjson.dumps(sight.sections).decode(),
        "at": tx.at,
        "entry_id": entry_id,
    }


def _covered(tx: Tx, sight: Sight, last: Row[Any]) -> bool:
    return (
        tx.by.practitioner_id is not None
        and last.seen_at is not None
        and last.seen_at > utc_text(tx.now - SHARED_FOR)
        and last.seen_notification_id == sight.notification_id
        and last.seen_version == sight.version
        and last.seen_purpose == tx.by.purpose
        and last.seen_sections == orjson.dumps(sight.sections).decode()
    )
