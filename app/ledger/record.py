"""Writing an entry. Only the unit of work does this: no act without a trace, no trace without an act."""

from collections.abc import Mapping
from typing import Any

from app.kit.canonical import canonical
from app.kit.drawing import draw
from app.ledger.actions import Action
from app.ledger.story import Fact, check

_VERSION = 1
_NONCE_BYTES = 16

Row = dict[str, Any]


def entry(
    entry_id: str,
    at: str,
    action: Action,
    actor: Mapping[str, Fact],
    subject: Mapping[str, Fact],
    facts: Mapping[str, Fact],
) -> tuple[Row, Row]:
    """Return the rows of ``ledger_entries`` and ``ledger_pending`` that go in one transaction with the act.

    ``actor`` says who acted, ``subject`` on what, ``facts`` the rest. Raises TellsStory.
    """
    told = {"actor": actor, "subject": subject, "facts": facts}
    for name, fact in told.items():
        check(name, fact)
    body = canonical({"v": _VERSION, "id": entry_id, "at": at, "action": action.value, **told})
    row = {"id": entry_id, "at": at, "body": body, "nonce": draw(_NONCE_BYTES)}
    return row, {"entry_id": entry_id}
