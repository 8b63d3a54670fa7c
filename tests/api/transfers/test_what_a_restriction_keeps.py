"""A passport's way under a restriction: a sealed identity goes nowhere and is not named, a lock holds here too."""

from collections.abc import Callable

import pytest

from tests.api.children.records import restrict
from tests.api.lists import items
from tests.api.passports.records import nurse, path
from tests.api.placements.stories import example
from tests.api.stories.lives import worker
from tests.api.transfers.test_a_passport_moves import (
    BRISTOL_HEALTH,
    LIST,
    OF_CHILD,
    ONE,
    code_of,
    host_nurse,
    moved,
    offers,
    read,
    step,
    took,
    unsettled,
)
from tests.world import Caller, World

SEALED = {"restriction": "identity_sealed", "reason": "placed_for_adoption"}
LOCKED = {"restriction": "named_practitioners_only", "reason": "worker_known_to_child"}
RESTRICTED = (403, "child_restricted")


def test_a_sealed_identity_is_not_taken_over_nor_offered_to_another_team(world: World) -> None:
    sent = moved(world, "emergency")
    child, transfer = sent["child_id"], sent["transfer"]["transfer_id"]
    assert restrict(worker(world), child, **SEALED).status_code == 201
    host = host_nurse(world)
    assert code_of(step(host, transfer, "accept")) == RESTRICTED
    assert read(world, host, transfer)["may_do"] == ["query", "decline"]
    took(world, host, transfer, "decline")
    for by in (nurse(world), worker(world)):
        assert code_of(step(by, transfer, "re_route", organisation=BRISTOL_HEALTH)) == RESTRICTED
        assert "re_route" not in read(world, by, transfer)["may_do"]
    assert [each["state"] for each in offers(world, child)] == ["declined"]
    assert host_nurse(world, body=BRISTOL_HEALTH).get(path(child)).status_code == 404
    took(world, worker(world), transfer, "withdraw")


def test_a_sealed_identity_is_named_by_a_transfer_only_to_who_may_know_the_child_by_it(world: World) -> None:
    sent = moved(world, "emergency")
    child, transfer = sent["child_id"], sent["transfer"]["transfer_id"]
    host = host_nurse(world)
    assert read(world, host, transfer)["child_id"] == child
    assert restrict(worker(world), child, **SEALED).status_code == 201
    for by, shown in ((host, None), (nurse(world), None), (worker(world), child)):
        assert read(world, by, transfer)["child_id"] == shown
    mine = next(each for each in items(host, LIST) if each["transfer_id"] == transfer)
    assert mine["child_id"] is None


def test_a_lock_keeps_a_transfer_from_whom_it_does_not_name(world: World) -> None:
    sent = moved(world)
    child, transfer = sent["child_id"], sent["transfer"]["transfer_id"]
    took(world, host_nurse(world), transfer, "query", note="Where does the aunt at number nine stand in this?")
    named, other = worker(world, "Asha Rahman"), worker(world, "Cousin Worker")
    assert other.get(ONE.format(passport_transfer_id=transfer)).status_code == 200
    assert restrict(named, child, **LOCKED).status_code == 201
    assert code_of(other.get(ONE.format(passport_transfer_id=transfer))) == RESTRICTED
    assert code_of(other.get(OF_CHILD.format(child_id=child))) == RESTRICTED
    assert transfer not in unsettled(other, "placed_by_us")
    file = other.get(f"/v1/children/{child}/file").json()
    assert file["passport_transfers"] is None
    assert {"part": "passport_transfers", "reason": "child_restricted"} in file["parts_withheld"]
    for act in ("withdraw", "reply"):
        assert code_of(step(other, transfer, act)) == RESTRICTED
    assert "aunt" in named.get(ONE.format(passport_transfer_id=transfer)).text
    assert transfer in unsettled(named, "placed_by_us")
    took(world, named, transfer, "withdraw")


@pytest.mark.parametrize("by", [worker, nurse])
def test_a_lock_keeps_a_passport_from_being_offered_by_whom_it_does_not_name(
    world: World, by: Callable[..., Caller]
) -> None:
    child = moved(world)["child_id"]
    transfer = offers(world, child)[-1]["transfer_id"]
    took(world, worker(world), transfer, "withdraw")
    assert restrict(worker(world, "Asha Rahman"), child, **LOCKED).status_code == 201
    other = by(world, "Cousin Worker")
    assert code_of(other.post(OF_CHILD.format(child_id=child), example("passport-transfer"))) == RESTRICTED
