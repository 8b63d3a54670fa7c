"""Whom one notification goes to: everybody at first, afterwards those for whom something they may see changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from app.children.restrictions import restrictions_for
from app.notifications import queries
from app.notifications.service.knowing import Known, Placed
from app.notifications.service.telling import NAMED_BY_SENDER, Party, Told, tell
from app.organisations.directory import Directory
from app.work.tx import Tx

NOT_CHOSEN, AREA_CHANGED = "not_chosen", "area_changed"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be sent: its kind, the state it leads to, its sections, and what stood before."""

    kind: str
    state: str
    sections: Mapping[str, Any]
    known: Known
    host: str | None
    answer_by: datetime


class Audience(NamedTuple):
    """Who is told, and who is no party any more: asked and not chosen, or of an area the home is not in after all."""

    told: list[Told]
    left: list[Party]
    why_left: str = ""


def audience(tx: Tx, directory: Directory, draft: Draft, everyone: list[Told]) -> Audience:
    """The recipients, never the sending team itself, never one whose access was recalled unless named anew."""
    told = {each.party: each for each in everyone if each.party != (tx.by.organisation, tx.by.function)}
    placed = draft.known.placed
    if placed is None:
        return Audience(list(told.values()), [])
    already, ended = _parties(tx, directory, draft, placed, told)
    if draft.kind == "withdrawal":
        return Audience(list(already.values()), [])
    told = {party: each for party, each in told.items() if _may_be_told(each, party in ended)}
    if draft.kind == "start":
        return Audience(list(told.values()), [party for party in already if party not in told], NOT_CHOSEN)
    left = _of_another_area(draft, placed, already, told)
    wanted = {**told, **{party: each for party, each in already.items() if party not in left}}
    if draft.kind == "update":
        wanted = {
            party: each for party, each in wanted.items() if party not in already or _sees_change(draft, placed, each)
        }
    return Audience(list(wanted.values()), left, AREA_CHANGED)


def _of_another_area(
    draft: Draft, placed: Placed, already: Mapping[Party, Told], told: Mapping[Party, Told]
) -> list[Party]:
    """Host-side parties that rules named for an area the home is not in after all. They learn that, not the address."""
    if draft.host in (None, placed.host_area) or placed.host_area is None:
        return []
    return [
        party
        for party, each in already.items()
        if each.side == "host" and each.rule != NAMED_BY_SENDER and party not in told
    ]


def _parties(
    tx: Tx, directory: Directory, draft: Draft, placed: Placed, told: Mapping[Party, Told]
) -> tuple[dict[Party, Told], set[Party]]:
    """Those who are parties already, as they would be told now, and those whose access ended."""
    already, ended = {}, set()
    for row in tx.all(queries.PARTIES, {"placement_id": placed.id}):
        party = (row.organisation_code, row.function)
        if row.access_ended_why:
            ended.add(party)
        else:
            already[party] = told.get(party) or _again(row, directory, draft.answer_by)
    return already, ended


def _again(row: Any, directory: Directory, answer_by: datetime) -> Told:
    """A party told before whom no rule names now, such as a team of the area a corrected postcode has left."""
    return tell(
        directory,
        (row.organisation_code, row.function),
        side=row.side,
        rule=row.rule,
        basis=row.basis,
        why="was told before",
        acknowledge_by=answer_by,
    )


def _may_be_told(told: Told, access_ended: bool) -> bool:
    return told.rule == NAMED_BY_SENDER or not access_ended


def _sees_change(draft: Draft, placed: Placed, told: Told) -> bool:
    known = draft.known
    view = known.edition.view(told.function, told.side, draft.state, restrictions_for(known.restrictions, None))
    return any(
        view.apply(name, words) != (view.apply(name, placed.words[name]) if name in placed.words else None)
        for name, words in draft.sections.items()
        if name in view.shared
    )
