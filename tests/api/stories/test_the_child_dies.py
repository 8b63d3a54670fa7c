"""A child dies. Whoever must know is told once; nobody is chased, and nobody is asked to start anything again."""

from app.rules.edition import current
from tests.api.lists import items
from tests.api.placements.stories import entries, example
from tests.api.stories.lives import end, host, look, refused, start, worker
from tests.world import World


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
