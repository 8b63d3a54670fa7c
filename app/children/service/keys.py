"""The key of what one organisation says of a child: its own, whoever else speaks of the same child."""

from app.children.models import child_keys
from app.work.tx import Tx


def own_key(tx: Tx, child_id: str, wrapped: bytes | None, master_key_id: str | None) -> bytes:
    """The caller's own key for this child, from its wrapped form, or made now where there is none yet.

    What an organisation says is its data and nobody else's: its erasure leaves the others' words, and theirs its own.
    """
    organisation = tx.by.organisation
    if wrapped is not None and master_key_id is not None:
        return tx.vault.unwrap(wrapped, master_key_id, child_id, organisation)
    made = tx.vault.new_key(child_id, organisation)
    tx.add(
        child_keys,
        {
            "child_id": child_id,
            "organisation_code": organisation,
            "wrapped": made.wrapped,
            "master_key_id": made.master_key_id,
            "created_at": tx.at,
            "destroyed_at": None,
        },
    )
    return made.key
