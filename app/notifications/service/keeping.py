"""Keeping: a new placement starts from what an earlier one of the same child told, and nobody writes it again."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from sqlalchemy import Row

from app.children.restrictions import restrictions_for
from app.kit.errors import Fault
from app.notifications import queries
from app.notifications.service.knowing import Known, words_of
from app.placements.errors import Erased
from app.placements.policy import ACTIVE, ENDED, PLACING, state_on
from app.rules.disclosure import ALL, View
from app.rules.edition import edition
from app.rules.words import ASKED_ANEW, READ_AGAIN
from app.web.errors import InvalidDocument
from app.work.tx import Tx

_NAMED: Final = "carried_forward"

Since = dict[str, str]
"""Section that was kept unchanged -> since when its words stand."""


def keep(tx: Tx, document: dict[str, Any], known: Known) -> tuple[dict[str, Any], Since]:
    """The document with what it carries forward filled in, and since when the words that are unchanged stand.

    A notification that carries nothing asks the database nothing. Raises InvalidDocument, Erased.
    """
    if _NAMED not in document:
        return document, {}
    names = list(dict.fromkeys(document[_NAMED]["sections"]))
    row = _earlier(tx, document[_NAMED]["placement_id"], known)
    where = orjson.loads(row.sections)
    if faults := list(_faults(document, names, where, _view(tx, row), known)):
        raise InvalidDocument(faults=faults)
    key = tx.vault.unwrap(row.wrapped, row.master_key_id, row.child_id, tx.by.organisation)
    words = words_of(tx, key, {name: where[name] for name in names})
    if len(words) < len(names):
        raise Erased
    unchanged = {name: held for name, held in words.items() if document.get(name, held) == held}
    return {**words, **document}, {name: since(where[name]) for name in unchanged}


def since(place: list[Any]) -> str:
    """Since when the words in this place stand: carried forward before, they keep the time they had."""
    return str(place[3] if len(place) > 3 else place[2])


def is_whole(view: View, section: str) -> bool:
    """Whether the caller sees all of a section: nobody carries forward what is kept from them."""
    return view.shared.get(section) is ALL and section not in view.removed


def _earlier(tx: Tx, placement_id: str, known: Known) -> Row[Any]:
    """The placement that is carried from. One answer for all that it may not be."""
    row = tx.one(queries.TO_CARRY, {"placement_id": placement_id, "organisation": tx.by.organisation})
    itself = known.placed is not None and known.placed.id == placement_id
    if (
        row is None
        or itself
        or row.shown_id != known.shown_id
        or row.wrapped is None
        or row.state not in (ACTIVE, ENDED)
    ):
        told = "This is no earlier placement of this child that your authority told of."
        raise InvalidDocument(faults=[Fault(f"/{_NAMED}/placement_id", "no_earlier_placement", told)])
    return row


def _view(tx: Tx, row: Row[Any]) -> View:
    restrictions = restrictions_for(row.restrictions, tx.by.practitioner_id)
    state = state_on(row.state, row.ended_on, tx.today)
    return edition(row.rules_edition).view(tx.by.function, PLACING, state, restrictions)


def _faults(
    document: Mapping[str, Any], names: list[str], where: Mapping[str, Any], view: View, known: Known
) -> Iterator[Fault]:
    for number, name in enumerate(names):
        pointer, carry = f"/{_NAMED}/sections/{number}", known.edition.carries(name).carry
        if carry == ASKED_ANEW:
            yield Fault(pointer, "asked_anew", "This section is about the move itself. It is asked for anew each time.")
        elif name not in where:
            yield Fault(pointer, "not_told", "The earlier placement told nothing in this section.")
        elif not is_whole(view, name):
            yield Fault(
                pointer, "withheld", "This section is kept from you, wholly or in part, so it is not yours to send."
            )
        elif carry == READ_AGAIN and name not in document:
            yield Fault(
                pointer, "read_again", "Send this section as it is offered, or put right: somebody reads it first."
            )
