"""Whom one notification goes to: everybody at first, afterwards those for whom something they may see changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.children.restrictions import restrictions_for
from app.notifications import queries
from app.notifications.service.knowing import Known, Placed
from app.notifications.service.telling import NAMED_BY_SENDER, Told
from app.organisations.directory import Directory
from app.rules.disclosure import View
from app.work.tx import Tx


def audience(
    tx: Tx,
    directory: Directory,
    known: Known,
    state: str,
    document: Mapping[str, Any],
    sections: Mapping[str, Any],
    everyone: list[Told],
    answer_by: datetime,
) -> list[Told]:
    """The recipients of this notification, never the sending team itself, never one whose access was recalled."""
    told = {each.party: each for each in everyone if each.party != (tx.by.organisation, tx.by.function)}
    placed = known.placed
    if placed is None:
        return list(told.values())
    kind, already, ended = document["kind"], {}, set()
    for row in tx.all(queries.PARTIES, {"placement_id": placed.id}):
        party = (row.organisation_code, row.function)
        if row.access_ended_why:
            ended.add(party)
        else:
            already[party] = told.get(party) or _again(row, directory, answer_by)
    if kind == "withdrawal":
        return list(already.values())
    wanted = {**told, **already}
    return [
        each
        for party, each in wanted.items()
        if (party not in ended or each.rule == NAMED_BY_SENDER)
        and (kind != "update" or party not in already or _sees_change(known, placed, each, state, sections))
    ]


def _again(row: Any, directory: Directory, answer_by: datetime) -> Told:
    """A party told before whom no rule names now, such as a team of the area a corrected postcode has left."""
    connected = directory.connected(row.organisation_code, row.function)
    return Told(
        row.organisation_code, row.function, row.side, row.rule, row.basis, "was told before", answer_by, connected
    )


def _sees_change(known: Known, placed: Placed, told: Told, state: str, sections: Mapping[str, Any]) -> bool:
    view: View = known.edition.view(told.function, told.side, state, restrictions_for(known.restrictions, None))
    return any(
        view.apply(name, words) != (view.apply(name, placed.words[name]) if name in placed.words else None)
        for name, words in sections.items()
        if name in view.shared
    )


