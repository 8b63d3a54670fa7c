"""Carrying a placement on under the authority that took over: the same home, the same words, the same clocks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Row

from app.access.errors import NotYours
from app.children.identity import NewChild
from app.kit.clock import parse_utc
from app.kit.ids import new_id
from app.lives import queries
from app.notifications.service.knowing import Known, words_of
from app.notifications.service.outgoing import Outgoing
from app.notifications.service.sending import work_out
from app.notifications.service.storing import store
from app.organisations.directory import Directory
from app.placements.models import clocks
from app.placements.queries import CLOCKS_OF
from app.rules.decision import Clock, carried_clock
from app.rules.edition import current
from app.work.tx import Tx

Party = tuple[str, str]

_THEIRS = frozenset({"child_id", "linked_children"})
"""What names children by the former authority's own ids."""
_ACCOUNTED = frozenset({"expected_on", "not_held", "given_otherwise_on"})
_REASON = "was told of this placement before responsibility passed on"


@dataclass(frozen=True, slots=True)
class Luggage:
    """What the child brings: the keys of the former records by their ids, of each document that follows its new id by
    the former one, and the health teams that took the passport over already."""

    keys: Mapping[str, bytes]
    documents: Mapping[str, str]
    passport_with: frozenset[str]


def carry_on(
    tx: Tx, directory: Directory, made: NewChild, placement_id: str, brings: Luggage, answer: Mapping[str, Any]
) -> tuple[str, tuple[Party, ...]]:
    """Start the placement anew under the caller's authority; returns its id and who is told.

    Everybody on the host side is told who is responsible now, and clocks that run keep their starts.
    """
    keys = brings.keys
    placed = tx.one(queries.PLACED, {"placement_id": placement_id, "ids": [*keys]})
    if placed is None:
        raise NotYours
    words = words_of(tx, keys[placed.child_id], orjson.loads(placed.sections))
    parties = tx.all(queries.PARTIES, {"placement_id": placed.id})
    start = {
        **words,
        "kind": "start",
        "occasion": "responsibility_transfer",
        "urgency": placed.urgency,
        **_papers(words, brings.documents),
        "child": _child(words["child"], made),
        "sender": answer["sender"],
        "care_team": answer["care_team"],
        "additional_recipients": [_named(each) for each in parties if _goes_along(tx, each)],
    }
    known = Known(made.id, made.key, made.restrictions, current(), new_child=made, passport_with=brings.passport_with)
    outgoing, _ = work_out(tx, directory, start, known)
    running = {row.code: row for row in tx.all(CLOCKS_OF, {"placement_id": placed.id})}
    carried = _with_clocks(outgoing, running)
    store(tx, carried)
    _carry_others(tx, carried, running.values())
    return carried.placement_id, tuple(each.party for each in carried.told)


def _child(section: Mapping[str, Any], made: NewChild) -> dict[str, Any]:
    """The child as told, with what was put right since, by the new authority's own number."""
    told = {name: fact for name, fact in section.items() if name not in _THEIRS}
    return {**told, **orjson.loads(made.identity)}


def _papers(words: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The sections that name documents, by the ids these have here; of one that stayed, who holds it."""
    found = {}
    items = words.get("documents", {}).get("items")
    if isinstance(items, list):
        found["documents"] = {**words["documents"], "items": [_paper(each, ids) for each in items]}
    contribution = words.get("voice", {}).get("contribution")
    if contribution is not None:
        rest = {name: said for name, said in words["voice"].items() if name != "contribution"}
        found["voice"] = {**rest, **({"contribution": ids[contribution]} if contribution in ids else {})}
    return found


def _paper(line: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    if "document_id" not in line:
        return dict(line)
    if line["document_id"] in ids:
        return {**line, "document_id": ids[line["document_id"]]}
    rest = {name: said for name, said in line.items() if name not in ("document_id", "sha256")}
    return rest if rest.keys() & _ACCOUNTED else {**rest, "not_held": {"not_known": "held_elsewhere"}}


def _goes_along(tx: Tx, party: Row[Any]) -> bool:
    """The home's side stays; the former authority's own partners are told that it is over, and no more."""
    return party.side == "host" and (party.organisation_code, party.function) != (tx.by.organisation, tx.by.function)


def _named(party: Row[Any]) -> dict[str, str]:
    return {"organisation": party.organisation_code, "function": party.function, "reason": _REASON}


def _with_clocks(outgoing: Outgoing, running: Mapping[str, Row[Any]]) -> Outgoing:
    decided = tuple(_as_it_ran(clock, running.get(clock.code)) for clock in outgoing.decision.clocks)
    met = {code for code, row in running.items() if row.met_at}
    return replace(outgoing, decision=replace(outgoing.decision, clocks=decided), met=outgoing.met | met)


def _as_it_ran(clock: Clock, row: Row[Any] | None) -> Clock:
    """No clock starts again in anybody's favour."""
    if row is None:
        return clock
    return carried_clock(clock, parse_utc(row.starts_at), parse_utc(row.due_at))


def _carry_others(tx: Tx, outgoing: Outgoing, running: Iterable[Row[Any]]) -> None:
    """Clocks that an event started, or a rule that no longer holds, run on too."""
    decided = {clock.code for clock in outgoing.decision.clocks}
    for row in running:
        if row.code not in decided and not row.met_at and not row.stopped_at:
            tx.add(
                clocks,
                {
                    "id": new_id("clk"),
                    "placement_id": outgoing.placement_id,
                    "notification_id": outgoing.id,
                    "code": row.code,
                    "basis": row.basis,
                    "owner": row.owner,
                    "starts_at": row.starts_at,
                    "due_at": row.due_at,
                    "met_at": None,
                },
            )
