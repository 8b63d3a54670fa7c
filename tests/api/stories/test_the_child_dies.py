"""A child dies. Whoever must know is told once; nobody is chased, and nobody is asked to start anything again."""

from app.placements.calendar import Birthdays
from app.rules.edition import current
from tests.api.children.records import correct, restrict
from tests.api.lists import items
from tests.api.passports.records import full, nurse, path, published
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import end, host, look, refused, start, two_people, worker
from tests.api.transfers.test_a_passport_moves import code_of, host_nurse, messages, moved, offers, took
from tests.api.transfers.test_parts_that_are_over import recall
from tests.world import SHROPSHIRE, SHROPSHIRE_HEALTH, World


def test_a_child_who_died_is_told_once_and_then_left_in_peace(world: World) -> None:
    placed = start(worker(world))
    placement, child = placed["placement_id"], placed["child_id"]
    local_id = placed["document"]["child"]["local_id"]
    assert found(world, local_id) == [placement]
    told = end(worker(world), placement, "died", care_ended_reason="E2", destination="died")
    assert told.status_code == 201, told.text
    waiting = {each["notification_id"] for each in items(host(world), "/v1/inbox")}
    assert told.json()["id"] in waiting

    seen = look(world, host(world), "/v1/placements/{placement_id}", placement_id=placement)
    assert (seen["state"], seen["ended_why"]) == ("ended", "died")
    assert "health_now" in {each["section"] for each in seen["sections_withheld"]}
    sent = look(world, worker(world), "/v1/placements/{placement_id}", placement_id=placement)
    first = {each["code"] for each in placed["clocks"] if each["state"] != "met"}
    assert {each["state"] for each in sent["clocks"] if each["code"] in first} <= {"stopped", "met"}
    mark = worker(world).post(f"/v1/placements/{placement}/clocks/out-of-area-review/done", {})
    assert refused(mark) == (409, "clock_stopped")
    record = look(world, worker(world), "/v1/children/{child_id}", child_id=child)
    assert (record["state"], record["sections_shared"]) == ("died", ["child"])
    (entry,) = entries(world, child, "child.care_ended")
    assert entry["facts"] == {"state": "died"}

    # A search does not find the child any more, and no letter goes out.
    assert found(world, local_id) == []
    letters = worker(world).get(f"/v1/notifications/{placed['id']}/letters").json()["items"]
    assert letters
    assert all(each["why_not"] for each in letters)

    again = example("start_emergency_minimum")
    again["child"] |= {"local_id": local_id}
    del again["reference"]
    assert refused(worker(world).post("/v1/notifications", again)) == (409, "care_is_over")
    offer = worker(world).post(f"/v1/children/{child}/responsibility-transfers", example("transfer"))
    assert refused(offer) == (409, "cannot_transfer")


def found(world: World, local_id: str) -> list[str]:
    answer = worker(world).post("/v1/placements/search", {"local_id": local_id})
    assert answer.status_code == 200, answer.text
    return [each["placement_id"] for each in answer.json()["items"]]


def test_a_second_home_that_was_open_ends_with_the_first(world: World) -> None:
    first = start(worker(world))
    local = {"local_id": first["document"]["child"]["local_id"]}
    hospital = start(worker(world), child=local)
    assert end(worker(world), hospital["placement_id"], "died", care_ended_reason="E2").status_code == 201
    other = look(world, worker(world), "/v1/placements/{placement_id}", placement_id=first["placement_id"])
    assert (other["state"], other["ended_why"]) == ("ended", "died")


def test_what_follows_stands_in_a_table_with_its_basis(world: World) -> None:
    rules = current()
    for state in ("turned_18", "died", "transferred"):
        effects = ("no_new_notification", "placements_end", "clocks_stop", "letters_stop", "search_closes")
        assert all(rules.ends(state, effect) for effect in effects)
        assert not any(rules.ends("active", effect) for effect in effects)
    kept = {row.code: row for row in rules.care_over if not row.effects}
    assert "regulation 50" in kept["record-kept-75-years"].source
    assert kept["record-kept-15-years"].states == {"died"}


def test_who_was_said_to_have_died_by_mistake_goes_on_as_before(world: World) -> None:
    first = start(worker(world))
    assert end(worker(world), first["placement_id"], "new_home").status_code == 201
    earlier = clocks_of(world, first["placement_id"])
    assert "stopped" not in earlier.values()
    assert set(earlier.values()) != {"met"}
    second = start(worker(world), child=first["document"]["child"], urgency="emergency")
    child, transfer = second["child_id"], offers(world, second["child_id"])[-1]
    published(nurse(world), child, full())
    assert host_nurse(world).get(path(child)).status_code == 200
    assert end(worker(world), second["placement_id"], "died", care_ended_reason="E2").status_code == 201
    assert offers(world, child)[-1]["state"] == "lapsed"
    assert code_of(host_nurse(world).get(path(child))) == (404, "not_yours")

    with world.later(days=9):
        two_people(world, child, example("proposal_care_not_over"))
        # What was due of the home before is due still, and whoever was asked to take the passport over is asked anew.
        assert clocks_of(world, first["placement_id"]).keys() == earlier.keys()
        assert "stopped" not in clocks_of(world, first["placement_id"]).values()
        again = offers(world, child)[-1]
        assert (again["state"], again["opened_by"], again["overdue"]) == ("offered", "move", False)
        assert again["transfer_id"] != transfer["transfer_id"]
        assert host_nurse(world).get(path(child)).status_code == 200
        took(world, host_nurse(world), again["transfer_id"], "accept")
    resumed = messages(world, "placement.resumed", second["placement_id"])
    assert {(SHROPSHIRE, "social_care"), (SHROPSHIRE_HEALTH, "children_in_care_health")} <= resumed
    assert messages(world, "placement.resumed", first["placement_id"]) == set()


def test_a_team_that_had_accepted_or_was_told_by_mistake_is_not_asked_again(world: World) -> None:
    accepted, recalled = moved(world), moved(world)
    took(world, host_nurse(world), accepted["transfer"]["transfer_id"], "accept")
    recall(world, recalled)
    for sent, last in ((accepted, "accepted"), (recalled, "lapsed")):
        assert end(worker(world), sent["placement_id"], "died", care_ended_reason="E2").status_code == 201
        two_people(world, sent["child_id"], example("proposal_care_not_over"))
        assert [each["state"] for each in offers(world, sent["child_id"])] == [last]
    assert host_nurse(world).get(path(accepted["child_id"])).status_code == 200
    assert code_of(host_nurse(world).get(path(recalled["child_id"]))) == (404, "not_yours")


def test_a_team_that_said_no_is_not_asked_again_nor_anybody_for_a_sealed_child(world: World) -> None:
    declined, sealed = moved(world, "emergency"), moved(world, "emergency")
    took(world, host_nurse(world), declined["transfer"]["transfer_id"], "decline")
    hidden = restrict(worker(world), sealed["child_id"], restriction="identity_sealed", reason="placed_for_adoption")
    assert hidden.status_code == 201
    for sent in (declined, sealed):
        assert end(worker(world), sent["placement_id"], "died", care_ended_reason="E2").status_code == 201
        two_people(world, sent["child_id"], example("proposal_care_not_over"))
        assert [each["state"] for each in offers(world, sent["child_id"])] == ["lapsed"]
        assert host_nurse(world).get(path(sent["child_id"])).status_code in (403, 404)


def test_an_offer_that_stood_when_a_birthday_ended_care_is_made_anew(world: World) -> None:
    sent = moved(world, "emergency", child={"date_of_birth": "2008-11-27"})
    child = sent["child_id"]
    with world.later(days=2):
        Birthdays(world.app.state.resources).look()
        assert correct(worker(world), child, {"date_of_birth": "2009-11-27"}).status_code == 201
        two_people(world, child, example("proposal_care_not_over"))
        assert [each["state"] for each in offers(world, child)] == ["lapsed", "offered"]
        assert host_nurse(world).get(path(child)).status_code == 200


def clocks_of(world: World, placement_id: str) -> dict[str, str]:
    seen = look(world, worker(world), "/v1/placements/{placement_id}", placement_id=placement_id)
    return {each["code"]: each["state"] for each in seen["clocks"]}
