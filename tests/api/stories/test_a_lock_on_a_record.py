"""A worker knows the family: the record is locked, and nobody it does not name learns of the child by another way."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.api.children.records import restrict
from tests.api.lists import items
from tests.api.placements.stories import example
from tests.api.stories.lives import act, host, look, refused, start, worker
from tests.api.stories.test_responsibility_passes_on import ANSWERS, HISTORY, OFFER, OFFERS, accepted, offer
from tests.world import SHROPSHIRE, Caller, World

BOARD, HOMES, OFFERED = "/v1/sent", "/v1/children/{child_id}/placements", "/v1/responsibility-transfers"
LOCK: Final[Mapping[str, str]] = {"restriction": "named_practitioners_only", "reason": "worker_known_to_child"}
RESTRICTED = (403, "child_restricted")


@pytest.fixture
def placed(world: World) -> dict[str, Any]:
    return start(worker(world))


def named(world: World) -> Caller:
    return worker(world, "Asha Rahman")


def other(world: World) -> Caller:
    return worker(world, "Cousin Worker")


def lock(world: World, child_id: str) -> None:
    assert restrict(named(world), child_id, **LOCK).status_code == 201


def told_of(by: Caller, placement_id: str) -> list[dict[str, Any]]:
    line = next(each for each in items(by, BOARD) if each["placement_id"] == placement_id)
    recipients: list[dict[str, Any]] = line["recipients"]
    return recipients


def test_the_board_does_not_say_who_was_told(world: World, placed: dict[str, Any]) -> None:
    assert told_of(other(world), placed["placement_id"])
    lock(world, placed["child_id"])
    assert told_of(other(world), placed["placement_id"]) == []
    assert told_of(named(world), placed["placement_id"])


def test_the_list_of_homes_does_not_say_in_which_area(world: World, placed: dict[str, Any]) -> None:
    lock(world, placed["child_id"])
    for by, area in ((other(world), None), (named(world), SHROPSHIRE)):
        shown = look(world, by, HOMES, child_id=placed["child_id"])
        assert [each["host_area"] for each in shown["items"]] == [area]


def test_an_offer_of_responsibility_is_read_and_taken_back_by_whom_the_lock_names(
    world: World, placed: dict[str, Any]
) -> None:
    transfer_id = offer(world, placed["child_id"])
    assert look(world, other(world), OFFER, transfer_id=transfer_id)["host_area"] == SHROPSHIRE
    lock(world, placed["child_id"])
    revocations = f"{OFFER}/revocations".format(transfer_id=transfer_id)
    assert refused(other(world).get(OFFER.format(transfer_id=transfer_id))) == RESTRICTED
    assert refused(other(world).post(revocations, example("revocation"))) == RESTRICTED
    for by, listed in ((other(world), False), (named(world), True)):
        ours = {each["transfer_id"] for each in items(by, f"{OFFERED}?side=from_us")}
        assert (transfer_id in ours) is listed
    # Whoever is asked to take over has no record of the child yet, and is told what was offered.
    assert look(world, host(world), OFFER, transfer_id=transfer_id)["host_area"] == SHROPSHIRE
    assert named(world).post(revocations, example("revocation")).status_code == 201


def test_a_lock_that_came_along_holds_for_how_the_child_came(world: World, placed: dict[str, Any]) -> None:
    lock(world, placed["child_id"])
    transfer_id = str(act(world, named(world), OFFERS, example("transfer"), child_id=placed["child_id"])["transfer_id"])
    act(world, host(world), ANSWERS, accepted(), transfer_id=transfer_id)
    beside = host(world, "Carys Elsewhere")
    assert refused(beside.get(OFFER.format(transfer_id=transfer_id))) == RESTRICTED
    assert look(world, host(world), OFFER, transfer_id=transfer_id)["child_id"]
    # Nor is it said where the child went, to those of the former authority whom the lock does not name.
    for by, went in ((other(world), None), (named(world), SHROPSHIRE)):
        left = look(world, by, HOMES, child_id=placed["child_id"])
        assert [each["organisation"] for each in left["transferred_to"]] == [went]
    # The former lock names nobody here: the time before is there, and not where that was.
    for by in (beside, host(world)):
        before = look(world, by, HISTORY, transfer_id=transfer_id)["items"]
        assert [each["host_area"] for each in before] == [None]
