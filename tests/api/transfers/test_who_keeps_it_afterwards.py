"""Who keeps a passport once a move is undone, or the child is back where it was."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.passports.records import full, nurse, path, publish, published, small
from tests.api.placements.stories import example
from tests.api.stories.lives import end, start, worker
from tests.api.stories.test_two_records_of_one_child import merge, unmerge
from tests.api.transfers.test_a_passport_moves import BRISTOL_HEALTH, host_nurse, moved, offers, took, unsettled
from tests.api.transfers.test_parts_that_are_over import recall
from tests.world import World


def withdraw(world: World, sent: dict[str, Any]) -> None:
    withdrawal = {**example("withdrawal"), "placement_id": sent["placement_id"], "reference": uuid4().hex[:12]}
    assert worker(world).post("/v1/notifications", withdrawal).status_code == 201


@pytest.mark.parametrize("undo", [withdraw, recall], ids=["withdrawn", "recalled"])
def test_the_team_before_publishes_again_once_the_move_it_was_handed_over_for_is_undone(
    world: World, undo: Any
) -> None:
    sent = moved(world)
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    undo(world, sent)
    changed = {"allergies": full()["allergies"]}
    changed["allergies"]["provenance"]["review_due_on"] = "2027-11-20"

    answers = [publish(nurse(world), sent["child_id"], changed).status_code]
    changed["allergies"]["provenance"]["review_due_on"] = "2027-12-20"
    answers.append(publish(nurse(world), sent["child_id"], changed).status_code)

    assert answers == [200, 200]


def test_a_team_that_got_the_passport_back_keeps_it_whatever_it_confirms_of_before(world: World) -> None:
    sent = moved(world)
    child_id, child = sent["child_id"], sent["document"]["child"]
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    assert end(worker(world), sent["placement_id"], "new_home").status_code == 201
    bristol = {**sent["document"]["placement"], "host_area": "E06000023", "postcode": {"not_known": "not_yet_decided"}}
    second = start(worker(world), child=child, placement=bristol, urgency="planned")
    onward = offers(world, child_id)[-1]["transfer_id"]
    took(world, host_nurse(world, body=BRISTOL_HEALTH), onward, "accept")
    assert end(worker(world), second["placement_id"], "new_home").status_code == 201
    start(worker(world), child=child, placement=sent["document"]["placement"], urgency="planned")
    took(world, host_nurse(world), offers(world, child_id)[-1]["transfer_id"], "accept")

    assert onward in unsettled(host_nurse(world), "from_us")
    took(world, host_nurse(world), onward, "confirm")

    assert host_nurse(world).get(path(child_id)).status_code == 200


def test_parted_from_another_child_whose_offer_was_accepted_the_home_is_asked_again(world: World) -> None:
    first = start(worker(world), urgency="emergency")
    elsewhere = {"host_area": "E06000023", "postcode": {"not_known": "not_yet_decided"}}
    kept, other = first["child_id"], start(worker(world), placement=elsewhere, urgency="emergency")["child_id"]
    published(nurse(world), kept, full())
    published(nurse(world), other, small())
    merge(world, kept, other)
    theirs = next(each for each in offers(world, other) if each["to_organisation"] == BRISTOL_HEALTH)
    took(world, host_nurse(world, body=BRISTOL_HEALTH), theirs["transfer_id"], "accept")
    unmerge(world, kept, other)

    assert [each["state"] for each in offers(world, kept)] == ["lapsed", "offered"]
    assert host_nurse(world).get(path(kept)).status_code == 200
    assert host_nurse(world, body=BRISTOL_HEALTH).get(path(kept)).status_code == 404
    assert [each["state"] for each in offers(world, other)] == ["accepted"]
