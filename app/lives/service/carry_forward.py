"""What a new placement of a child may start from, in words, each with its age, by carry_forward.toml."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order, reveal
from app.children.restrictions import restrictions_for
from app.children.service.reading import family, find, identity_of_row, key_of
from app.children.service.seeing import Sight, see
from app.lives import keeping_queries as queries
from app.lives.errors import NothingToCarry
from app.notifications.service.keeping import is_whole
from app.placements import queries as placement_queries
from app.placements.errors import Erased
from app.placements.freshness import Fresh, freshness
from app.placements.policy import state_on
from app.placements.service.merged import sealed_parts
from app.placements.service.standing import Standing, stand
from app.rules.disclosure import View
from app.rules.edition import current, edition
from app.rules.rows import CarryRow
from app.rules.words import ASKED_ANEW, SECTIONS
from app.work.tx import Tx

_CHILD: Final = "child"


def carry_forward(tx: Tx, child_id: str) -> bytes:
    """The sections that may be carried from the last placement, ready to be sent, as JSON; recorded as seen.

    Raises NotYours, NothingToCarry, Erased.
    """
    row = find(tx, child_id)
    ids = [each.id for each in family(tx, row)]
    last = tx.one(queries.LAST_PLACEMENT, {"ids": ids, "organisation": tx.by.organisation})
    if last is None:
        raise NothingToCarry
    standing = stand(tx, placement_queries.TO_OPEN, last.id)
    view = _view(tx, standing.row)
    told = {
        name: place for name, place in orjson.loads(standing.row.sections).items() if _row(name).carry != ASKED_ANEW
    }
    offered = {name: told[name] for name in in_order(told) if is_whole(view, name)}
    words = _words(tx, standing, row, offered, view)
    kept = {name: view.withheld.get(name, "restricted") for name in in_order(told) if name not in words}
    fresh = freshness(offered, standing.row.confirmed)
    answer = {
        "child_id": row.id,
        "placement_id": standing.row.id,
        "state": state_on(standing.row.state, standing.row.ended_on, tx.today),
        "started_on": standing.row.started_on,
        "ended_on": standing.row.ended_on,
        "sections_offered": [_offer(name, fresh[name]) for name in words],
        "sections_asked_anew": [{"section": name, "why": _row(name).title} for name in SECTIONS if _is_anew(name)],
        "sections_withheld": [{"section": name, "reason": why} for name, why in kept.items()],
        "carried_forward": {"placement_id": standing.row.id, "sections": [*words]},
        "sections": words,
    }
    return orjson.dumps(answer)


def _view(tx: Tx, row: Row[Any]) -> View:
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    state = state_on(row.state, row.ended_on, tx.today)
    return edition(row.rules_edition).view(tx.by.function, "placing", state, restrictions)


def _words(
    tx: Tx, standing: Standing, child: Row[Any], offered: Mapping[str, Any], view: View
) -> dict[str, dict[str, Any]]:
    """What is offered, opened and recorded as seen. Who the child is, is told as it has been put right since."""
    row = standing.row
    if row.wrapped is None:
        raise Erased
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, row.organisation_code)
    revealed = reveal(tx.vault, key, sealed_parts(tx, offered), view)
    see(tx, Sight(row.child_id, row.id, None, row.version, tuple(revealed.sections), standing.why), row)
    words = {name: orjson.loads(body) for name, body in revealed.sections.items()}
    if _CHILD in words:
        words[_CHILD] |= identity_of_row(tx, child, key_of(tx, child))
    return words


def _row(section: str) -> CarryRow:
    return current().carries(section)


def _is_anew(section: str) -> bool:
    return _row(section).carry == ASKED_ANEW


def _offer(section: str, fresh: Fresh) -> dict[str, Any]:
    row = _row(section)
    return {
        "section": section,
        "carry": row.carry,
        "why": row.title,
        "as_of": fresh.as_of,
        "confirmed_on": fresh.confirmed_on,
    }
