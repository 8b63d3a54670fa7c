"""The child's wishes, over every placement: what is open, what became of the rest, and when to look again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.access.disclosure import in_order, part_name, visible
from app.children.models import openings
from app.children.restrictions import restrictions_for
from app.children.service.reading import family, find, view_of
from app.children.service.seeing import Sight, how, opening
from app.ledger.actions import Action
from app.lives import keeping_queries as queries
from app.lives.wishing import Said, Tracked, follow
from app.placements.errors import Erased
from app.placements.policy import PLACING, state_on
from app.rules.disclosure import View
from app.rules.edition import edition
from app.vault import frame
from app.work.tx import Tx

WHY: Final = "wishes"
"""Why the child's words were seen: whoever answers for the child follows what became of the wishes."""

_VOICE: Final = "voice"
_WISHES: Final = "/voice/wishes"
_LATEST: Final = "~"
_PLACEMENTS, _PAGE, _PAGES = 100, 50, 20
"""The newest placements, and the newest thousand notifications of them: more than any childhood has."""


def wishes(tx: Tx, child_id: str) -> bytes:
    """Every wish with what became of it, as JSON. Raises NotYours, Erased."""
    row = find(tx, child_id)
    records = {each.id: each for each in family(tx, row)}
    asked = {"ids": [*records], "organisation": tx.by.organisation, "limit": _PLACEMENTS}
    lived = {each.id: each for each in tx.all(queries.LIVED_IN, asked)}
    views = {each.id: _view(tx, each, row.restrictions) for each in lived.values()}
    heard = [each for each in lived if visible(views[each], _WISHES)]
    told = list(_told(tx, [lived[each] for each in heard], views, _keys(tx, records)))
    _leave_trace(tx, row, [lived[each] for each in dict.fromkeys(said.placement_id for said in told)])
    withheld = view_of(tx, row).withheld
    answer = {
        "child_id": row.id,
        "items": [_item(tx, each) for each in follow(told)],
        "sections_withheld": [
            {"section": name, "reason": withheld[name]} for name in in_order(withheld) if name == _VOICE
        ],
    }
    return orjson.dumps(answer)


def _view(tx: Tx, placed: Row[Any], restrictions: str) -> View:
    state = state_on(placed.state, placed.ended_on, tx.today)
    return edition(placed.rules_edition).view(
        tx.by.function, PLACING, state, restrictions_for(restrictions, tx.by.practitioner_id)
    )


def _keys(tx: Tx, records: Mapping[str, Row[Any]]) -> dict[str, bytes]:
    return {
        each.id: tx.vault.unwrap(each.wrapped, each.master_key_id, each.id, each.organisation_code)
        for each in records.values()
        if each.wrapped is not None
    }


def _told(tx: Tx, lived: Sequence[Row[Any]], views: Mapping[str, View], keys: Mapping[str, bytes]) -> Iterator[Said]:
    """Every wish as it was told, oldest first. A section that is not the child's voice is never opened."""
    placed = {each.id: each for each in lived}
    for sent in reversed(_sent(tx, [*placed])):
        key = keys.get(placed[sent.placement_id].child_id)
        part = frame.unpack(sent.sealed).get(_VOICE)
        if part is None:
            continue
        if key is None:
            raise Erased
        voice = orjson.loads(tx.vault.unseal(key, part_name(sent.id, _VOICE), part))
        shown: dict[str, Any] = views[sent.placement_id].apply(_VOICE, voice)
        for wish in shown.get("wishes", ()):
            yield Said(sent.sent_at, sent.placement_id, wish)


def _sent(tx: Tx, placements: list[str]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    before = _LATEST
    for _ in range(_PAGES if placements else 0):
        page = tx.all(queries.SAID_IN, {"ids": placements, "before": before, "limit": _PAGE})
        found += [each for each in page if _VOICE in frame.unpack(each.sealed)]
        if len(page) < _PAGE:
            break
        before = page[-1].id
    return found


def _leave_trace(tx: Tx, row: Row[Any], seen: Sequence[Row[Any]]) -> None:
    """One entry for the list, and an opening in the child's account for each placement it tells of."""
    entry_id = tx.record(Action.WISHES_READ, {"child": row.id}, how=how(tx), count=len(seen))
    sights = (Sight(each.child_id, each.id, None, each.version, (_VOICE,), WHY) for each in seen)
    tx.add(openings, *(opening(tx, each, entry_id) for each in sights))


def _item(tx: Tx, tracked: Tracked) -> dict[str, Any]:
    wish, last = tracked.last.wish, tracked.last
    names = ("wish", "outcome", "why_not", "action", "explained_on", "explained_by", "result", "shown_to_child_on")
    again = tracked.look_again_on
    return {
        **{name: wish.get(name) for name in names},
        "open": tracked.is_open,
        "explained": tracked.explained,
        "look_again_on": again,
        "overdue": again is not None and again < tx.today,
        "first_said_at": tracked.first.at,
        "first_placement_id": tracked.first.placement_id,
        "last_told_at": last.at,
        "last_placement_id": last.placement_id,
    }
