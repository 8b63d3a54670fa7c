"""A passport moves with the child, as the nurses of both areas and the social worker between them live it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from app.outbox.models import outbox
from app.passports.models import passport_teams
from tests.api.children.records import actions, follows_contract, restrict
from tests.api.lists import items
from tests.api.passports.records import example_step, full, nurse, path, published
from tests.api.placements.stories import example
from tests.api.stories.lives import end, start, worker
from tests.world import LEEDS, LEEDS_HEALTH, SHROPSHIRE, SHROPSHIRE_HEALTH, Caller, World

LIST, ONE, STEPS = (
    "/v1/passport-transfers",
    "/v1/passport-transfers/{passport_transfer_id}",
    "/v1/passport-transfers/{passport_transfer_id}/steps",
)
OF_CHILD = "/v1/children/{child_id}/passport-transfers"
BRISTOL_HEALTH = "QUY"


def host_nurse(world: World, name: str | None = "Imran Said", body: str = SHROPSHIRE_HEALTH) -> Caller:
    return world.as_(body, "children_in_care_health", name=name)


def moved(world: World, urgency: str = "planned", **changes: Any) -> dict[str, Any]:
    """A child of Leeds with a passport who moves to Shropshire; the last transfer is the one this opened."""
    sent = start(worker(world), urgency=urgency, **changes)
    published(nurse(world), sent["child_id"], full())
    return {**sent, "transfer": offers(world, sent["child_id"])[-1]}


def offers(world: World, child_id: str) -> list[dict[str, Any]]:
    answer = worker(world).get(OF_CHILD.format(child_id=child_id))
    follows_contract(world, OF_CHILD, "get", answer)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def read(world: World, by: Caller, transfer_id: str) -> dict[str, Any]:
    answer = by.get(ONE.format(passport_transfer_id=transfer_id))
    follows_contract(world, ONE, "get", answer)
    shown: dict[str, Any] = answer.json()
    return shown


def step(by: Caller, transfer_id: str, act: str, **changes: Any) -> httpx.Response:
    return by.post(STEPS.format(passport_transfer_id=transfer_id), {**example_step(act), **changes})


def took(world: World, by: Caller, transfer_id: str, act: str, **changes: Any) -> dict[str, Any]:
    answer = step(by, transfer_id, act, **changes)
    follows_contract(world, STEPS, "post", answer)
    done: dict[str, Any] = answer.json()
    return done


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def messages(world: World, topic: str, placement_id: str | None, child_id: str | None = None) -> set[tuple[str, str]]:
    wanted = outbox.c.placement_id == placement_id if placement_id else outbox.c.child_id == child_id
    with world.app.state.database.read() as connection:
        rows = connection.execute(select(outbox).where(wanted, outbox.c.topic == topic)).all()
    return {(row.organisation_code, row.function) for row in rows}


def test_a_planned_move_offers_the_passport_and_the_new_team_reads_it_once_it_has_accepted(world: World) -> None:
    sent = moved(world)
    child_id, offer = sent["child_id"], sent["transfer"]
    assert (offer["state"], offer["waits_for"], offer["opened_by"]) == ("offered", "new_team", "move")
    assert (offer["from_organisation"], offer["to_organisation"]) == (LEEDS_HEALTH, SHROPSHIRE_HEALTH)
    assert offer["commissioning"] == {
        "originating_icb": LEEDS_HEALTH,
        "outgoing_icb": LEEDS_HEALTH,
        "host_icb": SHROPSHIRE_HEALTH,
        "responsible_commissioner": LEEDS_HEALTH,
        "basis": "placed_by_local_authority",
        "without_prejudice_provider": None,
    }
    assert messages(world, "passport.offered", sent["placement_id"]) == {(SHROPSHIRE_HEALTH, "children_in_care_health")}
    assert messages(world, "passport.leaving", None, child_id) == {(LEEDS_HEALTH, "children_in_care_health")}
    host = host_nurse(world)
    for address in (path(child_id), path(child_id, "/versions"), f"/v1/children/{child_id}/emergency-card"):
        assert code_of(host.get(address)) == (403, "passport_not_handed_over")
    follows_contract(world, LIST, "get", host.get(LIST))
    mine = next(each for each in items(host, LIST) if each["transfer_id"] == offer["transfer_id"])
    assert (mine["child_id"], mine["placement_id"]) == (None, sent["placement_id"])
    assert mine["may_do"] == ["accept", "query", "decline"]
    accepted = took(world, host, offer["transfer_id"], "accept")
    assert (accepted["state"], accepted["waits_for"], accepted["due_at"]) == ("accepted", "nobody", None)
    opened = host.get(path(child_id)).json()
    assert opened["sections"]["allergies"]["entries"]["items"]
    assert (opened["your_side"], opened["why_you"]) == ("host", "it took the passport over when the child moved")
    shown = read(world, nurse(world), offer["transfer_id"])
    assert shown["steps"][0]["by"]["name"] == "Imran Said"
    assert shown["steps"][0]["words"]["note"] == example_step("accept")["note"]
    assert [entry["action"] for entry in actions(world, child_id)][-2:] == ["passport.accepted", "passport.opened"]
    with world.app.state.database.read() as connection:
        rows = connection.execute(select(passport_teams).where(passport_teams.c.child_id == child_id)).all()
    assert {(row.organisation_code, row.by_right, row.holds) for row in rows} == {
        (LEEDS_HEALTH, "placing_health", 0),
        (SHROPSHIRE_HEALTH, "transfer", 1),
    }


def test_in_an_emergency_the_new_team_reads_at_once_and_whoever_knew_the_child_learns_of_it(world: World) -> None:
    sent = moved(world, "emergency")
    child_id, host = sent["child_id"], host_nurse(world)
    opened = host.get(path(child_id))
    assert opened.status_code == 200
    assert opened.json()["why_you"].startswith("the child moved in an emergency")
    told = {(LEEDS_HEALTH, "children_in_care_health"), (LEEDS, "social_care")}
    assert messages(world, "passport.first_contact", None, child_id) == told
    # The second reader of the same team is no first contact.
    before = len(actions(world, child_id))
    assert host_nurse(world, "Kit Example").get(path(child_id)).status_code == 200
    assert len(actions(world, child_id)) == before + 1
    assert sent["transfer"]["due_at"] < (world.clock() + timedelta(days=5)).isoformat()
    # It may write what it found tonight, and is told of what others write, before it has accepted.
    took(world, host, sent["transfer"]["transfer_id"], "decline")
    assert code_of(host.get(path(child_id))) == (403, "passport_not_handed_over")


def test_a_question_goes_back_with_a_clock_and_is_answered(world: World) -> None:
    sent = moved(world)
    transfer_id, host = sent["transfer"]["transfer_id"], host_nurse(world)
    asked = took(world, host, transfer_id, "query")
    assert (asked["state"], asked["waits_for"]) == ("queried", "outgoing_team")
    told = {(LEEDS_HEALTH, "children_in_care_health"), (LEEDS, "social_care")}
    assert messages(world, "passport.transfer_queried", None, sent["child_id"]) == told
    assert code_of(step(host, transfer_id, "reply")) == (403, "not_your_step")
    assert code_of(step(host, transfer_id, "query")) == (409, "transfer_moved_on")
    with world.later(days=6):
        mine = items(nurse(world), f"{LIST}?side=from_us")
    late = next(each for each in mine if each["transfer_id"] == transfer_id)
    assert (late["overdue"], late["confirm_overdue"]) == (True, True)
    assert late["may_do"] == ["reply", "withdraw", "confirm"]
    assert took(world, nurse(world), transfer_id, "reply")["state"] == "offered"
    words = [(each["act"], each["words"]["note"]) for each in read(world, host, transfer_id)["steps"]]
    assert words == [("query", example_step("query")["note"]), ("reply", example_step("reply")["note"])]
    took(world, host, transfer_id, "accept")


def test_a_team_without_capacity_sends_it_back_and_the_placing_side_finds_another(world: World) -> None:
    sent = moved(world)
    child_id, transfer_id = sent["child_id"], sent["transfer"]["transfer_id"]
    declined = took(world, host_nurse(world), transfer_id, "decline", reason="commissioner_disputed")
    assert (declined["state"], declined["waits_for"]) == ("declined", "placing_side")
    assert declined["due_at"] is not None
    board = items(worker(world), f"{LIST}?side=placed_by_us")
    back = next(each for each in board if each["transfer_id"] == transfer_id)
    assert back["todo"].startswith("Name who provides meanwhile")
    assert back["may_do"] == ["re_route", "withdraw"]
    again = {**example_step("re_route"), "organisation": BRISTOL_HEALTH}
    bare = {name: each for name, each in again.items() if name != "commissioning"}
    refused = worker(world).post(STEPS.format(passport_transfer_id=transfer_id), bare)
    assert code_of(refused) == (422, "provider_needed")
    assert refused.json()["errors"][0]["pointer"] == "/commissioning/without_prejudice_provider"
    assert code_of(step(worker(world), transfer_id, "re_route", organisation=SHROPSHIRE)) == (422, "not_a_health_body")
    new = took(world, worker(world), transfer_id, "re_route", organisation=BRISTOL_HEALTH)
    assert new["state"] == "offered"
    shown = read(world, worker(world), new["transfer_id"])
    assert (shown["opened_by"], shown["previous_transfer_id"]) == ("re_route", transfer_id)
    assert shown["commissioning"]["without_prejudice_provider"] == LEEDS_HEALTH
    assert read(world, worker(world), transfer_id)["state"] == "rerouted"
    took(world, host_nurse(world, body=BRISTOL_HEALTH), new["transfer_id"], "accept")
    assert host_nurse(world, body=BRISTOL_HEALTH).get(path(child_id)).status_code == 200
    assert code_of(host_nurse(world).get(path(child_id))) == (403, "passport_not_handed_over")
    assert [each["state"] for each in offers(world, child_id)] == ["rerouted", "accepted"]


def test_the_outgoing_team_confirms_what_it_knew_and_lets_go(world: World) -> None:
    """From Leeds to Shropshire and on to Bristol: the team in between keeps reading until it has confirmed."""
    sent = moved(world)
    child_id = sent["child_id"]
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    took(world, nurse(world), sent["transfer"]["transfer_id"], "confirm")
    assert sent["transfer"]["transfer_id"] not in unsettled(nurse(world), "from_us")
    assert end(worker(world), sent["placement_id"], "new_home").status_code == 201
    child = sent["document"]["child"]
    home = {**sent["document"]["placement"], "host_area": "E06000023", "postcode": {"not_known": "not_yet_decided"}}
    second = start(worker(world), child=child, placement=home, urgency="planned")
    onward = offers(world, child_id)[-1]
    assert (onward["from_organisation"], onward["to_organisation"]) == (SHROPSHIRE_HEALTH, BRISTOL_HEALTH)
    assert onward["commissioning"]["originating_icb"] == LEEDS_HEALTH
    assert second["child_id"] == child_id
    took(world, host_nurse(world, body=BRISTOL_HEALTH), onward["transfer_id"], "accept")
    between = host_nurse(world)
    assert between.get(path(child_id)).status_code == 200
    assert code_of(step(nurse(world), onward["transfer_id"], "confirm")) == (403, "not_your_step")
    assert code_of(step(between, onward["transfer_id"], "confirm", version=7)) == (409, "newer_version")
    took(world, between, onward["transfer_id"], "confirm")
    assert between.get(path(child_id)).status_code == 404
    assert nurse(world).get(path(child_id)).status_code == 200
    assert onward["transfer_id"] not in unsettled(between, "from_us")
    assert code_of(step(between, onward["transfer_id"], "confirm")) == (404, "not_yours")


def unsettled(by: Caller, side: str) -> set[str]:
    return {each["transfer_id"] for each in items(by, f"{LIST}?side={side}")}


def test_a_move_on_overtakes_an_offer_that_nobody_answered(world: World) -> None:
    sent = moved(world)
    home = {**sent["document"]["placement"], "host_area": "E06000023", "postcode": {"not_known": "not_yet_decided"}}
    start(worker(world), child=sent["document"]["child"], placement=home, urgency="planned")
    assert [each["state"] for each in offers(world, sent["child_id"])] == ["lapsed", "offered"]
    assert code_of(step(host_nurse(world), sent["transfer"]["transfer_id"], "accept")) == (409, "transfer_moved_on")


@pytest.mark.parametrize("accepted", [False, True])
def test_a_team_told_by_mistake_has_no_part_in_the_passport_any_more(world: World, accepted: bool) -> None:
    sent = moved(world, "emergency")
    if accepted:
        took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    assert host_nurse(world).get(path(sent["child_id"])).status_code == 200
    recalled = worker(world).post(f"/v1/notifications/{sent['id']}/recalls", {"reason": "wrong_recipient"})
    assert recalled.status_code == 201
    assert host_nurse(world).get(path(sent["child_id"])).status_code == 404
    assert offers(world, sent["child_id"])[-1]["state"] == "lapsed"


@pytest.mark.parametrize("accepted", [False, True])
def test_a_move_that_did_not_happen_hands_nothing_over(world: World, accepted: bool) -> None:
    sent = moved(world)
    if accepted:
        took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    withdrawal = {**example("withdrawal"), "placement_id": sent["placement_id"], "reference": uuid4().hex[:12]}
    assert worker(world).post("/v1/notifications", withdrawal).status_code == 201
    assert host_nurse(world).get(path(sent["child_id"])).status_code == 404


def test_a_stay_that_ends_leaves_the_passport_with_whoever_took_it_over(world: World) -> None:
    sent = moved(world)
    took(world, host_nurse(world), sent["transfer"]["transfer_id"], "accept")
    assert end(worker(world), sent["placement_id"], "new_home").status_code == 201
    assert host_nurse(world).get(path(sent["child_id"])).status_code == 200


def test_a_passport_is_offered_by_name_before_any_move_and_taken_back(world: World) -> None:
    child_id = worker(world).post("/v1/children", {**example("child"), "local_id": uuid4().hex[:12]}).json()["child_id"]
    asked = example("passport-transfer")
    stranger = world.as_("E06000019", "social_care", name="Nobody Here")
    assert stranger.post(OF_CHILD.format(child_id=child_id), asked).status_code == 404
    carer = world.as_(SHROPSHIRE, "social_care", name="Bryn Edwards")
    assert carer.post(OF_CHILD.format(child_id=child_id), asked).status_code == 404
    made = nurse(world).post(OF_CHILD.format(child_id=child_id), asked)
    follows_contract(world, OF_CHILD, "post", made)
    transfer_id = made.json()["transfer_id"]
    again = nurse(world).post(OF_CHILD.format(child_id=child_id), asked)
    assert code_of(again) == (409, "passport_offered_already")
    shown = read(world, host_nurse(world), transfer_id)
    assert (shown["opened_by"], shown["steps"][0]["words"]["reason"]) == ("offer", asked["reason"])
    assert code_of(step(nurse(world), transfer_id, "confirm")) == (409, "nothing_published")
    took(world, worker(world), transfer_id, "withdraw")
    assert code_of(step(host_nurse(world), transfer_id, "accept")) == (409, "transfer_moved_on")
    assert nurse(world).post(OF_CHILD.format(child_id=child_id), asked).status_code == 201


def test_a_sealed_identity_is_offered_to_nobody(world: World) -> None:
    child_id = worker(world).post("/v1/children", {**example("child"), "local_id": uuid4().hex[:12]}).json()["child_id"]
    assert restrict(worker(world), child_id, restriction="identity_sealed", reason="placed_for_adoption").is_success
    refused = nurse(world).post(OF_CHILD.format(child_id=child_id), example("passport-transfer"))
    assert code_of(refused) == (403, "child_restricted")


def test_two_answers_at_once_the_second_meets_what_the_first_led_to(world: World) -> None:
    sent = moved(world)
    transfer_id = sent["transfer"]["transfer_id"]
    took(world, host_nurse(world), transfer_id, "accept")
    assert code_of(step(host_nurse(world, "Kit Example"), transfer_id, "decline")) == (409, "transfer_moved_on")
    assert code_of(step(worker(world), transfer_id, "withdraw")) == (409, "transfer_moved_on")


def test_nothing_of_a_child_stands_in_a_transfer(world: World) -> None:
    sent = moved(world)
    for by in (worker(world), nurse(world), host_nurse(world)):
        text = str(read(world, by, sent["transfer"]["transfer_id"]))
        assert sent["document"]["child"]["family_name"] not in text
    for function in ("social_care", "missing_persons", "provider", "camhs"):
        other = world.as_(SHROPSHIRE, function, name="Asha Rahman")
        answer = other.get(ONE.format(passport_transfer_id=sent["transfer"]["transfer_id"]))
        assert answer.status_code in (403, 404)
