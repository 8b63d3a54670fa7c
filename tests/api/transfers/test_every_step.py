"""Who may take which step in which state: every row of ``passport_transfers.toml``, tried by every party over HTTP."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from app.rules.edition import current
from app.rules.passport_transfers import ACTS, NEW_TEAM, OUTGOING_TEAM, PLACING_SIDE, STATES
from tests.api.passports.records import nurse
from tests.api.stories.lives import end, start, worker
from tests.api.transfers.test_a_passport_moves import BRISTOL_HEALTH, host_nurse, moved, offers, read, step, took
from tests.world import Caller, World

BRISTOL = "E06000023"
CALLERS: Final[Mapping[str, tuple[frozenset[str], Callable[[World], Caller]]]] = {
    "new team": (frozenset({NEW_TEAM}), lambda world: host_nurse(world, body=BRISTOL_HEALTH)),
    "outgoing team": (frozenset({OUTGOING_TEAM}), host_nurse),
    "authority": (frozenset({PLACING_SIDE}), worker),
    "its health team": (frozenset({PLACING_SIDE}), nurse),
    "another health team": (frozenset(), lambda world: host_nurse(world, body="QHM")),
    "council of the new area": (frozenset(), lambda world: world.as_(BRISTOL, "social_care", name="Bo Hughes")),
}
"""Who calls, by the parts they have. From Leeds by way of Shropshire to Bristol, every part is another body's."""


def onward(world: World) -> dict[str, Any]:
    """A child of Leeds, taken over by Shropshire, who moves on to Bristol: the offer, and the document that made it."""
    sent = moved(world)
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    assert end(worker(world), sent["placement_id"], "new_home").status_code == 201
    home = {**sent["document"]["placement"], "host_area": BRISTOL, "postcode": {"not_known": "not_yet_decided"}}
    child = sent["document"]["child"]
    start(worker(world), child=child, placement=home, urgency="planned")
    return {**offers(world, sent["child_id"])[-1], "child": child, "home": home}


def _lapse(world: World, offer: dict[str, Any]) -> None:
    elsewhere = {**offer["home"], "host_area": "E06000019"}
    start(worker(world), child=offer["child"], placement=elsewhere, urgency="planned")


_WAYS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "offered": (),
    "queried": (("new team", "query"),),
    "declined": (("new team", "decline"),),
    "accepted": (("new team", "accept"),),
    "rerouted": (("new team", "decline"), ("authority", "re_route")),
    "withdrawn": (("authority", "withdraw"),),
    "lapsed": (),
}
"""The steps that lead to a state. An offer lapses by itself, when the child moves on."""


def in_state(world: World, state: str) -> str:
    """A transfer that stands in this state."""
    offer = onward(world)
    transfer_id: str = offer["transfer_id"]
    for who, act in _WAYS[state]:
        changes = {"organisation": "QHM"} if act == "re_route" else {}
        took(world, CALLERS[who][1](world), transfer_id, act, **changes)
    if state == "lapsed":
        _lapse(world, offer)
    assert read(world, worker(world), transfer_id)["state"] == state
    return transfer_id


def expected(state: str, act: str, parts: frozenset[str]) -> tuple[int, str | None]:
    """What the table says of a step: the status, and the code of a refusal."""
    row = current().passport_transfers.acts[act]
    if not parts:
        return 404, "not_yours"
    if not row.by & parts:
        return 403, "not_your_step"
    return (201, None) if state in row.states else (409, "transfer_moved_on")


@pytest.mark.parametrize("state", STATES)
def test_every_step_is_taken_by_whom_the_table_names_and_refused_to_everybody_else(world: World, state: str) -> None:
    transfer_id = in_state(world, state)
    allowed = []
    for who, (parts, caller) in CALLERS.items():
        open_to = {act for act in ACTS if expected(state, act, parts)[0] == 201}
        if parts:
            shown = read(world, caller(world), transfer_id)
            assert (set(shown["may_do"]), set(shown["your_parts"])) == (open_to, parts), who
        for act in set(ACTS) - open_to:
            answer = step(caller(world), transfer_id, act)
            assert (answer.status_code, answer.json()["code"]) == expected(state, act, parts), (who, act)
        allowed += [(who, act) for act in sorted(open_to)]
    assert read(world, worker(world), transfer_id)["state"] == state
    for who, act in allowed:
        _leads_on(world, state, who, act)


def _leads_on(world: World, state: str, who: str, act: str) -> None:
    transfer_id = in_state(world, state)
    changes = {"organisation": "QHM"} if act == "re_route" else {}
    took(world, CALLERS[who][1](world), transfer_id, act, **changes)
    to = current().passport_transfers.acts[act].to or state
    assert read(world, worker(world), transfer_id)["state"] == to, (who, act)
