"""Care that was said to be over by mistake goes on: state, placements, clocks and offers as they stood before."""

from collections.abc import Mapping, Sequence, Set
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row

from app.access.disclosure import part_name
from app.children.identity import turns_18
from app.children.policy import findable
from app.children.restrictions import in_force
from app.children.service.reading import family, identity_of_row, key_of
from app.ledger.actions import Action
from app.lives import queries, resuming_queries
from app.lives.errors import BirthDateSaysAdult, CareGoesOn
from app.lives.policy import TRANSFERRED
from app.placements.policy import ACTIVE, state_on
from app.placements.service.care_over import IN_CARE, set_state
from app.transfers.queries import LAPSED_TOGETHER
from app.transfers.service.moving import Lived, Party, again, asked_at_the_end, offer_again
from app.vault import frame
from app.work.tx import Tx


def check_resume(tx: Tx, row: Row[Any], _other: str | None) -> None:
    """Raise CareGoesOn where there is nothing to undo, BirthDateSaysAdult where the calendar would end it again."""
    if row.state in (IN_CARE, TRANSFERRED):
        raise CareGoesOn
    if of_age(tx, row):
        raise BirthDateSaysAdult


def of_age(tx: Tx, row: Row[Any]) -> bool:
    """Whether the date of birth on record says that the child is 18. Raises ChildErased."""
    birthday = turns_18(identity_of_row(tx, row, key_of(tx, row)).get("date_of_birth"))
    return birthday is not None and birthday.isoformat() <= tx.today


def resume(tx: Tx, row: Row[Any], _other: str | None) -> str:
    """Undo the end of care; returns the id of the ledger entry. Raises what its check raises.

    The words of the notification that ended it stay on record and are the placement's no longer.
    """
    check_resume(tx, row, None)
    # Both are in care from now on: what ends it later is one child's again, if they are parted.
    tx.change(resuming_queries.IN_CARE_TOGETHER, {"b_child_id": row.id, "b_state": IN_CARE}, touching=None)
    return give_back(tx, family(tx, row))


class Home(NamedTuple):
    """A placement that is not over any more, when it was said to be, and whether the child lives there today."""

    stay: Lived
    ended_at: str
    goes_on: bool


def give_back(tx: Tx, records: Sequence[Row[Any]]) -> str:
    """Undo the end of care of these records of one child, all in one state; returns the id of the ledger entry.

    Whoever had been asked to take the passport over, and had not answered, is asked again; nobody for a child whose
    identity is sealed. Raises ChildErased.
    """
    was, keys = records[0].state, {each.id: key_of(tx, each) for each in records}
    set_state(tx, records, was, IN_CARE)
    for each in records:
        tx.change(resuming_queries.RUN_ON, {"b_child_id": each.id}, touching=None)
    over = tx.all(resuming_queries.ENDED_WITH_CARE, {"ids": [*keys], "why": was})
    homes = [_resume(tx, placed, keys[placed.child_id], was) for placed in over]
    asks = findable(in_force(records[0].restrictions))
    lived_in = [each for each in homes if each.goes_on and asks]
    asked = (asked_at_the_end(tx, each.stay.placement_id, each.ended_at) for each in lived_in)
    found = [again(tx, each.stay, keys.keys(), teams) for each, teams in zip(lived_in, asked, strict=True)]
    moves = [each for each in found if each is not None]
    offered = {"passport_offered_to": sorted({to for each in moves for to in each.to})} if moves else {}
    entry_id = tx.record(Action.CHILD_CARE_RESUMED, {"child": records[0].id}, was=was, **offered)
    for home in homes:
        placement_id = home.stay.placement_id
        for organisation, function in dict.fromkeys((each.organisation, each.function) for each in home.stay.told):
            tx.publish("placement.resumed", organisation, function, entry_id, placement_id=placement_id)
    for move in moves:
        offer_again(tx, move, entry_id)
    return entry_id


def give_offers_back(tx: Tx, records: Sequence[str], parted: Sequence[str], since: str, entry_id: str) -> None:
    """Offer the passport of these records again where an offer lapsed because that of the other child was accepted.

    ``parted`` are the records of both, which were one since then.
    """
    lapsed = tx.all(LAPSED_TOGETHER, {"ids": parted, "since": since, "today": tx.today})
    ours = [each for each in lapsed if each.child_id in records and each.accepted_of not in records]
    for home in {each.placement_id: each for each in ours}.values():
        asked = {each.to_organisation_code for each in ours if each.placement_id == home.placement_id}
        stay = _stay(tx, home.child_id, home.placement_id, home.urgency)
        if move := again(tx, stay, records, asked):
            offer_again(tx, move, entry_id)


def _stay(tx: Tx, child_id: str, placement_id: str, urgency: str) -> Lived:
    parties = tx.all(queries.PARTIES, {"placement_id": placement_id})
    told = tuple(Party(each.organisation_code, each.function, each.side) for each in parties)
    return Lived(child_id, placement_id, urgency, told)


def _resume(tx: Tx, placed: Row[Any], key: bytes, why: str) -> Home:
    told = tx.all(resuming_queries.TOLD_OF, {"placement_id": placed.id})
    mistakes = {each.id: each.sent_at for each in told if each.kind == "end" and each.occasion == why}
    where = _before(orjson.loads(placed.sections), [each for each in told if each.id not in mistakes], mistakes.keys())
    ended_on = _ending(tx, where, key)
    tx.change(
        resuming_queries.RESUME,
        {
            "b_id": placed.id,
            "b_was": placed.version,
            "b_version": placed.version + 1,
            "b_sections": orjson.dumps(where).decode(),
            "b_ended_on": ended_on,
            "b_at": tx.at,
        },
    )
    for each, sent_at in mistakes.items():
        mistaken = {"b_placement_id": placed.id, "b_notification_id": each}
        tx.change(resuming_queries.RUN_AGAIN, {**mistaken, "b_met_at": sent_at}, touching=None)
        tx.change(resuming_queries.STOP_STARTED, {**mistaken, "b_at": tx.at}, touching=None)
    ended_at = next(iter(mistakes.values()), placed.changed_at)
    stay = _stay(tx, placed.child_id, placed.id, placed.urgency)
    return Home(stay, ended_at, state_on(ACTIVE, ended_on, tx.today) == ACTIVE)


def _before(where: Mapping[str, list[Any]], earlier: Sequence[Row[Any]], mistakes: Set[str]) -> dict[str, list[Any]]:
    """Where each section stood before the end that was a mistake."""
    found = {name: place if place[0] not in mistakes else _holder(earlier, name) for name, place in where.items()}
    return {name: place for name, place in found.items() if place is not None}


def _holder(told: Sequence[Row[Any]], section: str) -> list[Any] | None:
    """The newest of these notifications that holds a section."""
    held = (each for each in told if each.sealed and section in frame.unpack(each.sealed))
    return next(([each.id, each.version, each.sent_at] for each in held), None)


def _ending(tx: Tx, where: Mapping[str, list[Any]], key: bytes) -> str | None:
    """The last day that had been told before, if one had."""
    place = where.get("placement")
    if place is None:
        return None
    (held,) = (each for each in tx.all(queries.FRAMES, {"ids": [place[0]]}))
    sealed = frame.unpack(held.sealed)["placement"]
    words = orjson.loads(tx.vault.unseal(key, part_name(place[0], "placement"), sealed))
    return words.get("ending", {}).get("ended_on")  # type: ignore[no-any-return]
