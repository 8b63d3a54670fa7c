"""The ready pack: what must reach the home before the child does, as each party may see it."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.api.placements.stories import FULL, Story, entries, follows_contract, tell
from tests.world import SHROPSHIRE, WEST_YORKSHIRE, Caller, World

PATH = "/v1/placements/{placement_id}/ready-pack"
PAPERS = ("photo", "risk_assessment", "health_plan", "care_plan", "safety_plan")


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


def pack(caller: Caller, story: Story) -> dict[str, Any]:
    answer = caller.get(f"{story.path}/ready-pack")
    follows_contract(story.world, PATH, answer)
    return {each["item"]: each for each in answer.json()["items"]} | {"complete": answer.json()["complete"]}


def test_the_pack_fills_as_papers_come_until_it_is_complete(story: Story) -> None:
    before = pack(story.sender, story)
    assert before["complete"] is False
    assert before["contacts"]["state"] == before["care_plan"]["state"] == "present"
    assert before["photo"]["state"] == before["health_plan"]["state"] == "absent"

    tomorrow = (story.world.clock().date() + timedelta(days=1)).isoformat()
    story.update(documents={"items": [{"type": "photo", "expected_on": tomorrow}, *FULL["documents"]["items"]]})
    assert pack(story.sender, story)["photo"] == {
        "item": "photo", "state": "expected", "dated_on": None, "age_days": None, "confirmed_on": None,
        "expected_on": tomorrow,
    }  # fmt: skip

    ten_days_ago = (story.world.clock().date() - timedelta(days=10)).isoformat()
    given = {"given_otherwise_on": ten_days_ago, "dated_on": ten_days_ago}
    story.update(documents={"items": [{"type": paper, **given} for paper in PAPERS]})
    after = pack(story.sender, story)
    assert after["complete"] is True
    assert {after[paper]["age_days"] for paper in PAPERS} <= {10, 11}
    assert date.fromisoformat(after["photo"]["confirmed_on"]) > date.fromisoformat(ten_days_ago)


def test_what_the_pack_lacks_is_owed_in_the_placement(story: Story) -> None:
    owed = {each["item"] for each in story.sender.get(story.path).json()["outstanding"]}
    lacking = {f"documents.items.{paper}" for paper in PAPERS if pack(story.sender, story)[paper]["state"] != "present"}
    assert lacking and lacking <= owed


def test_the_host_sees_the_same_and_a_team_that_sees_no_papers_is_told_so(story: Story) -> None:
    host = story.world.as_(SHROPSHIRE, name="Bryn Edwards")
    assert pack(host, story) == pack(story.sender, story)
    school = pack(story.world.as_(SHROPSHIRE, "virtual_school", name="Vi School"), story)
    assert school["complete"] is None
    assert {school[item]["state"] for item in (*PAPERS, "contacts")} == {"withheld"}


def test_looking_at_the_pack_leaves_its_trace_and_is_not_for_strangers(story: Story) -> None:
    pack(story.world.as_(SHROPSHIRE, name="Bryn Edwards"), story)
    (seen,) = entries(story.world, story.placement, "placement.opened")
    assert seen["facts"]["sections"] == ["network", "documents"]
    stranger = story.world.as_(WEST_YORKSHIRE, "missing_persons", name="Pat Nobody")
    assert stranger.get(f"{story.path}/ready-pack").json()["code"] == "not_yours"
