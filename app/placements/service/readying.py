"""The ready pack of a placement, as one party may see it."""

from datetime import date
from typing import Any

import orjson

from app.access.disclosure import in_order, reveal
from app.children.restrictions import restrictions_for
from app.children.service.seeing import Sight, see
from app.placements import queries
from app.placements.errors import Erased
from app.placements.freshness import freshness
from app.placements.policy import state_on
from app.placements.ready import ITEMS, pack
from app.placements.service.merged import sealed_parts
from app.placements.service.standing import stand
from app.rules.edition import edition
from app.work.tx import Tx


def ready_pack(tx: Tx, placement_id: str) -> dict[str, Any]:
    """What the pack holds, and record that the caller was told so. Raises NotYours, AccessEnded, Erased."""
    standing = stand(tx, queries.TO_OPEN, placement_id)
    row = standing.row
    if row.wrapped is None:
        raise Erased
    state = state_on(row.state, row.ended_on, tx.today)
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    view = edition(row.rules_edition).view(tx.by.function, standing.side, state, restrictions)
    places = orjson.loads(row.sections)
    where = {name: places[name] for name in in_order(set(ITEMS.values())) if name in places and name in view.shared}
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    revealed = reveal(tx.vault, key, sealed_parts(tx, where), view)
    see(tx, Sight(row.child_id, row.id, None, row.version, tuple(revealed.sections), standing.why), row)
    words = {name: orjson.loads(body) for name, body in revealed.sections.items()}
    return {"placement_id": row.id, **pack(words, freshness(where, row.confirmed), view, date.fromisoformat(tx.today))}
