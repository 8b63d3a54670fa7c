"""Teams that are still named in a transfer and have no part in the passport any more, and offers nobody needs now."""

from typing import Any
from uuid import uuid4

from app.passports.queries import UNDECIDED
from app.rules.edition import current
from app.transfers.calendar import end_what_has_ended
from tests.api.lists import items
from tests.api.passports.records import nurse, path
from tests.api.placements.stories import example
from tests.api.stories.lives import end, start, worker
from tests.api.transfers.test_a_passport_moves import (
    BRISTOL_HEALTH,
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
from tests.world import LEEDS_HEALTH, SHROPSHIRE_HEALTH, World

MANCHESTER_HEALTH, DORSET_HEALTH = "QOP", "QVV"
GONE = (404, "not_yours")
MOVED_ON = (409, "transfer_moved_on")


def recall(world: World, sent: dict[str, Any]) -> None:
    answer = worker(world).post(f"/v1/notifications/{sent['id']}/recalls", {"reason": "wrong_recipient"})
    assert answer.status_code == 201


def moves_on(world: World, sent: dict[str, Any]) -> str:
    """The child moves from Shropshire to Bristol in an emergency; the transfer this opened."""
    home = {**sent["document"]["placement"], "host_area": "E06000023", "postcode": {"not_known": "not_yet_decided"}}
    start(worker(world), child=sent["document"]["child"], placement=home, urgency="emergency")
    onward: str = offers(world, sent["child_id"])[-1]["transfer_id"]
    return onward


def offer_by_name(world: World, child_id: str, body: str) -> str:
    """Leeds offers the passport to a team, before any move."""
    asked = {**example("passport-transfer"), "urgency": "emergency", "organisation": body}
    made = nurse(world).post(OF_CHILD.format(child_id=child_id), asked)
    assert made.status_code == 201
    transfer_id: str = made.json()["transfer_id"]
    return transfer_id


def states(world: World, child_id: str) -> dict[str, str]:
    return {each["transfer_id"]: each["state"] for each in offers(world, child_id)}


def test_a_team_that_let_go_hands_the_passport_to_nobody(world: World) -> None:
    child = (sent := moved(world))["child_id"]
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    keeper, asked = host_nurse(world), {**example("passport-transfer"), "urgency": "emergency"}
    refused = keeper.post(OF_CHILD.format(child_id=child), {**asked, "organisation": BRISTOL_HEALTH}).json()
    took(world, host_nurse(world, body=BRISTOL_HEALTH), refused["transfer_id"], "decline")
    taken = offer_by_name(world, child, MANCHESTER_HEALTH)
    took(world, host_nurse(world, body=MANCHESTER_HEALTH), taken, "accept")
    assert states(world, child)[refused["transfer_id"]] == "lapsed"
    took(world, keeper, taken, "confirm", version=nurse(world).get(path(child)).json()["version"])
    assert code_of(keeper.get(path(child))) == (403, "passport_not_handed_over")
    passed = step(keeper, refused["transfer_id"], "re_route", organisation=DORSET_HEALTH)
    assert code_of(passed) == GONE
    assert host_nurse(world, body=DORSET_HEALTH).get(path(child)).status_code == 404
    again = step(worker(world), refused["transfer_id"], "re_route", organisation=DORSET_HEALTH)
    assert code_of(again) == MOVED_ON
    assert host_nurse(world, body=MANCHESTER_HEALTH).get(path(child)).status_code == 200


def test_a_team_that_was_recalled_neither_reads_nor_takes_back_the_offer_of_the_next_move(world: World) -> None:
    sent = moved(world)
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    onward = moves_on(world, sent)
    recall(world, sent)
    gone = host_nurse(world)
    assert gone.get(path(sent["child_id"])).status_code == 404
    assert gone.get(ONE.format(passport_transfer_id=onward)).status_code == 404
    for act in ("confirm", "withdraw"):
        assert code_of(step(gone, onward, act)) == GONE
    assert onward not in unsettled(gone, "from_us")
    took(world, host_nurse(world, body=BRISTOL_HEALTH), onward, "accept")


def test_a_team_told_by_mistake_reads_the_words_of_a_transfer_no_more(world: World) -> None:
    sent = moved(world)
    transfer = sent["transfer"]["transfer_id"]
    took(world, host_nurse(world), transfer, "query")
    took(world, nurse(world), transfer, "reply", note="Sertraline since the overdose in March.")
    assert "overdose" in host_nurse(world).get(ONE.format(passport_transfer_id=transfer)).text
    recall(world, sent)
    assert code_of(host_nurse(world).get(ONE.format(passport_transfer_id=transfer))) == GONE
    assert code_of(step(host_nurse(world), transfer, "accept")) == GONE


def test_a_team_that_declined_and_was_recalled_reads_no_more_of_it(world: World) -> None:
    sent = moved(world)
    transfer = sent["transfer"]["transfer_id"]
    took(world, host_nurse(world), transfer, "decline")
    assert host_nurse(world).get(ONE.format(passport_transfer_id=transfer)).status_code == 200
    recall(world, sent)
    assert code_of(host_nurse(world).get(ONE.format(passport_transfer_id=transfer))) == GONE
    # The placing side still has to find a team for the child.
    assert transfer in unsettled(worker(world), "placed_by_us")


def test_a_refused_offer_of_a_move_that_did_not_happen_goes_to_nobody_else(world: World) -> None:
    sent = moved(world, "emergency")
    transfer = sent["transfer"]["transfer_id"]
    took(world, host_nurse(world), transfer, "decline")
    withdrawal = {**example("withdrawal"), "placement_id": sent["placement_id"], "reference": uuid4().hex[:12]}
    assert worker(world).post("/v1/notifications", withdrawal).status_code == 201
    assert code_of(step(nurse(world), transfer, "re_route", organisation=BRISTOL_HEALTH)) == MOVED_ON
    assert host_nurse(world, body=BRISTOL_HEALTH).get(path(sent["child_id"])).status_code == 404
    assert transfer not in unsettled(worker(world), "placed_by_us")


def test_a_refused_offer_ends_with_the_stay_and_with_the_next_move(world: World) -> None:
    stayed = moved(world)
    took(world, host_nurse(world), stayed["transfer"]["transfer_id"], "decline")
    assert end(worker(world), stayed["placement_id"], "new_home").status_code == 201
    assert states(world, stayed["child_id"])[stayed["transfer"]["transfer_id"]] == "lapsed"
    went = moved(world)
    took(world, host_nurse(world), went["transfer"]["transfer_id"], "decline")
    onward = moves_on(world, went)
    assert states(world, went["child_id"]) == {went["transfer"]["transfer_id"]: "lapsed", onward: "offered"}


def test_an_offer_by_name_that_nobody_answers_in_time_is_read_no_longer(world: World) -> None:
    child = (sent := moved(world))["child_id"]
    took(world, worker(world), sent["transfer"]["transfer_id"], "withdraw")
    transfer, new = offer_by_name(world, child, BRISTOL_HEALTH), host_nurse(world, body=BRISTOL_HEALTH)
    assert new.get(path(child)).status_code == 200
    assert read(world, new, transfer)["child_id"] == child
    with world.later(days=60):
        late = host_nurse(world, body=BRISTOL_HEALTH)
        assert code_of(late.get(path(child))) == (403, "passport_not_handed_over")
        assert child not in {each["child_id"] for each in items(late, "/v1/health-lists/stale")}
        shown = read(world, late, transfer)
        assert (shown["child_id"], shown["overdue"]) == (None, True)
        # A question and its answer have a time of their own, and do not bring the reading back.
        for by, act in ((late, "query"), (nurse(world), "reply")):
            took(world, by, transfer, act)
            assert code_of(late.get(path(child))) == (403, "passport_not_handed_over")
            assert child not in {each["child_id"] for each in items(late, "/v1/health-lists/stale")}
            shown = read(world, late, transfer)
            assert (shown["child_id"], shown["overdue"]) == (None, False)
        # It is not too late to say that the child is theirs.
        took(world, late, transfer, "accept")
        assert late.get(path(child)).status_code == 200


def test_an_offer_of_a_move_is_read_for_as_long_as_the_team_is_told_of_the_home(world: World) -> None:
    child = moved(world, "emergency")["child_id"]
    with world.later(days=60):
        assert host_nurse(world).get(path(child)).status_code == 200
        assert child in {each["child_id"] for each in items(host_nurse(world), "/v1/health-lists/stale")}


def test_a_team_that_keeps_the_passport_for_now_does_not_make_itself_the_one_that_placed_the_child(
    world: World,
) -> None:
    child = (sent := moved(world))["child_id"]
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    asked = {**example("passport-transfer"), "organisation": BRISTOL_HEALTH}
    payer = asked.get("commissioning", {})
    itself = {**asked, "commissioning": {**payer, "originating_icb": SHROPSHIRE_HEALTH}}
    assert code_of(host_nurse(world).post(OF_CHILD.format(child_id=child), itself)) == (403, "not_your_step")
    rightly = {**asked, "commissioning": {**payer, "originating_icb": LEEDS_HEALTH}}
    assert host_nurse(world).post(OF_CHILD.format(child_id=child), rightly).status_code == 201


def test_whatever_may_still_lead_to_a_team_is_closed_by_what_overtakes_it() -> None:
    """Of every act that moves a passport's way on, the states it starts from."""
    acts = current().passport_transfers.acts.values()
    assert set(UNDECIDED) == {state for act in acts if act.to for state in act.states}


def test_an_offer_lasts_no_longer_than_the_stay_though_the_end_was_told_beforehand(world: World) -> None:
    """No calendar has run by then: a day is told rightly without it."""
    child = (sent := moved(world, "emergency"))["child_id"]
    transfer, new = sent["transfer"]["transfer_id"], host_nurse(world)
    assert end(worker(world), sent["placement_id"], "new_home", ended_on="2026-11-30").status_code == 201
    assert new.get(path(child)).status_code == 200
    assert transfer in unsettled(new, "to_us")
    with world.later(days=20):
        late = host_nurse(world)
        assert late.get(path(child)).status_code == 404
        assert child not in {each["child_id"] for each in items(late, "/v1/health-lists/stale")}
        shown = read(world, late, transfer)
        assert (shown["state"], shown["waits_for"], shown["due_at"], shown["overdue"]) == (
            "lapsed",
            "nobody",
            None,
            False,
        )
        assert (shown["may_do"], shown["child_id"]) == ([], None)
        assert states(world, child)[transfer] == "lapsed"
        for by, act in ((late, "accept"), (late, "query"), (nurse(world), "withdraw"), (nurse(world), "confirm")):
            assert code_of(step(by, transfer, act)) == MOVED_ON
        for by, side in ((late, "to_us"), (nurse(world), "from_us"), (worker(world), "placed_by_us")):
            assert transfer not in unsettled(by, side)
        # Nothing is in the way of a team that is asked by name.
        named = offer_by_name(world, child, SHROPSHIRE_HEALTH)
        assert states(world, child) == {transfer: "lapsed", named: "offered"}
        took(world, host_nurse(world), named, "accept")


def test_what_was_refused_goes_to_nobody_else_once_the_stay_is_over(world: World) -> None:
    sent = moved(world)
    transfer = sent["transfer"]["transfer_id"]
    took(world, host_nurse(world), transfer, "decline")
    assert end(worker(world), sent["placement_id"], "new_home", ended_on="2026-11-30").status_code == 201
    with world.later(days=20):
        assert code_of(step(nurse(world), transfer, "re_route", organisation=BRISTOL_HEALTH)) == MOVED_ON
        assert transfer not in unsettled(worker(world), "placed_by_us")


def test_the_calendar_ends_the_offer_with_the_stay_and_leaves_who_accepted(world: World) -> None:
    waiting, taken, stays = moved(world), moved(world), moved(world)
    took(world, host_nurse(world), taken["transfer"]["transfer_id"], "accept")
    for sent in (waiting, taken):
        assert end(worker(world), sent["placement_id"], "new_home", ended_on="2026-11-30").status_code == 201
    resources = world.app.state.resources
    with world.later(days=20):
        end_what_has_ended(resources.database, resources.clock)
    # Whatever day it is now: it is written down.
    found = [states(world, sent["child_id"])[sent["transfer"]["transfer_id"]] for sent in (waiting, taken, stays)]
    assert found == ["lapsed", "accepted", "offered"]
    assert host_nurse(world).get(path(taken["child_id"])).status_code == 200
