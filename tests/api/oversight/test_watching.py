"""Whom oversight watches over: children in settings of concern, children far from home, and that it was done."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.api.lists import items
from tests.api.placements.stories import FULL, Story, entries, follows_contract, openings, tell
from tests.world import LEEDS, SHROPSHIRE_HEALTH, Caller, World

UNREGISTERED = {
    "registration_status": "unregistered",
    "not_registered": {
        "why": "Nothing else was found for tonight.",
        "applied_on": "2026-11-23",
        "court_aware": {"not_known": "being_found_out"},
        "oversight_by": "Assistant director",
        "next_review_on": "2026-12-01",
    },
}


def told(world: World, area: str, **fields: Any) -> Story:
    placed = {"host_area": area, "postcode": {"not_known": "being_found_out"}, **fields}
    return tell(world, placement=placed)


def line(by: Caller, path: str, story: Story) -> dict[str, Any] | None:
    return next((each for each in items(by, f"/v1/oversight/{path}") if each["placement_id"] == story.placement), None)


def test_every_child_in_a_setting_that_should_be_registered_is_known_to_both_authorities(
    world: World, area: str
) -> None:
    story = told(world, area, **UNREGISTERED)
    usual = told(world, area)
    placing = world.as_(LEEDS, "safeguarding_partnership", name="Sam Scrutiny")
    host = world.as_(area, "safeguarding_partnership", name="Hal Watchful")
    follows_contract(world, "/v1/oversight/unregistered", host.get("/v1/oversight/unregistered?side=host"))
    for by, side in ((placing, "placing"), (host, "host")):
        found = line(by, f"unregistered?side={side}", story)
        assert found is not None
        assert (found["concern"], found["registration_status"]) == ("unregistered_setting", "unregistered")
        assert (found["since"], found["registration_applied_on"]) == ("2026-11-22", "2026-11-23")
        assert (found["has_senior_oversight"], found["stated_review_on"]) == (True, "2026-12-01")
        assert found["court_aware"] == {"not_known": "being_found_out"}
        assert found["review"]["last_done_at"] is None
        assert "Inventley" not in str(found)
        assert "Assistant director" not in str(found)
    assert line(placing, "unregistered?side=placing", usual) is None
    assert line(host, "unregistered?side=placing", story) is None


def test_a_child_leaves_the_list_with_the_concern_and_comes_back_with_it(world: World, area: str) -> None:
    story = told(world, area, **UNREGISTERED)
    by = world.as_(LEEDS, "quality_assurance", name="Quinn Auditor")
    story.update(placement={**FULL["placement"], "host_area": area, "postcode": {"not_known": "being_found_out"}})
    assert line(by, "unregistered?side=placing", story) is None
    interim = {"why_unsuitable": "Too far from school.", "next_review_on": "2026-12-03"}
    story.update(
        placement={
            **FULL["placement"],
            "host_area": area,
            "postcode": {"not_known": "being_found_out"},
            "interim": interim,
        }
    )
    found = line(by, "unregistered?side=placing", story)
    assert found is not None
    assert (found["concern"], found["days"]) == ("unsuitable_for_now", 0)
    assert {each["item"] for each in found["owed"]} >= {"placement.interim.supports"}


def test_reading_the_list_is_recorded_line_by_line(world: World, area: str) -> None:
    story = told(world, area, **UNREGISTERED)
    items(world.as_(area, "safeguarding_partnership", name="Hal Watchful"), "/v1/oversight/unregistered?side=host")
    (entry,) = entries(world, area, "oversight.read")
    assert (entry["facts"]["list"], entry["facts"]["side"], entry["facts"]["how"]) == ("unregistered", "host", "opened")
    assert [(row.why, row.entry_id) for row in openings(world, story.placement)] == [("oversight", entry["id"])]
    account = story.sender.get(f"/v1/children/{story.child}/disclosures").json()["items"]
    assert "it oversees where children in care live" in account[0]["sentence"]


def test_a_fortnightly_look_is_marked_by_name_and_starts_again(world: World, area: str) -> None:
    story = told(world, area, **UNREGISTERED)
    by = world.as_(LEEDS, "reviewing_officer", name="Ira Reviews")
    found = line(by, "out-of-area?side=placing", story)
    assert found is not None
    assert found["distance"] == "at_a_distance"
    assert found["approval"] == {"present": ["director"], "owed": [], "exemption": FULL["decision"].get("exemption")}
    first_due = found["review"]["due"]
    path = f"{story.path}/clocks/out-of-area-review/done"
    key = "done-" + story.placement
    answer = story.sender.post(path, {}, key=key)
    assert answer.status_code == 201, answer.text
    assert answer.json()["met_at"] is None
    assert answer.json()["due"] >= first_due
    assert story.sender.post(path, {}, key=key).content == answer.content
    marked = entries(world, story.placement, "clock.marked")
    assert [(each["facts"]["clock"], each["facts"]["late"]) for each in marked] == [("out-of-area-review", False)]
    after = line(by, "out-of-area?side=placing", story)
    assert after is not None
    assert after["review"] == {
        "due": answer.json()["due"],
        "overdue": False,
        "last_done_at": answer.json()["marked_at"],
    }


def test_a_clock_is_marked_only_by_whose_duty_it_is_and_only_one_that_waits_for_it(world: World, area: str) -> None:
    story = told(world, area)
    mark = "{}/clocks/{}/done".format
    host = world.as_(area, name="Bryn Edwards")
    assert host.post(mark(story.path, "first-visit"), {}).json()["code"] == "function_refused"
    school = world.as_(area, "virtual_school", name="Vi School")
    assert school.post(mark(story.path, "liberty-order-expires"), {}).status_code == 404
    assert story.sender.post(mark(story.path, "no-such-clock"), {}).status_code == 404
    assert story.sender.post(mark(story.path, "voice-within-48-hours"), {}).json()["code"] == "clock_not_marked"
    tomorrow = (world.clock() + timedelta(days=1)).date().isoformat()
    ahead = story.sender.post(mark(story.path, "first-visit"), {"done_on": tomorrow})
    assert (ahead.status_code, ahead.json()["errors"][0]["pointer"]) == (422, "/done_on")
    visit = story.sender.post(mark(story.path, "first-visit"), {"done_on": "2026-11-23"})
    assert visit.json()["met_at"] == "2026-11-23T23:59:59.999Z"
    duty = world.as_(LEEDS, "emergency_duty", name="Nye Duty")
    again = duty.post(mark(story.path, "first-visit"), {})
    assert (again.status_code, again.json()["met_at"]) == (201, visit.json()["met_at"])
    assert len(entries(world, story.placement, "clock.marked")) == 1


def test_a_lock_keeps_where_the_child_lives_off_the_lists_and_the_child_on_them(world: World, area: str) -> None:
    story = told(world, area, **UNREGISTERED)
    story.restrict("named_practitioners_only", "worker_known_to_child")
    by = world.as_(LEEDS, "safeguarding_partnership", name="Sam Scrutiny")
    found = line(by, "unregistered?side=placing", story)
    assert found is not None
    assert (found["host_area"], found["concern"], found["setting"]) == (None, None, None)
    assert {each["reason"] for each in found["sections_withheld"]} == {"named_practitioners_only"}


def test_what_was_taken_back_from_an_area_leaves_its_lists(world: World, area: str) -> None:
    story = told(world, area, **UNREGISTERED)
    host = world.as_(area, "quality_assurance", name="Quinn Auditor")
    assert line(host, "out-of-area?side=host", story) is not None
    story.recall(area, "social_care")
    assert line(host, "out-of-area?side=host", story) is None


@pytest.mark.parametrize("path", ["unregistered", "out-of-area"])
def test_a_spreadsheet_has_the_same_columns_whoever_is_on_it(world: World, area: str, path: str) -> None:
    by = world.as_(area, "safeguarding_partnership", name="Hal Watchful")
    empty = by.get(f"/v1/oversight/{path}?side=host", headers={"accept": "text/csv"})
    assert len(empty.text.splitlines()) == 1
    told(world, area, **UNREGISTERED)
    told(world, area, **UNREGISTERED)
    one = by.get(f"/v1/oversight/{path}?side=host&limit=1", headers={"accept": "text/csv"})
    (row,) = csv.DictReader(io.StringIO(one.content.decode("utf-8-sig")))
    assert ",".join(row) == empty.content.decode("utf-8-sig").strip()
    assert row["review_due"]
    following = by.get(one.links["next"]["url"], headers={"accept": "text/csv"})
    assert following.status_code == 200
    assert len(following.text.splitlines()) == 2


def test_only_an_authority_has_children_to_watch_over(world: World) -> None:
    answer = world.as_(LEEDS, "safeguarding_partnership", name="Sam Scrutiny").get(
        "/v1/oversight/out-of-area?side=both"
    )
    assert answer.status_code == 400
    nurse = world.as_(SHROPSHIRE_HEALTH, "quality_assurance", name="Nurse Unwin")
    assert nurse.get("/v1/oversight/unregistered").json()["code"] == "no_area"
