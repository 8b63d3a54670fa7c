"""What reviews of practice ask of a notification, told as the people of both sides meet it."""

from copy import deepcopy

import pytest

from tests.api.placements.stories import FULL, tell
from tests.world import LEEDS, SHROPSHIRE, World


def test_what_a_child_told_of_harm_is_seen_by_those_who_keep_her_safe_and_by_nobody_else(world: World) -> None:
    story = tell(world)
    for caller in (story.sender, world.as_(SHROPSHIRE, name="Bryn Edwards")):
        (account,) = caller.get(story.path).json()["sections"]["accounts_of_harm"]["accounts"]
        assert account["said"] == FULL["accounts_of_harm"]["accounts"][0]["said"]
        assert account["remaining_risk"]
    answer = world.as_(SHROPSHIRE, "virtual_school", name="Vi School").get(story.path)
    assert {"section": "accounts_of_harm", "reason": "not_needed_for_this_work"} in answer.json()["sections_withheld"]
    assert "the van" not in answer.text


def test_her_own_references_go_back_to_the_sender_and_to_nobody_else(world: World) -> None:
    story = tell(world)
    assert story.sender.get(story.path).json()["sections"]["sender"]["external_ids"] == FULL["sender"]["external_ids"]
    host = world.as_(SHROPSHIRE, name="Bryn Edwards").get(story.path).json()
    assert "external_ids" not in host["sections"]["sender"]


@pytest.mark.parametrize(
    ("risk", "match", "warned"),
    [
        ("risk_present", None, True),
        ("risk_present", {"outcome": "not_assessed"}, True),
        ("risk_present", {"outcome": "safe_with_conditions", "conditions": "Own floor."}, False),
        ("no_known_risk", {"outcome": "not_safe"}, True),
    ],
)
def test_a_risk_to_other_children_is_said_until_somebody_has_looked(
    world: World, risk: str, match: dict[str, str] | None, warned: bool
) -> None:
    document = deepcopy(FULL)
    document["risks"]["to_others"]["children_in_the_home"] = {"state": risk}
    document["placement"].pop("match")
    if match:
        document["placement"]["match"] = match
    answer = world.as_(LEEDS, name="Asha Rahman").post("/v1/notifications?dry_run=true", document)
    assert answer.status_code == 200, answer.text
    said = {each["code"] for each in answer.json()["warnings"]}
    assert ("other-children-at-risk" in said) is warned


def test_a_wish_that_is_not_met_stays_open_until_it_has_a_day(world: World) -> None:
    sender = world.as_(LEEDS, name="Asha Rahman")
    document = deepcopy(FULL)
    wish = document["voice"]["wishes"][0]
    wish |= {"outcome": "not_met", "why_not": "The college is too far.", "explained_on": "2026-11-23"}
    del wish["look_again_on"]
    codes = [
        {each["code"] for each in sender.post("/v1/notifications?dry_run=true", asked).json()["warnings"]}
        for asked in (document, FULL)
    ]
    assert ["wish-stays-open" in each for each in codes] == [True, False]


def test_the_full_example_owes_none_of_it_and_draws_no_advice_on_wording(world: World) -> None:
    answer = world.as_(LEEDS, name="Asha Rahman").post("/v1/notifications?dry_run=true", FULL).json()
    owed = {each["item"] for each in answer["outstanding"]}
    assert answer["advice"] == []
    assert not owed & {
        "placement.match",
        "placement.visit_plan.next_due_on",
        "responsibilities.services",
        "education.steps",
        "risks.safety_plan",
        "network.family_support",
        "about_me.strengths_kept",
        "placement.earlier_homes",
    }
